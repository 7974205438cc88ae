//! The number of an application.

use chrono::NaiveDate;

use super::text::tidy;

/// The application number: text, leading zeros kept. Sixteen digits are 5 sequence + 3 permit type +
/// 2 kind of application + 2 month + 4 year; one setting of SICANTIK puts slashes between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegistrationNumber(String);

impl RegistrationNumber {
    /// Reads the column; `None` when nothing but zeros and punctuation is left.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let text = tidy(raw);
        (!super::text::is_blank_mark(&text)).then_some(Self(text))
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
        if digits.len() != 16 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let month = digits[10..12].parse().ok()?;
        let year: i32 = digits[12..].parse().ok()?;
        (1990..=2100).contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, 1)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
