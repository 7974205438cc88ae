//! What Vonage's webhooks tell, each a state or what somebody wrote. Whatever is new is passed over.

use serde_json::Value;

use super::errors::VonageError;
use crate::whatsapp::fields::{digits, moment, text};
use crate::whatsapp::{Event, Inbound, Receipt, State, Unreadable};

/// An application may have other channels.
const CHANNEL: &str = "whatsapp";

/// What it tells. Read it only when it [is signed](super::is_signed).
pub fn read(body: &[u8]) -> Result<Vec<Event>, Unreadable> {
    let said: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let id = text(&said["message_uuid"]).ok_or(Unreadable)?;
    if said["channel"].as_str().is_some_and(|channel| channel != CHANNEL) {
        return Ok(Vec::new());
    }
    let event = match said["status"].as_str() {
        Some(status) => receipt(id, status, &said).map(Event::Receipt),
        None => said["message_type"].is_string().then(|| Event::Inbound(inbound(id, &said))),
    };
    Ok(event.into_iter().collect())
}

fn receipt(id: String, status: &str, said: &Value) -> Option<Receipt> {
    let state = match status {
        "submitted" => State::Sent,
        "delivered" => State::Delivered,
        "read" => State::Read,
        "rejected" | "undeliverable" => State::Failed,
        _ => return None,
    };
    let told = &said["whatsapp"];
    Some(Receipt {
        id,
        sender: number(&said["from"]),
        state,
        at: moment(&said["timestamp"]),
        reason: (state == State::Failed).then(|| VonageError::of(&said["error"]).as_failure()),
        category: text(&told["pricing"]["category"]).or_else(|| text(&told["conversation"]["origin"]["type"])),
        reference: text(&said["client_ref"]),
    })
}

fn inbound(id: String, said: &Value) -> Inbound {
    let words = [&said["text"], &said["button"]["text"], &said["reply"]["title"]];
    Inbound {
        id,
        receiver: number(&said["to"]),
        from: said["from"].as_str().and_then(digits),
        text: words.into_iter().find_map(text).unwrap_or_default(),
        at: moment(&said["timestamp"]),
    }
}

/// One of ours, digits; empty where it is none.
fn number(value: &Value) -> String {
    value.as_str().and_then(digits).unwrap_or_default()
}
