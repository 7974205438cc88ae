//! What Odoo holds, as `keys` tells it.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::{HeldPermit, PermitStatus, PermitValues};

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
