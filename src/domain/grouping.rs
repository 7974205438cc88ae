//! Gathers list rows into permits.

use std::collections::{HashMap, HashSet};

use super::text::fingerprint;
use super::{ListRow, ListedPermit};

/// Rows of one page (or of the whole list), gathered permit by permit. Identities are kept as fingerprints: a
/// page of many thousand rows is the peak of the worker's memory.
#[derive(Debug, Default)]
pub struct PermitGrouper {
    permits: Vec<ListedPermit>,
    by_identity: HashMap<u64, usize>,
    covered: HashSet<u64>,
    complete: bool,
}

impl PermitGrouper {
    /// `complete` says that the rows will be the whole list, read in one consistent view.
    #[must_use]
    pub fn new(complete: bool) -> Self {
        Self { complete, ..Self::default() }
    }

    /// Adds a row to its permit.
    pub fn add(&mut self, row: ListRow) {
        if row.number.is_some() {
            self.covered.insert(fingerprint(&row.unnumbered_identity()));
        }
        let identity = fingerprint(&row.identity());
        if let Some(&index) = self.by_identity.get(&identity) {
            self.permits[index].absorb(row);
        } else {
            self.by_identity.insert(identity, self.permits.len());
            self.permits.push(ListedPermit::new(row, self.complete));
        }
    }

    /// The permits, numbered ones first. An unnumbered row is left out when a numbered permit of that
    /// application and type is there: it is the same permit before it got its number.
    #[must_use]
    pub fn finish(self) -> Vec<ListedPermit> {
        let covered = self.covered;
        let mut permits = self.permits;
        permits.retain(|permit| permit.row().number.is_some() || !covered.contains(&fingerprint(permit.identity())));
        permits.iter_mut().for_each(ListedPermit::settle);
        permits.sort_by_key(|permit| permit.row().number.is_none());
        permits
    }
}

/// Joins what several pages said of the same permit.
#[must_use]
pub fn merge_pages(permits: Vec<ListedPermit>) -> Vec<ListedPermit> {
    let mut merged: Vec<ListedPermit> = Vec::with_capacity(permits.len());
    let mut by_identity: HashMap<String, usize> = HashMap::with_capacity(permits.len());
    for permit in permits {
        if let Some(&index) = by_identity.get(permit.identity()) {
            merged[index].merge(permit);
        } else {
            by_identity.insert(permit.identity().to_owned(), merged.len());
            merged.push(permit);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::super::{DataFlags, NamedKey, PermitNumber, RegistrationNumber};
    use super::*;

    fn row(registration: &str, number: &str, permit_type: &str, applicant: &str) -> ListRow {
        ListRow {
            registration: RegistrationNumber::parse(registration).expect("a registration"),
            number: PermitNumber::parse(number).ok(),
            permit_type: NamedKey::parse(permit_type),
            applicant: NamedKey::parse(applicant),
            expiry: None,
            flags: DataFlags::default(),
        }
    }

    fn gather(rows: impl IntoIterator<Item = ListRow>) -> Vec<ListedPermit> {
        let mut grouper = PermitGrouper::new(true);
        rows.into_iter().for_each(|row| grouper.add(row));
        grouper.finish()
    }

    #[test]
    fn several_numbers_of_one_application_are_several_permits() {
        let permits = gather([row("1", "503/1", "IZIN A", "SATU"), row("1", "503/2", "IZIN A", "SATU")]);
        assert_eq!(permits.len(), 2);
    }

    #[test]
    fn applicants_and_types_gather_in_one_permit_whatever_their_order() {
        let rows = [
            row("1", "503/1", "IZIN B", "DUA"),
            row("1", "503/1", "izin  a", "SATU"),
            row("1", "503/1 ", "IZIN B", "satu"),
        ];
        let permits = gather(rows.clone());
        assert_eq!(permits.len(), 1);
        assert_eq!(permits[0].row().applicant.as_ref().expect("main").key(), "DUA");
        assert_eq!(permits[0].further_applicants()[0].key(), "SATU");
        assert_eq!(permits[0].further_types()[0].key(), "IZIN B");

        let reversed = gather(rows.into_iter().rev());
        assert_eq!(reversed[0].hash(), permits[0].hash());
        assert_eq!(reversed[0].row().applicant.as_ref().map(NamedKey::key), Some("DUA"));
    }

    #[test]
    fn pages_that_name_the_same_permit_are_joined() {
        let first = gather([row("1", "503/1", "IZIN A", "SATU"), row("2", "503/2", "IZIN A", "TIGA")]);
        let second = gather([row("1", "503/1", "IZIN A", "DUA")]);
        let merged = merge_pages(first.into_iter().chain(second).collect());
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[0].further_applicants()[0].key(), "DUA");
    }

    #[test]
    fn an_unnumbered_row_yields_to_the_numbered_permit() {
        let permits = gather([
            row("1", "-", "IZIN A", "SATU"),
            row("1", "503/1", "IZIN A", "SATU"),
            row("2", "0", "IZIN A", "DUA"),
        ]);
        let identities: Vec<_> = permits.iter().map(ListedPermit::identity).collect();
        assert_eq!(identities, ["N\u{1f}1\u{1f}503/1", "T\u{1f}2\u{1f}IZIN A"]);
    }
}
