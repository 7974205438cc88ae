//! Whether a permit of Odoo's is in SICANTIK's list, by what a pass over the list has read. Memory stays
//! flat: a permit is a few fingerprints.

use std::collections::HashSet;

use super::permit::{registration_of_numbered, unnumbered_identity};
use super::text::fingerprint;
use super::{ListedPermit, OdooPermit};

/// The permits of the list, as far as a pass has read it.
#[derive(Debug, Default)]
pub struct ListIndex {
    identities: HashSet<u64>,
    /// Unnumbered identities that the numbered permits of the list had before their number came.
    numbered_by_now: HashSet<u64>,
    /// Applications with a row without a number.
    unnumbered_applications: HashSet<u64>,
    count: usize,
}

/// Whether the list has a permit of Odoo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there, under this identity or under the one that it gets with its number.
    Listed,
    /// It is not there.
    Unlisted,
    /// The application is there without a number: the permit's types decide.
    Undecided,
}

impl ListIndex {
    /// Takes a permit of the list; false when it was there before.
    pub fn note(&mut self, permit: &ListedPermit) -> bool {
        let identity = fingerprint(permit.identity());
        if permit.row().number.is_some() {
            for unnumbered in permit.unnumbered_identities().map(|identity| fingerprint(&identity)) {
                let was_counted = self.numbered_by_now.insert(unnumbered) && self.has(unnumbered);
                self.count -= usize::from(was_counted);
            }
        } else {
            self.unnumbered_applications.insert(fingerprint(permit.row().registration.as_str()));
        }
        let is_new = self.identities.insert(identity);
        self.count += usize::from(is_new && !self.numbered_by_now.contains(&identity));
        is_new
    }

    /// Whether the list has a permit of this fingerprint, under this very identity.
    #[must_use]
    pub fn has(&self, identity: u64) -> bool {
        self.identities.contains(&identity)
    }

    /// Whether an unnumbered row is only the past of a numbered permit in the list.
    #[must_use]
    pub fn is_numbered_by_now(&self, unnumbered_identity: &str) -> bool {
        self.numbered_by_now.contains(&fingerprint(unnumbered_identity))
    }

    /// How many permits the list has: a row without a number and the permit that has it by now are one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the list has the permit, by the rules that the addon's upsert follows: a permit that got its
    /// number is there under its new identity; a row that lost its number still speaks of the numbered permits
    /// of its application and type, unless the list itself has a numbered one.
    #[must_use]
    pub fn presence_of(&self, held: &OdooPermit) -> Presence {
        if self.has(fingerprint(&held.identity)) || self.is_numbered_by_now(&held.identity) {
            return Presence::Listed;
        }
        let Some(registration) = registration_of_numbered(&held.identity) else { return Presence::Unlisted };
        if !self.unnumbered_applications.contains(&fingerprint(registration)) {
            return Presence::Unlisted;
        }
        let Some(values) = &held.values else { return Presence::Undecided };
        let stands_for_it = values.type_keys().any(|key| {
            let row = fingerprint(&unnumbered_identity(registration, key));
            self.identities.contains(&row) && !self.numbered_by_now.contains(&row)
        });
        if stands_for_it { Presence::Listed } else { Presence::Unlisted }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        DataFlags, ListRow, NamedKey, PermitGrouper, PermitNumber, PermitStatus, PermitValues, RegistrationNumber,
    };
    use super::*;

    fn index_of(rows: &[(&str, &str, &str)]) -> ListIndex {
        let mut index = ListIndex::default();
        // Each row on a page of its own, as the shortest walk would have it.
        for (registration, number, permit_type) in rows {
            let mut grouper = PermitGrouper::new(false);
            grouper.add(ListRow {
                registration: RegistrationNumber::parse(registration).expect("a registration"),
                number: PermitNumber::parse(number).ok(),
                permit_type: NamedKey::parse(permit_type),
                applicant: None,
                expiry: None,
                flags: DataFlags::default(),
            });
            grouper.finish().iter().for_each(|permit| {
                index.note(permit);
            });
        }
        index
    }

    fn held(identity: &str, types: Option<&[&str]>) -> OdooPermit {
        let values = types.map(|types| PermitValues {
            types: types.iter().map(|key| (*key).to_owned()).collect(),
            ..PermitValues::default()
        });
        OdooPermit { id: 1, identity: identity.to_owned(), status: PermitStatus::Active, missing: false, values }
    }

    #[test]
    fn a_permit_is_there_under_its_own_identity_and_under_the_one_with_a_number() {
        let index = index_of(&[("1", "503/1", "IZIN A"), ("2", "-", "IZIN A")]);
        assert_eq!(index.presence_of(&held("N\u{1f}1\u{1f}503/1", None)), Presence::Listed);
        assert_eq!(index.presence_of(&held("T\u{1f}1\u{1f}IZIN A", None)), Presence::Listed, "it has a number by now");
        assert_eq!(index.presence_of(&held("T\u{1f}1\u{1f}IZIN B", None)), Presence::Unlisted);
        assert_eq!(index.presence_of(&held("T\u{1f}2\u{1f}IZIN A", None)), Presence::Listed);
        assert_eq!(index.presence_of(&held("N\u{1f}3\u{1f}503/3", None)), Presence::Unlisted);
    }

    #[test]
    fn a_row_that_lost_its_number_stands_for_the_permits_of_its_application_and_type() {
        let index = index_of(&[("1", "0", "IZIN A"), ("2", "-", "")]);
        let identity = "N\u{1f}1\u{1f}503/1";
        assert_eq!(index.presence_of(&held(identity, None)), Presence::Undecided);
        assert_eq!(index.presence_of(&held(identity, Some(&["IZIN B", "IZIN A"]))), Presence::Listed);
        assert_eq!(index.presence_of(&held(identity, Some(&["IZIN B"]))), Presence::Unlisted);
        assert_eq!(index.presence_of(&held("N\u{1f}2\u{1f}503/2", Some(&[]))), Presence::Listed, "neither has a type");
    }

    #[test]
    fn a_row_without_a_number_speaks_of_the_numbered_permit_beside_it_and_of_no_other() {
        let index = index_of(&[("1", "-", "IZIN A"), ("1", "503/2", "IZIN A")]);
        assert_eq!(index.presence_of(&held("N\u{1f}1\u{1f}503/2", None)), Presence::Listed);
        assert_eq!(index.presence_of(&held("N\u{1f}1\u{1f}503/1", Some(&["IZIN A"]))), Presence::Unlisted);
        assert_eq!(index.count(), 1, "both rows are one permit");
    }
}
