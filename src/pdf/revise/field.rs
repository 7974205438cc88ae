//! A signature field with a place for a signature in it. Nothing of it is seen: what readers are to see is stamped on the
//! page before. Whatever was signed before stays so.

use std::ops::Range;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::entries::Entries;
use super::revision::Written;
use super::{Unrevisable, fields, revise, strings};

/// A place for a signature of more bytes than this is none: certificates and a time stamp take some kilobytes.
const MOST_ROOM: u32 = 1 << 20;

/// Room for the four numbers of what is signed.
const RANGE: usize = "[0 4294967295 4294967295 4294967295]".len();

/// What a signature says of itself, beside what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Of the field; where another one has it, a number is added.
    pub name: String,
    /// Who signs, as people call them.
    pub signer: Option<String>,
    pub reason: Option<String>,
    pub location: Option<String>,
    /// When it is signed, as the signer claims.
    pub at: DateTime<FixedOffset>,
    /// For so many bytes of a signature.
    pub room: u32,
}

/// A revision with a place for a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// What is to be appended to the file.
    pub appended: Vec<u8>,
    /// What is signed: from the beginning so many bytes, and from there so many.
    pub byte_range: [u64; 4],
    /// Where the signature's digits stand in what is appended.
    pub hole: Range<usize>,
}

/// The signature needs more room than was left for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a signature of {needed} bytes does not fit into {room}")]
pub struct NoRoom {
    pub needed: usize,
    pub room: usize,
}

/// What is to be appended to the file so that it has one more signature field.
pub fn prepare(bytes: &[u8], field: &Field) -> Result<Prepared, Unrevisable> {
    if field.room == 0 || field.room > MOST_ROOM {
        return Err(Unrevisable::TooLong);
    }
    revise(bytes, |mut revision| {
        let taken = fields::names(&revision)?;
        if revision.signatures() == 0 {
            fields::set_annotations_apart(&mut revision)?;
        }
        let page = *revision.pages().first().ok_or(Unrevisable::Unfit)?;
        let (signature, contents_at) = signature(field);
        let signature = revision.add(signature);
        let mut widget = Entries::none();
        for (key, value) in [("Type", &b"/Annot"[..]), ("Subtype", b"/Widget"), ("FT", b"/Sig"), ("Rect", b"[0 0 0 0]")]
        {
            widget.set(key, value.to_vec());
        }
        // Printed, and not to be moved.
        widget.set("F", b"132".to_vec());
        widget.set("T", strings::text(&free_name(&field.name, &taken)));
        widget.set("P", revision.reference(page));
        widget.set("V", revision.reference(signature));
        let widget = revision.add(widget.bytes());
        fields::add_to_form(&mut revision, widget)?;
        fields::add_to_page(&mut revision, page, widget)?;
        let written = revision.write()?;
        with_range(bytes.len(), written, signature, contents_at).ok_or(Unrevisable::Unfit)
    })
}

/// The signature without what is not known yet, and where its range and its contents begin in it.
fn signature(field: &Field) -> (Vec<u8>, Range<usize>) {
    let mut signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M ".to_vec();
    signature.extend_from_slice(&strings::time(field.at));
    for (key, value) in [("Name", &field.signer), ("Reason", &field.reason), ("Location", &field.location)] {
        if let Some(value) = value {
            signature.extend_from_slice(format!(" /{key} ").as_bytes());
            signature.extend_from_slice(&strings::text(value));
        }
    }
    signature.extend_from_slice(b" /ByteRange ");
    let range = signature.len();
    signature.resize(range + RANGE, b' ');
    signature.extend_from_slice(b" /Contents <");
    let contents = signature.len();
    signature.resize(contents + 2 * field.room as usize, b'0');
    signature.extend_from_slice(b"> >>");
    (signature, range..contents)
}

/// The name, with a number if it is taken.
fn free_name(name: &str, taken: &[Vec<u8>]) -> String {
    // A full stop would make two levels of it.
    let name = name.replace('.', "-");
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !taken.iter().any(|taken| taken == name.as_bytes())).unwrap_or_default()
}

/// Says in it what is signed, now that its size is known.
fn with_range(before: usize, written: Written, signature: u32, within: Range<usize>) -> Option<Prepared> {
    let mut appended = written.bytes;
    let head = format!("{signature} 0 obj\n").len();
    let start = written.starts.get(&signature)?.checked_sub(before)? + head;
    let (range, first) = (start + within.start, start + within.end);
    let last = first + appended.get(first..)?.iter().position(|byte| *byte == b'>')?;
    let whole = before + appended.len();
    // With both of its brackets, the signature is what is not signed.
    let (gap, behind) = (before + first - 1, before + last + 1);
    let text = format!("[0 {gap} {behind} {}", whole - behind);
    let text = format!("{text:<width$}]", width = RANGE - 1);
    appended.get_mut(range..range + RANGE)?.copy_from_slice(text.as_bytes());
    let byte_range = [0, gap as u64, behind as u64, (whole - behind) as u64];
    Some(Prepared { appended, byte_range, hole: first..last })
}

impl Prepared {
    /// What another process says that it has prepared for a file of so many bytes, if it fits together.
    pub(in super::super) fn fitting(
        file: u64,
        appended: Vec<u8>,
        byte_range: [u64; 4],
        hole: Range<usize>,
    ) -> Option<Self> {
        let [start, gap, behind, rest] = byte_range;
        let place = |at: usize| file.checked_add(at as u64);
        let fits = start == 0
            && hole.start >= 1
            && hole.start < hole.end
            && hole.end < appended.len()
            && place(hole.start - 1)? == gap
            && place(hole.end + 1)? == behind
            && behind.checked_add(rest)? == place(appended.len())?
            && appended.get(hole.clone())?.iter().all(|byte| *byte == b'0')
            && (appended[hole.start - 1], appended[hole.end]) == (b'<', b'>');
        fits.then_some(Self { appended, byte_range, hole })
    }

    /// What a signature is made of, in this order, when `file` is what was prepared.
    #[must_use]
    pub fn signed<'p>(&'p self, file: &'p [u8]) -> [&'p [u8]; 3] {
        [file, &self.appended[..self.hole.start - 1], &self.appended[self.hole.end + 1..]]
    }

    /// How many bytes of a signature it takes.
    #[must_use]
    pub fn room(&self) -> usize {
        self.hole.len() / 2
    }

    /// What is to be appended, with the signature (CMS, in DER) in it.
    pub fn fill(mut self, signature: &[u8]) -> Result<Vec<u8>, NoRoom> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        if signature.len() > self.room() {
            return Err(NoRoom { needed: signature.len(), room: self.room() });
        }
        for (digits, byte) in self.appended[self.hole].chunks_exact_mut(2).zip(signature) {
            digits[0] = DIGITS[usize::from(byte >> 4)];
            digits[1] = DIGITS[usize::from(byte & 15)];
        }
        Ok(self.appended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_process_says_fits_together_or_is_none() {
        let appended = b"12<0000>34".to_vec();
        let fitting = |range, hole| Prepared::fitting(100, appended.clone(), range, hole).is_some();
        assert!(fitting([0, 102, 108, 2], 3..7));
        for range in [[1, 102, 108, 2], [0, 101, 108, 2], [0, 102, 107, 2], [0, 102, 108, 3], [0, 102, 108, u64::MAX]] {
            assert!(!fitting(range, 3..7), "{range:?}");
        }
        for (start, end) in [(2, 7), (3, 6), (0, 7), (3, 10), (3, 11), (7, 3), (3, 3), (3, usize::MAX)] {
            assert!(!fitting([0, 102, 108, 2], start..end), "{start} {end}");
        }
        let signed = b"12<00a0>34".to_vec();
        assert_eq!(Prepared::fitting(100, signed, [0, 102, 108, 2], 3..7), None);
    }
}
