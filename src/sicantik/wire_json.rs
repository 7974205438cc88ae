//! JSON as PHP writes it: every column a string, but for counts.

use std::fmt;

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Map, Value};

use super::wire::{Format, Record, Summary, Unreadable};

/// Reads one document: an array of objects, or one object. What stands behind it is ignored.
pub(super) fn read(text: &str, each: &mut dyn FnMut(&Record)) -> Result<Summary, Unreadable> {
    let rows = Rows { each, record: Record::default(), count: 0 };
    Deserializer::from_str(text).deserialize_any(rows).map_err(|_| Unreadable::Cut)
}

/// Hands on the objects of an array one at a time: a page of them at once would take ten times its length.
struct Rows<'a> {
    each: &'a mut dyn FnMut(&Record),
    record: Record,
    count: usize,
}

impl Rows<'_> {
    fn take(&mut self, columns: impl IntoIterator<Item = (String, Value)>) {
        self.record.clear();
        for (column, value) in columns {
            self.record.push(&column, &into_text(value));
        }
        self.count += 1;
        (self.each)(&self.record);
    }

    fn summary(&self, error: Option<String>) -> Summary {
        Summary { format: Format::Json, rows: self.count, error }
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Summary;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects, or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Summary, A::Error> {
        while let Some(item) = items.next_element::<Value>()? {
            if let Value::Object(columns) = item {
                self.take(columns);
            }
        }
        Ok(self.summary(None))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Summary, A::Error> {
        let mut columns = Map::new();
        while let Some((column, value)) = entries.next_entry::<String, Value>()? {
            columns.insert(column, value);
        }
        if let Some(error) = columns.remove("error") {
            return Ok(self.summary(Some(into_text(error))));
        }
        self.take(columns);
        Ok(self.summary(None))
    }
}

fn into_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
