//! The numbers that applications are given, their issue dates, printed codes, and the expiry.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::base64;
use super::db_value::{Cell, careful_date, cell, is_real_number, shown, utf8};
use super::generate::Generator;
use super::oddities::{self as odd, Day, Number};
use super::shape::Shape;
use super::world::{Application, Letter};

impl Generator {
    /// A number that no other application has.
    pub fn plain_number(&mut self) -> Cell {
        self.letters += 1;
        odd::number(Number::Slashes, self.letters, self.today.year())
    }

    pub(super) fn letters_of(&mut self, earlier: &[Application], shape: Shape, received: NaiveDate) -> Vec<Letter> {
        let kinds = match shape {
            Shape::TwoNumbers => vec![Number::Slashes, Number::Dots],
            Shape::ThreeNumbers => vec![Number::Slashes, Number::Blanks, Number::Slashes],
            Shape::Renumbered => vec![Number::Empty, Number::Slashes],
            Shape::TwoTypesUnnumbered => vec![Number::Dash],
            Shape::RepeatedRegistration => vec![Number::Slashes],
            _ => vec![self.numbers.draw(&mut self.rng)],
        };
        let mut issued = received;
        let mut letters = Vec::with_capacity(kinds.len());
        for kind in kinds {
            issued += TimeDelta::days(self.rng.i64(2..30));
            letters.push(self.letter(earlier, kind, issued));
        }
        letters
    }

    fn letter(&mut self, earlier: &[Application], kind: Number, issued: NaiveDate) -> Letter {
        self.letters += 1;
        let mut number = odd::number(kind, self.letters, issued.year());
        if matches!(kind, Number::Repeated | Number::RepeatedLower)
            && let Some(other) = self.numbered(earlier)
        {
            let text = other.real_numbers().next().unwrap_or_default();
            number = cell(if kind == Number::Repeated { text } else { text.to_lowercase() });
        }
        Letter {
            code: self.printed_code(kind, &number),
            number,
            issued: odd::day(self.issues.draw(&mut self.rng), issued),
        }
    }

    /// Older letters have no code. Awkward numbers have that of the number as it reads, so that the second lookup
    /// finds what the first does not. Of the others half have a code that says nothing.
    fn printed_code(&mut self, kind: Number, number: &Cell) -> Option<String> {
        use Number::{Control, DoubleBlank, LeadingBlank, Nbsp, Quote};
        let reads = shown(number);
        if !is_real_number(&reads) {
            return None;
        }
        if matches!(kind, Control | DoubleBlank | LeadingBlank | Nbsp | Quote) {
            return Some(base64::encode(reads.as_bytes()));
        }
        match self.rng.u8(..4) {
            0 => Some(base64::encode(reads.as_bytes())),
            1 => Some(base64::encode(format!("QR-{}", self.letters).as_bytes())),
            _ => None,
        }
    }

    /// One to five years after the last issue, near today for some.
    pub(super) fn expiry(&mut self, letters: &[Letter], received: NaiveDate) -> Cell {
        let issued = letters.iter().filter_map(|letter| careful_date(utf8(&letter.issued)?)).max().unwrap_or(received);
        let kind = self.expiries.draw(&mut self.rng);
        let near = self.today + TimeDelta::days(self.rng.i64(-20..100));
        let date = match kind {
            Day::Near if near > issued => near,
            Day::BeforeIssue => received,
            _ => issued + TimeDelta::days(365 * self.rng.i64(1..=5)),
        };
        odd::day(kind, date)
    }

    /// Some earlier application with a plain real number.
    pub(super) fn numbered<'a>(&mut self, earlier: &'a [Application]) -> Option<&'a Application> {
        let plain = |a: &Application| {
            a.letters.len() == 1 && a.real_numbers().any(|n| n.starts_with("503/") && !n.contains('\''))
        };
        (0..20).filter_map(|_| earlier.get(self.rng.usize(..earlier.len().max(1)))).find(|a| plain(a))
    }
}
