//! JSON as PHP writes it: every column a string, but for counts, or, where a server is set so
//! (`JSON_NUMERIC_CHECK`), every value that looks like a number is one.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::record::Record;
use super::rows::{Format, Summary, Take, Unreadable, is_envelope, is_no_error};

/// Reads one document: an array of objects, alone or in an envelope, or one object. What stands behind it is
/// ignored.
pub(super) fn read(text: &str, take: Take<'_>) -> Result<Summary, Unreadable> {
    let mut rows = Rows { take, record: Record::default(), count: 0, too_many: false };
    let text = without_half_characters(text);
    let read = serde_json::Deserializer::from_str(&text).deserialize_any(Document(&mut rows));
    match read {
        Ok(error) => Ok(Summary { format: Format::Json, rows: rows.count, error }),
        Err(_) if rows.too_many => Err(Unreadable::TooMany),
        Err(_) => Err(Unreadable::Cut),
    }
}

/// A text that was cut in the middle of a character ends in half of it (`\ud83d`), which is no JSON any more.
fn without_half_characters(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| u16::from_str_radix(text.get(at..at + 6)?.strip_prefix("\\u")?, 16).ok();
    let (mut halves, mut at) = (Vec::new(), 0);
    while let Some(found) = text.as_bytes().get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += found;
        match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                halves.push(at);
                at += 6;
            }
            // What is escaped may be a backslash itself.
            _ => at += 2,
        }
    }
    if halves.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut whole = text.to_owned();
    for at in halves {
        whole.replace_range(at..at + 6, "\\ufffd");
    }
    Cow::Owned(whole)
}

/// Hands on the objects of an array one at a time: a page of them at once would take ten times its length.
struct Rows<'a> {
    take: Take<'a>,
    record: Record,
    count: usize,
    too_many: bool,
}

impl Rows<'_> {
    fn row<E: Error>(&mut self, columns: impl IntoIterator<Item = (String, Value)>) -> Result<(), E> {
        self.record.clear();
        for (column, value) in columns {
            if let Value::Number(number) = &value {
                self.record.push_number(&column, &number.to_string());
            } else {
                self.record.push(&column, &into_text(value));
            }
        }
        self.count += 1;
        self.too_many = (self.take)(&self.record).is_break();
        if self.too_many { Err(E::custom("too many rows")) } else { Ok(()) }
    }

    /// What is no object is a row without columns: it is there, and says nothing.
    fn rows<'de, A: SeqAccess<'de>>(&mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Value>()? {
            match item {
                Value::Object(columns) => self.row(columns)?,
                _ => self.row([])?,
            }
        }
        Ok(())
    }
}

/// The whole document; gives the text of its `error`.
struct Document<'a, 'b>(&'a mut Rows<'b>);

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects, or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Option<String>, A::Error> {
        self.0.rows(items).map(|()| None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Option<String>, A::Error> {
        let mut columns = Map::new();
        let mut has_rows = false;
        while let Some(column) = entries.next_key::<String>()? {
            if is_envelope(&column) {
                has_rows |= entries.next_value_seed(Envelope(self.0))?;
            } else {
                columns.insert(column, entries.next_value()?);
            }
        }
        if let Some(error) = columns.remove("error").map(into_text).filter(|error| !is_no_error(error)) {
            return Ok(Some(error));
        }
        // An envelope without rows is the end of a list only where it does not say that something failed.
        let failed = ["status", "success"].iter().filter_map(|name| columns.get(*name)).any(is_false);
        if !has_rows || (self.0.count == 0 && failed) {
            self.0.row(columns)?;
        }
        Ok(None)
    }
}

/// The rows in an envelope; says whether it is one.
struct Envelope<'a, 'b>(&'a mut Rows<'b>);

impl<'de> DeserializeSeed<'de> for Envelope<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Envelope<'_, '_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<bool, A::Error> {
        self.0.rows(items).map(|()| true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<bool, A::Error> {
        let mut columns = Map::new();
        while let Some((column, value)) = entries.next_entry::<String, Value>()? {
            columns.insert(column, value);
        }
        self.0.row(columns).map(|()| true)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
}

fn is_false(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => !truth,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => is_no_error(text),
        _ => false,
    }
}

fn into_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        // As PHP writes them into a text.
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        other => other.to_string(),
    }
}
