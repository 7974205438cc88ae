//! Dates as SICANTIK writes them.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::Flag;
use super::text::{is_blank_mark, typed};

/// Years outside this range are typing errors or MySQL's leftovers, not dates of a permit.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// What PHP makes of `0000-00-00` in the forms in which dates are written.
const ZERO_IN_PHP: [&str; 3] = ["-0001-11-30", "30-11--0001", "30/11/-0001"];

/// Times of day as they stand behind a date.
const TIMES: [&str; 2] = ["%H:%M:%S%.f", "%H:%M"];

/// One date column of SICANTIK: none, a value that is not a date, or a date (in this order, so that the
/// greatest of several is the best known).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceDate {
    /// Empty, `0000-00-00` (also as PHP shows it, `-0001-11-30`), `0`, `-`, `NULL` or `N/A`: SICANTIK has none.
    None,
    /// Something else, and why it was not taken.
    Bad(Flag),
    /// A date in the accepted range.
    Date(NaiveDate),
}

impl SourceDate {
    /// Reads a date column. A time of day behind the date is cut off. Anything else beside it makes it unreadable,
    /// also a second date: which one of a range is meant, a person sees, and a wrong guess ends a permit years early.
    ///
    /// ```
    /// use sicantik_companion::domain::SourceDate;
    /// assert_eq!(SourceDate::parse("0000-00-00"), SourceDate::None);
    /// assert!(matches!(SourceDate::parse("2099-07-08 00:00:00"), SourceDate::Date(_)));
    /// assert!(matches!(SourceDate::parse("08-07-2094 s/d 08-07-2099"), SourceDate::Bad(_)));
    /// ```
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let text = typed(raw);
        let text = text.trim();
        if is_blank_mark(text) {
            return Self::None;
        }
        let day = match text.split_once([' ', 'T']) {
            Some((day, behind)) if is_time(behind.trim_start()) => day,
            _ => text,
        };
        if is_blank_mark(day) || ZERO_IN_PHP.contains(&day) {
            return Self::None;
        }
        match calendar_day(day) {
            Some(date) if YEARS.contains(&date.year()) => Self::Date(date),
            Some(_) => Self::Bad(Flag::DateOutOfRange),
            None => Self::Bad(Flag::DateUnreadable),
        }
    }
}

fn is_time(text: &str) -> bool {
    TIMES.iter().any(|form| NaiveTime::parse_from_str(text, form).is_ok())
}

/// `2099-07-08`, as a database writes it, `08-07-2099` or `08/07/2099`, as people do.
fn calendar_day(text: &str) -> Option<NaiveDate> {
    let sign = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(sign);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() || !three.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let [year, month, day] = match three.map(str::len) {
        [4, 1..=2, 1..=2] if sign == '-' => three,
        [1..=2, 1..=2, 4] => [three[2], three[1], three[0]],
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::vectors;
    use super::*;

    #[test]
    fn every_form_that_sicantik_writes_is_read() {
        for (raw, right, why) in vectors::of("date") {
            let said = match SourceDate::parse(&raw) {
                SourceDate::None => "none".to_owned(),
                SourceDate::Bad(flag) => flag.code().to_owned(),
                SourceDate::Date(date) => date.to_string(),
            };
            assert_eq!(said, right, "{raw:?}: {why}");
        }
    }
}
