//! Domain → the rows that the addon takes.

use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

use crate::domain::{ListedPermit, NamedKey, PermitDetail, PermitNumber, PermitType};

use super::client::DetailResult;

#[derive(Serialize)]
pub(super) struct Named<'a> {
    name: &'a str,
    key: &'a str,
}

impl<'a> From<&'a NamedKey> for Named<'a> {
    fn from(named: &'a NamedKey) -> Self {
        Self { name: named.name(), key: named.key() }
    }
}

#[derive(Serialize)]
pub(super) struct TypeRow<'a> {
    name: &'a str,
    name_key: &'a str,
    code: &'a str,
    group: Option<&'a str>,
    processing_days: Option<u32>,
    hash: String,
}

impl<'a> From<&'a PermitType> for TypeRow<'a> {
    fn from(permit_type: &'a PermitType) -> Self {
        Self {
            name: permit_type.name.name(),
            name_key: permit_type.name.key(),
            code: &permit_type.code,
            group: permit_type.group.as_deref(),
            processing_days: permit_type.processing_days,
            hash: permit_type.hash(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct PermitRow<'a> {
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
            flags: row.notes.codes().collect(),
            raw: row.notes.raw(),
            hash: permit.hash(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Outcome<'a> {
    Found { hash: String, detail: Box<Detail<'a>>, flags: Vec<&'static str>, raw: &'a BTreeMap<String, String> },
    NoData {},
    Error { code: &'static str, message: &'a str },
}

#[derive(Serialize)]
pub(super) struct DetailRow<'a> {
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
    pub(super) fn new(id: i64, result: &'a DetailResult) -> Self {
        let outcome = match result {
            DetailResult::Found(detail) => Outcome::Found {
                hash: detail.hash(),
                detail: Box::new(Detail::from(detail.as_ref())),
                flags: detail.notes.codes().collect(),
                raw: detail.notes.raw(),
            },
            DetailResult::NoData => Outcome::NoData {},
            DetailResult::Failed { code, message } => Outcome::Error { code, message },
        };
        Self { id, outcome }
    }
}
