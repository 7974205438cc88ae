//! What Vonage's error codes mean for the queue. They stand at the end of the address that an error has for its type.

use std::time::Duration;

use serde_json::Value;

use super::NAME;
use crate::whatsapp::fields::{list, number, text};
use crate::whatsapp::rule::{Rule, by_status};
use crate::whatsapp::{Holds, Outcome, Reason, Why};

/// After a limit of the day, an earlier try only makes it worse.
const LONG: Duration = Duration::from_hours(1);

/// Too many to one person.
const SLOW: Duration = Duration::from_mins(1);

/// The error of an answer or a receipt.
#[derive(Debug, Clone)]
pub(super) struct VonageError {
    code: Option<i64>,
    detail: String,
}

impl VonageError {
    pub(super) fn of(error: &Value) -> Self {
        let kind = error["type"].as_str().unwrap_or_default();
        let code = kind.rsplit(['#', '/']).next().and_then(|code| code.parse().ok());
        let fields = list(&error["invalid_parameters"]).iter().filter_map(|field| text(&field["name"]));
        let fields: Vec<String> = fields.collect();
        let detail = text(&error["detail"]).or_else(|| text(&error["title"])).unwrap_or_default();
        Self {
            code: code.or_else(|| number(&error["title"])),
            detail: if fields.is_empty() { detail } else { format!("{detail} ({})", fields.join(", ")) },
        }
    }

    /// Whether its code says what happened.
    pub(super) fn is_known(&self) -> bool {
        self.code.and_then(rule).is_some()
    }

    /// Of a receipt: the message was taken, and did not arrive.
    pub(super) fn as_failure(&self) -> Reason {
        self.reason(self.code.and_then(rule).map_or(Why::Other, |(why, _)| why), 0)
    }

    /// Of an answer to a question.
    pub(super) fn as_refusal(&self, status: u16) -> Reason {
        let (why, _) = self.code.and_then(rule).unwrap_or_else(|| by_status(status));
        self.reason(if why == Why::Other { Why::NoAnswer } else { why }, status)
    }

    /// Of an answer to a message.
    pub(super) fn as_outcome(&self, status: u16, pause: Option<Duration>) -> Outcome {
        let (why, rule) = match self.code.and_then(rule) {
            // Vonage does not know what went wrong, and its server failed: it may have gone out.
            Some(_) if status >= 500 && self.code.is_some_and(is_unclear) => (Why::NoAnswer, Rule::Unknown),
            Some(known) => known,
            None => by_status(status),
        };
        rule.outcome(pause, self.reason(why, status))
    }

    fn reason(&self, why: Why, status: u16) -> Reason {
        let code = self.code.unwrap_or_else(|| status.into());
        Reason::new(why, format!("{NAME}_{code}"), &self.detail)
    }
}

/// Errors without a cause.
const fn is_unclear(code: i64) -> bool {
    matches!(code, 1030 | 1230)
}

fn rule(code: i64) -> Option<(Why, Rule)> {
    use Holds::{Account, Message, Recipient, Sender};
    Some(match code {
        1000 => (Why::Busy, Rule::later(Sender)),
        1241 => (Why::TooSoon, Rule::Later(Recipient, Some(SLOW))),
        1460 => (Why::DailyLimit, Rule::Later(Sender, Some(LONG))),
        1030 | 1100 | 1180 | 1220 | 1230 | 1331 => (Why::ProviderDown, Rule::later(Message)),
        // Barred, without credit, without this facility; or the number is none of the account's.
        1060 | 1070 | 1080 | 1120 | 1140 | 1420 => (Why::AccountBlocked, Rule::later(Account)),
        // It went out before, under an id that nobody tells.
        1320 => (Why::NoAnswer, Rule::Unknown),
        1160 | 1170 | 1190 | 1300 => (Why::NotOnWhatsApp, Rule::Refused),
        1050 => (Why::RecipientNotAllowed, Rule::Refused),
        1240 => (Why::OptedOut, Rule::Refused),
        1340 => (Why::OutsideWindow, Rule::Refused),
        1461 => (Why::Declined, Rule::Refused),
        1210 => (Why::Quality, Rule::Refused),
        1010 | 1020 | 1021 | 1022 | 1040 => (Why::WrongParameters, Rule::Refused),
        1310 | 1330 | 1400..=1451 => (Why::Other, Rule::Refused),
        _ => return None,
    })
}
