//! How a stamp looks: the code on white ground, and the words beside it, as a drawing that pages show.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::Unrevisable;
use super::helvetica::{encoded, literal, width};
use super::qr::{Code, QUIET, code};

/// Sizes of the words that are tried, in points. The last one can just be read on paper.
const SIZES: [f64; 9] = [8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0];

/// From one line to the next, in sizes.
const LEADING: f64 = 1.2;

/// How far letters go up from the line that they stand on, in sizes.
const ASCENT: f64 = 0.75;

/// How wide the words are, in sides of the code, where they fit so.
const COLUMN: f64 = 3.0;

/// White behind the longest line, in points.
const BEHIND: f64 = 4.0;

/// A drawing, and its size in points.
pub(super) struct Sheet {
    pub width: f64,
    pub height: f64,
    content: Vec<u8>,
}

/// Lines, and the size at which they fit.
struct Text {
    lines: Vec<Vec<u8>>,
    size: f64,
}

impl Sheet {
    /// With a code of that side and these words, at most so wide.
    pub(super) fn new(address: &str, words: &[String], side: f64, most_width: f64) -> Result<Self, Unrevisable> {
        let code = code(address)?;
        #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules")]
        let (modules, quiet) = (code.side as f64, QUIET as f64);
        let module = side / modules;
        let height = module * (modules + 2.0 * quiet);
        let words: Vec<Vec<u8>> = words.iter().map(|line| encoded(line)).collect();
        let room = most_width - height - BEHIND;
        let columns = [room.min(side * COLUMN), room];
        let text = columns.into_iter().find_map(|column| Text::fitting(&words, column, height));
        let text = text.ok_or(Unrevisable::NoRoom)?;
        let width = if words.is_empty() { height } else { height + text.width() + BEHIND };
        if width > most_width {
            return Err(Unrevisable::NoRoom);
        }
        Ok(Self { width, height, content: content(&code, &text, width, height) })
    }

    /// As an object, with a font that stands in that one.
    pub(super) fn object(&self, font: u32) -> Vec<u8> {
        let more = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 {} {}] /Resources << /Font << /F1 {font} 0 R >> >>",
            plain(self.width),
            plain(self.height)
        );
        packed_stream(&more, &self.content)
    }
}

impl Text {
    /// As large as it fits into a column of that width and height.
    fn fitting(words: &[Vec<u8>], column: f64, height: f64) -> Option<Self> {
        SIZES.into_iter().find_map(|size| {
            let lines: Vec<Vec<u8>> = words.iter().flat_map(|line| wrapped(line, column, size)).collect();
            let text = Self { lines, size };
            let is_fitting = text.height() <= height && text.width() <= column.max(0.0);
            is_fitting.then_some(text)
        })
    }

    fn width(&self) -> f64 {
        self.lines.iter().map(|line| width(line, self.size)).fold(0.0, f64::max)
    }

    fn height(&self) -> f64 {
        let lines = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        f64::from(lines) * self.size * LEADING
    }
}

/// Lines of at most that width, where words allow it.
fn wrapped(text: &[u8], column: f64, size: f64) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for word in text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let longer = lines.last().map(|line| [line, word].join(&b' '));
        match longer.filter(|longer| width(longer, size) <= column) {
            Some(longer) => {
                lines.pop();
                lines.push(longer);
            }
            None => lines.push(word.to_vec()),
        }
    }
    lines
}

fn content(code: &Code, text: &Text, sheet_width: f64, height: f64) -> Vec<u8> {
    #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules")]
    let module = height / (code.side + 2 * QUIET) as f64;
    let mut drawing = format!("1 g 0 0 {} {} re f 0 g\n", plain(sheet_width), plain(height));
    // Modules are units from here on, and the first row is the uppermost.
    let _ = writeln!(drawing, "q {0} 0 0 {0} 0 0 cm", plain(module));
    for dark in &code.dark {
        let bottom = code.side + QUIET - dark.top - dark.height;
        let _ = writeln!(drawing, "{} {bottom} {} {} re", dark.left + QUIET, dark.width, dark.height);
    }
    drawing.push_str("f Q\n");
    let mut drawing = drawing.into_bytes();
    if !text.lines.is_empty() {
        let first = f64::midpoint(height, text.height()) - text.size * ASCENT;
        let (size, leading) = (plain(text.size), plain(text.size * LEADING));
        drawing.extend_from_slice(
            format!("BT /F1 {size} Tf {leading} TL {} {} Td\n", plain(height), plain(first)).as_bytes(),
        );
        for line in &text.lines {
            drawing.extend_from_slice(&literal(line));
            drawing.extend_from_slice(b" Tj T*\n");
        }
        drawing.extend_from_slice(b"ET\n");
    }
    drawing
}

/// A stream, packed.
fn packed_stream(more: &str, content: &[u8]) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::default());
    match packing.write_all(content).and_then(|()| packing.finish()) {
        Ok(packed) => stream(&format!("{more} /Filter /FlateDecode"), &packed),
        Err(_) => stream(more, content),
    }
}

/// A stream as an object.
pub(super) fn stream(more: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {more} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A number with as many digits as matter on paper.
pub(super) fn plain(number: f64) -> String {
    let digits = format!("{number:.5}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    if digits == "-0" { "0".to_owned() } else { digits.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://example.org/v/0123456789abcdefghijkl";

    #[test]
    fn words_fit_beside_the_code_or_there_is_no_room() {
        let words = ["503/0001/2026".to_owned(), "word ".repeat(40)];
        let wide = Sheet::new(ADDRESS, &words, 57.0, 500.0).expect("room");
        assert!(wide.height > 57.0 && wide.width < 57.0 * 4.5, "{} {}", wide.width, wide.height);
        let narrow = Sheet::new(ADDRESS, &words, 57.0, 200.0).expect("room");
        assert!(narrow.width <= 200.0, "{}", narrow.width);
        assert_eq!(Sheet::new(ADDRESS, &words, 57.0, 100.0).err(), Some(Unrevisable::NoRoom));
        let bare = Sheet::new(ADDRESS, &[], 57.0, 100.0).expect("room");
        assert!((bare.width - bare.height).abs() < 1e-9);
        assert_eq!(Sheet::new(ADDRESS, &[], 57.0, 60.0).err(), Some(Unrevisable::NoRoom));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.0, 0.5, -0.000_001, 12.345_678, 100.0].map(plain), ["1", "0.5", "0", "12.34568", "100"]);
    }
}
