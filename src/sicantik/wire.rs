//! The tolerant reader: bytes of an answer → records of text. Knows PHP's habits, but no permit.

use std::borrow::Cow;

use super::{wire_json, wire_xml};

/// One `<item>` or JSON object: column names with their text. NULL and empty cannot be told apart in XML,
/// so both are the empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    columns: Vec<(String, String)>,
}

impl Record {
    pub(super) fn push(&mut self, column: String, text: String) {
        self.columns.push((column, text));
    }

    /// The text of a column; empty when there is none.
    pub(super) fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or("")
    }

    /// The text of a column, by a name in any case.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let found = self.columns.iter().find(|(name, _)| name.eq_ignore_ascii_case(column));
        found.map(|(_, text)| text.as_str())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }
}

/// In which of its two languages the server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Xml,
    Json,
}

/// A body that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) format: Format,
    pub(super) records: Vec<Record>,
    /// The text of `error`, when the answer is one.
    pub(super) error: Option<String>,
}

/// Why a body was not understood. Holds nothing of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("an empty body")]
    Empty,
    #[error("an HTML page")]
    Html,
    #[error("a body that breaks off in the middle")]
    Cut,
    #[error("a body with a document type declaration")]
    DocType,
    #[error("a body that is neither XML nor JSON")]
    Unknown,
}

/// Reads a body by what it holds; the content type is not to be trusted, and warnings of PHP may stand
/// before the payload.
pub(super) fn read(body: &[u8]) -> Result<Document, Unreadable> {
    let text = decode(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    if let Some(start) = text.find("<?xml").or_else(|| text.find("<xml")) {
        return wire_xml::read(&text[start..]);
    }
    if let Some(start) = json_start(text) {
        return wire_json::read(&text[start..]);
    }
    let lower = text[..text.floor_char_boundary(512)].to_ascii_lowercase();
    let html = ["<!doctype html", "<html", "<body", "<h1", "<div", "<p>"];
    Err(if html.iter().any(|tag| lower.contains(tag)) { Unreadable::Html } else { Unreadable::Unknown })
}

/// Where the JSON begins: at the start, or at the start of a line after PHP's warnings.
fn json_start(text: &str) -> Option<usize> {
    let begins = |at: usize| text[at..].starts_with(['[', '{']);
    if begins(0) {
        return Some(0);
    }
    text.match_indices(['\n', '>']).map(|(at, _)| at + 1).find(|&at| begins(at))
}

/// UTF-8 with a fallback byte by byte to windows-1252, without the control characters that no format allows.
fn decode(body: &[u8]) -> Cow<'_, str> {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    match std::str::from_utf8(body) {
        Ok(text) if !text.contains(forbidden) => Cow::Borrowed(text),
        Ok(text) => Cow::Owned(text.replace(forbidden, "")),
        Err(_) => {
            let mut text = String::with_capacity(body.len());
            for chunk in body.utf8_chunks() {
                text.push_str(chunk.valid());
                chunk.invalid().iter().for_each(|byte| text.push(windows_1252(*byte)));
            }
            Cow::Owned(text.replace(forbidden, ""))
        }
    }
}

/// The character of a byte in windows-1252, which differs from Latin-1 in 0x80–0x9F only.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
