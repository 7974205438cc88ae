//! How names and numbers are cleaned and compared.

use std::hash::{DefaultHasher, Hash, Hasher};

use sha2::{Digest, Sha256};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text as a person should read it: blanks of every kind become one space, control characters and what
/// nobody can see go, both ends are trimmed, and letters with their marks are composed (NFC).
///
/// ```
/// use sicantik_companion::domain::text::tidy;
/// assert_eq!(tidy(" IZIN\u{a0} CON\u{200b}TOH\tA\u{b}"), "IZIN CONTOH A");
/// ```
#[must_use]
pub fn tidy(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for word in raw.split(char::is_whitespace) {
        let mut visible = word.chars().filter(|c| !c.is_control() && !is_invisible(*c)).peekable();
        if visible.peek().is_none() {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(visible);
    }
    composed(text)
}

/// The longest text, in characters, that names something: an index of Odoo's database holds no longer one.
pub const MAX_NAME: usize = 500;

/// The beginning of a text, so long that neither it nor its [`fold`] has more than `most` characters.
#[must_use]
pub fn shortened(text: &str, most: usize) -> &str {
    // A capital may be several characters.
    let mut length = 0;
    let mut is_over = |c: char| {
        length += c.to_uppercase().count();
        length > most
    };
    text.char_indices().find(|(_, c)| is_over(*c)).map_or(text, |(end, _)| text[..end].trim_end())
}

/// The form in which two texts are compared: tidy and upper case. MySQL's collation, by which SICANTIK
/// compares, ignores case and trailing blanks too.
#[must_use]
pub fn fold(raw: &str) -> String {
    // Some capitals have no composed form, so that marks stand alone beside those of a text that had them.
    composed(tidy(raw).to_uppercase())
}

fn composed(text: String) -> String {
    if text.is_ascii() || is_nfc(&text) { text } else { text.nfc().collect() }
}

/// Numbers and dates as a keyboard types them: plain digits and signs for full-width ones, `-` for every dash, a
/// space for every blank but the end of a line; control characters and what nobody can see go.
#[must_use]
pub fn typed(raw: &str) -> String {
    let plain = |c: char| match c {
        '\n' | '\r' => Some('\n'),
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() || is_invisible(c) => None,
        c if is_dash(c) => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c => Some(c),
    };
    raw.chars().filter_map(plain).collect()
}

/// Characters that come along when a text is copied and that nobody sees: Unicode's format characters (category
/// Cf), and all others that it tells programs to leave out where they cannot show them (joiners, fillers, variation
/// selectors), and the empty Braille pattern.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Unicode's dashes (category Pd), and what else looks like one.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2d7}' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207b}'
                | '\u{2212}'
                | '\u{2796}'
                | '\u{2e17}'
                | '\u{2e1a}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{2e40}'
                | '\u{2e5d}'
                | '\u{301c}'
                | '\u{3030}'
                | '\u{30a0}'
                | '\u{fe31}'
                | '\u{fe32}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{10ead}'
    )
}

/// Marks that a spreadsheet, or who fills one, puts around digits so that they stay a text (`'0812…`, `="0812…"`).
pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '"' | '`' | '=' | '\u{b4}' | '\u{2018}'..='\u{201f}')
}

/// Words of databases and spreadsheets for "nothing".
const NOTHING: [&str; 2] = ["NULL", "N/A"];

/// Whether a text stands for "nothing": empty, made of zeros and punctuation only (`0`, `-`, `.`), or `NULL`, `N/A`.
#[must_use]
pub fn is_blank_mark(text: &str) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    core.chars().all(|c| c == '0' || !c.is_alphanumeric()) || NOTHING.iter().any(|word| core.eq_ignore_ascii_case(word))
}

/// A content hash over the parts, 32 hex digits. The parts are length-prefixed, so that moving a
/// character from one to the next changes the hash.
pub(crate) fn content_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize()[..16])
}

/// 64 bits that stand for a text; enough to tell a hundred thousand apart, and the same in every process.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Lower-case hexadecimal digits of the bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::vectors;
    use super::*;

    #[test]
    fn blanks_collapse_and_control_characters_go() {
        assert_eq!(tidy("CV. CAFÉ\u{a0}CONTOH \u{b}&  REKAN\r\n"), "CV. CAFÉ CONTOH & REKAN");
        assert_eq!(tidy(" \u{0} "), "");
    }

    #[test]
    fn texts_and_names_are_read_as_the_examples_say() {
        for (raw, right, why) in vectors::of("text") {
            assert_eq!(tidy(&raw), right, "{raw:?}: {why}");
        }
        for (raw, right, why) in vectors::of("name") {
            let key = fold(&raw);
            assert_eq!(if is_blank_mark(&key) { "none" } else { key.as_str() }, right, "{raw:?}: {why}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_was_read_is_read_again_as_itself(raw in "\\PC*") {
            prop_assert_eq!(tidy(&tidy(&raw)), tidy(&raw));
            prop_assert_eq!(fold(&fold(&raw)), fold(&raw));
        }
    }

    #[test]
    fn a_hash_tells_where_a_part_ends() {
        assert_ne!(content_hash(["ab", "c"]), content_hash(["a", "bc"]));
        assert_eq!(content_hash(["ab"]).len(), 32);
    }
}
