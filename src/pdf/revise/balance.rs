//! Whether the content of a page leaves its graphics state as it found it. What is drawn behind it must not depend on that.

use super::super::tokens::{Token, Tokens};

/// What content that goes on over several streams opens and does not close.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Balance {
    /// How often its state is saved and not taken back.
    depth: i64,
    lowest: i64,
    /// How many marks are open. What is marked may be hidden.
    marks: usize,
    is_in_text: bool,
}

impl Balance {
    /// One more stream of it.
    pub(super) fn read(&mut self, content: &[u8]) {
        let mut tokens = Tokens { rest: content };
        while let Some(token) = tokens.next() {
            let Token::Word(word) = token else { continue };
            match word {
                b"q" => self.depth += 1,
                b"Q" => {
                    self.depth -= 1;
                    self.lowest = self.lowest.min(self.depth);
                }
                b"BMC" | b"BDC" => self.marks += 1,
                b"EMC" => self.marks = self.marks.saturating_sub(1),
                b"BT" => self.is_in_text = true,
                b"ET" => self.is_in_text = false,
                b"ID" => tokens.rest = behind_picture(tokens.rest),
                _ => {}
            }
        }
    }

    /// What saves the state before it, so often that it is never taken back too often.
    pub(super) fn before(&self) -> String {
        "q ".repeat(usize::try_from(1 - self.lowest).unwrap_or(1))
    }

    /// What closes behind it all that is open.
    pub(super) fn behind(&self) -> String {
        let saved = usize::try_from(1 - self.lowest + self.depth).unwrap_or(1);
        let text = if self.is_in_text { "ET " } else { "" };
        format!("{text}{}{}", "EMC ".repeat(self.marks), "Q ".repeat(saved))
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

    fn of(contents: &[&[u8]]) -> (String, String) {
        let mut balance = Balance::default();
        for content in contents {
            balance.read(content);
        }
        (balance.before(), balance.behind())
    }

    fn said(before: &str, behind: &str) -> (String, String) {
        (before.to_owned(), behind.to_owned())
    }

    #[test]
    fn what_is_saved_and_not_taken_back_is_counted() {
        assert_eq!(of(&[]), said("q ", "Q "));
        assert_eq!(of(&[b"q 1 0 0 1 0 0 cm (Q Q) Tj Q"]), said("q ", "Q "));
        assert_eq!(of(&[b"q q", b"Q"]), said("q ", "Q Q "));
        assert_eq!(of(&[b"Q q Q Q q"]), said("q q q ", "Q Q "));
    }

    #[test]
    fn texts_and_marks_that_are_open_are_closed() {
        assert_eq!(of(&[b"/OC /M BDC /A BMC EMC BT", b"ET EMC EMC /B BMC BT"]), said("q ", "ET EMC Q "));
    }

    #[test]
    fn a_picture_in_the_content_is_none_of_it() {
        assert_eq!(of(&[b"q BI /W 1 ID q q q EIEI (\nEI Q"]), said("q ", "Q "));
        assert_eq!(of(&[b"q BI ID q q q"]), said("q ", "Q Q "));
    }
}
