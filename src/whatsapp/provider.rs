//! What each provider can do.

use std::future::Future;

use super::{DailyLimit, Outcome, Outgoing, Reason, TextState};

/// An account at one of them.
pub trait Provider {
    /// Hands a message over, once. Whatever happens is an outcome; nothing is tried again here, because a second try may
    /// be a second message, but where the provider itself takes none twice.
    fn send(&self, message: &Outgoing<'_>) -> impl Future<Output = Outcome> + Send;

    /// Whether the account works, without sending anything.
    fn check(&self) -> impl Future<Output = Result<AccountState, CheckFailed>> + Send;

    /// What became of these texts, each by its name there and its language. Those that the provider does not tell are
    /// left out; some tell of none.
    fn text_states(&self, texts: &[(&str, &str)]) -> impl Future<Output = Result<Vec<TextTold>, CheckFailed>> + Send {
        let _ = texts;
        async { Ok(Vec::new()) }
    }
}

/// What an account says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountState {
    /// The telephone number that messages come from, as the provider shows it.
    pub number: String,
    /// The name that people see.
    pub name: String,
    /// To how many people it may write in 24 hours, where the provider tells that.
    pub daily_limit: Option<DailyLimit>,
    /// How people rate it, in the provider's word, such as `GREEN`.
    pub quality: Option<String>,
}

/// What a provider says of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTold {
    pub name: String,
    pub language: String,
    pub state: TextState,
    /// What it is charged as, in the provider's word, such as `UTILITY`.
    pub category: Option<String>,
}

/// A check that was not answered with yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", reason.code, reason.detail)]
pub struct CheckFailed {
    pub reason: Reason,
}
