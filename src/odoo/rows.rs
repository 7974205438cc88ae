//! What the calls that bring rows have in common, whatever the rows are.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::domain::{Issue, MessageArgs, NamedKey};

/// The rows of one call.
#[derive(Serialize)]
pub(super) struct Rows<T> {
    pub(super) rows: Vec<T>,
}

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self { rows: rows.into_iter().collect() }
    }
}

/// A name, with the key by which Odoo finds it.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    name: &'a str,
    key: &'a str,
}

impl<'a> From<&'a NamedKey> for Named<'a> {
    fn from(named: &'a NamedKey) -> Self {
        Self { name: named.name(), key: named.key() }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct UpsertResult {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Got their number: changed, too.
    #[serde(default)]
    pub rekeyed: u64,
    /// Unnumbered rows of permits that have a number by now.
    #[serde(default)]
    pub ignored: u64,
    #[serde(default)]
    pub refused: Vec<RefusedRow>,
}

/// Something that Odoo did not take, with a machine word and a sentence.
#[derive(Debug, Clone, Deserialize)]
pub struct RefusedRow {
    /// Which one.
    #[serde(deserialize_with = "text_of_any")]
    pub key: String,
    pub code: String,
    pub message: String,
}

impl From<RefusedRow> for Issue {
    fn from(refused: RefusedRow) -> Self {
        // The separator inside an identity is for machines.
        let key = refused.key.replace('\u{1f}', " ");
        Self { key, code: refused.code, message: refused.message, values: MessageArgs::new(), permit_id: None }
    }
}

/// A key may be an id.
fn text_of_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        other => other.to_string(),
    })
}
