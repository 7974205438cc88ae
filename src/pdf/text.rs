//! The text of the first pages, as far as fonts tell: a small document is made of these pages, their contents and their
//! fonts, and the text is taken from that. Whatever cannot be read is no text, and no fault of the file.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, dictionary};

use super::shelf::Shelf;

/// How many pages are read.
const PAGES: usize = 2;

/// What is kept of the text.
const MOST_TEXT: usize = 64 << 10;

/// How many objects the small document may have: pages, nodes above them, contents, fonts.
const MOST_OBJECTS: usize = 400;

/// What one of them may take in the file.
const MOST_BYTES: usize = 2 << 20;

/// What the contents of a page may unpack to. The parser takes fifty times as much for them; a permit has a hundredth.
const MOST_CONTENT: usize = 512 << 10;

/// At most 64 KiB, without control characters but for ends of lines.
pub(super) fn text(shelf: &Shelf<'_>, pages: &[u32]) -> String {
    let mut text = String::new();
    for page in pages.iter().take(PAGES) {
        let found = document_of(shelf, *page).extract_text_with_limit(&[1], MOST_CONTENT).unwrap_or_default();
        let room = MOST_TEXT - text.len();
        let kept = found.chars().filter(|c| *c == '\n' || !c.is_control());
        let mut taken = 0;
        text.extend(kept.take_while(|c| {
            taken += c.len_utf8();
            taken <= room
        }));
    }
    text
}

/// A document of that page alone.
fn document_of(shelf: &Shelf<'_>, page: u32) -> Document {
    let mut small = Document::new();
    let (root, catalog) = ((u32::MAX - 1, 0), (u32::MAX - 2, 0));
    let kids = vec![Object::Reference((page, 0))];
    small.objects.insert(root, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 }.into());
    small.objects.insert(catalog, dictionary! { "Type" => "Catalog", "Pages" => root }.into());
    small.trailer.set("Root", catalog);

    let mut seen = BTreeSet::from([page]);
    let mut waiting = vec![(page, Role::Page)];
    while let Some((number, role)) = waiting.pop() {
        let Some(mut object) = shelf.object(number, MOST_BYTES) else { continue };
        if role == Role::Page
            && let Object::Dictionary(node) = &object
        {
            object = Object::Dictionary(only(node, &[b"Type", b"Resources", b"Contents", b"Parent"]));
        }
        let mut next = Vec::new();
        follow(&object, role, &mut next);
        for (number, role) in next {
            if seen.len() < MOST_OBJECTS && seen.insert(number) {
                waiting.push((number, role));
            }
        }
        small.objects.insert((number, 0), without_generations(object));
    }
    small
}

/// What an object is to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The page, or a node above it.
    Page,
    Resources,
    /// Fonts by their names.
    Fonts,
    Font,
    /// What leads no further: contents, encodings.
    Leaf,
}

/// The objects that are needed besides.
fn follow(object: &Object, role: Role, next: &mut Vec<(u32, Role)>) {
    match object {
        Object::Reference(id) => next.push((id.0, role)),
        Object::Array(items) => items.iter().for_each(|item| follow(item, role, next)),
        Object::Dictionary(dictionary) => {
            for (key, value) in dictionary {
                if let Some(role) = leads_to(role, key) {
                    follow(value, role, next);
                }
            }
        }
        _ => {}
    }
}

fn leads_to(role: Role, key: &[u8]) -> Option<Role> {
    match (role, key) {
        (Role::Page, b"Parent") => Some(Role::Page),
        (Role::Page, b"Resources") => Some(Role::Resources),
        (Role::Page, b"Contents") | (Role::Font, b"Encoding" | b"ToUnicode") => Some(Role::Leaf),
        (Role::Resources, b"Font") => Some(Role::Fonts),
        (Role::Fonts, _) | (Role::Font, b"DescendantFonts") => Some(Role::Font),
        _ => None,
    }
}

fn only(dictionary: &Dictionary, keys: &[&[u8]]) -> Dictionary {
    let mut kept = Dictionary::new();
    for key in keys {
        if let Ok(value) = dictionary.get(key) {
            kept.set(*key, value.clone());
        }
    }
    kept
}

/// Objects stand in the small document by their numbers alone.
fn without_generations(mut object: Object) -> Object {
    fn plain(object: &mut Object) {
        match object {
            Object::Reference(id) => id.1 = 0,
            Object::Array(items) => items.iter_mut().for_each(plain),
            Object::Dictionary(dictionary) => dictionary.iter_mut().for_each(|(_, value)| plain(value)),
            _ => {}
        }
    }
    plain(&mut object);
    object
}
