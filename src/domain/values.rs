//! What the list says of a permit, as it is compared: the same values whether they come from SICANTIK's list
//! or from what Odoo holds.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use serde::Serialize;

use super::{ListedPermit, NamedKey, PermitNumber};

/// Values of a permit. The application stands in its identity and is not repeated. Which of several types and
/// applicants is the main one is Odoo's affair (the first stored one stays), so they are sets of keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermitValues {
    /// As SICANTIK spells it.
    pub permit_number: Option<String>,
    /// Keys of all types.
    pub types: BTreeSet<String>,
    /// Keys of all applicants.
    pub applicants: BTreeSet<String>,
    /// First day of the month of registration.
    pub registered_month: Option<NaiveDate>,
    /// What SICANTIK says, by its list or by a detail.
    pub expiry_date: Option<NaiveDate>,
    /// Codes of what could not be taken as it is.
    pub flags: BTreeSet<String>,
}

/// A field in which SICANTIK and Odoo differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDifference {
    pub field: &'static str,
    /// SICANTIK's value as text.
    pub sicantik: Option<String>,
    pub odoo: Option<String>,
}

impl FieldDifference {
    /// The difference between two values of a field, if they differ.
    #[must_use]
    pub fn between<T: PartialEq + ToString>(
        field: &'static str,
        sicantik: Option<&T>,
        odoo: Option<&T>,
    ) -> Option<Self> {
        (sicantik != odoo).then(|| Self {
            field,
            sicantik: sicantik.map(ToString::to_string),
            odoo: odoo.map(ToString::to_string),
        })
    }
}

impl From<&ListedPermit> for PermitValues {
    fn from(permit: &ListedPermit) -> Self {
        let row = permit.row();
        let keys = |main: &Option<NamedKey>, further: &[NamedKey]| {
            main.iter().chain(further).map(|named| named.key().to_owned()).collect()
        };
        Self {
            permit_number: row.number.as_ref().map(|number| number.as_str().to_owned()),
            types: keys(&row.permit_type, permit.further_types()),
            applicants: keys(&row.applicant, permit.further_applicants()),
            registered_month: permit.registered_month(),
            expiry_date: permit.expiry_date(),
            flags: row.flags.codes().map(str::to_owned).collect(),
        }
    }
}

impl PermitValues {
    /// Keys of its types; an empty one where there is none.
    pub fn type_keys(&self) -> impl Iterator<Item = &str> {
        let none = self.types.is_empty().then_some("");
        none.into_iter().chain(self.types.iter().map(String::as_str))
    }

    /// 64 bits over everything but the expiry date, which not every list carries.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let Self { permit_number, types, applicants, registered_month, expiry_date: _, flags } = self;
        (permit_number, types, applicants, registered_month, flags).hash(&mut hasher);
        hasher.finish()
    }
}

impl ListedPermit {
    /// What an upsert would change in Odoo. A permit that came in pieces says nothing of names that it does not
    /// have, nor of flags: another page may have them.
    #[must_use]
    pub fn differences(&self, held: &PermitValues) -> Vec<FieldDifference> {
        let listed = PermitValues::from(self);
        let in_pieces = !self.is_complete();
        let same_number = in_pieces && is_same_number(self, held);
        let names = |field, ours: &BTreeSet<String>, theirs: &BTreeSet<String>| {
            let known = in_pieces && ours.is_subset(theirs);
            if known { None } else { FieldDifference::between(field, joined(ours).as_ref(), joined(theirs).as_ref()) }
        };
        let number =
            || FieldDifference::between("permit_number", listed.permit_number.as_ref(), held.permit_number.as_ref());
        let month = FieldDifference::between(
            "registered_month",
            listed.registered_month.as_ref(),
            held.registered_month.as_ref(),
        );
        let expiry = || FieldDifference::between("expiry_date", listed.expiry_date.as_ref(), held.expiry_date.as_ref());
        let flags = || FieldDifference::between("flags", joined(&listed.flags).as_ref(), joined(&held.flags).as_ref());
        let found = [
            if same_number { None } else { number() },
            names("permit_types", &listed.types, &held.types),
            names("applicants", &listed.applicants, &held.applicants),
            month,
            self.row().expiry.and_then(|_| expiry()),
            if in_pieces { None } else { flags() },
        ];
        found.into_iter().flatten().collect()
    }
}

/// Rows of one permit may spell its number differently.
fn is_same_number(listed: &ListedPermit, held: &PermitValues) -> bool {
    let held = held.permit_number.as_deref().and_then(|number| PermitNumber::parse(number).ok());
    match (&listed.row().number, &held) {
        (Some(ours), Some(theirs)) => ours.folded() == theirs.folded(),
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    }
}

fn joined(keys: &BTreeSet<String>) -> Option<String> {
    (!keys.is_empty()).then(|| keys.iter().map(String::as_str).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::{DataFlags, ListRow, PermitGrouper, RegistrationNumber, SourceDate};
    use super::*;

    fn listed(names: &[(&str, &str)], expiry: Option<&str>, complete: bool) -> ListedPermit {
        let mut grouper = PermitGrouper::new(complete);
        for (permit_type, applicant) in names {
            grouper.add(ListRow {
                registration: RegistrationNumber::parse("0000107701072099").expect("a registration"),
                number: PermitNumber::parse("503/Cth/1").ok(),
                permit_type: NamedKey::parse(permit_type),
                applicant: NamedKey::parse(applicant),
                expiry: expiry.map(SourceDate::parse),
                flags: DataFlags::default(),
            });
        }
        grouper.finish().remove(0)
    }

    fn fields(permit: &ListedPermit, held: &PermitValues) -> Vec<&'static str> {
        permit.differences(held).iter().map(|difference| difference.field).collect()
    }

    #[test]
    fn equal_values_do_not_differ_and_have_one_fingerprint() {
        let permit = listed(&[("IZIN A", "DUA"), ("IZIN B", "SATU")], None, true);
        let held = PermitValues { expiry_date: NaiveDate::from_ymd_opt(2099, 1, 1), ..PermitValues::from(&permit) };
        assert_eq!(permit.differences(&held), [], "the date of a detail is not the list's affair");
        assert_eq!(held.fingerprint(), PermitValues::from(&permit).fingerprint());
    }

    #[test]
    fn each_field_that_differs_is_told_with_both_values() {
        let permit = listed(&[("IZIN A", "SATU")], Some("2099-07-08"), true);
        let held = PermitValues {
            permit_number: Some("503/CTH/1".to_owned()),
            types: ["IZIN A", "IZIN B"].map(str::to_owned).into(),
            flags: ["date_unreadable"].map(str::to_owned).into(),
            ..PermitValues::default()
        };
        let all = ["permit_number", "permit_types", "applicants", "registered_month", "expiry_date", "flags"];
        assert_eq!(fields(&permit, &held), all);
        assert_ne!(held.fingerprint(), PermitValues::from(&permit).fingerprint());
        let types = &permit.differences(&held)[1];
        assert_eq!((types.sicantik.as_deref(), types.odoo.as_deref()), (Some("IZIN A"), Some("IZIN A; IZIN B")));
    }

    #[test]
    fn a_piece_of_a_permit_only_tells_what_odoo_lacks() {
        let held = PermitValues {
            permit_number: Some("503/CTH/1".to_owned()),
            flags: ["applicant_missing"].map(str::to_owned).into(),
            ..PermitValues::from(&listed(&[("IZIN A", "SATU"), ("IZIN B", "DUA")], None, true))
        };
        assert_eq!(fields(&listed(&[("IZIN B", "SATU")], None, false), &held), [""; 0]);
        assert_eq!(fields(&listed(&[("IZIN C", "SATU")], None, false), &held), ["permit_types"]);
    }
}
