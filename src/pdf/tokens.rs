//! The words of a PDF, read off its bytes: for the little that the parser does not tell.

use std::borrow::Cow;

/// One of them.
pub(super) enum Token<'a> {
    OpenDictionary,
    OpenArray,
    Close,
    Name(Cow<'a, [u8]>),
    /// A number, a string, a keyword.
    Word(&'a [u8]),
}

/// Of these bytes, from their beginning on.
pub(super) struct Tokens<'a> {
    pub rest: &'a [u8],
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let length = match self.rest {
            [] => return None,
            [b'<', b'<', ..] | [b'>', b'>', ..] => 2,
            [b'(', ..] => string_length(self.rest),
            [b'<', ..] => 1 + self.rest.iter().take_while(|byte| **byte != b'>').count(),
            [b'/', after @ ..] => 1 + word_length(after),
            _ => word_length(self.rest).max(1),
        };
        let (word, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        Some(match word {
            b"<<" => Token::OpenDictionary,
            b"[" => Token::OpenArray,
            b">>" | b"]" => Token::Close,
            [b'/', name @ ..] => Token::Name(spelt_out(name)),
            word => Token::Word(word),
        })
    }
}

impl Tokens<'_> {
    /// Goes to where the next word begins.
    pub(super) fn skip_space(&mut self) {
        loop {
            let space = self.rest.iter().take_while(|byte| is_space(**byte)).count();
            self.rest = &self.rest[space..];
            if self.rest.first() != Some(&b'%') {
                return;
            }
            let comment = self.rest.iter().take_while(|byte| !b"\r\n".contains(byte)).count();
            self.rest = &self.rest[comment..];
        }
    }
}

fn is_space(byte: u8) -> bool {
    b" \t\n\r\0\x0C".contains(&byte)
}

fn word_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| !is_space(**byte) && !b"()<>[]{}/%".contains(byte)).count()
}

/// Of a string in brackets, which may hold brackets.
fn string_length(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// A name whose characters may be spelt by their numbers.
fn spelt_out(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return Cow::Borrowed(name);
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (mut plain, mut rest) = (Vec::new(), name);
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'#', [high, low, behind @ ..]) if digit(*high).is_some() && digit(*low).is_some() => {
                plain.push(digit(*high).unwrap_or_default() << 4 | digit(*low).unwrap_or_default());
                rest = behind;
            }
            _ => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(bytes: &str) -> String {
        let said = |token| match token {
            Token::OpenDictionary => "{".to_owned(),
            Token::OpenArray => "[".to_owned(),
            Token::Close => "}".to_owned(),
            Token::Name(name) => format!("/{}", String::from_utf8_lossy(&name)),
            Token::Word(word) => String::from_utf8_lossy(word).into_owned(),
        };
        Tokens { rest: bytes.as_bytes() }.map(said).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_end_where_the_next_begins() {
        assert_eq!(words("<</A/B/C[1 0 R<AB>]>>"), "{ /A /B /C [ 1 0 R <AB> } }");
        assert_eq!(words("(a(b)\\))c) % (d\n/E"), "(a(b)\\)) c ) /E");
        assert_eq!(words("5\u{0}0\tobj"), "5 0 obj");
    }

    #[test]
    fn names_are_spelt_out() {
        assert_eq!(words("/J#61va#53cript /#4G /A#4"), "/JavaScript /#4G /A#4");
    }

    #[test]
    fn what_is_cut_ends() {
        for cut in ["(a", "(a\\", "<AB", "/", "<", ">", ")", "%", "#"] {
            assert!(words(cut).len() <= cut.len(), "{cut}");
        }
    }
}
