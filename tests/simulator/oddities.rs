//! The odd values that SICANTIK holds, each made from a plain one. All of it is invented.

#![allow(clippy::enum_glob_use, reason = "the tables of shares are read as tables")]
#![allow(clippy::enum_variant_names, reason = "DayFirst is a form of a day")]

use chrono::{NaiveDate, TimeDelta};

use super::db_value::{Cell, cell};

/// An applicant's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Plain,
    Ampersand,
    AngleBrackets,
    NamedEntity,
    CurlyQuotes,
    DashAndSigns,
    Nbsp,
    DoubleBlank,
    EdgeBlank,
    EscapedAmpersand,
    EscapedQuotes,
    Control,
    LineEnd,
    Emoji,
    NonLatin,
    NotUtf8,
    Zero,
    Dash,
    Empty,
    Null,
}

/// A permit number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Slashes,
    Dots,
    Blanks,
    Empty,
    Null,
    Zero,
    Dash,
    TemplateEnd,
    TemplateMiddle,
    LeadingBlank,
    DoubleBlank,
    TrailingBlank,
    Nbsp,
    Control,
    Quote,
    /// Its base64 holds `+` and `/`.
    PlusAndSlash,
    /// The number of an earlier application.
    Repeated,
    /// The same in lower case.
    RepeatedLower,
}

/// A date column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Plain,
    Null,
    Empty,
    Zeros,
    Epoch,
    FarFuture,
    FarPast,
    WithTime,
    DayFirst,
    NoSuchDay,
    /// Before the permit was issued (expiry only).
    BeforeIssue,
    /// Within a few weeks of the simulator's today (expiry only).
    Near,
}

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    Plain,
    LineEnd,
    Fraction,
    NotUtf8,
    Empty,
    Dash,
}

/// An applicant's or company's name of this kind.
pub fn name(kind: Name, base: &str) -> Cell {
    cell(match kind {
        Name::Plain => base.to_owned(),
        Name::Ampersand => format!("{base} & REKAN"),
        Name::AngleBrackets => format!("{base} <CABANG>"),
        Name::NamedEntity => format!("CAFÉ CONTOH é {base}"),
        Name::CurlyQuotes => format!("“{base}” D’CONTOH"),
        Name::DashAndSigns => format!("{base} – UNIT 2² 5°"),
        Name::Nbsp => format!("CV.\u{a0}{base}"),
        Name::DoubleBlank => format!("{base}  CONTOH"),
        Name::EdgeBlank => format!(" {base} "),
        Name::EscapedAmpersand => format!("{base} &amp; REKAN"),
        Name::EscapedQuotes => format!("{base} &quot;CONTOH&quot;"),
        Name::Control => format!("{base} CON\u{b}TOH"),
        Name::LineEnd => format!("{base} \r\nCABANG"),
        Name::Emoji => format!("{base} 😀"),
        Name::NonLatin => format!("{base} 例"),
        Name::NotUtf8 => return Some([base.as_bytes(), b" CAF\xE9"].concat()),
        Name::Zero => "0".to_owned(),
        Name::Dash => "-".to_owned(),
        Name::Empty => String::new(),
        Name::Null => return None,
    })
}

/// A number of this kind; `serial` makes it unique. Repeated ones are the caller's.
pub fn number(kind: Number, serial: usize, year: i32) -> Cell {
    let plain = format!("503/{serial:04}/CTH/DPM-PTSP/{year}");
    cell(match kind {
        Number::Slashes | Number::Repeated | Number::RepeatedLower => plain,
        Number::Dots => format!("503.{:02}/{serial}/DPMPTSP.CTH/{year}", serial % 12 + 1),
        Number::Blanks => format!("NO 503 {serial:04} CTH {year}"),
        Number::Empty => String::new(),
        Number::Null => return None,
        Number::Zero => "0".to_owned(),
        Number::Dash => "-".to_owned(),
        Number::TemplateEnd => format!("503/{serial:04}/CTH/YYY/KK"),
        Number::TemplateMiddle => format!("503/XXX/CTH/{year}"),
        Number::LeadingBlank => format!(" {plain}"),
        Number::DoubleBlank => format!("503  {serial:04} CTH {year}"),
        Number::TrailingBlank => format!("{plain} "),
        Number::Nbsp => format!("503\u{a0}{serial:04}/CTH/{year}"),
        Number::Control => format!("503/{serial:04}/C\u{b}TH/{year}"),
        Number::Quote => format!("503/{serial:04}/CTH'A/{year}"),
        Number::PlusAndSlash => format!("No~50?/{serial:04}/CTH/{year}"),
    })
}

/// A date column of this kind around a plain `date`.
pub fn day(kind: Day, date: NaiveDate) -> Cell {
    cell(match kind {
        Day::Plain | Day::Near => date.to_string(),
        Day::Null => return None,
        Day::Empty => String::new(),
        Day::Zeros => "0000-00-00".to_owned(),
        Day::Epoch => "1970-01-01".to_owned(),
        Day::FarFuture => "2999-12-31".to_owned(),
        Day::FarPast => "1899-11-30".to_owned(),
        Day::WithTime => format!("{date} 00:00:00"),
        Day::DayFirst => date.format("%d-%m-%Y").to_string(),
        Day::NoSuchDay => "31-02-2024".to_owned(),
        Day::BeforeIssue => (date - TimeDelta::days(45)).to_string(),
    })
}

/// An address of this kind.
pub fn address(kind: Address, serial: usize) -> Cell {
    let plain = format!("JL. CONTOH NO. {serial}");
    cell(match kind {
        Address::Plain => plain,
        Address::LineEnd => format!("{plain} \r\nDUSUN MISAL"),
        Address::Fraction => format!("{plain} KM 4½ – BLOK\u{a0}A"),
        Address::NotUtf8 => return Some([plain.as_bytes(), b" BLOK \xB2\xE9"].concat()),
        Address::Empty => String::new(),
        Address::Dash => "-".to_owned(),
    })
}

/// How many kinds of telephone entries there are, see [`phone`].
pub const PHONE_KINDS: u8 = 16;

/// A telephone entry: free text on a number that nobody has.
pub fn phone(kind: u8, serial: usize) -> Cell {
    let (a, b) = (serial % 10_000, (serial + 77) % 10_000);
    cell(match kind {
        0 => format!("08000000{a:04}"),
        1 => format!("0800 0000 {a:04}"),
        2 => format!("0800-0000-{a:04}"),
        3 => format!("+62 800-0000-{a:04}"),
        4 => format!("628000000{a:04}"),
        5 => format!("8000000{a:04}"),
        6 => format!("(0628) 00{a:04}"),
        7 => format!("08000000{a:04} / 08000000{b:04}"),
        8 => format!("08000000{a:04},08000000{b:04}"),
        9 => format!("0800.0000.{a:04} (WA)"),
        10 => format!("HP. 0800\u{a0}0000\u{a0}{a:04}"),
        11 => "0".to_owned(),
        12 => "-".to_owned(),
        13 => String::new(),
        14 => "tidak ada".to_owned(),
        _ => return None,
    })
}
