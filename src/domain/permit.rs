//! A permit as SICANTIK's list says it.

use chrono::NaiveDate;

use super::text::content_hash;
use super::{DataFlags, Flag, NamedKey, PermitNumber, RegistrationNumber, SourceDate};

/// Between the parts of an identity: a character that no number or name holds.
const SEPARATOR: char = '\u{1f}';

/// One row of the list. SICANTIK repeats a permit for each applicant and each type of its application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    pub registration: RegistrationNumber,
    /// The permit's number, when it has a real one.
    pub number: Option<PermitNumber>,
    /// The type, when it has a name.
    pub permit_type: Option<NamedKey>,
    /// The applicant, when it has a name.
    pub applicant: Option<NamedKey>,
    /// `Some` when the list carries the expiry date (a column that SICANTIK may get one day).
    pub expiry: Option<SourceDate>,
    pub flags: DataFlags,
}

impl ListRow {
    /// Which permit the row speaks of, unique in a configuration: the application and the number when it
    /// is real, else the application and the type.
    #[must_use]
    pub fn identity(&self) -> String {
        let registration = self.registration.as_str();
        match &self.number {
            Some(number) => format!("N{SEPARATOR}{registration}{SEPARATOR}{}", number.folded()),
            None => self.unnumbered_identity(),
        }
    }

    /// The identity that the permit had, or would have, without a number.
    #[must_use]
    pub fn unnumbered_identity(&self) -> String {
        unnumbered_identity(self.registration.as_str(), self.permit_type.as_ref().map_or("", NamedKey::key))
    }
}

/// The identity of a permit without a number; the type's key is empty where there is no type.
#[must_use]
pub fn unnumbered_identity(registration: &str, type_key: &str) -> String {
    format!("T{SEPARATOR}{registration}{SEPARATOR}{type_key}")
}

/// The application in the identity of a numbered permit; `None` for an unnumbered one.
#[must_use]
pub fn registration_of_numbered(identity: &str) -> Option<&str> {
    let (mark, rest) = identity.split_once(SEPARATOR)?;
    let (registration, _) = rest.split_once(SEPARATOR)?;
    (mark == "N").then_some(registration)
}

/// A permit gathered from its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPermit {
    identity: String,
    row: ListRow,
    further_types: Vec<NamedKey>,
    further_applicants: Vec<NamedKey>,
    complete: bool,
}

impl ListedPermit {
    /// A permit from its first row. `complete` says that all rows of the list are at hand.
    #[must_use]
    pub fn new(row: ListRow, complete: bool) -> Self {
        Self { identity: row.identity(), row, further_types: Vec::new(), further_applicants: Vec::new(), complete }
    }

    /// Takes what another row of the same permit adds. The result does not depend on the order of rows.
    pub fn absorb(&mut self, other: ListRow) {
        self.row.flags.merge(other.flags);
        self.row.expiry = self.row.expiry.max(other.expiry);
        if let (Some(number), Some(spelling)) = (&mut self.row.number, other.number)
            && spelling.as_str() < number.as_str()
        {
            *number = spelling;
        }
        absorb_name(&mut self.row.applicant, &mut self.further_applicants, other.applicant);
        absorb_name(&mut self.row.permit_type, &mut self.further_types, other.permit_type);
    }

    /// Takes what the same permit brought on another page.
    pub fn merge(&mut self, other: Self) {
        self.absorb(other.row);
        for applicant in other.further_applicants {
            absorb_name(&mut self.row.applicant, &mut self.further_applicants, Some(applicant));
        }
        for permit_type in other.further_types {
            absorb_name(&mut self.row.permit_type, &mut self.further_types, Some(permit_type));
        }
    }

    /// The same whatever the order in which the server gave the rows: main and further names are sorted
    /// by key, which is what *first* means where nothing else orders them.
    pub fn settle(&mut self) {
        settle_names(&mut self.row.applicant, &mut self.further_applicants);
        settle_names(&mut self.row.permit_type, &mut self.further_types);
        if self.row.applicant.is_none() {
            self.row.flags.add(Flag::ApplicantMissing, "n_pemohon", "");
        }
    }

    /// Unique in a configuration.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The permit's own values.
    #[must_use]
    pub fn row(&self) -> &ListRow {
        &self.row
    }

    /// Types beyond the main one.
    #[must_use]
    pub fn further_types(&self) -> &[NamedKey] {
        &self.further_types
    }

    /// Applicants beyond the main one.
    #[must_use]
    pub fn further_applicants(&self) -> &[NamedKey] {
        &self.further_applicants
    }

    /// Keys of all its types; an empty one where there is none.
    pub fn type_keys(&self) -> impl Iterator<Item = &str> {
        let main = self.row.permit_type.as_ref().map_or("", NamedKey::key);
        std::iter::once(main).chain(self.further_types.iter().map(NamedKey::key))
    }

    /// The identities that its unnumbered rows had, or would have.
    pub fn unnumbered_identities(&self) -> impl Iterator<Item = String> {
        self.type_keys().map(|key| unnumbered_identity(self.row.registration.as_str(), key))
    }

    /// Whether these are all applicants and types that SICANTIK has for the permit.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// First day of the month of registration.
    #[must_use]
    pub fn registered_month(&self) -> Option<NaiveDate> {
        self.row.registration.month()
    }

    /// The expiry date of the list, when it has one.
    #[must_use]
    pub fn expiry_date(&self) -> Option<NaiveDate> {
        match self.row.expiry {
            Some(SourceDate::Date(date)) => Some(date),
            _ => None,
        }
    }

    /// Changes when a single-valued column changes. Applicants and types are sets and are not in it:
    /// they come in any order, and a page may hold only some of them.
    #[must_use]
    pub fn hash(&self) -> String {
        let number = self.row.number.as_ref().map_or("", PermitNumber::as_str);
        let expiry = match self.row.expiry {
            None => String::from("unlisted"),
            Some(_) => self.expiry_date().map(|d| d.to_string()).unwrap_or_default(),
        };
        let fixed = [self.row.registration.as_str(), number, expiry.as_str()];
        content_hash(fixed.into_iter().chain(self.row.flags.hash_parts()))
    }
}

fn absorb_name(main: &mut Option<NamedKey>, further: &mut Vec<NamedKey>, name: Option<NamedKey>) {
    let Some(name) = name else { return };
    match main {
        None => *main = Some(name),
        Some(known) if known.key() == name.key() => {}
        Some(_) if further.iter().any(|known| known.key() == name.key()) => {}
        Some(_) => further.push(name),
    }
}

fn settle_names(main: &mut Option<NamedKey>, further: &mut Vec<NamedKey>) {
    let Some(first) = main.take() else { return };
    further.push(first);
    further.sort_by(|a, b| a.key().cmp(b.key()));
    *main = Some(further.remove(0));
}
