//! Whether a dictionary has one key twice. Readers differ in which of the two they take, and the parser shows one: what
//! it does not show could be what a viewer does. So the bytes themselves are read for it.

use std::borrow::Cow;

use super::Refusal;
use super::tokens::{Token, Tokens};

/// Deeper than the parser goes.
const MOST_OPEN: usize = 200;

/// Every object that stands in the file itself, from its beginning to that of the next one. It also ends as it should:
/// where it does not, readers go on in their own ways.
pub(super) fn check<'a>(objects: impl Iterator<Item = &'a [u8]>) -> Result<(), Refusal> {
    for object in objects {
        let mut tokens = Tokens { rest: object };
        let (_number, _generation, keyword) = (tokens.next(), tokens.next(), tokens.next());
        // The parser takes these for three words also where nothing is between them.
        let Some(Token::Word(b"obj")) = keyword else { return Err(Refusal::Damaged) };
        let mut rest = Tokens { rest: check_object(tokens.rest)? };
        match rest.next() {
            Some(Token::Word(b"endobj")) => {}
            Some(Token::Word(b"stream")) if is_stream_ended(rest.rest) => {}
            // A number may have been the first of the three words of a reference.
            Some(Token::Word(_)) if matches!(rest.nth(1), Some(Token::Word(b"endobj"))) => {}
            _ => return Err(Refusal::Damaged),
        }
    }
    Ok(())
}

/// What comes after the data, which may be of any kind.
fn is_stream_ended(bytes: &[u8]) -> bool {
    const END: &[u8] = b"endstream";
    let end = bytes.windows(END.len()).rposition(|window| window == END);
    end.is_some_and(|end| matches!(Tokens { rest: &bytes[end + END.len()..] }.next(), Some(Token::Word(b"endobj"))))
}

/// The object that the bytes begin with, and what comes behind it.
pub(super) fn check_object(bytes: &[u8]) -> Result<&[u8], Refusal> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut tokens = Tokens { rest: bytes };
    for token in tokens.by_ref() {
        match token {
            Token::OpenDictionary => open.push(Open::Dictionary { keys: Vec::new(), key_is_next: true }),
            Token::OpenArray => open.push(Open::Array),
            Token::Close => {
                if let Some(Open::Dictionary { mut keys, .. }) = open.pop() {
                    keys.sort_unstable();
                    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
                        return Err(Refusal::Damaged);
                    }
                }
                value_ended(&mut open);
            }
            Token::Name(name) => match open.last_mut() {
                Some(Open::Dictionary { keys, key_is_next }) if *key_is_next => {
                    keys.push(name);
                    *key_is_next = false;
                }
                _ => value_ended(&mut open),
            },
            Token::Word(_) => value_ended(&mut open),
        }
        if open.len() > MOST_OPEN {
            return Err(Refusal::Damaged);
        }
        if open.is_empty() {
            break;
        }
    }
    Ok(tokens.rest)
}

/// What follows in a dictionary is a key, or the rest of a reference, which is no name.
fn value_ended(open: &mut [Open<'_>]) {
    if let Some(Open::Dictionary { key_is_next, .. }) = open.last_mut() {
        *key_is_next = true;
    }
}

enum Open<'a> {
    Dictionary { keys: Vec<Cow<'a, [u8]>>, key_is_next: bool },
    Array,
}
