//! Which signed hooks were received. The rows are the same for all workers on one store.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

const USE: &str =
    "INSERT INTO hook_nonces (database_uuid, nonce, signed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const FORGET: &str = "DELETE FROM hook_nonces WHERE signed_at < $1";

impl Store {
    /// True when this nonce of a database's hook was never used; it is from now on.
    ///
    /// When the answer of a statement was lost and it is sent again, a new nonce looks used: the hook is refused
    /// needlessly, which costs a poll interval, and never accepted twice.
    pub async fn use_nonce(
        &self,
        database_uuid: &str,
        nonce: &str,
        signed_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let rows = self
            .with_retries(|| {
                let row = sqlx::query(USE).bind(database_uuid).bind(nonce).bind(signed_at.timestamp_millis());
                row.execute(&self.pools.writer)
            })
            .await?
            .rows_affected();
        Ok(rows == 1)
    }

    /// Forgets the nonces of hooks signed before a time at which their time stamps are refused anyway. Tells how many.
    pub async fn forget_nonces(&self, signed_before: DateTime<Utc>) -> Result<u64, StoreError> {
        let forget = || sqlx::query(FORGET).bind(signed_before.timestamp_millis()).execute(&self.pools.writer);
        Ok(self.with_retries(forget).await?.rows_affected())
    }
}
