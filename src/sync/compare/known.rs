//! What Odoo holds, in a few bytes a permit, so that a comparison of a large office stays small.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::domain::permit::{registration_of_numbered, unnumbered_identity};
use crate::domain::text::fingerprint;
use crate::domain::{ListedPermit, OdooPermit, PermitValues};
use crate::odoo::OdooError;

use super::super::Run;
use super::super::odoo_permits::OdooPermits;

/// All permits of Odoo's, by the fingerprint of their identity.
#[derive(Debug, Default)]
pub(super) struct Known {
    permits: HashMap<u64, KnownPermit>,
    /// Identities that numbered permits would have without their number.
    numbered_by_now: HashSet<u64>,
}

/// One permit of Odoo's.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownPermit {
    pub(super) id: i64,
    pub(super) missing: bool,
    values: u64,
    expiry_date: Option<NaiveDate>,
}

impl Known {
    /// Reads all of them.
    pub(super) async fn read(run: &Run) -> Result<Self, OdooError> {
        let mut known = Self::default();
        let mut pages = OdooPermits::new(run, true);
        while let Some(page) = pages.next().await? {
            for held in page {
                known.add(held);
            }
        }
        Ok(known)
    }

    fn add(&mut self, held: OdooPermit) {
        let values = held.values.unwrap_or_default();
        if let Some(registration) = registration_of_numbered(&held.identity) {
            let unnumbered = values.type_keys().map(|key| fingerprint(&unnumbered_identity(registration, key)));
            self.numbered_by_now.extend(unnumbered);
        }
        let known = KnownPermit {
            id: held.id,
            missing: held.missing,
            values: values.fingerprint(),
            expiry_date: values.expiry_date,
        };
        self.permits.insert(fingerprint(&held.identity), known);
    }

    pub(super) fn get(&self, identity: &str) -> Option<&KnownPermit> {
        self.permits.get(&fingerprint(identity))
    }

    /// Whether the addon would leave an unnumbered row alone, because its permit has a number in Odoo.
    pub(super) fn is_numbered_by_now(&self, unnumbered_identity: &str) -> bool {
        self.numbered_by_now.contains(&fingerprint(unnumbered_identity))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &KnownPermit)> {
        self.permits.iter().map(|(identity, known)| (*identity, known))
    }
}

impl KnownPermit {
    /// Whether Odoo holds just what the list says. If not, the values themselves are to be compared.
    pub(super) fn equals(&self, listed: &ListedPermit) -> bool {
        let values = PermitValues::from(listed);
        let same_expiry = listed.row().expiry.is_none() || values.expiry_date == self.expiry_date;
        same_expiry && values.fingerprint() == self.values
    }
}
