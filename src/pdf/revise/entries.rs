//! Dictionaries and arrays as they are written. What is changed in one is put between the bytes of the others, which stay as
//! they are: a number that is read and written again would be another one, and another page to whoever compares.

use super::super::doubles;
use super::super::tokens::{Token, Tokens};

/// A dictionary: its keys, and the bytes of their values.
#[derive(Clone)]
pub(super) struct Entries {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    key: Vec<u8>,
    /// The key as the file spells it, with its slash.
    spelt: Vec<u8>,
    value: Vec<u8>,
}

impl Entries {
    /// Without any.
    pub(super) fn none() -> Self {
        Self { entries: Vec::new() }
    }

    /// Of the dictionary that the bytes begin with.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut tokens = Tokens { rest: bytes };
        let Some(Token::OpenDictionary) = tokens.next() else { return None };
        let mut entries = Vec::new();
        loop {
            tokens.skip_space();
            let start = tokens.rest;
            match tokens.next()? {
                Token::Close => return Some(Self { entries }),
                Token::Name(key) => {
                    let spelt = taken(start, tokens.rest).to_vec();
                    let (value, rest) = value(tokens.rest)?;
                    tokens.rest = rest;
                    entries.push(Entry { key: key.into_owned(), spelt, value: value.to_vec() });
                }
                _ => return None,
            }
        }
    }

    /// What a key has, unless that is nothing.
    pub(super) fn get(&self, key: &str) -> Option<&[u8]> {
        let entry = self.entries.iter().find(|entry| entry.key == key.as_bytes())?;
        (entry.value != b"null").then_some(entry.value.as_slice())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().map(|entry| entry.key.as_slice())
    }

    pub(super) fn set(&mut self, key: &str, value: Vec<u8>) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key.as_bytes()) {
            entry.value = value;
            return;
        }
        let spelt = format!("/{key}").into_bytes();
        self.entries.push(Entry { key: key.as_bytes().to_vec(), spelt, value });
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"<<".to_vec();
        for entry in &self.entries {
            bytes.push(b' ');
            bytes.extend_from_slice(&entry.spelt);
            bytes.push(b' ');
            bytes.extend_from_slice(&entry.value);
        }
        bytes.extend_from_slice(b" >>");
        bytes
    }
}

/// The value that the bytes begin with, and what comes behind it. A reference is three words.
fn value(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut tokens = Tokens { rest: bytes };
    tokens.skip_space();
    let start = tokens.rest;
    let rest = match tokens.next()? {
        Token::OpenDictionary | Token::OpenArray => doubles::check_object(start).ok()?,
        Token::Name(_) => tokens.rest,
        Token::Close => return None,
        Token::Word(_) => {
            let first = tokens.rest;
            match (tokens.next(), tokens.next()) {
                (Some(Token::Word(generation)), Some(Token::Word(b"R"))) if is_number(generation) => tokens.rest,
                _ => first,
            }
        }
    };
    Some((taken(start, rest), rest))
}

/// What an array holds, each as it is written.
pub(super) fn items(array: &[u8]) -> Option<Vec<&[u8]>> {
    let mut tokens = Tokens { rest: array };
    let Some(Token::OpenArray) = tokens.next() else { return None };
    let mut items = Vec::new();
    loop {
        tokens.skip_space();
        if tokens.rest.first()? == &b']' {
            return Some(items);
        }
        let (item, rest) = value(tokens.rest)?;
        items.push(item);
        tokens.rest = rest;
    }
}

/// The array with one more at its end.
pub(super) fn extended(array: &[u8], item: &[u8]) -> Option<Vec<u8>> {
    let mut all = items(array)?;
    all.push(item);
    Some(array_of(&all))
}

/// An array of these.
pub(super) fn array_of<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    let mut bytes = b"[".to_vec();
    for item in items {
        bytes.push(b' ');
        bytes.extend_from_slice(item.as_ref());
    }
    bytes.extend_from_slice(b" ]");
    bytes
}

/// The object that a value refers to, if it is a reference.
pub(super) fn reference(value: &[u8]) -> Option<u32> {
    let mut tokens = Tokens { rest: value };
    match (tokens.next(), tokens.next(), tokens.next(), tokens.next()) {
        (Some(Token::Word(number)), Some(Token::Word(_)), Some(Token::Word(b"R")), None) if is_number(number) => {
            std::str::from_utf8(number).ok()?.parse().ok()
        }
        _ => None,
    }
}

/// A number that is no reference.
pub(super) fn number(value: &[u8]) -> Option<f64> {
    let number: f64 = std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

/// A name, spelt out.
pub(super) fn name(value: &[u8]) -> Option<Vec<u8>> {
    match (Tokens { rest: value }).next() {
        Some(Token::Name(name)) => Some(name.into_owned()),
        _ => None,
    }
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

/// What is no more in the rest.
fn taken<'a>(all: &'a [u8], rest: &[u8]) -> &'a [u8] {
    &all[..all.len() - rest.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_changed_stays_as_it_was_written() {
        let text =
            b"<</A 12 0 R/B#31[0 0 595.27559055 841.8897637]/C(x\\)y)/D<</E/F>>/G null % a word\n/H 1/I/J>> rest";
        let mut entries = Entries::parse(text).expect("a dictionary");
        assert_eq!(entries.get("A").and_then(reference), Some(12));
        assert_eq!(entries.get("B1"), Some(&b"[0 0 595.27559055 841.8897637]"[..]));
        assert_eq!(entries.get("G"), None);
        assert_eq!(entries.get("H").and_then(number), Some(1.0));
        assert_eq!(entries.get("I").and_then(name), Some(b"J".to_vec()));
        entries.set("H", b"2".to_vec());
        entries.set("K", b"[]".to_vec());
        let written =
            "<< /A 12 0 R /B#31 [0 0 595.27559055 841.8897637] /C (x\\)y) /D <</E/F>> /G null /H 2 /I /J /K [] >>";
        assert_eq!(String::from_utf8(entries.bytes()).expect("text"), written);
    }

    #[test]
    fn arrays_hold_references_and_others() {
        let array = b"[1 0 R 2 0 R/N 3 4 (a b)[5 0 R]<< /A 1 >>]";
        let items = items(array).expect("an array");
        assert_eq!(items.len(), 8, "{items:?}");
        assert_eq!((reference(items[1]), reference(items[3]), number(items[4])), (Some(2), None, Some(4.0)));
        assert_eq!(extended(b"[1 0 R]", b"2 0 R"), Some(b"[ 1 0 R 2 0 R ]".to_vec()));
    }

    #[test]
    fn what_is_cut_is_none() {
        for cut in ["", "<<", "<</A", "<</A>>", "<</A 1", "<< 1 >>", "[", "[1", "[<<"] {
            assert!(Entries::parse(cut.as_bytes()).is_none(), "{cut}");
            assert!(items(cut.as_bytes()).is_none(), "{cut}");
        }
    }
}
