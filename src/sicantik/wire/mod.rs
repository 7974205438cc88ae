//! The tolerant reader: bytes of an answer → rows of text, one at a time. Knows PHP's habits, but no permit.

mod json;
mod record;
mod rows;
mod xml;

use std::borrow::Cow;

pub(super) use record::Record;
use record::is_forbidden;
use rows::Take;
pub(super) use rows::{Format, Summary, Unreadable};

/// Reads a body by what it holds; the content type is not to be trusted, and warnings of PHP may stand
/// before the payload. Rows are handed to `take` as they come: after an error they are to be forgotten.
pub(super) fn read(body: &[u8], take: Take<'_>) -> Result<Summary, Unreadable> {
    let text = decode(body);
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace()).trim_end();
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    // Either language may stand in a value of the other one: what comes first is the document.
    let json = json_start(text);
    let is_json = |at: usize| at == 0 || text[at..].starts_with("[{\"") || text[at..].starts_with("{\"");
    match (text.find("<?xml").or_else(|| text.find("<xml")), json) {
        (Some(xml), Some(json)) if json < xml && is_json(json) => read_json(&text[json..], take),
        (Some(xml), _) => xml::read(&text[xml..], take),
        (None, Some(json)) => read_json(&text[json..], take),
        (None, None) => Err(unknown(text)),
    }
}

fn read_json(json: &str, take: Take<'_>) -> Result<Summary, Unreadable> {
    if json.contains(is_forbidden) {
        return json::read(&json.replace(is_forbidden, ""), take);
    }
    json::read(json, take)
}

fn unknown(text: &str) -> Unreadable {
    let lower = text[..text.floor_char_boundary(512)].to_ascii_lowercase();
    let html = ["<!doctype html", "<html", "<body", "<h1", "<div", "<p>"];
    if html.iter().any(|tag| lower.contains(tag)) { Unreadable::Html } else { Unreadable::Unknown }
}

/// Where the JSON begins: at the start, or at the start of a line after PHP's warnings.
fn json_start(text: &str) -> Option<usize> {
    let begins = |at: usize| text[at..].starts_with(['[', '{']);
    if begins(0) {
        return Some(0);
    }
    text.match_indices(['\n', '>']).map(|(at, _)| at + 1).find(|&at| begins(at))
}

/// UTF-8 with a fallback byte by byte to windows-1252. A body that is well-formed is not copied.
fn decode(body: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push(windows_1252(*byte)));
    }
    Cow::Owned(text)
}

/// The character of a byte in windows-1252, which differs from Latin-1 in 0x80–0x9F only.
pub(super) fn windows_1252(byte: u8) -> char {
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
mod tests;
