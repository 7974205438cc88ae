//! An office in full life, for the demo: permits received and ending in every month around today, mobile numbers,
//! and renewals, which have types of their own (PERPANJANGAN …). All of it follows from the seed.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::db_value::{Cell, cell, shown, utf8};
use super::generate::Generator;
use super::shape::Shape;
use super::types::PermitType;
use super::world::{Application, Letter};

/// How many permits are renewals of others.
pub const RENEWALS: usize = 15;
/// Renewals of one type, at most.
const OF_A_TYPE: usize = 3;
/// What is given an end near today was received so many days ago.
const OLD: i64 = 450;
/// What is old ends evenly in so many days, from a month ago on: in each of the coming twelve months.
const SPAN: usize = 430;

/// Half of the days lie in the last year, evenly, today among them.
pub fn receipt_days(today: NaiveDate, count: usize) -> Vec<NaiveDate> {
    let half = (count / 2).max(1);
    let ago = |n: usize| if n < half { n * 365 / half } else { 365 + (n - half) * 3_600 / half };
    (0..count).map(|n| today - days(ago(n))).collect()
}

/// What is old ends around today, month after month.
pub fn end_in_every_month(today: NaiveDate, all: &mut [Application]) {
    let begun = (today - TimeDelta::days(OLD)).num_days_from_ce();
    let old = |one: &&mut Application| one.day > 0 && one.day < begun && plain_day(&one.expiry) && one.has_detail();
    let mut chosen: Vec<&mut Application> = all.iter_mut().filter(old).collect();
    let count = chosen.len();
    for (nth, one) in chosen.iter_mut().enumerate() {
        one.expiry = cell((today - TimeDelta::days(30) + days(nth * SPAN / count)).to_string());
    }
}

/// Renews up to `count` permits that end around today; how many permits came of it.
pub fn renew(generator: &mut Generator, types: &[PermitType], all: &mut Vec<Application>, count: usize) -> usize {
    let begun = (generator.today - TimeDelta::days(OLD)).num_days_from_ce();
    let mut chosen = Vec::new();
    for kind in 0..types.len() {
        if let Some(renewing) = renewing(types, kind) {
            let fits = |at: &usize| all[*at].types == [kind] && is_plain(&all[*at], begun);
            chosen.extend((0..all.len()).filter(fits).take(OF_A_TYPE).map(|at| (at, renewing)));
        }
    }
    chosen.truncate(count);
    for (nth, (at, kind)) in chosen.iter().enumerate() {
        all[*at].expiry = cell((generator.today - TimeDelta::days(12) + days(nth * 5)).to_string());
        let renewal = renewal(generator, types, &all[*at], *kind, generator.today - days(9 + nth * 2));
        all.push(renewal);
    }
    chosen.len()
}

/// Gives everybody a mobile number: +62 836-0100-0000 to 836-0100-9999 (docs/operations.md says whose they are).
pub fn take_mobiles(all: &mut [Application]) {
    for one in all {
        let companies = one.company.iter_mut().map(|company| &mut company.phone);
        for phone in one.applicants.iter_mut().map(|applicant| &mut applicant.phone).chain(companies) {
            *phone = mobile(phone);
        }
    }
}

fn mobile(phone: &Cell) -> Cell {
    let mut text = utf8(phone)?.to_owned();
    for blank in ["", " ", "-", ".", "\u{a0}"] {
        text = text.replace(&format!("800{blank}0000"), &format!("836{blank}0100"));
    }
    cell(text)
}

/// The type of the renewals of permits of the type `kind`.
fn renewing(types: &[PermitType], kind: usize) -> Option<usize> {
    let wanted = format!("PERPANJANGAN {}", shown(&types[kind].name));
    types.iter().position(|other| other.listed && shown(&other.name) == wanted)
}

/// Whether nothing odd is about an application: it has a detail, one of each, and texts that say something.
fn is_plain(one: &Application, begun: i32) -> bool {
    let [applicant] = one.applicants.as_slice() else { return false };
    let says = |text: &Cell| utf8(text).is_some_and(|text| text.len() > 6);
    one.day > 0
        && one.day < begun
        && one.letters.len() == 1
        && one.real_numbers().any(|number| number.starts_with("503/") && !number.contains('\''))
        && plain_day(&one.letters[0].issued)
        && one.company.is_some()
        && one.villages.len() == 1
        && says(&applicant.name)
        && utf8(&applicant.phone).is_some_and(|phone| phone.starts_with("0800") && phone.len() < 15)
}

fn renewal(
    generator: &mut Generator,
    types: &[PermitType],
    older: &Application,
    kind: usize,
    received: NaiveDate,
) -> Application {
    let letter =
        Letter { number: generator.plain_number(), issued: cell((received + days(4)).to_string()), code: None };
    Application {
        registration: generator.registration(types, kind, &[], Shape::Single, received),
        received: cell(received.to_string()),
        day: received.num_days_from_ce(),
        expiry: cell((received + days(5 * 365)).to_string()),
        applicants: older.applicants.clone(),
        types: vec![kind],
        letters: vec![letter],
        company: older.company.clone(),
        villages: older.villages.clone(),
    }
}

fn plain_day(text: &Cell) -> bool {
    utf8(text).is_some_and(|text| text > "1990" && text < "2101" && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok())
}

fn days(count: usize) -> TimeDelta {
    TimeDelta::days(i64::try_from(count).unwrap_or_default())
}
