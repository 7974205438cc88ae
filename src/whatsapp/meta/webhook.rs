//! What Meta's webhook tells. Everything may be missing, and whatever is new is passed over: an answer other than 200
//! would make Meta send the whole batch again for days.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::errors::GraphError;
use crate::whatsapp::{Event, Inbound, Receipt, State, TextState};

/// A body that is none of Meta's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no webhook of a WhatsApp business account")]
pub struct NotMetas;

#[derive(Debug, Deserialize)]
struct Body {
    object: String,
    #[serde(default)]
    entry: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    changes: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Change {
    field: String,
    value: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Messages {
    metadata: Metadata,
    statuses: Vec<Value>,
    messages: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    phone_number_id: String,
}

#[derive(Debug, Deserialize)]
struct Status {
    id: String,
    status: String,
    #[serde(default)]
    timestamp: Value,
    #[serde(default)]
    errors: Vec<GraphError>,
    #[serde(default)]
    pricing: Option<Pricing>,
    #[serde(default)]
    biz_opaque_callback_data: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pricing {
    category: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Written {
    id: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    timestamp: Value,
    #[serde(default)]
    text: Words,
    #[serde(default)]
    button: Words,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    body: String,
    text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Template {
    message_template_name: String,
    message_template_language: String,
    event: String,
    new_category: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Capability {
    max_daily_conversations_per_business: Value,
    max_daily_conversation_per_phone: Value,
}

/// What it tells, in its order. Read it only when it [is signed](super::is_signed).
pub fn read(body: &[u8]) -> Result<Vec<Event>, NotMetas> {
    let body: Body = serde_json::from_slice(body).map_err(|_| NotMetas)?;
    if body.object != "whatsapp_business_account" {
        return Err(NotMetas);
    }
    let entries = body.entry.into_iter().filter_map(|entry| serde_json::from_value::<Entry>(entry).ok());
    let changes = entries.flat_map(|entry| entry.changes);
    let changes = changes.filter_map(|change| serde_json::from_value::<Change>(change).ok());
    Ok(changes.flat_map(|change| events(&change.field, change.value)).collect())
}

fn events(field: &str, value: Value) -> Vec<Event> {
    match field {
        "messages" => messages(value),
        "message_template_status_update" => template(value).and_then(text_state).into_iter().collect(),
        "template_category_update" => template(value).and_then(category).into_iter().collect(),
        "business_capability_update" => daily_limit(value).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn messages(value: Value) -> Vec<Event> {
    let Ok(Messages { metadata, statuses, messages }) = serde_json::from_value(value) else { return Vec::new() };
    let number = metadata.phone_number_id;
    let receipts = statuses.into_iter().filter_map(|status| receipt(status, &number)).map(Event::Receipt);
    let inbound = messages.into_iter().filter_map(|written| inbound(written, &number)).map(Event::Inbound);
    receipts.chain(inbound).collect()
}

fn receipt(status: Value, number: &str) -> Option<Receipt> {
    let status: Status = serde_json::from_value(status).ok()?;
    let state = match status.status.as_str() {
        "accepted" | "held_for_quality_assessment" => State::Accepted,
        "sent" => State::Sent,
        "delivered" => State::Delivered,
        "read" | "played" => State::Read,
        "failed" => State::Failed,
        _ => return None,
    };
    let reason = (state == State::Failed).then(|| status.errors.first().cloned().unwrap_or_default().as_failure());
    Some(Receipt {
        id: status.id,
        sender: number.to_owned(),
        state,
        at: time(&status.timestamp),
        reason,
        category: status.pricing.and_then(|pricing| pricing.category),
        reference: status.biz_opaque_callback_data,
    })
}

fn inbound(written: Value, number: &str) -> Option<Inbound> {
    let written: Written = serde_json::from_value(written).ok()?;
    let text = [written.text.body, written.button.text].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let from = written.from.filter(|from| !from.is_empty() && from.bytes().all(|digit| digit.is_ascii_digit()));
    Some(Inbound { id: written.id, receiver: number.to_owned(), from, text, at: time(&written.timestamp) })
}

fn template(value: Value) -> Option<Template> {
    serde_json::from_value::<Template>(value).ok().filter(|template| !template.message_template_name.is_empty())
}

fn text_state(template: Template) -> Option<Event> {
    let state = match template.event.as_str() {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => TextState::Approved,
        "PENDING" | "IN_APPEAL" => TextState::Pending,
        "REJECTED" => TextState::Rejected,
        "PAUSED" => TextState::Paused,
        "DISABLED" | "PENDING_DELETION" | "DELETED" | "ARCHIVED" => TextState::Disabled,
        // One that is flagged still goes out.
        _ => return None,
    };
    let Template { message_template_name: name, message_template_language: language, .. } = template;
    Some(Event::Text { name, language, state })
}

fn category(template: Template) -> Option<Event> {
    let Template { message_template_name: name, message_template_language: language, new_category, .. } = template;
    (!new_category.is_empty()).then_some(Event::Category { name, language, category: new_category })
}

/// A number, or a tier: `TIER_2K`.
fn daily_limit(value: Value) -> Option<Event> {
    let capability: Capability = serde_json::from_value(value).ok()?;
    let told = [capability.max_daily_conversations_per_business, capability.max_daily_conversation_per_phone];
    let told = told.into_iter().find(|value| !value.is_null())?;
    match told {
        Value::Number(number) => Some(Event::DailyLimit(u32::try_from(number.as_u64()?).ok())),
        Value::String(tier) => Some(Event::DailyLimit(super::account::recipients(&tier))),
        _ => None,
    }
}

/// Unix seconds, as text or as a number.
fn time(value: &Value) -> Option<DateTime<Utc>> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    DateTime::from_timestamp(seconds, 0)
}
