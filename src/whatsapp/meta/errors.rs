//! What Meta's error codes mean for the queue. Branches on the code alone: Meta says that titles go away, and the HTTP
//! statuses of one code differ.

use std::time::Duration;

use serde_json::Value;

use super::NAME;
use crate::whatsapp::fields::number;
use crate::whatsapp::rule::{Rule, by_status};
use crate::whatsapp::{Holds, Outcome, Reason, Why};

/// An account in maintenance comes back within about a minute.
const MAINTENANCE: Duration = Duration::from_mins(1);

/// Two messages to one telephone.
const PAIR: Duration = Duration::from_secs(6);

/// After a limit of the day, or complaints, an earlier try only makes it worse.
const LONG: Duration = Duration::from_hours(1);

/// The subcode of an id that does not exist, or that the token may not see.
const NO_SUCH_OBJECT: i64 = 33;

/// The error of an answer or a receipt. Whatever is of another type counts as missing, so that the code is found.
#[derive(Debug, Clone, Default)]
pub(super) struct GraphError {
    code: Option<i64>,
    subcode: Option<i64>,
    detail: String,
    is_transient: bool,
}

impl GraphError {
    pub(super) fn of(error: &Value) -> Self {
        let texts = [&error["error_data"]["details"], &error["message"], &error["title"]];
        let detail = texts.into_iter().filter_map(Value::as_str).find(|text| !text.is_empty());
        Self {
            code: number(&error["code"]),
            subcode: number(&error["error_subcode"]),
            detail: detail.unwrap_or_default().to_owned(),
            is_transient: error["is_transient"].as_bool().unwrap_or_default(),
        }
    }

    /// As a reason that people are told.
    fn reason(&self, why: Why) -> Reason {
        Reason::new(why, format!("{NAME}_{}", self.code.unwrap_or_default()), &self.detail)
    }

    fn rule(&self) -> Option<(Why, Rule)> {
        if (self.code, self.subcode) == (Some(100), Some(NO_SUCH_OBJECT)) {
            return Some((Why::AccountBlocked, Rule::later(Holds::Account)));
        }
        self.code.and_then(rule)
    }

    /// Of a receipt: the message was taken, and did not arrive.
    pub(super) fn as_failure(&self) -> Reason {
        self.reason(self.rule().map_or(Why::Other, |(why, _)| why))
    }

    /// Of an answer to a message: it was not taken.
    pub(super) fn as_outcome(&self, status: u16, pause: Option<Duration>) -> Outcome {
        let (why, rule) = match self.rule() {
            // Meta does not know what went wrong, and its server failed: it may have gone out.
            Some(_) if status >= 500 && self.code.is_some_and(is_unclear) => (Why::NoAnswer, Rule::Unknown),
            Some(known) => known,
            None if self.is_transient && status < 500 => (Why::ProviderDown, Rule::later(Holds::Message)),
            None => return judge(status, pause, &self.detail, self.code),
        };
        rule.outcome(pause, self.reason(why))
    }
}

/// An answer whose error has no code that is known here, by its HTTP status.
pub(super) fn judge(status: u16, pause: Option<Duration>, detail: &str, code: Option<i64>) -> Outcome {
    let (why, rule) = by_status(status);
    let number = code.unwrap_or_else(|| i64::from(status));
    rule.outcome(pause, Reason::new(why, format!("{NAME}_{number}"), detail))
}

/// Errors without a cause.
const fn is_unclear(code: i64) -> bool {
    matches!(code, 1 | 131_000 | 135_000)
}

/// Of one of Meta's codes, whoever tells it.
pub(in crate::whatsapp) fn rule(code: i64) -> Option<(Why, Rule)> {
    use Holds::{Account, Message, Recipient, Sender, Text};
    Some(match code {
        // A code 0 is Meta's for a failed sign-in.
        0 | 190 => (Why::Credentials, Rule::later(Account)),
        3 | 10 | 200..=299 | 368 | 130_497 | 133_010 | 131_031 | 131_037 | 131_042 | 131_045 => {
            (Why::AccountBlocked, Rule::later(Account))
        }
        4 | 80_007 | 130_429 => (Why::Busy, Rule::later(Sender)),
        131_056 => (Why::TooSoon, Rule::Later(Recipient, Some(PAIR))),
        131_064 => (Why::DailyLimit, Rule::Later(Sender, Some(LONG))),
        131_048 => (Why::Quality, Rule::Later(Sender, Some(LONG))),
        1 | 2 | 131_000 | 131_016 | 133_004 | 135_000 => (Why::ProviderDown, Rule::later(Message)),
        131_057 => (Why::ProviderDown, Rule::Later(Sender, Some(MAINTENANCE))),
        132_015 | 132_016 => (Why::TextPaused, Rule::later(Text)),
        132_001 => (Why::TextMissing, Rule::later(Text)),
        131_026 => (Why::NotOnWhatsApp, Rule::Refused),
        131_047 => (Why::OutsideWindow, Rule::Refused),
        131_050 => (Why::OptedOut, Rule::Refused),
        130_472 | 131_049 => (Why::Declined, Rule::Refused),
        131_021 | 131_030 => (Why::RecipientNotAllowed, Rule::Refused),
        100 | 131_008 | 131_009 | 131_051 | 132_000 => (Why::WrongParameters, Rule::Refused),
        131_062 | 131_063 | 132_005 | 132_007 | 132_008 | 132_012 => (Why::TextRejected, Rule::Refused),
        _ => return None,
    })
}
