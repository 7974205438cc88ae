//! Single objects, read again when they are wanted: each is put into a file of its own, and that is parsed.

use lopdf::xref::XrefEntry;
use lopdf::{Document, LoadOptions, Object, ObjectStream, Stream};

use super::streams;

/// Objects of one file, by their number.
pub(super) struct Shelf<'a> {
    /// From its header on.
    bytes: &'a [u8],
    document: &'a Document,
    /// Where objects begin.
    starts: Vec<u32>,
}

impl<'a> Shelf<'a> {
    /// Of a file whose table was read.
    pub(super) fn new(bytes: &'a [u8], document: &'a Document) -> Self {
        let offsets = document.reference_table.entries.values().filter_map(|entry| match entry {
            // Zero stands for a number that is not used.
            XrefEntry::Normal { offset: offset @ 1.., .. } => Some(*offset),
            _ => None,
        });
        let mut starts: Vec<u32> = offsets.collect();
        starts.sort_unstable();
        starts.dedup();
        Self { bytes, document, starts }
    }

    /// What stands from the beginning of each object to that of the next one.
    pub(super) fn slices(&self) -> impl Iterator<Item = &'a [u8]> {
        self.starts.iter().map(|start| self.slice(*start).unwrap_or_default())
    }

    /// What stands in the file from the beginning of that object to that of the next one, and its generation; of one in an
    /// object stream there is none.
    pub(super) fn standing(&self, number: u32) -> Option<(u16, &'a [u8])> {
        match *self.document.reference_table.get(number)? {
            XrefEntry::Normal { offset: offset @ 1.., generation } => Some((generation, self.slice(offset)?)),
            _ => None,
        }
    }

    /// The object stream that holds the object, and at which place of its index.
    pub(super) fn container(&self, number: u32) -> Option<(u32, u16)> {
        match *self.document.reference_table.get(number)? {
            XrefEntry::Compressed { container, index } => Some((container, index)),
            _ => None,
        }
    }

    /// The object, if it takes at most `most` bytes of the file.
    pub(super) fn object(&self, number: u32, most: usize) -> Option<Object> {
        match *self.document.reference_table.get(number)? {
            XrefEntry::Normal { offset, .. } => self.standing_at(offset, most),
            XrefEntry::Compressed { container, .. } => self.member(number, container),
            XrefEntry::Free | XrefEntry::UnusableFree => None,
        }
    }

    /// Where an object that stands in the file itself begins, and what stands from there to the next one.
    pub(super) fn slice_of(&self, number: u32) -> Option<(usize, &'a [u8])> {
        match *self.document.reference_table.get(number)? {
            XrefEntry::Normal { offset, .. } => Some((offset as usize, self.slice(offset)?)),
            _ => None,
        }
    }

    fn member(&self, number: u32, container: u32) -> Option<Object> {
        let XrefEntry::Normal { offset, .. } = *self.document.reference_table.get(container)? else { return None };
        let Object::Stream(stream) = self.standing_at(offset, streams::MOST_AT_ONCE)? else { return None };
        members_of(&stream)?.objects.remove(&(number, 0))
    }

    fn standing_at(&self, offset: u32, most: usize) -> Option<Object> {
        let slice = self.slice(offset)?;
        let (mut object, file) = parsed_alone(&slice[..slice.len().min(most)])?;
        if let Object::Stream(stream) = &mut object
            && let Some(start) = stream.start_position
        {
            // Its length is another object.
            let length = stream.dict.get(b"Length").and_then(Object::as_reference).ok()?;
            let length = usize::try_from(self.length(length.0)?).ok()?;
            let content = file.get(start..start.checked_add(length)?)?.to_vec();
            stream.set_content(content);
        }
        Some(object)
    }

    /// A number; where it stands in an object stream, that one has its length in itself, or this ends.
    fn length(&self, number: u32) -> Option<i64> {
        let table = &self.document.reference_table;
        let object = match *table.get(number)? {
            XrefEntry::Normal { offset, .. } => parsed_alone(self.slice(offset)?)?.0,
            XrefEntry::Compressed { container, .. } => {
                let XrefEntry::Normal { offset, .. } = *table.get(container)? else { return None };
                let (Object::Stream(stream), _) = parsed_alone(self.slice(offset)?)? else { return None };
                members_of(&stream)?.objects.remove(&(number, 0))?
            }
            XrefEntry::Free | XrefEntry::UnusableFree => return None,
        };
        object.as_i64().ok()
    }

    /// From the beginning of an object to that of the next one.
    fn slice(&self, offset: u32) -> Option<&'a [u8]> {
        let following = self.starts.partition_point(|start| *start <= offset);
        let end = self.starts.get(following).map_or(self.bytes.len(), |start| *start as usize);
        self.bytes.get(offset as usize..end)
    }
}

fn members_of(stream: &Stream) -> Option<ObjectStream> {
    ObjectStream::new_with_limit(stream, Some(streams::MOST_AT_ONCE)).ok()
}

/// The object that the bytes begin with, and the file that it was parsed in.
fn parsed_alone(slice: &[u8]) -> Option<(Object, Vec<u8>)> {
    const HEAD: &[u8] = b"%PDF-1.7\n";
    let space = slice.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let slice = &slice[space..];
    let digits = slice.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number: u32 = std::str::from_utf8(&slice[..digits]).ok()?.parse().ok()?;
    let generation = slice[digits..].trim_ascii_start();
    let generation = &generation[..generation.iter().take_while(|byte| byte.is_ascii_digit()).count()];
    let generation: u16 = std::str::from_utf8(generation).ok()?.parse().ok()?;
    let mut file = [HEAD, slice].concat();
    let table = file.len() + 1;
    let tail = format!(
        "\nxref\n{number} 1\n{:010} {generation:05} n \ntrailer\n<< /Size {} >>\nstartxref\n{table}\n%%EOF\n",
        HEAD.len(),
        u64::from(number) + 1
    );
    file.extend_from_slice(tail.as_bytes());
    let options =
        LoadOptions { strict: true, max_decompressed_size: Some(streams::MOST_AT_ONCE), ..Default::default() };
    let mut document = Document::load_mem_with_options(&file, options).ok()?;
    let object = document.objects.remove(&(number, generation))?;
    Some((object, file))
}
