//! What Twilio's error codes mean for the queue, by its list of errors and its map from WhatsApp's.

use std::time::Duration;

use serde_json::Value;

use super::NAME;
use crate::whatsapp::fields::number;
use crate::whatsapp::rule::{Rule, by_status};
use crate::whatsapp::{Holds, Outcome, Reason, Why};

/// After a limit of the day, an earlier try only makes it worse.
const LONG: Duration = Duration::from_hours(1);

/// The error of an answer or a receipt.
#[derive(Debug, Clone)]
pub(super) struct TwilioError {
    code: Option<i64>,
    detail: String,
}

impl TwilioError {
    pub(super) fn of(code: &Value, detail: &Value) -> Self {
        Self { code: number(code).filter(|code| *code != 0), detail: detail.as_str().unwrap_or_default().to_owned() }
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

    /// Of an answer to a message. Twilio says of its failing servers that the message may have been sent.
    pub(super) fn as_outcome(&self, status: u16, pause: Option<Duration>) -> Outcome {
        let known = self.code.filter(|_| status < 500).and_then(rule);
        let (why, rule) = known.unwrap_or_else(|| match status {
            // It was taken, and said to have failed.
            200..300 => (Why::Other, Rule::Refused),
            _ => by_status(status),
        });
        rule.outcome(pause, self.reason(why, status))
    }

    fn reason(&self, why: Why, status: u16) -> Reason {
        let code = self.code.unwrap_or_else(|| status.into());
        Reason::new(why, format!("{NAME}_{code}"), &self.detail)
    }
}

fn rule(code: i64) -> Option<(Why, Rule)> {
    use Holds::{Account, Message, Sender, Text};
    Some(match code {
        20_003 => (Why::Credentials, Rule::later(Account)),
        // There is no such account or sender, or it may not do this.
        20_404 | 21_212 | 21_603 | 21_606 | 21_703 | 63_001 | 63_007 | 63_022 => {
            (Why::AccountBlocked, Rule::later(Account))
        }
        20_429 => (Why::Busy, Rule::later(Sender)),
        63_018 => (Why::Busy, Rule::Later(Sender, Some(LONG))),
        63_038 => (Why::DailyLimit, Rule::Later(Sender, Some(LONG))),
        // Its server failed: the message may have been sent.
        20_500 => (Why::NoAnswer, Rule::Unknown),
        63_005 | 63_010 | 63_012 | 63_020 | 63_023 => (Why::ProviderDown, Rule::later(Message)),
        63_041 | 63_042 => (Why::TextPaused, Rule::later(Text)),
        // Or Meta has not approved it.
        21_654 | 21_655 | 63_027 | 63_040 => (Why::TextMissing, Rule::later(Text)),
        21_211 | 21_614 | 63_003 | 63_024 => (Why::NotOnWhatsApp, Rule::Refused),
        21_408 | 21_608 => (Why::RecipientNotAllowed, Rule::Refused),
        21_610 => (Why::OptedOut, Rule::Refused),
        63_016 => (Why::OutsideWindow, Rule::Refused),
        63_032 | 63_049 => (Why::Declined, Rule::Refused),
        21_656 | 63_013 | 63_019 | 63_028 | 63_029 | 63_030 => (Why::WrongParameters, Rule::Refused),
        63_021 => (Why::TextRejected, Rule::Refused),
        _ => return None,
    })
}
