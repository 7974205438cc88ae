//! What Meta's webhook tells. Everything may be missing or of another type, and whatever is new is passed over: an answer
//! other than 200 would make Meta send the whole batch again for days.

use serde_json::Value;

use super::errors::GraphError;
use super::templates;
use crate::whatsapp::fields::{self, digits, list, seconds, text};
use crate::whatsapp::{Event, Inbound, Receipt, State, Unreadable};

/// What it tells, in its order. Read it only when it [is signed](super::is_signed).
pub fn read(body: &[u8]) -> Result<Vec<Event>, Unreadable> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    if body["object"] != "whatsapp_business_account" {
        return Err(Unreadable);
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
        at: seconds(&status["timestamp"]),
        reason: (state == State::Failed).then(|| GraphError::of(&status["errors"][0]).as_failure()),
        category: text(&status["pricing"]["category"]),
        reference: text(&status["biz_opaque_callback_data"]),
    })
}

fn inbound(written: &Value, number: &str) -> Option<Inbound> {
    let words = text(&written["text"]["body"]).or_else(|| text(&written["button"]["text"]));
    Some(Inbound {
        id: text(&written["id"])?,
        receiver: number.to_owned(),
        from: written["from"].as_str().and_then(digits),
        text: words.unwrap_or_default(),
        at: seconds(&written["timestamp"]),
    })
}

fn text_state(value: &Value) -> Option<Event> {
    let state = templates::state(value["event"].as_str()?)?;
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
    told.into_iter().find_map(|key| fields::daily_limit(&value[key])).map(Event::DailyLimit)
}
