//! Text in Helvetica, which every viewer has: its characters by their bytes, and how wide they are.

use unicode_normalization::UnicodeNormalization;

/// The byte of the first of the widths.
const FIRST: u8 = 32;

/// In thousandths of the size, from Adobe's metrics of the font, in the order of the encoding (WinAnsi).
#[rustfmt::skip]
const WIDTHS: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350,
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// What the encoding has between 0x80 and 0x9F; spaces stand for bytes that are none.
const BETWEEN: &str = "\u{20ac} \u{201a}\u{192}\u{201e}\u{2026}\u{2020}\u{2021}\u{2c6}\u{2030}\u{160}\u{2039}\u{152} \u{17d} \
                       \u{20}\u{2018}\u{2019}\u{201c}\u{201d}\u{2022}\u{2013}\u{2014}\u{2dc}\u{2122}\u{161}\u{203a}\u{153} \u{17e}\u{178}";

/// The text by the bytes of the font. A letter that it does not have goes without its marks, or is a question mark.
pub(super) fn encoded(text: &str) -> Vec<u8> {
    text.nfc().filter(|character| !character.is_control()).map(|character| byte(character).unwrap_or(b'?')).collect()
}

fn byte(character: char) -> Option<u8> {
    let plain = || std::iter::once(character).nfd().next().filter(char::is_ascii).and_then(|c| u8::try_from(c).ok());
    match character {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(character).ok(),
        _ => match BETWEEN.chars().position(|known| known == character) {
            Some(place) => u8::try_from(0x80 + place).ok(),
            None => plain(),
        },
    }
}

/// How wide it is, in points, at that size.
pub(super) fn width(encoded: &[u8], size: f64) -> f64 {
    let wide = |byte: &u8| byte.checked_sub(FIRST).and_then(|place| WIDTHS.get(usize::from(place))).copied();
    encoded.iter().filter_map(wide).map(f64::from).sum::<f64>() * size / 1000.0
}

/// As a string of a page's content.
pub(super) fn literal(encoded: &[u8]) -> Vec<u8> {
    let mut literal = b"(".to_vec();
    for byte in encoded {
        if b"()\\".contains(byte) {
            literal.push(b'\\');
        }
        literal.push(*byte);
    }
    literal.push(b')');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_font_has_is_said_and_the_rest_is_near() {
        assert_eq!(encoded("Izin 5\u{2013}6 \u{20ac} \u{178}"), b"Izin 5\x966 \x80 \x9f");
        assert_eq!(encoded("e\u{301} \u{101} \u{6f22}\n"), b"\xe9 a ?");
    }

    #[test]
    fn widths_are_those_of_the_metrics() {
        assert!((width(b"Wi 1", 10.0) - 20.0).abs() < 1e-9, "944 + 222 + 278 + 556");
    }
}
