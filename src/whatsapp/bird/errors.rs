//! What Bird's errors mean for the queue: those of an answer, by their type, and those of a message, by their code and
//! Meta's where Bird tells it.

use std::time::Duration;

use serde_json::Value;

use super::NAME;
use crate::whatsapp::call::Answer;
use crate::whatsapp::fields::{list, number, text};
use crate::whatsapp::meta;
use crate::whatsapp::rule::{Rule, by_status};
use crate::whatsapp::{Holds, Outcome, Reason, Why};

/// Bird's own have about 25.
const LONGEST_CODE: usize = 40;

/// The error of an answer.
#[derive(Debug, Clone)]
pub(super) struct BirdError {
    status: u16,
    kind: Option<String>,
    code: Option<String>,
    /// The fields of the request that are to blame.
    fields: Vec<String>,
    detail: String,
}

/// The error of a message that was taken.
#[derive(Debug, Clone)]
pub(super) struct MessageError {
    code: Option<String>,
    meta: Option<i64>,
    detail: String,
}

impl BirdError {
    pub(super) fn of(answer: &Answer) -> Self {
        let said = answer.json();
        let error = if said["error"].is_object() { &said["error"] } else { &said };
        let details = list(&error["details"]);
        let told = details.iter().filter_map(|field| text(&field["message"])).collect::<Vec<_>>().join("; ");
        Self {
            status: answer.status,
            kind: text(&error["type"]),
            code: text(&error["code"]),
            fields: details.iter().chain([error]).filter_map(|field| text(&field["param"])).collect(),
            detail: [text(&error["message"]).unwrap_or_default(), told].join(" ").trim().to_owned(),
        }
    }

    /// Of an answer to a question.
    pub(super) fn as_refusal(&self) -> Reason {
        let (why, _) = self.rule();
        self.reason(if why == Why::Other { Why::NoAnswer } else { why })
    }

    /// Of an answer to a message.
    pub(super) fn as_outcome(&self, pause: Option<Duration>) -> Outcome {
        let (why, rule) = self.rule();
        rule.outcome(pause, self.reason(why))
    }

    fn reason(&self, why: Why) -> Reason {
        let status = self.status.to_string();
        let code = self.code.as_ref().or(self.kind.as_ref()).unwrap_or(&status);
        Reason::new(why, format!("{NAME}_{}", code_of(code)), &self.detail)
    }

    fn rule(&self) -> (Why, Rule) {
        match self.kind.as_deref().unwrap_or_default() {
            "auth_error" => (Why::Credentials, Rule::later(Holds::Account)),
            // A key of another region is misdirected.
            "permission_error" | "billing_error" | "misdirected_error" => {
                (Why::AccountBlocked, Rule::later(Holds::Account))
            }
            "rate_limit_error" => (Why::Busy, Rule::later(Holds::Sender)),
            "not_found_error" | "validation_error" | "bad_request_error" | "payload_too_large_error" => self.blame(),
            "precondition_error" | "not_implemented_error" => (Why::Other, Rule::Refused),
            // Bird says so itself, and asks for another attempt. Of an error of its own it does not say how far it had come.
            "service_unavailable_error" if self.status >= 500 => (Why::ProviderDown, Rule::later(Holds::Message)),
            // The same key is on its way, or went with another message: that one may have gone out.
            "conflict_error" => (Why::NoAnswer, Rule::Unknown),
            _ if self.status == 409 => (Why::NoAnswer, Rule::Unknown),
            _ => by_status(self.status),
        }
    }

    /// By the field that is wrong.
    fn blame(&self) -> (Why, Rule) {
        let is_about = |names: &[&str]| self.fields.iter().any(|field| names.contains(&field.as_str()));
        if is_about(&["template", "template.id", "template.slug", "template.language"]) {
            (Why::TextMissing, Rule::later(Holds::Text))
        } else if is_about(&["from"]) || self.kind.as_deref() == Some("not_found_error") {
            (Why::AccountBlocked, Rule::later(Holds::Account))
        } else if is_about(&["to"]) {
            (Why::NotOnWhatsApp, Rule::Refused)
        } else {
            (Why::WrongParameters, Rule::Refused)
        }
    }
}

/// Its letters, digits and low lines, at most 40: a code holds nothing else.
fn code_of(told: &str) -> String {
    let is_of_it = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
    told.chars().filter(is_of_it).take(LONGEST_CODE).collect()
}

impl MessageError {
    pub(super) fn of(error: &Value) -> Self {
        Self {
            code: text(&error["code"]),
            meta: number(&error["meta_error_code"]),
            detail: text(&error["description"]).unwrap_or_default(),
        }
    }

    /// Of a receipt: the message was taken, and did not arrive.
    pub(super) fn as_failure(&self) -> Reason {
        self.reason(self.rule().map_or(Why::Other, |(why, _)| why))
    }

    /// Of an answer that says both.
    pub(super) fn as_outcome(&self, pause: Option<Duration>) -> Outcome {
        let (why, rule) = self.rule().unwrap_or((Why::Other, Rule::Refused));
        rule.outcome(pause, self.reason(why))
    }

    fn reason(&self, why: Why) -> Reason {
        let code = self.code.as_deref().unwrap_or("unknown");
        let meta = self.meta.map(|code| format!(" ({} {code})", meta::NAME)).unwrap_or_default();
        Reason::new(why, format!("{NAME}_{}", code_of(code)), &format!("{}{meta}", self.detail))
    }

    fn rule(&self) -> Option<(Why, Rule)> {
        use Holds::{Account, Message, Sender};
        self.meta.and_then(meta::rule).or_else(|| {
            Some(match self.code.as_deref()? {
                "insufficient_balance" | "price_not_found" => (Why::AccountBlocked, Rule::later(Account)),
                "internal_error" => (Why::ProviderDown, Rule::later(Message)),
                "rate_limited" => (Why::Busy, Rule::later(Sender)),
                "undeliverable" => (Why::NotOnWhatsApp, Rule::Refused),
                "service_window_expired" => (Why::OutsideWindow, Rule::Refused),
                "recipient_suppressed" => (Why::OptedOut, Rule::Refused),
                "media_rejected" => (Why::WrongParameters, Rule::Refused),
                _ => return None,
            })
        })
    }
}
