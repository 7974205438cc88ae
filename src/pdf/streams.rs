//! Streams: whether they can be unpacked, into how much, and what an object stream holds.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use lopdf::{DecompressError, Error, Object, ObjectStream, Stream, dictionary};

use super::{Refusal, doubles};

/// What all streams but pictures may unpack to together. Text and lines shrink to a tenth at best, so a file of 32 MiB
/// of nothing else stays below it.
pub(super) const MOST_UNPACKED: u64 = 512 << 20;

/// What an object stream or a table of references may unpack to: a million objects' worth of references.
pub(super) const MOST_AT_ONCE: usize = 24 << 20;

/// What another kind of packing than Flate may unpack to, since it is kept whole meanwhile.
const MOST_OTHERWISE: usize = 16 << 20;

/// Names of packing that are not looked into: those of pictures, and short forms.
const OTHERS: [&[u8]; 12] = [
    b"DCTDecode",
    b"JPXDecode",
    b"CCITTFaxDecode",
    b"JBIG2Decode",
    b"Crypt",
    b"DCT",
    b"CCF",
    b"Fl",
    b"LZW",
    b"A85",
    b"AHx",
    b"RL",
];

/// Whether a viewer can read the stream. What it unpacks to is taken from `left`.
pub(super) fn check(stream: &Stream, left: &mut u64) -> Result<(), Refusal> {
    // The parser has found no length, and so no data.
    if stream.start_position.is_some() {
        return Err(Refusal::Damaged);
    }
    let is_picture = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image");
    let filters = stream.filters().unwrap_or_default();
    if is_picture || stream.content.is_empty() || filters.is_empty() {
        return Ok(());
    }
    if !filters.iter().all(|filter| is_general(filter) || OTHERS.contains(filter)) {
        return Err(Refusal::Damaged);
    }
    // The parser does not miss its mark of the end.
    if filters[0] == b"ASCII85Decode" && !stream.content.trim_ascii_end().ends_with(b"~>") {
        return Err(Refusal::Damaged);
    }
    // What unpacks Flate here says where it is damaged; the parser takes what it can get.
    let packed_at = filters.iter().position(|filter| [&b"FlateDecode"[..], b"Fl"].contains(filter));
    match packed_at {
        Some(0) => unpack(&stream.content, left)?,
        Some(at) if filters[..at].iter().all(|filter| is_general(filter)) => {
            unpack(&without_first(stream, &filters[..at])?, left)?;
        }
        _ => {}
    }
    // Else it is of a picture, or of a kind that came later.
    if (filters.len() > 1 || packed_at.is_none()) && filters.iter().all(|filter| is_general(filter)) {
        stream.get_plain_content_with_limit(MOST_OTHERWISE).map_err(|error| refusal(&error))?;
    }
    Ok(())
}

/// The content with the first of its wrappings taken off.
fn without_first(stream: &Stream, filters: &[&[u8]]) -> Result<Vec<u8>, Refusal> {
    let filters: Vec<Object> = filters.iter().map(|filter| Object::Name(filter.to_vec())).collect();
    let stream = Stream::new(dictionary! { "Filter" => filters }, stream.content.clone());
    stream.get_plain_content_with_limit(MOST_OTHERWISE).map_err(|error| refusal(&error))
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

/// The objects of an object stream, and at which place of its index each of them stands. The index must name each once:
/// readers differ in which of two they take.
pub(super) fn members(stream: &Stream) -> Result<(ObjectStream, HashMap<u32, u16>), Refusal> {
    let number = |key| stream.dict.get(key).and_then(Object::as_i64).ok().and_then(|value| usize::try_from(value).ok());
    let (first, count) = (number(b"First").ok_or(Refusal::Damaged)?, number(b"N").ok_or(Refusal::Damaged)?);
    let unpacked = stream.get_plain_content_with_limit(MOST_AT_ONCE).map_err(|error| refusal(&error))?;
    let index = unpacked.get(..first).and_then(|index| std::str::from_utf8(index).ok()).ok_or(Refusal::Damaged)?;
    let mut words = index.split(|c: char| c.is_ascii_whitespace() || c == '\0').filter(|word| !word.is_empty());
    let mut places = HashMap::new();
    while let Some(number) = words.next() {
        let (Ok(number), Some(Ok(start))) = (number.parse(), words.next().map(str::parse::<usize>)) else {
            return Err(Refusal::Damaged);
        };
        doubles::check_object(unpacked.get(first.saturating_add(start)..).ok_or(Refusal::Damaged)?)?;
        let place = u16::try_from(places.len()).map_err(|_| Refusal::TooComplex)?;
        if places.insert(number, place).is_some() {
            return Err(Refusal::Damaged);
        }
    }
    if places.len() != count {
        return Err(Refusal::Damaged);
    }
    drop(unpacked);
    let objects = ObjectStream::new_with_limit(stream, Some(MOST_AT_ONCE)).map_err(|error| refusal(&error))?;
    Ok((objects, places))
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
