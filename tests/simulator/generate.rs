//! Makes applications from a seed: plain ones, and a fixed share of every odd one.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::db_value::{cell, utf8};
use super::fixed_shares::{self as shares, Deck};
use super::living;
use super::oddities::{self as odd, Address, Day, Name, Number};
use super::options::Options;
use super::shape::Shape;
use super::types::{LISTED, PermitType, TWINS};
use super::world::{Applicant, Application, Company};

/// What the detail's joins need.
#[derive(Clone, Copy)]
enum Place {
    Full,
    NoCompany,
    NoVillage,
}

/// The state of chance: the same seed gives the same applications in the same order.
pub struct Generator {
    pub rng: fastrand::Rng,
    pub today: NaiveDate,
    days: Vec<NaiveDate>,
    per_year: HashMap<i32, u32>,
    applicants: usize,
    pub(super) letters: usize,
    names: Deck<Name>,
    pub(super) numbers: Deck<Number>,
    shapes: Deck<Shape>,
    places: Deck<Place>,
    pub(super) expiries: Deck<Day>,
    pub(super) issues: Deck<Day>,
    receipts: Deck<Day>,
    addresses: Deck<Address>,
    phones: Deck<u8>,
}

impl Generator {
    /// The beginning of a world.
    pub fn new(options: &Options) -> Self {
        let mut rng = fastrand::Rng::with_seed(options.seed);
        let days = receipt_days(&mut rng, options);
        Self {
            rng,
            today: options.today,
            days,
            per_year: HashMap::new(),
            applicants: 0,
            letters: 0,
            names: shares::names(),
            numbers: shares::numbers(),
            shapes: shares::shapes(),
            places: Deck::new(Place::Full, &[(Place::NoCompany, 100), (Place::NoVillage, 50)]),
            expiries: shares::expiries(),
            issues: shares::issues(),
            receipts: shares::receipts(),
            addresses: shares::addresses(),
            phones: shares::phones(),
        }
    }

    /// Adds applications that make exactly `permits` more permits, received on `day` or on any day.
    pub fn fill(&mut self, types: &[PermitType], all: &mut Vec<Application>, permits: usize, day: Option<NaiveDate>) {
        let mut missing = permits;
        while missing > 0 {
            let shape = if missing < 4 { Shape::Single } else { self.shapes.draw(&mut self.rng) };
            let application = self.application(types, all, shape, day);
            missing = missing.saturating_sub(application.permits(types));
            all.push(application);
        }
    }

    /// Applications in process: nothing but applicant and type.
    pub fn pending(&mut self, types: &[PermitType], count: usize) -> Vec<Application> {
        let mut make = || {
            let mut application = self.application(types, &[], Shape::Single, None);
            application.letters.clear();
            application
        };
        (0..count).map(|_| make()).collect()
    }

    /// A name that no other applicant has.
    pub fn plain_name(&mut self) -> String {
        self.applicants += 1;
        let heads = ["PEMOHON", "CV.", "PT.", "UD.", "KOPERASI", "TOKO", "YAYASAN", "KLINIK"];
        let words = ["CONTOH", "UJI", "MISAL", "SAMPEL", "FIKTIF", "RAGAM", "PERCOBAAN"];
        let mut name = format!("{} {}", heads[self.rng.usize(..heads.len())], words[self.rng.usize(..words.len())]);
        spell(&mut name, self.applicants);
        name
    }

    fn application(
        &mut self,
        types: &[PermitType],
        earlier: &[Application],
        shape: Shape,
        day: Option<NaiveDate>,
    ) -> Application {
        let date = day.unwrap_or_else(|| self.days[self.rng.usize(..self.days.len())]);
        let receipt = self.receipts.draw(&mut self.rng);
        let letters = self.letters_of(earlier, shape, date);
        let chosen = self.types_of(shape);
        let place = self.places.draw(&mut self.rng);
        let expiry = self.expiry(&letters, date);
        let mut villages = vec![self.rng.usize(..260); usize::from(!matches!(place, Place::NoVillage))];
        if shape == Shape::TwoVillages {
            villages.extend(villages.first().map(|first| first + 1));
        }
        Application {
            registration: self.registration(types, chosen[0], earlier, shape, date),
            received: odd::day(receipt, date),
            day: if matches!(receipt, Day::Null | Day::Zeros) { 0 } else { date.num_days_from_ce() },
            expiry,
            applicants: self.applicants_of(earlier, shape),
            types: chosen,
            letters,
            company: self.company(place),
            villages,
        }
    }

    /// Five digits of sequence, type, kind, month, year.
    pub(super) fn registration(
        &mut self,
        types: &[PermitType],
        kind: usize,
        earlier: &[Application],
        shape: Shape,
        date: NaiveDate,
    ) -> String {
        if shape == Shape::RepeatedRegistration
            && let Some(other) = self.numbered(earlier)
        {
            return other.registration.clone();
        }
        let (year, month, id) = (date.year(), date.month(), types[kind].id);
        let sequence = self.per_year.entry(year).and_modify(|last| *last += 1).or_insert(1);
        let sort = self.rng.u8(1..=3);
        if shape == Shape::SlashRegistration {
            format!("{sequence:05}/{id:03}/{sort:02}/{month:02}/{year}")
        } else {
            format!("{sequence:05}{id:03}{sort:02}{month:02}{year}")
        }
    }

    fn types_of(&mut self, shape: Shape) -> Vec<usize> {
        // Few types hold most permits.
        let one = self.rng.usize(..LISTED).min(self.rng.usize(..LISTED));
        match shape {
            Shape::TwoTypes | Shape::TwoTypesUnnumbered => vec![one, (one + 31) % LISTED],
            Shape::TwinTypes => TWINS.to_vec(),
            Shape::UnlistedType => vec![LISTED + self.rng.usize(..2)],
            _ => vec![one],
        }
    }

    fn applicants_of(&mut self, earlier: &[Application], shape: Shape) -> Vec<Applicant> {
        // Who comes again is known already.
        if shape == Shape::Single && !earlier.is_empty() && self.rng.u8(..) < 30 {
            return earlier[self.rng.usize(..earlier.len())].applicants.clone();
        }
        let kind = self.names.draw(&mut self.rng);
        let mut all = vec![self.applicant(kind)];
        match shape {
            Shape::TwoApplicants => all.push(self.applicant(Name::Plain)),
            Shape::SameApplicantTwice => {
                let mut again = self.applicant(Name::Plain);
                again.name = utf8(&all[0].name).map(|name| name.to_lowercase().replace(' ', "  ").into_bytes());
                all.push(again);
            }
            _ => {}
        }
        all
    }

    fn applicant(&mut self, kind: Name) -> Applicant {
        let base = self.plain_name();
        Applicant {
            name: odd::name(kind, &base),
            address: odd::address(self.addresses.draw(&mut self.rng), self.applicants),
            phone: odd::phone(self.phones.draw(&mut self.rng), self.applicants),
        }
    }

    fn company(&mut self, place: Place) -> Option<Box<Company>> {
        if matches!(place, Place::NoCompany) {
            return None;
        }
        let serial = self.applicants;
        let mut name = String::from("PT PERUSAHAAN CONTOH");
        spell(&mut name, serial);
        let kind = if self.rng.u8(..) < 12 { Name::NamedEntity } else { Name::Plain };
        Some(Box::new(Company {
            name: odd::name(kind, &name),
            tax_number: match self.rng.u8(..10) {
                0 => None,
                1 => cell("-"),
                2 => cell("0"),
                _ => cell(format!("00.000.{:03}.{}-000.000", serial / 10 % 1000, serial % 10)),
            },
            address: odd::address(self.addresses.draw(&mut self.rng), serial + 1),
            founded: if self.rng.bool() { None } else { cell(format!("20{:02}-02-03", serial % 20)) },
            phone: odd::phone(self.phones.draw(&mut self.rng), serial + 1),
        }))
    }
}

/// About a dozen applications share a day of receipt, so that a page's edge falls among equals.
fn receipt_days(rng: &mut fastrand::Rng, options: &Options) -> Vec<NaiveDate> {
    let count = (options.permits / 12).clamp(20, 2_500);
    if options.living {
        return living::receipt_days(options.today, count);
    }
    (0..count).map(|_| options.today - TimeDelta::days(rng.i64(90..4_000))).collect()
}

/// Appends a number's digits as words: names hold no digits.
fn spell(name: &mut String, number: usize) {
    const DIGITS: [&str; 10] =
        [" NOL", " SATU", " DUA", " TIGA", " EMPAT", " LIMA", " ENAM", " TUJUH", " DELAPAN", " SEMBILAN"];
    let digits = number.to_string();
    name.extend(digits.bytes().map(|digit| DIGITS[usize::from(digit - b'0')]));
}
