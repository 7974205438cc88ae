//! Permits: the rows of the list, and what Odoo holds of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{ListedPermit, OdooPermit, PermitNumber, PermitStatus, PermitValues};
use crate::orders::Lease;

use super::client::Client;
use super::rows::{Named, Rows, UpsertResult};
use super::{OdooError, names};

/// Permits of Odoo's in order of id.
#[derive(Debug)]
pub struct HeldPage {
    pub permits: Vec<OdooPermit>,
    /// The id after which the next page begins; 0 at the end.
    pub last: i64,
}

/// How many records a marking changed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct MarkResult {
    pub missing: u64,
    /// There again.
    pub seen: u64,
}

impl Client {
    /// Brings permits.
    pub async fn upsert_permits(&self, lease: &Lease, permits: &[ListedPermit]) -> Result<UpsertResult, OdooError> {
        let rows: Rows<PermitRow<'_>> = permits.iter().map(PermitRow::from).collect();
        self.call_by_holder(lease, names::PERMIT, names::UPSERT_BATCH, rows).await
    }

    /// At most `limit` permits that Odoo holds, in order of id from `after` on; `values`: with what the list
    /// said of them.
    pub async fn keys(&self, lease: &Lease, after: i64, limit: usize, values: bool) -> Result<HeldPage, OdooError> {
        let question = KeysQuestion { after, limit, values };
        let answer: KeysAnswer = self.call_by_holder(lease, names::PERMIT, names::KEYS, question).await?;
        Ok(answer.into())
    }

    /// Marks permits that are not in the list, and those that are there again; at most 2,000 together.
    pub async fn mark_missing(&self, lease: &Lease, missing: &[i64], seen: &[i64]) -> Result<MarkResult, OdooError> {
        self.call_by_holder(lease, names::PERMIT, names::MARK_MISSING, Marks { missing, seen }).await
    }
}

#[derive(Serialize)]
struct KeysQuestion {
    after: i64,
    limit: usize,
    values: bool,
}

#[derive(Serialize)]
struct Marks<'a> {
    missing: &'a [i64],
    seen: &'a [i64],
}

#[derive(Serialize)]
struct PermitRow<'a> {
    identity: &'a str,
    registration_number: &'a str,
    permit_number: Option<&'a str>,
    permit_type: Option<Named<'a>>,
    further_types: Vec<Named<'a>>,
    applicant: Option<Named<'a>>,
    further_applicants: Vec<Named<'a>>,
    complete: bool,
    registered_month: Option<NaiveDate>,
    expiry_date: Option<NaiveDate>,
    has_expiry: bool,
    flags: Vec<&'static str>,
    raw: &'a BTreeMap<String, String>,
    hash: String,
}

impl<'a> From<&'a ListedPermit> for PermitRow<'a> {
    fn from(permit: &'a ListedPermit) -> Self {
        let row = permit.row();
        Self {
            identity: permit.identity(),
            registration_number: row.registration.as_str(),
            permit_number: row.number.as_ref().map(PermitNumber::as_str),
            permit_type: row.permit_type.as_ref().map(Named::from),
            further_types: permit.further_types().iter().map(Named::from).collect(),
            applicant: row.applicant.as_ref().map(Named::from),
            further_applicants: permit.further_applicants().iter().map(Named::from).collect(),
            complete: permit.is_complete(),
            registered_month: permit.registered_month(),
            expiry_date: permit.expiry_date(),
            has_expiry: row.expiry.is_some(),
            flags: row.flags.codes().collect(),
            raw: row.flags.raw(),
            hash: permit.hash(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct KeysAnswer {
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
        Self { permits: answer.permits.into_iter().map(OdooPermit::from).collect(), last: answer.last }
    }
}

impl From<WireKey> for OdooPermit {
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
