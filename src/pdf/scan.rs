//! One pass over every object of the last revision. Each is looked at as the parser hands it over and then dropped: a
//! file of a million small objects would fill ten times its size. What remains is a few numbers an object.

use std::cell::RefCell;
use std::collections::HashSet;

use lopdf::xref::{Xref, XrefEntry};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::dangers::{self, Danger};
use super::{Refusal, streams};

/// Where an object was found: its number, and that of the object stream that holds it (0: none does). Earlier revisions
/// leave object streams behind that still hold what was replaced since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub number: u32,
    pub(super) container: u32,
}

impl Place {
    /// Whether the last revision has it there.
    pub(super) fn is_current(self, table: &Xref) -> bool {
        match table.get(self.number) {
            Some(XrefEntry::Normal { .. }) => self.container == 0,
            Some(XrefEntry::Compressed { container, .. }) => self.container == *container,
            _ => false,
        }
    }
}

/// The children of a node of the page tree.
#[derive(Debug, Clone)]
pub(super) enum Kids {
    Are(Vec<u32>),
    /// In an array that is an object of its own.
    StandIn(u32),
    /// Something that no reader takes for children.
    Wrong,
}

/// A node of the page tree.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub kids: Kids,
    pub count: i64,
}

/// What was found. The lists hold what earlier revisions left in object streams too, until `of` is asked.
#[derive(Default)]
pub(super) struct Found {
    /// With the object stream and the place in it.
    objects: Vec<(ObjectId, u32, u16)>,
    dangers: Vec<(Place, Danger)>,
    pub nodes: Vec<(Place, Node)>,
    pub pages: Vec<Place>,
    /// What fields of forms have as their values.
    values: Vec<(Place, u32)>,
    /// Signatures, as objects of their own and as direct values of fields.
    pub signatures: Vec<Place>,
    pub signed_fields: Vec<Place>,
    wrong: Option<Refusal>,
}

struct Scan {
    found: Found,
    left: u64,
}

thread_local! {
    /// The parser takes a function without a state to look at objects.
    static SCAN: RefCell<Option<Scan>> = const { RefCell::new(None) };
}

/// Reads every object of the file. The document that comes back has the trailer and the table, and no objects.
pub(super) fn scan(bytes: &[u8], strict: bool) -> (Result<Document, lopdf::Error>, Found) {
    SCAN.set(Some(Scan { found: Found::default(), left: streams::MOST_UNPACKED }));
    let options = LoadOptions {
        filter: Some(hand_over),
        strict,
        max_decompressed_size: Some(streams::MOST_AT_ONCE),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options);
    let found = SCAN.take().map(|scan| scan.found).unwrap_or_default();
    (document, found)
}

/// Keeps nothing.
fn hand_over(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    SCAN.with_borrow_mut(|scan| {
        if let Some(scan) = scan {
            scan.take(id, object);
        }
    });
    None
}

impl Scan {
    fn take(&mut self, id: ObjectId, object: &Object) {
        if self.found.wrong.is_some() {
            return;
        }
        self.found.note(id, 0, 0, object);
        if let Object::Stream(stream) = object {
            self.found.wrong = streams::check(stream, &mut self.left).err();
            if self.found.wrong.is_none() && stream.dict.has_type(b"ObjStm") {
                match streams::members(stream) {
                    Ok((members, places)) => members.objects.iter().for_each(|(member, object)| {
                        let at = places.get(&member.0).copied().unwrap_or_default();
                        self.found.note(*member, id.0, at, object);
                    }),
                    Err(refusal) => self.found.wrong = Some(refusal),
                }
            }
        }
    }
}

impl Found {
    fn note(&mut self, id: ObjectId, container: u32, at: u16, object: &Object) {
        let place = Place { number: id.0, container };
        self.objects.push((id, container, at));
        dangers::find(object, &mut |danger| self.dangers.push((place, danger)));
        match object {
            Object::Dictionary(dictionary) => self.note_dictionary(place, dictionary),
            Object::Array(items) => items.iter().for_each(|item| self.note_fields(place, item)),
            _ => {}
        }
    }

    fn note_dictionary(&mut self, place: Place, dictionary: &Dictionary) {
        if dictionary.has_type(b"Page") {
            self.pages.push(place);
        } else if dictionary.has_type(b"Pages") {
            let count = dictionary.get(b"Count").and_then(Object::as_i64).unwrap_or(-1);
            self.nodes.push((place, Node { kids: kids(dictionary.get(b"Kids").ok()), count }));
        }
        if is_signature(dictionary) {
            self.signatures.push(place);
        }
        self.note_fields_of(place, dictionary);
    }

    /// Fields may stand inside of other objects, and in arrays.
    fn note_fields(&mut self, place: Place, object: &Object) {
        match object {
            Object::Array(items) => items.iter().for_each(|item| self.note_fields(place, item)),
            Object::Dictionary(dictionary) => self.note_fields_of(place, dictionary),
            _ => {}
        }
    }

    fn note_fields_of(&mut self, place: Place, dictionary: &Dictionary) {
        match dictionary.get(b"V") {
            Ok(Object::Reference(id)) => self.values.push((place, id.0)),
            Ok(Object::Dictionary(value)) if is_signature(value) => self.signed_fields.push(place),
            _ => {}
        }
        dictionary.iter().for_each(|(_, value)| self.note_fields(place, value));
    }

    /// What is wrong with the file as a whole: everything that the table names was found where it is said to be.
    pub(super) fn complete(&mut self, document: &Document) -> Result<(), Refusal> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        self.objects.sort_unstable();
        let has = |id, container, at| self.objects.binary_search(&(id, container, at)).is_ok();
        let is_there = document.reference_table.entries.iter().all(|(number, entry)| match entry {
            // Programs write such a line for a number that they do not use.
            XrefEntry::Normal { offset: 0, .. } | XrefEntry::Free | XrefEntry::UnusableFree => true,
            XrefEntry::Normal { generation, .. } => has((*number, *generation), 0, 0),
            // Some readers go by the number, some by the place: both come to the same object.
            XrefEntry::Compressed { container, index } => has((*number, 0), *container, *index),
        });
        self.objects = Vec::new();
        if is_there { Ok(()) } else { Err(Refusal::Damaged) }
    }

    /// The first danger, in the order in which refusals are told.
    pub(super) fn danger(&self, document: &Document, allow_embedded: bool) -> Option<Danger> {
        let table = &document.reference_table;
        let mut here: Vec<Danger> = Vec::new();
        dangers::find_in_dictionary(&document.trailer, &mut |danger| here.push(danger));
        here.extend(self.dangers.iter().filter(|(place, _)| place.is_current(table)).map(|(_, danger)| *danger));
        let order = [Danger::JavaScript, Danger::Launch, Danger::EmbeddedFiles];
        let order = if allow_embedded { &order[..2] } else { &order[..] };
        order.iter().copied().find(|danger| here.contains(danger))
    }

    /// Fields that are signed, each signature once.
    pub(super) fn signatures(&self, table: &Xref) -> u32 {
        let is_current = |place: &&Place| place.is_current(table);
        let signatures: HashSet<u32> = self.signatures.iter().filter(is_current).map(|place| place.number).collect();
        let values = self.values.iter().filter(|(place, _)| place.is_current(table)).map(|(_, value)| *value);
        let referred: HashSet<u32> = values.filter(|value| signatures.contains(value)).collect();
        let count = referred.len() + self.signed_fields.iter().filter(is_current).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Drops what earlier revisions left.
    pub(super) fn of<T: Clone>(list: &[T], place: impl Fn(&T) -> Place, table: &Xref) -> Vec<T> {
        list.iter().filter(|item| place(item).is_current(table)).cloned().collect()
    }
}

fn kids(kids: Option<&Object>) -> Kids {
    match kids {
        Some(Object::Reference(id)) => Kids::StandIn(id.0),
        Some(Object::Array(items)) => numbers(items),
        _ => Kids::Wrong,
    }
}

/// The objects that an array names, if it is one of references alone.
pub(super) fn numbers(items: &[Object]) -> Kids {
    let numbers: Option<Vec<u32>> = items.iter().map(|item| item.as_reference().ok().map(|id| id.0)).collect();
    numbers.map_or(Kids::Wrong, Kids::Are)
}

fn is_signature(dictionary: &Dictionary) -> bool {
    dictionary.has(b"ByteRange") && dictionary.has(b"Contents")
}
