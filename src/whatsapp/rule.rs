//! What an error means for the queue: by its code where that is known, else by the HTTP status that it came with.

use std::time::Duration;

use super::{Holds, Outcome, Reason, Why};

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// Another attempt may do better, at the earliest after so long.
    Later(Holds, Option<Duration>),
    Refused,
    /// It may have gone out.
    Unknown,
}

impl Rule {
    /// Another attempt, whenever the queue would make it.
    pub(super) const fn later(holds: Holds) -> Self {
        Self::Later(holds, None)
    }

    /// `pause` is what the provider asks for.
    pub(super) fn outcome(self, pause: Option<Duration>, reason: Reason) -> Outcome {
        match self {
            Self::Refused => Outcome::Refused(reason),
            Self::Unknown => Outcome::Unknown(reason),
            Self::Later(holds, least) => Outcome::Later { holds, pause: pause.max(least), reason },
        }
    }
}

/// An answer to a message whose error has no code that is known here.
pub(super) const fn by_status(status: u16) -> (Why, Rule) {
    match status {
        429 => (Why::Busy, Rule::later(Holds::Sender)),
        401 | 403 => (Why::Credentials, Rule::later(Holds::Account)),
        // Where there is no such address, the account names a wrong one. Nor does anybody send who was not paid.
        402 | 404 => (Why::AccountBlocked, Rule::later(Holds::Account)),
        // Sent to another server, or too early.
        421 | 425 => (Why::ProviderDown, Rule::later(Holds::Message)),
        // It had not read all of it, or says so.
        408 => (Why::NoAnswer, Rule::Unknown),
        400..500 => (Why::Other, Rule::Refused),
        // A gateway may have passed it on before it failed.
        _ => (Why::NoAnswer, Rule::Unknown),
    }
}
