//! What goes away: the bytes of a version, and the object that no version needs any more. Rows of versions stay.
//!
//! Whoever keeps a version of some bytes and whoever erases one hold the row of their object first, so that they come one
//! after the other: no version is left without its object, and no object without a version.

use sqlx::Row;

use super::{Store, StoreError, Transaction};

/// Changes nothing, and holds the row until the end of the transaction.
const HOLD_OBJECT: &str = "UPDATE objects SET kept_at = kept_at WHERE database_uuid = $1 AND sha256 = $2";
const MARK_ERASED: &str = "UPDATE document_versions SET erased_at = {now} \
     WHERE database_uuid = $1 AND version_uuid = $2 AND erased_at IS NULL";
const LET_GO: &str = "DELETE FROM objects WHERE database_uuid = $1 AND sha256 = $2 AND NOT EXISTS ( \
     SELECT 1 FROM document_versions AS version WHERE version.database_uuid = $1 AND version.sha256 = $2 \
     AND version.erased_at IS NULL) RETURNING place_key";
const REMEMBER: &str = "INSERT INTO objects_to_remove (database_uuid, sha256, place_key, since) \
     VALUES ($1, $2, $3, {now}) ON CONFLICT (database_uuid, place_key) DO NOTHING";
const LIVING: &str = "SELECT COUNT(*) FROM document_versions \
     WHERE database_uuid = $1 AND sha256 = $2 AND erased_at IS NULL";
const TO_REMOVE: &str =
    "SELECT place_key FROM objects_to_remove WHERE database_uuid = $1 AND sha256 = $2 ORDER BY place_key";
const ALL_TO_REMOVE: &str = "SELECT place_key FROM objects_to_remove";
const REMOVED: &str = "DELETE FROM objects_to_remove WHERE database_uuid = $1 AND place_key = $2";

impl Store {
    /// How many versions of these bytes are not erased.
    pub async fn living_versions(&self, database_uuid: &str, sha256: &str) -> Result<i64, StoreError> {
        let query = || sqlx::query_scalar(LIVING).bind(database_uuid).bind(sha256).fetch_one(&self.pools.readers);
        self.with_retries(query).await
    }

    /// Where the bytes of this hash still lie that nobody needs any more.
    pub async fn objects_to_remove(&self, database_uuid: &str, sha256: &str) -> Result<Vec<String>, StoreError> {
        let query = || sqlx::query_scalar(TO_REMOVE).bind(database_uuid).bind(sha256).fetch_all(&self.pools.readers);
        self.with_retries(query).await
    }

    /// The names of all of them, of every database.
    pub async fn all_objects_to_remove(&self) -> Result<Vec<String>, StoreError> {
        self.with_retries(|| sqlx::query_scalar(ALL_TO_REMOVE).fetch_all(&self.pools.readers)).await
    }
}

impl Transaction {
    /// Nobody else changes the row of these bytes until the end of the transaction; false where there is none.
    pub async fn hold_object(&mut self, database_uuid: &str, sha256: &str) -> Result<bool, StoreError> {
        let query = self.of(HOLD_OBJECT, database_uuid, sha256);
        Ok(self.execute(query).await? == 1)
    }

    /// The bytes of a version are erased from now on; false where they were before.
    pub async fn mark_erased(&mut self, database_uuid: &str, version_uuid: &str) -> Result<bool, StoreError> {
        let query = self.of(MARK_ERASED, database_uuid, version_uuid);
        Ok(self.execute(query).await? == 1)
    }

    /// Forgets where these bytes lie, unless a version needs them, and remembers that they are to go from there.
    pub async fn let_object_go(&mut self, database_uuid: &str, sha256: &str) -> Result<(), StoreError> {
        let query = self.of(LET_GO, database_uuid, sha256);
        let Some(row) = self.row(query).await? else { return Ok(()) };
        let place_key: String = row.try_get("place_key").map_err(|error| self.fail(&error))?;
        self.remember_object(database_uuid, sha256, &place_key).await
    }

    /// What lies there is to go.
    pub(super) async fn remember_object(
        &mut self,
        database_uuid: &str,
        sha256: &str,
        place_key: &str,
    ) -> Result<(), StoreError> {
        let query = self.of(REMEMBER, database_uuid, sha256).bind(place_key.to_owned());
        self.execute(query).await.map(drop)
    }

    /// It is gone from there, or is needed again.
    pub async fn object_is_removed(&mut self, database_uuid: &str, place_key: &str) -> Result<(), StoreError> {
        let query = self.of(REMOVED, database_uuid, place_key);
        self.execute(query).await.map(drop)
    }
}
