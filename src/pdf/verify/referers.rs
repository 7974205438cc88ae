//! Which objects name another one: one more pass over a revision, when something came after it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use lopdf::{Document, LoadOptions, Object, ObjectId};

use super::super::scan::Place;
use super::super::streams;
use super::revision::Revision;

/// More than that are not counted one by one: nobody needs them.
const MOST_NAMINGS: usize = 100_000;

struct Pass {
    wanted: HashSet<u32>,
    found: Vec<(Place, u32)>,
}

thread_local! {
    /// The parser takes a function without a state to look at objects.
    static PASS: RefCell<Option<Pass>> = const { RefCell::new(None) };
}

/// Who names each of the wanted objects, once for each time; those that nobody names are not there.
pub(super) fn referers(revision: &Revision<'_>, wanted: HashSet<u32>) -> HashMap<u32, Vec<u32>> {
    let mut referers = HashMap::<u32, Vec<u32>>::new();
    if wanted.is_empty() {
        return referers;
    }
    PASS.set(Some(Pass { wanted, found: Vec::new() }));
    let options = LoadOptions {
        filter: Some(hand_over),
        max_decompressed_size: Some(streams::MOST_AT_ONCE),
        ..LoadOptions::default()
    };
    // It was read before.
    let _ = Document::load_mem_with_options(revision.bytes, options);
    let found = PASS.take().map(|pass| pass.found).unwrap_or_default();
    for (place, number) in found {
        if place.is_current(&revision.document.reference_table) {
            referers.entry(number).or_default().push(place.number);
        }
    }
    referers
}

/// Keeps nothing.
fn hand_over(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    PASS.with_borrow_mut(|pass| {
        let Some(pass) = pass else { return };
        pass.note(Place { number: id.0, container: 0 }, object);
        if let Object::Stream(stream) = object
            && stream.dict.has_type(b"ObjStm")
            && let Ok((members, _)) = streams::members(stream)
        {
            for (member, object) in &members.objects {
                pass.note(Place { number: member.0, container: id.0 }, object);
            }
        }
    });
    None
}

impl Pass {
    fn note(&mut self, place: Place, object: &Object) {
        match object {
            Object::Reference(id) if self.wanted.contains(&id.0) && self.found.len() < MOST_NAMINGS => {
                self.found.push((place, id.0));
            }
            Object::Array(items) => items.iter().for_each(|item| self.note(place, item)),
            Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, value)| self.note(place, value)),
            Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| self.note(place, value)),
            _ => {}
        }
    }
}
