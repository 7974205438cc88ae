//! Whether a dictionary has one key twice. Readers differ in which of the two they take, and the parser shows one: what
//! it does not show could be what a viewer does. So the bytes themselves are read for it.

use std::borrow::Cow;

use lopdf::xref::{Xref, XrefEntry};

use super::Refusal;
use super::tokens::{Token, Tokens};

/// Deeper than the parser goes.
const MOST_OPEN: usize = 200;

/// Every object that stands in the file itself.
pub(super) fn check(bytes: &[u8], table: &Xref) -> Result<(), Refusal> {
    for entry in table.entries.values() {
        if let XrefEntry::Normal { offset, .. } = entry {
            let mut tokens = Tokens { rest: bytes.get(*offset as usize..).unwrap_or_default() };
            // Number, generation, `obj`.
            let is_object = (0..3).all(|_| matches!(tokens.next(), Some(Token::Word(_))));
            if is_object {
                check_object(tokens.rest)?;
            }
        }
    }
    Ok(())
}

/// The object that the bytes begin with.
pub(super) fn check_object(bytes: &[u8]) -> Result<(), Refusal> {
    let mut open: Vec<Open<'_>> = Vec::new();
    for token in (Tokens { rest: bytes }) {
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
    Ok(())
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
