//! Values that could not be taken as they are. A bad value never fails a permit: the field stays empty,
//! the permit is flagged with a code, and the raw value is kept for managers.

use std::collections::{BTreeMap, BTreeSet};

/// Why a value of SICANTIK was not taken as it is. The codes are stored in Odoo: never change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// The applicant's name is empty, `0` or `-`.
    ApplicantMissing,
    /// The permit type's name is empty.
    TypeMissing,
    /// The permit number is empty, `0`, `-`.
    NumberMissing,
    /// The permit number is a template that nobody filled in (`503/.../YYY/KK`).
    NumberPlaceholder,
    /// The permit number came as a number of JSON, so that zeros before it are lost.
    NumberNotText,
    /// The application number has no month and year in it.
    RegistrationUnusual,
    /// A date that no calendar knows.
    DateUnreadable,
    /// A date before 1990 or after 2100.
    DateOutOfRange,
    /// The permit would expire before it was issued.
    ExpiryBeforeIssue,
    /// A name or a number is too long, and was cut.
    TextCut,
}

impl Flag {
    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ApplicantMissing => "applicant_missing",
            Self::TypeMissing => "type_missing",
            Self::NumberMissing => "number_missing",
            Self::NumberPlaceholder => "number_placeholder",
            Self::NumberNotText => "number_not_text",
            Self::RegistrationUnusual => "registration_unusual",
            Self::DateUnreadable => "date_unreadable",
            Self::DateOutOfRange => "date_out_of_range",
            Self::ExpiryBeforeIssue => "expiry_before_issue",
            Self::TextCut => "text_cut",
        }
    }
}

/// Flags with the raw values behind them, by SICANTIK's column name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataFlags {
    flags: BTreeSet<Flag>,
    raw: BTreeMap<String, String>,
}

impl DataFlags {
    /// Notes that `column` held `raw`, which was not taken because of `flag`.
    pub fn add(&mut self, flag: Flag, column: &str, raw: &str) {
        self.flags.insert(flag);
        self.raw.insert(column.to_owned(), raw.to_owned());
    }

    /// Takes over other notes of the same permit; of two raw values of a column the smaller one stays, so
    /// that the order in which rows come does not matter.
    pub fn merge(&mut self, other: Self) {
        self.flags.extend(other.flags);
        for (column, raw) in other.raw {
            match self.raw.get_mut(&column) {
                Some(known) if raw < *known => *known = raw,
                Some(_) => {}
                None => {
                    self.raw.insert(column, raw);
                }
            }
        }
    }

    /// The codes, sorted.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.flags.iter().map(|flag| flag.code())
    }

    /// The raw values by column.
    #[must_use]
    pub fn raw(&self) -> &BTreeMap<String, String> {
        &self.raw
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Everything noted, as text parts for a content hash.
    pub(crate) fn hash_parts(&self) -> impl Iterator<Item = &str> {
        let codes = self.flags.iter().map(|flag| flag.code());
        codes.chain(self.raw.iter().flat_map(|(column, raw)| [column.as_str(), raw.as_str()]))
    }
}
