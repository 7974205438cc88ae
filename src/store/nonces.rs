//! Which signed hooks were received. The rows are the same for all workers on one store.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

const USE: &str =
    "INSERT INTO hook_nonces (database_uuid, nonce, signed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const FORGET: &str = "DELETE FROM hook_nonces WHERE signed_at < $1";
const FORGET_ONE: &str = "DELETE FROM hook_nonces WHERE database_uuid = $1 AND nonce = $2";

/// No Odoo has this as the uuid of its database.
const NO_DATABASE: &str = "readiness";

/// What a check leaves behind when it is killed goes with the next purge.
const LONG_AGO: i64 = 0;

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
            .patiently(|| {
                let row = sqlx::query(USE).bind(database_uuid).bind(nonce).bind(signed_at.timestamp_millis());
                row.execute(&self.pool)
            })
            .await?
            .rows_affected();
        Ok(rows == 1)
    }

    /// Forgets the nonces of hooks signed before a time at which their time stamps are refused anyway. Tells how many.
    pub async fn forget_nonces(&self, signed_before: DateTime<Utc>) -> Result<u64, StoreError> {
        let forgotten =
            self.patiently(|| sqlx::query(FORGET).bind(signed_before.timestamp_millis()).execute(&self.pool)).await?;
        Ok(forgotten.rows_affected())
    }

    /// Does what a hook does, and takes it back: an error when a hook could not be received now.
    pub async fn check(&self) -> Result<(), StoreError> {
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        self.patiently(|| async {
            sqlx::query(USE).bind(NO_DATABASE).bind(&nonce).bind(LONG_AGO).execute(&self.pool).await?;
            sqlx::query(FORGET_ONE).bind(NO_DATABASE).bind(&nonce).execute(&self.pool).await.map(drop)
        })
        .await
    }
}
