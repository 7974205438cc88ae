//! Whether the content of a page leaves its graphics state as it found it. What is drawn behind it must not depend on that.

use super::super::tokens::{Token, Tokens};

/// How often content that goes on over several streams saves its state and takes it back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Balance {
    depth: i64,
    lowest: i64,
}

impl Balance {
    /// One more stream of it.
    pub(super) fn read(&mut self, content: &[u8]) {
        let mut tokens = Tokens { rest: content };
        while let Some(token) = tokens.next() {
            match token {
                Token::Word(b"q") => self.depth += 1,
                Token::Word(b"Q") => {
                    self.depth -= 1;
                    self.lowest = self.lowest.min(self.depth);
                }
                Token::Word(b"ID") => tokens.rest = behind_picture(tokens.rest),
                _ => {}
            }
        }
    }

    /// How often it is to be saved before, so that it is never taken back too often.
    pub(super) fn before(&self) -> usize {
        usize::try_from(1 - self.lowest).unwrap_or(1)
    }

    /// How often it is to be taken back behind.
    pub(super) fn behind(&self) -> usize {
        usize::try_from(1 - self.lowest + self.depth).unwrap_or(1)
    }
}

/// What comes after the data of a picture that stands in the content.
fn behind_picture(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: Option<&u8>| byte.is_none_or(|byte| b" \t\r\n\0\x0C".contains(byte));
    let is_end =
        |at: &usize| bytes[*at..].starts_with(b"EI") && is_space(bytes.get(at + 2)) && is_space(bytes.get(at - 1));
    (1..bytes.len()).find(is_end).map_or(&[], |at| &bytes[at + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(contents: &[&[u8]]) -> (usize, usize) {
        let mut balance = Balance::default();
        for content in contents {
            balance.read(content);
        }
        (balance.before(), balance.behind())
    }

    #[test]
    fn what_is_saved_and_not_taken_back_is_counted() {
        assert_eq!(of(&[]), (1, 1));
        assert_eq!(of(&[b"q 1 0 0 1 0 0 cm (Q Q) Tj Q"]), (1, 1));
        assert_eq!(of(&[b"q q", b"Q"]), (1, 2));
        assert_eq!(of(&[b"Q q Q Q q"]), (3, 2));
    }

    #[test]
    fn a_picture_in_the_content_is_none_of_it() {
        assert_eq!(of(&[b"q BI /W 1 ID q q q EIEI (\nEI Q"]), (1, 1));
        assert_eq!(of(&[b"q BI ID q q q"]), (1, 2));
    }
}
