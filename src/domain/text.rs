//! How names and numbers are cleaned and compared.

use std::hash::{DefaultHasher, Hash, Hasher};

use sha2::{Digest, Sha256};

/// The text as a person should read it: blanks of every kind become one space, control characters go,
/// both ends are trimmed.
///
/// ```
/// use sicantik_companion::domain::text::tidy;
/// assert_eq!(tidy(" IZIN\u{a0} CONTOH\tA\u{b}"), "IZIN CONTOH A");
/// ```
#[must_use]
pub fn tidy(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for word in raw.split(char::is_whitespace) {
        let mut visible = word.chars().filter(|c| !c.is_control()).peekable();
        if visible.peek().is_none() {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(visible);
    }
    text
}

/// The form in which two texts are compared: tidy and upper case. MySQL's collation, by which SICANTIK
/// compares, ignores case and trailing blanks too.
#[must_use]
pub fn fold(raw: &str) -> String {
    tidy(raw).to_uppercase()
}

/// Whether a text stands for "nothing": empty, or made of zeros and punctuation only (`0`, `-`, `.`).
#[must_use]
pub fn is_blank_mark(text: &str) -> bool {
    text.chars().all(|c| c == '0' || !c.is_alphanumeric())
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
    use super::*;

    #[test]
    fn blanks_collapse_and_control_characters_go() {
        assert_eq!(tidy("CV. CAFÉ\u{a0}CONTOH \u{b}&  REKAN\r\n"), "CV. CAFÉ CONTOH & REKAN");
        assert_eq!(tidy(" \u{0} "), "");
    }

    #[test]
    fn marks_for_nothing_are_known() {
        for mark in ["", "0", "-", "--", "00", "."] {
            assert!(is_blank_mark(mark), "{mark:?}");
        }
        for name in ["A", "PT 0", "10"] {
            assert!(!is_blank_mark(name), "{name:?}");
        }
    }

    #[test]
    fn a_hash_tells_where_a_part_ends() {
        assert_ne!(content_hash(["ab", "c"]), content_hash(["a", "bc"]));
        assert_eq!(content_hash(["ab"]).len(), 32);
    }
}
