//! What is appended to a file: objects that are new or come in the place of others, a table of them in the form that the
//! table before has, and the way back to that. Not a byte of the file itself is changed.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use lopdf::{Object, Writer};

use super::super::look::Opened;
use super::super::tokens::{Token, Tokens};
use super::Unrevisable;
use super::entries::Entries;
use super::objects::Objects;

/// Viewers go no further.
const MOST_OBJECTS: u32 = 8_388_607;

/// Objects are found by offsets of ten digits in a table, and of four bytes in a stream.
const MOST_BYTES: usize = u32::MAX as usize;

/// A revision that is being made.
pub(super) struct Revision<'a> {
    pub objects: Objects<'a>,
    opened: Opened<'a>,
    changed: BTreeMap<u32, (u16, Vec<u8>)>,
    /// New objects by what they are, where one will do for all that need it.
    shared: HashMap<Vec<u8>, u32>,
    next: u32,
}

/// What goes behind the file.
pub(super) struct Written {
    pub bytes: Vec<u8>,
    /// Where its objects begin, in the file that comes of it.
    pub starts: BTreeMap<u32, usize>,
}

impl<'a> Revision<'a> {
    pub(super) fn new(opened: Opened<'a>) -> Result<Self, Unrevisable> {
        let size = opened.document.trailer.get(b"Size").and_then(Object::as_i64).ok();
        let size = size.and_then(|size| u32::try_from(size).ok()).ok_or(Unrevisable::Unfit)?;
        let next = size.max(opened.document.reference_table.max_id().saturating_add(1));
        // Readers differ in whether such a file begins with its first byte, or with its header.
        if opened.before > 0 || next > MOST_OBJECTS / 2 {
            return Err(Unrevisable::Unfit);
        }
        let objects = Objects::new(&opened);
        Ok(Self { objects, opened, changed: BTreeMap::new(), shared: HashMap::new(), next })
    }

    /// The numbers of the pages, in their order.
    pub(super) fn pages(&self) -> &[u32] {
        &self.opened.pages
    }

    pub(super) fn signatures(&self) -> u32 {
        self.opened.signatures
    }

    /// The number of the catalog.
    pub(super) fn catalog(&self) -> Result<u32, Unrevisable> {
        let root = self.opened.document.trailer.get(b"Root").and_then(Object::as_reference);
        root.map(|id| id.0).map_err(|_| Unrevisable::Unfit)
    }

    /// An object as this revision has it.
    pub(super) fn text(&self, number: u32) -> Result<Cow<'_, [u8]>, Unrevisable> {
        if let Some((_, text)) = self.changed.get(&number) {
            return Ok(Cow::Borrowed(text));
        }
        self.objects.text(number).map(|(_, text)| text).ok_or(Unrevisable::Unfit)
    }

    /// A dictionary as this revision has it.
    pub(super) fn entries(&self, number: u32) -> Result<Entries, Unrevisable> {
        Entries::parse(&self.text(number)?).ok_or(Unrevisable::Unfit)
    }

    /// A new object, and how others refer to it.
    pub(super) fn add(&mut self, text: Vec<u8>) -> u32 {
        let number = self.reserve();
        self.changed.insert(number, (0, text));
        number
    }

    /// The same, or the one that is like it.
    pub(super) fn add_shared(&mut self, text: Vec<u8>) -> u32 {
        if let Some(number) = self.shared.get(&text) {
            return *number;
        }
        let number = self.add(text.clone());
        self.shared.insert(text, number);
        number
    }

    /// A number for an object that follows.
    pub(super) fn reserve(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// Puts an object in the place of the one of that number.
    pub(super) fn set(&mut self, number: u32, text: Vec<u8>) {
        let generation = self.objects.text(number).map_or(0, |(generation, _)| generation);
        self.changed.insert(number, (generation, text));
    }

    /// How objects name that one.
    pub(super) fn reference(&self, number: u32) -> Vec<u8> {
        let generation = self.objects.text(number).map_or(0, |(generation, _)| generation);
        format!("{number} {generation} R").into_bytes()
    }

    /// All that goes behind the file.
    pub(super) fn write(mut self) -> Result<Written, Unrevisable> {
        let before = self.opened.bytes.len();
        let mut bytes = if self.opened.bytes.ends_with(b"\n") { Vec::new() } else { b"\n".to_vec() };
        let (mut starts, mut rows) = (BTreeMap::new(), Vec::new());
        for (number, (generation, text)) in std::mem::take(&mut self.changed) {
            starts.insert(number, before + bytes.len());
            rows.push((number, generation, before + bytes.len()));
            put(&mut bytes, number, generation, &text);
        }
        let start = before + bytes.len();
        if start > MOST_BYTES || self.next > MOST_OBJECTS {
            return Err(Unrevisable::Unfit);
        }
        let table = self.opened.bytes.get(self.opened.document.xref_start..).unwrap_or_default();
        if matches!(Tokens { rest: table }.next(), Some(Token::Word(b"xref"))) {
            let trailer = self.trailer()?;
            bytes.extend_from_slice(&table_of(&rows));
            bytes.extend_from_slice(b"trailer\n<<");
            bytes.extend_from_slice(&trailer);
            bytes.extend_from_slice(b" >>\n");
        } else {
            let number = self.reserve();
            rows.push((number, 0, start));
            let (trailer, content) = (self.trailer()?, rows_of(&rows)?);
            let mut text = b"<< /Type /XRef /W [1 4 2] /Index [".to_vec();
            for (first, run) in runs(&rows) {
                text.extend_from_slice(format!(" {first} {}", run.len()).as_bytes());
            }
            text.extend_from_slice(b" ]");
            text.extend_from_slice(&trailer);
            text.extend_from_slice(format!(" /Length {} >>\nstream\n", content.len()).as_bytes());
            text.extend_from_slice(&content);
            text.extend_from_slice(b"\nendstream");
            put(&mut bytes, number, 0, &text);
        }
        bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        Ok(Written { bytes, starts })
    }

    /// What a trailer says, of this revision and of those before.
    fn trailer(&self) -> Result<Vec<u8>, Unrevisable> {
        let mut text = format!(" /Size {} /Prev {}", self.next, self.opened.document.xref_start).into_bytes();
        for key in ["Root", "Info", "ID"] {
            if let Ok(value) = self.opened.document.trailer.get(key.as_bytes()) {
                text.extend_from_slice(format!(" /{key} ").as_bytes());
                Writer::write_object(&mut text, value).map_err(|_| Unrevisable::Unfit)?;
            }
        }
        Ok(text)
    }
}

fn put(bytes: &mut Vec<u8>, number: u32, generation: u16, text: &[u8]) {
    bytes.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
    bytes.extend_from_slice(text);
    bytes.extend_from_slice(b"\nendobj\n");
}

/// Number, generation, where it begins.
type Row = (u32, u16, usize);

/// Rows whose numbers follow each other, with the first of these.
fn runs(rows: &[Row]) -> impl Iterator<Item = (u32, &[Row])> {
    rows.chunk_by(|one, next| one.0 + 1 == next.0).map(|run| (run[0].0, run))
}

fn table_of(rows: &[Row]) -> Vec<u8> {
    let mut table = "xref\n".to_owned();
    for (first, run) in runs(rows) {
        let _ = writeln!(table, "{first} {}", run.len());
        for (_, generation, start) in run {
            let _ = writeln!(table, "{start:010} {generation:05} n ");
        }
    }
    table.into_bytes()
}

fn rows_of(rows: &[Row]) -> Result<Vec<u8>, Unrevisable> {
    let mut content = Vec::new();
    for (_, generation, start) in rows {
        content.push(1);
        content.extend_from_slice(&u32::try_from(*start).map_err(|_| Unrevisable::Unfit)?.to_be_bytes());
        content.extend_from_slice(&generation.to_be_bytes());
    }
    Ok(content)
}
