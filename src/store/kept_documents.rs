//! How many documents are kept, and how large they are.

use sqlx::Row;

use super::{Store, StoreError};

const KEPT: &str = "SELECT \
     (SELECT COUNT(DISTINCT document_uuid) FROM document_versions \
     WHERE database_uuid = $1 AND erased_at IS NULL) AS documents, \
     (SELECT COUNT(*) FROM document_versions WHERE database_uuid = $1 AND erased_at IS NULL) AS versions, \
     COUNT(*) AS objects, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM objects WHERE database_uuid = $1";

/// What is kept of one database of Odoo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeptDocuments {
    pub documents: i64,
    pub versions: i64,
    /// The same bytes are one, however many versions have them.
    pub objects: i64,
    /// Clear bytes of the objects.
    pub bytes: i64,
}

impl Store {
    /// How much is kept of a database.
    pub async fn kept_documents(&self, database_uuid: &str) -> Result<KeptDocuments, StoreError> {
        let row = self.with_retries(|| sqlx::query(KEPT).bind(database_uuid).fetch_one(&self.pools.readers)).await?;
        let read = || {
            Ok(KeptDocuments {
                documents: row.try_get("documents")?,
                versions: row.try_get("versions")?,
                objects: row.try_get("objects")?,
                bytes: row.try_get("bytes")?,
            })
        };
        read().map_err(|error: sqlx::Error| self.explain(&error))
    }
}
