//! What Bird's webhooks tell, one event each. Whatever is new is passed over.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::errors::MessageError;
use crate::whatsapp::fields::{digits, moment, text};
use crate::whatsapp::{Event, Inbound, Receipt, State, Unreadable};

/// What stands before each kind of event.
const CHANNEL: &str = "whatsapp.";

/// What it tells. Read it only when it [is signed](super::is_signed).
pub fn read(body: &[u8]) -> Result<Vec<Event>, Unreadable> {
    let said: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let kind = said["type"].as_str().ok_or(Unreadable)?;
    let Some(kind) = kind.strip_prefix(CHANNEL) else { return Ok(Vec::new()) };
    let (data, at) = (&said["data"], moment(&said["timestamp"]));
    let event = match kind {
        "received" => inbound(data, at).map(Event::Inbound),
        _ => receipt(kind, data, at).map(Event::Receipt),
    };
    Ok(event.into_iter().collect())
}

fn receipt(kind: &str, data: &Value, at: Option<DateTime<Utc>>) -> Option<Receipt> {
    let state = match kind {
        "accepted" => State::Accepted,
        "sent" => State::Sent,
        "delivered" => State::Delivered,
        "read" => State::Read,
        "failed" | "rejected" => State::Failed,
        _ => return None,
    };
    Some(Receipt {
        id: text(&data["whatsapp_id"])?,
        sender: text(&data["from"]["phone_number"]).unwrap_or_default(),
        state,
        at,
        reason: (state == State::Failed).then(|| MessageError::of(&data["error"]).as_failure()),
        category: None,
        reference: text(&data["metadata"]["reference"]),
    })
}

fn inbound(data: &Value, at: Option<DateTime<Utc>>) -> Option<Inbound> {
    let reply = &data["interactive_reply"];
    let words = [&data["text"]["body"], &reply["button"]["text"], &reply["list"]["text"]];
    Some(Inbound {
        id: text(&data["whatsapp_id"])?,
        receiver: text(&data["to"]["phone_number"]).unwrap_or_default(),
        from: data["from"]["phone_number"].as_str().and_then(digits),
        text: words.into_iter().find_map(text).unwrap_or_default(),
        at,
    })
}
