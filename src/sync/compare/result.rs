//! What a comparison found, for the command line and for the run in Odoo.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use crate::domain::{
    FieldDifference, Issue, ListedPermit, Message, MessageArgs, NamedKey, OdooPermit, PermitNumber, PermitValues,
};

/// Where SICANTIK and Odoo differ.
#[derive(Debug, Default, Serialize)]
pub struct Comparison {
    pub listed: usize,
    /// Whether all of the list was read; if not, nothing is said of permits that are only in Odoo.
    pub complete: bool,
    /// Of the listed permits, those that Odoo does not have.
    pub only_in_sicantik: usize,
    /// Permits of Odoo's that the list does not have, and that are not marked as missing.
    pub only_in_odoo: usize,
    /// Permits with a field that differs.
    pub differing: usize,
    /// Permits that are marked as missing, but are in the list.
    pub seen_again: usize,
    pub details: usize,
    /// Rows of the list that nothing can name.
    pub refused: Vec<Issue>,
    /// The differences; all of them unless the run keeps fewer.
    pub differences: Vec<Difference>,
    #[serde(skip)]
    told: HashMap<i64, HashSet<&'static str>>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `differs`, `only_in_sicantik` or `only_in_odoo`.
    pub code: &'static str,
    pub registration_number: String,
    /// The permit number, when it has one.
    pub permit_number: Option<String>,
    /// The key of its type, to tell permits without a number apart.
    pub permit_type: Option<String>,
    pub permit_id: Option<i64>,
    /// The field that differs, with both values.
    #[serde(flatten)]
    pub field: Option<FieldDifference>,
}

pub(super) const DIFFERS: &str = "differs";
const ONLY_IN_SICANTIK: &str = "only_in_sicantik";
const ONLY_IN_ODOO: &str = "only_in_odoo";

impl Comparison {
    /// Whether Odoo is as it should be.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.only_in_sicantik + self.only_in_odoo + self.differing + self.refused.len() == 0
    }

    /// A sentence about the result.
    #[must_use]
    pub fn remark(&self) -> Message {
        let Self { listed, only_in_sicantik, only_in_odoo, differing, .. } = self;
        let unreadable = self.refused.len();
        if self.is_equal() {
            let message = format!("Odoo is as SICANTIK says: {listed} permits.");
            return Message::with("equal", message, [("listed", listed)]);
        }
        let message = format!(
            "{listed} permits: {only_in_sicantik} only in SICANTIK, {only_in_odoo} only in Odoo, {differing} with \
             differences, {unreadable} unreadable rows."
        );
        let values: [(_, &dyn fmt::Display); 5] = [
            ("listed", listed),
            ("only_in_sicantik", only_in_sicantik),
            ("only_in_odoo", only_in_odoo),
            ("differing", differing),
            ("unreadable", &unreadable),
        ];
        Message::with("different", message, values)
    }

    /// Takes the differences of a permit that both have; each field counts once, however often the list is walked.
    pub(super) fn differ(&mut self, permit: &Difference, fields: Vec<FieldDifference>, keep: usize) {
        let (Some(id), false) = (permit.permit_id, fields.is_empty()) else { return };
        let told = self.told.entry(id).or_default();
        for field in fields {
            if told.insert(field.field) && self.differences.len() < keep {
                self.differences.push(Difference { field: Some(field), ..permit.clone() });
            }
        }
        self.differing = self.told.len();
    }

    pub(super) fn add_only_in_sicantik(&mut self, permit: Difference, keep: usize) {
        self.only_in_sicantik += 1;
        if self.differences.len() < keep {
            self.differences.push(permit);
        }
    }

    pub(super) fn add_only_in_odoo(&mut self, held: &OdooPermit, keep: usize) {
        self.only_in_odoo += 1;
        if self.differences.len() < keep {
            self.differences.push(Difference::only_in_odoo(held));
        }
    }
}

impl Difference {
    pub(super) fn of(permit: &ListedPermit, code: &'static str, permit_id: Option<i64>) -> Self {
        let row = permit.row();
        Self {
            code,
            registration_number: row.registration.as_str().to_owned(),
            permit_number: row.number.as_ref().map(|number| PermitNumber::as_str(number).to_owned()),
            permit_type: row.permit_type.as_ref().map(|named| NamedKey::key(named).to_owned()),
            permit_id,
            field: None,
        }
    }

    pub(super) fn only_in_sicantik(permit: &ListedPermit) -> Self {
        Self::of(permit, ONLY_IN_SICANTIK, None)
    }

    fn only_in_odoo(held: &OdooPermit) -> Self {
        let PermitValues { permit_number, types, .. } = held.values.clone().unwrap_or_default();
        let registration = held.identity.split('\u{1f}').nth(1).unwrap_or_default();
        Self {
            code: ONLY_IN_ODOO,
            registration_number: registration.to_owned(),
            permit_number,
            permit_type: types.into_iter().next(),
            permit_id: Some(held.id),
            field: None,
        }
    }
}

impl Difference {
    /// What Odoo's own sentence about it speaks of; a side that has nothing is left out.
    fn values(&self) -> MessageArgs {
        let mut values = MessageArgs::new();
        let Some(FieldDifference { field, sicantik, odoo }) = &self.field else {
            values.extend(self.permit_type.clone().map(|permit_type| ("type", permit_type)));
            return values;
        };
        values.insert("field", (*field).to_owned());
        values.extend(sicantik.clone().map(|value| ("sicantik", value)));
        values.extend(odoo.clone().map(|value| ("odoo", value)));
        values
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing = "–";
        write!(formatter, "{} {}: ", self.registration_number, self.permit_number.as_deref().unwrap_or(nothing))?;
        let Some(FieldDifference { field, sicantik, odoo }) = &self.field else {
            let place = if self.code == ONLY_IN_ODOO { "Odoo" } else { "SICANTIK" };
            return write!(formatter, "only in {place} ({})", self.permit_type.as_deref().unwrap_or(nothing));
        };
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| nothing.to_owned());
        write!(formatter, "{field}: SICANTIK {} / Odoo {}", text(sicantik), text(odoo))
    }
}

impl From<&Difference> for Issue {
    fn from(difference: &Difference) -> Self {
        Self {
            key: difference.permit_number.clone().unwrap_or_else(|| difference.registration_number.clone()),
            code: difference.code.to_owned(),
            message: difference.to_string(),
            values: difference.values(),
            permit_id: difference.permit_id,
        }
    }
}
