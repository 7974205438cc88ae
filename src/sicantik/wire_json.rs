//! JSON as PHP writes it: every column a string, but for counts.

use serde_json::{Map, Value};

use super::wire::{Document, Format, Record, Unreadable};

/// Reads one document: an array of objects, or one object. What stands behind it is ignored.
pub(super) fn read(text: &str) -> Result<Document, Unreadable> {
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = documents.next().and_then(Result::ok).ok_or(Unreadable::Cut)?;
    let mut document = Document { format: Format::Json, records: Vec::new(), error: None };
    match value {
        Value::Array(items) => {
            document.records = items.into_iter().filter_map(into_object).map(into_record).collect();
        }
        Value::Object(mut object) => match object.remove("error") {
            Some(error) => document.error = Some(into_text(error)),
            None => document.records.push(into_record(object)),
        },
        _ => return Err(Unreadable::Unknown),
    }
    Ok(document)
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn into_record(object: Map<String, Value>) -> Record {
    let mut record = Record::default();
    for (column, value) in object {
        record.push(column, into_text(value));
    }
    record
}

fn into_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
