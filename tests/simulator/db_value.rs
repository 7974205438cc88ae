//! A database value as it is stored, and how a perfect reader understands it.

use chrono::{Datelike, NaiveDate};

/// NULL, or bytes that need not be UTF-8.
pub type Cell = Option<Vec<u8>>;

/// A cell with this text.
#[allow(clippy::unnecessary_wraps, reason = "a cell is an option: NULL or bytes")]
pub fn cell(text: impl Into<String>) -> Cell {
    Some(text.into().into_bytes())
}

/// The text as stored; `None` for NULL and for bytes that are not UTF-8.
pub fn utf8(cell: &Cell) -> Option<&str> {
    cell.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Whether the XML reader loses this value (it sees an empty tag).
pub fn is_lossy(cell: &Cell) -> bool {
    cell.as_deref().is_some_and(|bytes| std::str::from_utf8(bytes).is_err())
}

/// The text that a perfect reader shows: entities unescaped once more, NBSP and line ends as blanks, other control
/// characters dropped, blanks collapsed. Empty for NULL and for what is not UTF-8.
pub fn shown(cell: &Cell) -> String {
    let Some(text) = utf8(cell) else {
        return String::new();
    };
    let text = unescape_once(text);
    let kept: String = text
        .chars()
        .filter_map(|c| match c {
            '\u{a0}' | '\t' | '\r' | '\n' => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The form in which names and numbers are compared.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Whether a shown permit number is a real one: not empty, `0`, `-`, nor a template with unfilled parts.
pub fn is_real_number(number: &str) -> bool {
    !is_placeholder(number) && !number.split(|c: char| !c.is_alphanumeric()).any(is_unfilled_part)
}

/// Whether a shown value only stands for "nothing".
pub fn is_placeholder(text: &str) -> bool {
    matches!(text, "" | "0" | "-")
}

/// A date as a careful reader takes it: ISO, ISO with a time, or day first; 1990 to 2100 only.
pub fn careful_date(text: &str) -> Option<NaiveDate> {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let date =
        NaiveDate::parse_from_str(day, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(day, "%d-%m-%Y")).ok()?;
    (1990..=2100).contains(&date.year()).then_some(date)
}

fn is_unfilled_part(part: &str) -> bool {
    let filler = |c: char, least: usize| part.len() >= least && part.chars().all(|p| p == c);
    filler('Y', 3) || filler('K', 2) || filler('X', 3)
}

fn unescape_once(text: &str) -> String {
    const NAMES: [(&str, &str); 5] = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#039;", "'")];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (written, used) = NAMES
            .iter()
            .find(|(name, _)| rest.starts_with(name))
            .map_or(("&", 1), |(name, plain)| (*plain, name.len()));
        out.push_str(written);
        rest = &rest[used..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_reader_tidies_text() {
        assert_eq!(shown(&cell(" CV.\u{a0}A  &amp; B\u{b} \r\nC &amp;amp; ")), "CV. A & B C &amp;");
        assert_eq!(shown(&Some(vec![b'A', 0xE9])), "");
    }

    #[test]
    fn only_filled_numbers_are_real() {
        for real in ["503/0001/CTH/DPM-PTSP/2025", "12", "503/XII/2024", "503 / 7 / cth"] {
            assert!(is_real_number(real), "{real}");
        }
        for not in ["", "0", "-", "503/0002/CTH/YYY/KK", "503/XXX/CTH/2024"] {
            assert!(!is_real_number(not), "{not}");
        }
    }

    #[test]
    fn dates_are_read_with_care() {
        let day = NaiveDate::from_ymd_opt(2025, 7, 31);
        assert_eq!(careful_date("2025-07-31"), day);
        assert_eq!(careful_date("2025-07-31 00:00:00"), day);
        assert_eq!(careful_date("31-07-2025"), day);
        for not in ["", "0000-00-00", "1970-01-01", "2999-12-31", "31-02-2024", "seumur hidup"] {
            assert_eq!(careful_date(not), None, "{not}");
        }
    }
}
