//! The sections of a cross-reference: each names the one before it. The parser ends a chain that leads back to itself as if
//! it were whole, and other readers do not.

use std::collections::HashSet;

use super::Refusal;
use super::tokens::{Token, Tokens};

/// A file that was changed more often is none of an office.
const MOST_SECTIONS: usize = 1000;

/// Whether a section has a second one beside it, for newer readers (a hybrid file); refused where the chain has no end.
pub(super) fn is_hybrid(bytes: &[u8], start: usize) -> Result<bool, Refusal> {
    walk(bytes, start).map(|(_, is_hybrid)| is_hybrid)
}

/// Whether one section leads to another one.
pub(super) fn leads_to(bytes: &[u8], start: usize, end: usize) -> bool {
    walk(bytes, start).is_ok_and(|(starts, _)| starts.contains(&end))
}

fn walk(bytes: &[u8], start: usize) -> Result<(HashSet<usize>, bool), Refusal> {
    let (mut seen, mut next, mut is_hybrid) = (HashSet::new(), Some(start), false);
    while let Some(start) = next {
        if !seen.insert(start) {
            return Err(Refusal::Damaged);
        }
        if seen.len() > MOST_SECTIONS {
            return Err(Refusal::TooComplex);
        }
        let section = section(bytes.get(start..).ok_or(Refusal::Damaged)?);
        if !section.is_one {
            return Err(Refusal::Damaged);
        }
        is_hybrid |= section.is_hybrid;
        next = section.previous;
    }
    Ok((seen, is_hybrid))
}

#[derive(Default)]
struct Section {
    /// It begins as a table, or calls itself a stream of that kind. The parser takes others, too.
    is_one: bool,
    previous: Option<usize>,
    is_hybrid: bool,
}

/// Of a table the trailer says it, of a stream its dictionary: in both, the first dictionary that comes.
fn section(bytes: &[u8]) -> Section {
    let mut section = Section::default();
    let (mut depth, mut key) = (0_usize, Key::Other);
    section.is_one = matches!(Tokens { rest: bytes }.next(), Some(Token::Word(b"xref")));
    for token in (Tokens { rest: bytes }) {
        match token {
            Token::OpenDictionary | Token::OpenArray => depth += 1,
            Token::Close if depth <= 1 => break,
            Token::Close => depth -= 1,
            Token::Name(name) if depth == 1 && matches!(key, Key::Kind) => section.is_one |= name.as_ref() == b"XRef",
            Token::Name(name) if depth == 1 => {
                key = match name.as_ref() {
                    b"Prev" => Key::Previous,
                    b"XRefStm" => Key::Hybrid,
                    b"Type" => Key::Kind,
                    _ => Key::Other,
                };
                continue;
            }
            Token::Word(word) if depth == 1 => match key {
                Key::Previous => section.previous = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()),
                Key::Hybrid => section.is_hybrid = true,
                Key::Kind | Key::Other => {}
            },
            Token::Name(_) | Token::Word(_) => {}
        }
        key = Key::Other;
    }
    section
}

enum Key {
    Previous,
    Hybrid,
    Kind,
    Other,
}
