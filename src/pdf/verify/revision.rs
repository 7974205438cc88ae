//! A file, or the beginning of one that was a whole file when it was signed: read as strictly as what an office takes in.

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, Object};

use super::super::look;
use super::super::scan::Found;
use super::super::shelf::Shelf;
use super::reason::Reason;

/// What an object may take in the file: a signature, a catalog, a list of annotations.
const MOST_BYTES: usize = 4 << 20;

/// So many references lead to another one.
const MOST_STEPS: usize = 8;

/// One of them, opened.
pub(super) struct Revision<'a> {
    pub bytes: &'a [u8],
    pub document: Document,
    pub found: Found,
}

impl<'a> Revision<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Reason> {
        // Else, what is covered would be counted from another place than objects are.
        if !bytes.starts_with(b"%PDF-") {
            return Err(Reason::NotPdf);
        }
        let (_, document, found) = look::whole(bytes)?;
        Ok(Self { bytes, document, found })
    }

    pub(super) fn view(&'a self) -> View<'a> {
        View { revision: self, shelf: Shelf::new(self.bytes, &self.document) }
    }

    pub(super) fn entry(&self, number: u32) -> Option<&XrefEntry> {
        self.document.reference_table.get(number)
    }

    pub(super) fn root(&self) -> Option<u32> {
        Some(self.document.trailer.get(b"Root").and_then(Object::as_reference).ok()?.0)
    }
}

/// Its objects.
pub(super) struct View<'a> {
    pub revision: &'a Revision<'a>,
    pub shelf: Shelf<'a>,
}

impl View<'_> {
    pub(super) fn object(&self, number: u32) -> Option<Object> {
        self.shelf.object(number, MOST_BYTES)
    }

    pub(super) fn dictionary(&self, number: u32) -> Option<Dictionary> {
        match self.object(number)? {
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// What an object is, also where it is only named.
    pub(super) fn resolved(&self, object: &Object) -> Option<Object> {
        let mut object = object.clone();
        for _ in 0..MOST_STEPS {
            match object {
                Object::Reference(id) => object = self.object(id.0)?,
                object => return Some(object),
            }
        }
        None
    }

    /// The value of a key, resolved; none where it is not there or null.
    pub(super) fn value(&self, dictionary: &Dictionary, key: &[u8]) -> Option<Object> {
        self.resolved(dictionary.get(key).ok()?).filter(|value| !value.is_null())
    }

    /// The same where it is a dictionary.
    pub(super) fn inner(&self, dictionary: &Dictionary, key: &[u8]) -> Option<Dictionary> {
        match self.value(dictionary, key)? {
            Object::Dictionary(inner) => Some(inner),
            _ => None,
        }
    }

    pub(super) fn catalog(&self) -> Option<Dictionary> {
        self.dictionary(self.revision.root()?)
    }
}

/// The number that a key names, where it names one.
pub(super) fn reference(dictionary: &Dictionary, key: &[u8]) -> Option<u32> {
    dictionary.get(key).and_then(Object::as_reference).ok().map(|id| id.0)
}
