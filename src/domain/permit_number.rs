//! The number printed on a permit (SICANTIK's *no surat*).

use super::Flag;
use super::text::{MAX_NAME, fold, is_blank_mark, shortened};

/// A real permit number. What stands for none (`0`, `-`, an unfilled template) is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitNumber {
    text: String,
    folded: String,
}

impl PermitNumber {
    /// Reads the column; the flag says why there is no real number. Of one that is too long it is the beginning.
    pub fn parse(raw: &str) -> Result<Self, Flag> {
        let text = shortened(raw.trim_end(), MAX_NAME);
        let folded = fold(text);
        if is_blank_mark(&folded) {
            return Err(Flag::NumberMissing);
        }
        if is_template(&folded) {
            return Err(Flag::NumberPlaceholder);
        }
        Ok(Self { text: text.to_owned(), folded })
    }

    /// As SICANTIK holds it, blanks inside and all: the detail call finds it by this spelling only
    /// (MySQL ignores case and blanks at the end, nothing else).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As it is compared: case and blanks do not matter, as in SICANTIK's own look-up.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// An unfilled template: a part between slashes that is only `Y`s or `X`s (`503/0002/CTH/YYY/KK`), dots,
/// or a number without any digit.
fn is_template(folded: &str) -> bool {
    let unfilled = |part: &str| {
        let part = part.trim();
        part.len() >= 3 && ["Y", "X", ".", "_"].iter().any(|mark| part.replace(mark, "").is_empty())
    };
    !folded.chars().any(|c| c.is_ascii_digit()) || folded.split('/').any(unfilled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_templates_are_no_numbers() {
        for text in ["", "0", "-", "  "] {
            assert_eq!(PermitNumber::parse(text), Err(Flag::NumberMissing), "{text:?}");
        }
        for text in ["503/0002/CTH/YYY/KK", "503/xxx/CTH/2099", "503/..../CTH/2099", "BELUM ADA"] {
            assert_eq!(PermitNumber::parse(text), Err(Flag::NumberPlaceholder), "{text:?}");
        }
    }

    #[test]
    fn numbers_are_compared_without_case_and_blanks() {
        let one = PermitNumber::parse("503/0001/Cth/DPM-PTSP/2099 ").expect("a number");
        let other = PermitNumber::parse("503/0001/CTH/DPM-PTSP/2099").expect("a number");
        assert_eq!(one.folded(), other.folded());
        assert_eq!(one.as_str(), "503/0001/Cth/DPM-PTSP/2099");
        let spaced = PermitNumber::parse("503/ 1  /CTH/2099 ").expect("a number");
        assert_eq!((spaced.as_str(), spaced.folded()), ("503/ 1  /CTH/2099", "503/ 1 /CTH/2099"));
    }
}
