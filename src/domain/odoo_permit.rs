//! A permit as Odoo holds it, to be compared with what SICANTIK says.

use serde::Deserialize;

use super::PermitValues;

/// A permit of Odoo's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdooPermit {
    /// Odoo's id.
    pub id: i64,
    /// Unique in a configuration.
    pub identity: String,
    /// What people and dates made of it.
    pub status: PermitStatus,
    /// Whether it is marked as missing in SICANTIK's list.
    pub missing: bool,
    /// What the list said of it, when that was asked for.
    pub values: Option<PermitValues>,
}

/// The status of a permit in Odoo. The words are stored there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermitStatus {
    Draft,
    /// With one.
    Active,
    /// Its date has passed.
    Expired,
    /// A person says that another permit took its place.
    Renewed,
    /// A person says that it is void.
    Cancelled,
    /// One that a newer addon knows: left alone.
    #[serde(other)]
    Other,
}

impl PermitStatus {
    /// Whether SICANTIK's list should have it: people have closed the others.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Active | Self::Expired)
    }
}
