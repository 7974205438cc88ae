//! What Meta's webhook tells. Everything may be missing or of another type, and whatever is new is passed over: an answer
//! other than 200 would make Meta send the whole batch again for days.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::account;
use super::errors::GraphError;
use crate::whatsapp::{Event, Inbound, Receipt, State, TextState};

/// Unix seconds of the years in which WhatsApp is: not milliseconds, and no nonsense.
const PLAUSIBLE: std::ops::Range<i64> = 1_230_000_000..4_100_000_000;

/// A body that is none of Meta's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no webhook of a WhatsApp business account")]
pub struct NotMetas;

/// What it tells, in its order. Read it only when it [is signed](super::is_signed).
pub fn read(body: &[u8]) -> Result<Vec<Event>, NotMetas> {
    let body: Value = serde_json::from_slice(body).map_err(|_| NotMetas)?;
    if body["object"] != "whatsapp_business_account" {
        return Err(NotMetas);
    }
    let changes = list(&body["entry"]).iter().flat_map(|entry| list(&entry["changes"]));
    let told = changes.flat_map(|change| events(change["field"].as_str().unwrap_or_default(), &change["value"]));
    Ok(told.collect())
}

fn events(field: &str, value: &Value) -> Vec<Event> {
    match field {
        "messages" => messages(value),
        "message_template_status_update" => text_state(value).into_iter().collect(),
        "template_category_update" => category(value).into_iter().collect(),
        "business_capability_update" => daily_limit(value).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn messages(value: &Value) -> Vec<Event> {
    let number = text(&value["metadata"]["phone_number_id"]).unwrap_or_default();
    let receipts = list(&value["statuses"]).iter().filter_map(|status| receipt(status, &number)).map(Event::Receipt);
    let inbound = list(&value["messages"]).iter().filter_map(|written| inbound(written, &number)).map(Event::Inbound);
    receipts.chain(inbound).collect()
}

fn receipt(status: &Value, number: &str) -> Option<Receipt> {
    let state = match status["status"].as_str()? {
        "accepted" | "held_for_quality_assessment" => State::Accepted,
        "sent" => State::Sent,
        "delivered" => State::Delivered,
        "read" | "played" => State::Read,
        "failed" => State::Failed,
        _ => return None,
    };
    Some(Receipt {
        id: text(&status["id"])?,
        sender: number.to_owned(),
        state,
        at: time(&status["timestamp"]),
        reason: (state == State::Failed).then(|| GraphError::of(&status["errors"][0]).as_failure()),
        category: text(&status["pricing"]["category"]),
        reference: text(&status["biz_opaque_callback_data"]),
    })
}

fn inbound(written: &Value, number: &str) -> Option<Inbound> {
    let words = text(&written["text"]["body"]).or_else(|| text(&written["button"]["text"]));
    let from = text(&written["from"]).filter(|from| from.bytes().all(|digit| digit.is_ascii_digit()));
    Some(Inbound {
        id: text(&written["id"])?,
        receiver: number.to_owned(),
        from,
        text: words.unwrap_or_default(),
        at: time(&written["timestamp"]),
    })
}

fn text_state(value: &Value) -> Option<Event> {
    let state = match value["event"].as_str()? {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => TextState::Approved,
        "PENDING" | "IN_APPEAL" => TextState::Pending,
        "REJECTED" => TextState::Rejected,
        "PAUSED" => TextState::Paused,
        "DISABLED" | "PENDING_DELETION" | "DELETED" | "ARCHIVED" => TextState::Disabled,
        // One that is flagged still goes out.
        _ => return None,
    };
    let (name, language) = template(value)?;
    Some(Event::Text { name, language, state })
}

fn category(value: &Value) -> Option<Event> {
    let (name, language) = template(value)?;
    Some(Event::Category { name, language, category: text(&value["new_category"])? })
}

fn template(value: &Value) -> Option<(String, String)> {
    Some((text(&value["message_template_name"])?, text(&value["message_template_language"])?))
}

/// A number, or a tier: `TIER_2K`.
fn daily_limit(value: &Value) -> Option<Event> {
    let told = ["max_daily_conversations_per_business", "max_daily_conversation_per_phone"];
    told.into_iter().find_map(|key| account::daily_limit(&value[key])).map(Event::DailyLimit)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Text that says something, without control characters, which no database takes in the same way.
fn text(value: &Value) -> Option<String> {
    let text: String = value.as_str()?.chars().filter(|character| !character.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

/// Unix seconds, as text or as a number.
fn time(value: &Value) -> Option<DateTime<Utc>> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    DateTime::from_timestamp(seconds, 0).filter(|_| PLAUSIBLE.contains(&seconds))
}
