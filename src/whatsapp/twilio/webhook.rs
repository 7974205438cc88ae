//! What Twilio's webhooks tell: a form each, of a state or of what somebody wrote. Further fields come without notice.
//! Each account has an address of its own, which Twilio signs, so that none of them names the number that it is about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use url::form_urlencoded;

use super::errors::TwilioError;
use super::{CHANNEL, REFERENCE};
use crate::whatsapp::fields::{digits, said};
use crate::whatsapp::{Event, Inbound, Receipt, State, Unreadable, Webhook};

/// What it tells. Read it only when it [is signed](super::is_signed).
pub fn read(webhook: &Webhook<'_>) -> Result<Vec<Event>, Unreadable> {
    let fields: BTreeMap<Cow<'_, str>, Cow<'_, str>> = form_urlencoded::parse(webhook.body).collect();
    let field = |name: &str| fields.get(name).and_then(|value| said(value));
    let id = field("MessageSid").or_else(|| field("SmsSid")).ok_or(Unreadable)?;
    Ok(match field("MessageStatus") {
        Some(status) => {
            let reference = webhook.url.query_pairs().find(|(name, _)| name == REFERENCE);
            let reference = reference.and_then(|(_, reference)| said(&reference));
            let receipt = receipt(id, &status, field).map(|receipt| Receipt { reference, ..receipt });
            receipt.map(Event::Receipt).into_iter().collect()
        }
        None if field("SmsStatus").is_some_and(|status| status == "received") => {
            vec![Event::Inbound(inbound(id, field))]
        }
        None => Vec::new(),
    })
}

fn receipt(id: String, status: &str, field: impl Fn(&str) -> Option<String>) -> Option<Receipt> {
    let state = match status {
        "accepted" | "scheduled" | "queued" => State::Accepted,
        "sending" | "sent" => State::Sent,
        "delivered" => State::Delivered,
        "read" => State::Read,
        "undelivered" | "failed" | "canceled" => State::Failed,
        _ => return None,
    };
    let value = |name: &str| field(name).map(Value::from).unwrap_or_default();
    let detail = ["ChannelStatusMessage", "ErrorMessage"].into_iter().map(value).find(|detail| !detail.is_null());
    let error = TwilioError::of(&value("ErrorCode"), &detail.unwrap_or_default());
    let reason = (state == State::Failed).then(|| error.as_failure());
    Some(Receipt { id, sender: String::new(), state, at: None, reason, category: None, reference: None })
}

fn inbound(id: String, field: impl Fn(&str) -> Option<String>) -> Inbound {
    // One who shows a user name only has none.
    let from = field("From").and_then(|from| digits(from.strip_prefix(CHANNEL)?));
    let from = from.or_else(|| field("WaId").and_then(|number| digits(&number)));
    let text = field("Body").or_else(|| field("ButtonText")).unwrap_or_default();
    Inbound { id, receiver: String::new(), from, text, at: None }
}
