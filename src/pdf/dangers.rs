//! What in a file acts by itself, reaches outside, or hides another file. Only names and places are looked at; whether
//! a viewer would ever come there is not asked.

use lopdf::{Dictionary, Object};

use super::Refusal;

/// What is not wanted in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Danger {
    /// Scripts, and forms of the kind that is made of scripts (XFA).
    JavaScript,
    /// Actions that start a program, open another file, or send or fetch data (`/Launch`, `/GoToR`, `/GoToE`,
    /// `/ImportData`, `/SubmitForm`). An ordinary link to a web page is none.
    Launch,
    /// Files inside the file, also sounds, films and three-dimensional models.
    EmbeddedFiles,
}

impl From<Danger> for Refusal {
    fn from(danger: Danger) -> Self {
        match danger {
            Danger::JavaScript => Self::JavaScript,
            Danger::Launch => Self::Launch,
            Danger::EmbeddedFiles => Self::EmbeddedFiles,
        }
    }
}

/// Tells of each danger in an object and in what it holds directly. The parser bounds how deep that is.
pub(super) fn find(object: &Object, tell: &mut impl FnMut(Danger)) {
    // An action may name its kind by reference, and then the kind is an object of its own.
    match object {
        Object::Name(name) => action(name).into_iter().for_each(&mut *tell),
        Object::String(text, _) if is_script(text) => tell(Danger::JavaScript),
        _ => {}
    }
    find_inside(object, tell);
}

fn find_inside(object: &Object, tell: &mut impl FnMut(Danger)) {
    match object {
        Object::Array(items) => items.iter().for_each(|item| find_inside(item, tell)),
        Object::Dictionary(dictionary) => find_in_dictionary(dictionary, tell),
        Object::Stream(stream) => find_in_dictionary(&stream.dict, tell),
        _ => {}
    }
}

/// The same of a dictionary, such as the trailer.
pub(super) fn find_in_dictionary(dictionary: &Dictionary, tell: &mut impl FnMut(Danger)) {
    for (key, value) in dictionary {
        entry(dictionary, key, value).into_iter().for_each(&mut *tell);
        find_inside(value, tell);
    }
}

fn entry(dictionary: &Dictionary, key: &[u8], value: &Object) -> Option<Danger> {
    let name = value.as_name().unwrap_or_default();
    match key {
        b"S" if name == b"Thread" && dictionary.has(b"F") => Some(Danger::Launch),
        b"S" => action(name),
        b"JS" | b"XFA" | b"OnInstantiate" if !value.is_null() => Some(Danger::JavaScript),
        b"JavaScript" if !is_empty_tree(value) => Some(Danger::JavaScript),
        b"URI" if value.as_str().is_ok_and(is_script) => Some(Danger::JavaScript),
        b"EF" | b"RF" if !value.is_null() => Some(Danger::EmbeddedFiles),
        b"EmbeddedFiles" if !is_empty_tree(value) => Some(Danger::EmbeddedFiles),
        b"Type" if name == b"EmbeddedFile" => Some(Danger::EmbeddedFiles),
        b"Subtype" => {
            let holds_media = [&b"FileAttachment"[..], b"RichMedia", b"Sound", b"Movie", b"3D"].contains(&name);
            holds_media.then_some(Danger::EmbeddedFiles)
        }
        _ => None,
    }
}

fn action(name: &[u8]) -> Option<Danger> {
    match name {
        b"JavaScript" => Some(Danger::JavaScript),
        b"Launch" | b"GoToR" | b"GoToE" | b"ImportData" | b"SubmitForm" => Some(Danger::Launch),
        _ => None,
    }
}

/// Programs that clean a file leave an empty list of names. One that is an object of its own is looked at as that: what
/// it names has a script or a file in it, or does nothing.
fn is_empty_tree(value: &Object) -> bool {
    match value {
        Object::Null | Object::Reference(_) => true,
        Object::Dictionary(tree) => {
            let names = tree.get(b"Names").and_then(Object::as_array);
            !tree.has(b"Kids") && tree.iter().all(|(key, _)| key == b"Names") && names.is_ok_and(Vec::is_empty)
                || tree.is_empty()
        }
        _ => false,
    }
}

fn is_script(uri: &[u8]) -> bool {
    let uri: Vec<u8> = uri.iter().filter(|byte| byte.is_ascii_graphic()).take(11).copied().collect();
    uri.eq_ignore_ascii_case(b"javascript:")
}
