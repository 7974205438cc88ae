//! Permit types.

use serde::Serialize;

use crate::domain::PermitType;
use crate::orders::Lease;

use super::client::Client;
use super::rows::{Rows, UpsertResult};
use super::{OdooError, names};

impl Client {
    /// Brings permit types.
    pub async fn upsert_types(&self, lease: &Lease, types: &[PermitType]) -> Result<UpsertResult, OdooError> {
        let rows: Rows<TypeRow<'_>> = types.iter().map(TypeRow::from).collect();
        self.call_by_holder(lease, names::PERMIT_TYPE, names::UPSERT_BATCH, rows).await
    }
}

#[derive(Serialize)]
struct TypeRow<'a> {
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
