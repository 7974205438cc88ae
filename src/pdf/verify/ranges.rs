//! What a signature covers: everything up to the end of a revision, but for itself.

use lopdf::{Dictionary, Object};

use super::reason::Reason;
use super::revision::View;

/// What a signature covers, and the signature.
pub(super) struct Covered {
    pub range: [u64; 4],
    /// Where its revision ends.
    pub end: usize,
    /// What was left free for the signature.
    pub contents: Vec<u8>,
    pieces: [(usize, usize); 2],
}

impl Covered {
    /// The covered bytes.
    pub(super) fn pieces<'a>(&self, bytes: &'a [u8]) -> [&'a [u8]; 2] {
        self.pieces.map(|(start, end)| bytes.get(start..end).unwrap_or_default())
    }
}

/// Of the signature that stands in this object.
pub(super) fn covered(view: &View<'_>, number: u32, signature: &Dictionary) -> Result<Covered, Reason> {
    let (Ok(range), Ok(contents)) = (signature.get(b"ByteRange"), signature.get(b"Contents")) else {
        return Err(Reason::Incomplete);
    };
    let Object::String(contents, _) = contents else { return Err(Reason::Incomplete) };
    if contents.iter().all(|byte| *byte == 0) {
        return Err(Reason::Incomplete);
    }
    let range = numbers(range).ok_or(Reason::ByteRange)?;
    let bytes = view.revision.bytes;
    let at = |place: u64| usize::try_from(place).map_err(|_| Reason::ByteRange);
    let (start, first) = (at(range[0])?, at(range[1])?);
    let (second, rest) = (at(range[2])?, at(range[3])?);
    let end = second.checked_add(rest).filter(|end| *end <= bytes.len()).ok_or(Reason::ByteRange)?;
    if start != 0 || first == 0 || first >= second {
        return Err(Reason::ByteRange);
    }
    // What is left out stands in this very object, is a value of that name, and is the signature as it was read.
    let (offset, object) = view.shelf.slice_of(number).ok_or(Reason::ByteRange)?;
    let is_inside = first >= offset && second <= offset + object.len();
    let is_value = bytes[..first].trim_ascii_end().ends_with(b"/Contents");
    if !is_inside || !is_value || decoded(&bytes[first..second]).as_ref() != Some(contents) {
        return Err(Reason::ByteRange);
    }
    if !bytes[..end].trim_ascii_end().ends_with(b"%%EOF") {
        return Err(Reason::Revision);
    }
    Ok(Covered { range, end, contents: contents.clone(), pieces: [(0, first), (second, end)] })
}

fn numbers(range: &Object) -> Option<[u64; 4]> {
    let numbers =
        range.as_array().ok()?.iter().map(|number| number.as_i64().ok().and_then(|one| u64::try_from(one).ok()));
    numbers.collect::<Option<Vec<u64>>>()?.try_into().ok()
}

/// `<0A1B>`, and nothing else.
fn decoded(hole: &[u8]) -> Option<Vec<u8>> {
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect()
}
