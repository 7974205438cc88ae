//! PHP's `json_encode` with its default flags: `\/`, `\uXXXX`, NULL kept, columns always strings.

use std::fmt::Write as _;

use super::wire_xml::{Field, Row};

/// A list of rows, or nothing at all when one byte of the page is not UTF-8: `json_encode` returns false and the
/// server sends an empty body with status 200.
pub fn rows<'a>(rows: impl Iterator<Item = Row<'a>>) -> Vec<u8> {
    let mut out = String::from("[");
    for row in rows {
        out.push_str(if out.len() > 1 { ",{" } else { "{" });
        for (at, (name, field)) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            string(&mut out, name);
            out.push(':');
            match field {
                Field::Number(number) => out.push_str(&number.to_string()),
                Field::Own(own) => string(&mut out, own),
                Field::Text(None) => out.push_str("null"),
                Field::Text(Some(bytes)) => match std::str::from_utf8(bytes) {
                    Ok(text) => string(&mut out, text),
                    Err(_) => return Vec::new(),
                },
            }
        }
        out.push('}');
    }
    out.push(']');
    out.into_bytes()
}

/// `{"error":"…"}`.
pub fn error(message: &str) -> Vec<u8> {
    let mut out = String::from("{\"error\":");
    string(&mut out, message);
    (out + "}").into_bytes()
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='\u{7f}' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::db_value::{Cell, cell};
    use super::*;

    fn written(values: &[Cell]) -> String {
        let page = values.iter().map(|value| vec![("dasar hukum", Field::Text(value))]);
        String::from_utf8_lossy(&rows(page)).into_owned()
    }

    #[test]
    fn writes_what_php_writes() {
        assert_eq!(
            written(&[cell("a/b \"é\" 😀\u{b}"), None, cell("")]),
            "[{\"dasar hukum\":\"a\\/b \\\"\\u00e9\\\" \\ud83d\\ude00\\u000b\"},{\"dasar hukum\":null},{\"dasar hukum\":\"\"}]"
        );
        assert_eq!(error("Tidak ada data.."), b"{\"error\":\"Tidak ada data..\"}");
    }

    #[test]
    fn one_bad_byte_empties_the_page() {
        assert_eq!(written(&[cell("good"), Some(vec![0xE9]), cell("good")]), "");
    }
}
