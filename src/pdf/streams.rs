//! Streams: whether they can be unpacked, into how much, and what an object stream holds.

use std::collections::HashSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use lopdf::{DecompressError, Error, Object, ObjectStream, Stream};

use super::{Refusal, doubles};

/// What all streams but pictures may unpack to together. Text and lines shrink to a tenth at best, so a file of 32 MiB
/// of nothing else stays below it.
pub(super) const MOST_UNPACKED: u64 = 512 << 20;

/// What an object stream or a table of references may unpack to: a million objects' worth of references.
pub(super) const MOST_AT_ONCE: usize = 24 << 20;

/// What another kind of packing than Flate may unpack to, since it is kept whole meanwhile.
const MOST_OTHERWISE: usize = 16 << 20;

/// Whether a viewer can read the stream. What it unpacks to is taken from `left`.
pub(super) fn check(stream: &Stream, left: &mut u64) -> Result<(), Refusal> {
    // The parser has found no length, and so no data.
    if stream.start_position.is_some() {
        return Err(Refusal::Damaged);
    }
    let is_picture = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image");
    let filters = stream.filters().unwrap_or_default();
    if is_picture || stream.content.is_empty() {
        return Ok(());
    }
    match filters[..] {
        [] => Ok(()),
        [b"FlateDecode" | b"Fl"] => unpack(&stream.content, left),
        _ if filters.iter().all(|filter| is_general(filter)) => {
            let most = usize::try_from(*left).unwrap_or(usize::MAX).min(MOST_OTHERWISE);
            let unpacked = stream.get_plain_content_with_limit(most).map_err(|error| refusal(&error))?;
            *left = left.saturating_sub(unpacked.len() as u64);
            Ok(())
        }
        // Of a picture, or of a kind that came later.
        _ => Ok(()),
    }
}

fn is_general(filter: &[u8]) -> bool {
    [&b"FlateDecode"[..], b"LZWDecode", b"ASCII85Decode", b"ASCIIHexDecode", b"RunLengthDecode"].contains(&filter)
}

fn unpack(packed: &[u8], left: &mut u64) -> Result<(), Refusal> {
    let mut unpacking = ZlibDecoder::new(packed);
    let mut piece = vec![0; 64 << 10];
    loop {
        match unpacking.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(more) => *left = left.checked_sub(more as u64).ok_or(Refusal::TooComplex)?,
            Err(_) => return Err(Refusal::Damaged),
        }
    }
}

/// The objects of an object stream. Its index must name each once: readers differ in which of two they take.
pub(super) fn members(stream: &Stream) -> Result<ObjectStream, Refusal> {
    let number = |key| stream.dict.get(key).and_then(Object::as_i64).ok().and_then(|value| usize::try_from(value).ok());
    let (first, count) = (number(b"First").ok_or(Refusal::Damaged)?, number(b"N").ok_or(Refusal::Damaged)?);
    let unpacked = stream.get_plain_content_with_limit(MOST_AT_ONCE).map_err(|error| refusal(&error))?;
    let index = unpacked.get(..first).and_then(|index| std::str::from_utf8(index).ok()).ok_or(Refusal::Damaged)?;
    let mut numbers = HashSet::new();
    let (mut is_number, mut words) = (true, 0);
    for word in index.split(|c: char| c.is_ascii_whitespace() || c == '\0').filter(|word| !word.is_empty()) {
        let word: u32 = word.parse().map_err(|_| Refusal::Damaged)?;
        if !is_number {
            let start = first.saturating_add(usize::try_from(word).unwrap_or(usize::MAX));
            doubles::check_object(unpacked.get(start..).ok_or(Refusal::Damaged)?)?;
        } else if !numbers.insert(word) {
            return Err(Refusal::Damaged);
        }
        (is_number, words) = (!is_number, words + 1);
    }
    if Some(words) != count.checked_mul(2) {
        return Err(Refusal::Damaged);
    }
    drop(unpacked);
    ObjectStream::new_with_limit(stream, Some(MOST_AT_ONCE)).map_err(|error| refusal(&error))
}

/// What the parser's error means for the file.
pub(super) fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. } | DecompressError::TooManyFilters { .. }) => {
            Refusal::TooComplex
        }
        Error::Decryption(_) | Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) => Refusal::Encrypted,
        _ => Refusal::Damaged,
    }
}
