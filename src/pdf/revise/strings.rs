//! Strings that people read, as a PDF has them.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};

/// A text, in the plain form or else in UTF-16.
pub(super) fn text(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return super::helvetica::literal(text.as_bytes());
    }
    let mut written = "<FEFF".to_owned();
    for unit in text.encode_utf16() {
        let _ = write!(written, "{unit:04X}");
    }
    written.push('>');
    written.into_bytes()
}

/// A time with the zone that it is told in.
pub(super) fn time(at: DateTime<FixedOffset>) -> Vec<u8> {
    let minutes = at.offset().local_minus_utc() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("(D:{}{sign}{hours:02}'{minutes:02}')", at.format("%Y%m%d%H%M%S")).into_bytes()
}

/// The bytes of a string, as far as it can be compared: in UTF-8 where it is in UTF-16.
pub(super) fn decoded(string: &[u8]) -> Vec<u8> {
    let bytes = match string {
        [b'(', inside @ .., b')'] => unescaped(inside),
        [b'<', inside @ .., b'>'] => from_hex(inside),
        _ => string.to_vec(),
    };
    match bytes.as_slice() {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units).into_bytes()
        }
        _ => bytes,
    }
}

fn unescaped(inside: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), inside);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let octal = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
        if octal > 0 {
            let value = rest[..octal].iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
            bytes.push(u8::try_from(value & 0xff).unwrap_or_default());
            rest = &rest[octal..];
        } else if let Some((escaped, after)) = rest.split_first() {
            let others = [(b'n', b'\n'), (b'r', b'\r'), (b't', b'\t'), (b'b', 8), (b'f', 12)];
            bytes.push(others.iter().find(|(letter, _)| letter == escaped).map_or(*escaped, |(_, meant)| *meant));
            rest = after;
        }
    }
    bytes
}

fn from_hex(inside: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = inside.iter().filter_map(|digit| char::from(*digit).to_digit(16)?.try_into().ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for said in ["Signature-1", "a (b) \\c", "Tanda tangan \u{2013} \u{6f22}"] {
            assert_eq!(decoded(&text(said)), said.as_bytes(), "{said}");
        }
        assert_eq!(decoded(b"(a\\051\\n\\(\\7)"), b"a)\n(\x07");
        assert_eq!(decoded(b"<41 42 5>"), b"ABP");
    }

    #[test]
    fn a_time_has_its_zone() {
        let at =
            |text: &str| String::from_utf8(time(DateTime::parse_from_rfc3339(text).expect("a time"))).expect("text");
        assert_eq!(at("2026-11-29T18:04:05+07:00"), "(D:20261129180405+07'00')");
        assert_eq!(at("2026-11-29T18:04:05-03:30"), "(D:20261129180405-03'30')");
    }
}
