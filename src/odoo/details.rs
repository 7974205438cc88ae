//! Details of permits: which are due, and what the detail calls said.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{DetailResult, DuePermit, PermitDetail, PermitNumber, RegistrationNumber};
use crate::orders::Lease;

use super::client::Client;
use super::rows::{RefusedRow, Rows};
use super::{OdooError, names};

/// What became of details.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct DetailsResult {
    /// Taken.
    pub applied: u64,
    /// Of them, changed something.
    pub changed: u64,
    /// Of them, with an expiry date.
    pub with_expiry: u64,
    #[serde(default)]
    pub refused: Vec<RefusedRow>,
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

impl Client {
    /// At most `limit` permits whose detail is due and that are not in `exclude`, and how many are due in all.
    pub async fn due_details(&self, lease: &Lease, limit: usize, exclude: &[i64]) -> Result<Due, OdooError> {
        let question = DueQuestion { limit, exclude };
        let answer: DueAnswer = self.call_by_holder(lease, names::PERMIT, names::DUE_DETAILS, question).await?;
        Ok(answer.into())
    }

    /// Brings what the detail calls said.
    pub async fn apply_details(
        &self,
        lease: &Lease,
        results: &[(i64, DetailResult)],
    ) -> Result<DetailsResult, OdooError> {
        let rows: Rows<DetailRow<'_>> = results.iter().map(|(id, result)| DetailRow::new(*id, result)).collect();
        self.call_by_holder(lease, names::PERMIT, names::APPLY_DETAILS, rows).await
    }
}

#[derive(Serialize)]
struct DueQuestion<'a> {
    limit: usize,
    exclude: &'a [i64],
}

#[derive(Debug, Deserialize)]
struct DueAnswer {
    permits: Vec<WireDue>,
    due_total: u64,
}

#[derive(Debug, Deserialize)]
struct WireDue {
    id: i64,
    registration_number: String,
    permit_number: String,
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Outcome<'a> {
    Found { hash: String, detail: Box<Detail<'a>>, flags: Vec<&'static str>, raw: &'a BTreeMap<String, String> },
    NoData {},
    Error { code: &'static str, message: &'a str },
}

#[derive(Serialize)]
struct DetailRow<'a> {
    id: i64,
    #[serde(flatten)]
    outcome: Outcome<'a>,
}

#[derive(Serialize)]
struct Detail<'a> {
    expiry_date: Option<NaiveDate>,
    issue_date: Option<NaiveDate>,
    received_date: Option<NaiveDate>,
    applicant_address: Option<&'a str>,
    applicant_phone: Option<&'a str>,
    whatsapp_number: Option<String>,
    whatsapp_state: &'static str,
    company_name: Option<&'a str>,
    company_npwp: Option<&'a str>,
    company_address: Option<&'a str>,
    company_phone: Option<&'a str>,
    company_founded: Option<NaiveDate>,
    district: Option<&'a str>,
    village: Option<&'a str>,
    regency: Option<&'a str>,
    province: Option<&'a str>,
    endpoint: &'static str,
}

impl<'a> From<&'a PermitDetail> for Detail<'a> {
    fn from(detail: &'a PermitDetail) -> Self {
        let (whatsapp, whatsapp_state) = detail.applicant_whatsapp();
        Self {
            expiry_date: detail.expiry_date,
            issue_date: detail.issue_date,
            received_date: detail.received_date,
            applicant_address: detail.applicant_address.as_deref(),
            applicant_phone: detail.applicant_phone.as_deref(),
            whatsapp_number: whatsapp.map(|number| number.as_str().to_owned()),
            whatsapp_state: whatsapp_state.as_str(),
            company_name: detail.company_name.as_deref(),
            company_npwp: detail.company_npwp.as_deref(),
            company_address: detail.company_address.as_deref(),
            company_phone: detail.company_phone.as_deref(),
            company_founded: detail.company_founded,
            district: detail.district.as_deref(),
            village: detail.village.as_deref(),
            regency: detail.regency.as_deref(),
            province: detail.province.as_deref(),
            endpoint: detail.endpoint,
        }
    }
}

impl<'a> DetailRow<'a> {
    fn new(id: i64, result: &'a DetailResult) -> Self {
        let outcome = match result {
            DetailResult::Found(detail) => Outcome::Found {
                hash: detail.hash(),
                detail: Box::new(Detail::from(detail.as_ref())),
                flags: detail.flags.codes().collect(),
                raw: detail.flags.raw(),
            },
            DetailResult::NoData => Outcome::NoData {},
            DetailResult::Failed { code, message } => Outcome::Error { code, message },
        };
        Self { id, outcome }
    }
}
