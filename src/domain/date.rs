//! Dates as SICANTIK writes them.

use chrono::{Datelike, NaiveDate};

use super::Flag;

/// Years outside this range are typing errors or MySQL's leftovers, not dates of a permit.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// The forms met in the database: a DATE, a DATETIME's first half, and two typed by hand.
const FORMS: [&str; 3] = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"];

/// One date column of SICANTIK: none, a value that is not a date, or a date (in this order, so that the
/// greatest of several is the best known).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceDate {
    /// Empty, `0000-00-00`, `0` or `-`: SICANTIK has none.
    None,
    /// Something else, and why it was not taken.
    Bad(Flag),
    /// A date in the accepted range.
    Date(NaiveDate),
}

impl SourceDate {
    /// Reads a date column. A time of day behind the date is cut off.
    ///
    /// ```
    /// use sicantik_companion::domain::SourceDate;
    /// assert_eq!(SourceDate::parse("0000-00-00"), SourceDate::None);
    /// assert!(matches!(SourceDate::parse("2099-07-08 00:00:00"), SourceDate::Date(_)));
    /// ```
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let text = raw.trim();
        if super::text::is_blank_mark(text) {
            return Self::None;
        }
        let day = text.split([' ', 'T']).next().unwrap_or(text);
        match FORMS.iter().find_map(|form| NaiveDate::parse_from_str(day, form).ok()) {
            Some(date) if YEARS.contains(&date.year()) => Self::Date(date),
            Some(_) => Self::Bad(Flag::DateOutOfRange),
            None => Self::Bad(Flag::DateUnreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_sicantik_writes_is_read() {
        let july = SourceDate::Date(NaiveDate::from_ymd_opt(2099, 7, 8).expect("a date"));
        for text in ["2099-07-08", "2099-07-08 00:00:00", " 08-07-2099 ", "08/07/2099"] {
            assert_eq!(SourceDate::parse(text), july, "{text}");
        }
        for text in ["", "0000-00-00", "0000-00-00 00:00:00", "-", "0"] {
            assert_eq!(SourceDate::parse(text), SourceDate::None, "{text}");
        }
        assert_eq!(SourceDate::parse("1970-01-01"), SourceDate::Bad(Flag::DateOutOfRange));
        assert_eq!(SourceDate::parse("2999-12-31"), SourceDate::Bad(Flag::DateOutOfRange));
        assert_eq!(SourceDate::parse("2099-02-30"), SourceDate::Bad(Flag::DateUnreadable));
        assert_eq!(SourceDate::parse("seumur hidup"), SourceDate::Bad(Flag::DateUnreadable));
    }
}
