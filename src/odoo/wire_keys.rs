//! What Odoo holds, as `keys` tells it.

use chrono::NaiveDate;
use serde::Deserialize;

use super::wire::{DueAnswer, WireDue};
use crate::domain::{HeldPermit, PermitNumber, PermitStatus, PermitValues, RegistrationNumber};

/// Permits of Odoo's in order of id.
#[derive(Debug)]
pub struct HeldPage {
    /// The permits.
    pub permits: Vec<HeldPermit>,
    /// The id after which the next page begins; 0 at the end.
    pub last: i64,
}

/// How many records a marking changed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Marked {
    /// Marked as missing.
    pub missing: u64,
    /// There again.
    pub seen: u64,
}

/// Permits whose details are due.
#[derive(Debug)]
pub struct Due {
    /// Those that can be asked for.
    pub permits: Vec<DuePermit>,
    /// Those whose application or permit number names nothing.
    pub unnamed: Vec<UnnamedPermit>,
    /// How many are due in all, both kinds.
    pub total: u64,
}

/// A permit that no detail call can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnnamedPermit {
    /// Odoo's id.
    pub id: i64,
    /// What stands there for its number.
    pub number: String,
}

/// A permit whose detail is due.
#[derive(Debug, Clone, PartialEq)]
pub struct DuePermit {
    /// Odoo's id.
    pub id: i64,
    /// The application.
    pub registration: RegistrationNumber,
    /// The permit number.
    pub number: PermitNumber,
}

impl From<DueAnswer> for Due {
    fn from(answer: DueAnswer) -> Self {
        let mut due = Self { permits: Vec::new(), unnamed: Vec::new(), total: answer.due_total };
        for WireDue { id, registration_number, permit_number } in answer.permits {
            match (RegistrationNumber::parse(&registration_number), PermitNumber::parse(&permit_number)) {
                (Some(registration), Ok(number)) => due.permits.push(DuePermit { id, registration, number }),
                _ => due.unnamed.push(UnnamedPermit { id, number: permit_number }),
            }
        }
        due
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct KeysAnswer {
    permits: Vec<WireKey>,
    last: i64,
}

#[derive(Debug, Deserialize)]
struct WireKey {
    id: i64,
    identity: String,
    status: PermitStatus,
    missing: bool,
    #[serde(default)]
    values: Option<WireValues>,
}

#[derive(Debug, Deserialize)]
struct WireValues {
    permit_number: Option<String>,
    permit_type: Option<String>,
    further_types: Vec<String>,
    applicant: Option<String>,
    further_applicants: Vec<String>,
    registered_month: Option<NaiveDate>,
    source_expiry_date: Option<NaiveDate>,
    flags: Vec<String>,
}

impl From<KeysAnswer> for HeldPage {
    fn from(answer: KeysAnswer) -> Self {
        Self { permits: answer.permits.into_iter().map(HeldPermit::from).collect(), last: answer.last }
    }
}

impl From<WireKey> for HeldPermit {
    fn from(key: WireKey) -> Self {
        let WireKey { id, identity, status, missing, values } = key;
        Self { id, identity, status, missing, values: values.map(PermitValues::from) }
    }
}

impl From<WireValues> for PermitValues {
    fn from(values: WireValues) -> Self {
        Self {
            permit_number: values.permit_number,
            types: values.permit_type.into_iter().chain(values.further_types).collect(),
            applicants: values.applicant.into_iter().chain(values.further_applicants).collect(),
            registered_month: values.registered_month,
            expiry_date: values.source_expiry_date,
            flags: values.flags.into_iter().collect(),
        }
    }
}
