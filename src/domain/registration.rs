//! The number of an application.

use chrono::NaiveDate;

use super::text::{is_blank_mark, shortened, tidy};

/// Digits of an application number.
const LENGTH: usize = 16;

/// The longest application number, in characters: an identity has room for it beside the longest name.
pub(crate) const MAX_REGISTRATION: usize = 90;

/// The application number: text, leading zeros kept. Sixteen digits are 5 sequence + 3 permit type +
/// 2 kind of application + 2 month + 4 year; one setting of SICANTIK puts slashes between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegistrationNumber(String);

impl RegistrationNumber {
    /// Reads the column; `None` when nothing but zeros and punctuation is left, and for what a spreadsheet or a
    /// server made of a number (`1.07701072025e+14`): it may have lost digits, and names no application for certain.
    /// Of one that is too long it is the beginning.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let text = tidy(raw);
        (!is_blank_mark(&text) && !is_float(&text)).then(|| Self(shortened(&text, MAX_REGISTRATION).to_owned()))
    }

    /// Reads a column that came as a number, which has lost its leading zeros: it is filled up to the sixteen
    /// digits that an application number has.
    #[must_use]
    pub fn parse_number(raw: &str) -> Option<Self> {
        let is_whole = raw.bytes().all(|b| b.is_ascii_digit());
        is_whole.then(|| Self::parse(&format!("{raw:0>LENGTH$}"))).flatten()
    }

    /// The number as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First day of the month that the number carries: when the application was registered.
    ///
    /// ```
    /// use sicantik_companion::domain::RegistrationNumber;
    /// let number = RegistrationNumber::parse("0000107701072099").unwrap();
    /// assert_eq!(number.month().unwrap().to_string(), "2099-07-01");
    /// ```
    #[must_use]
    pub fn month(&self) -> Option<NaiveDate> {
        let digits: String = self.0.chars().filter(|c| *c != '/').collect();
        if digits.len() != LENGTH || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let month = digits[10..12].parse().ok()?;
        let year: i32 = digits[12..].parse().ok()?;
        (1990..=2100).contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, 1)).flatten()
    }
}

/// Digits with an exponent or with zeros behind a point, as programs write numbers that are not whole to them.
fn is_float(text: &str) -> bool {
    let has_zeros = text.split_once('.').is_some_and(|(_, decimals)| decimals.bytes().all(|b| b == b'0'));
    let begins_so = text.starts_with(|c: char| c.is_ascii_digit());
    begins_so && (has_zeros || text.contains(['e', 'E'])) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::vectors;
    use super::*;

    #[test]
    fn application_numbers_are_read_as_the_examples_say() {
        let said = |number: Option<RegistrationNumber>| number.map_or("none".to_owned(), |number| number.0);
        for (raw, right, why) in vectors::of("registration") {
            assert_eq!(said(RegistrationNumber::parse(&raw)), right, "{raw:?}: {why}");
        }
        for (raw, right, why) in vectors::of("registration_number") {
            assert_eq!(said(RegistrationNumber::parse_number(&raw)), right, "{raw:?}: {why}");
        }
    }

    #[test]
    fn both_spellings_carry_the_month() {
        for text in ["0001207701072025", "00012/077/01/07/2025"] {
            let number = RegistrationNumber::parse(text).expect("a number");
            assert_eq!(number.month(), NaiveDate::from_ymd_opt(2025, 7, 1), "{text}");
            assert_eq!(number.as_str(), text);
        }
    }

    #[test]
    fn an_unusual_number_has_no_month() {
        for text in ["12345", "0001207701132025", "0001207701070000", "ABC"] {
            assert_eq!(RegistrationNumber::parse(text).expect("a number").month(), None, "{text}");
        }
        assert_eq!(RegistrationNumber::parse(" 0 "), None);
    }
}
