//! Whether the store can be written now. Only a write tells whether a full disk has room again.

use super::{Store, StoreError};

/// More than any row of a hook needs, so that a store which has room for this has room for that.
const PAYLOAD_BYTES: usize = 8 * 1024;

/// The new row comes before the old one goes: so it needs room, and leaves as much for the next.
const WRITE: &str = "INSERT INTO store_checks (id, payload) VALUES ($1, $2)";
const FORGET: &str = "DELETE FROM store_checks WHERE id <> $1";

impl Store {
    /// An error when nothing can be stored now.
    pub async fn check(&self) -> Result<(), StoreError> {
        let id = uuid::Uuid::new_v4().simple().to_string();
        self.with_retries(|| async {
            let mut transaction = self.pools.writer.begin().await?;
            sqlx::query(WRITE).bind(&id).bind(vec![0_u8; PAYLOAD_BYTES]).execute(&mut *transaction).await?;
            sqlx::query(FORGET).bind(&id).execute(&mut *transaction).await?;
            transaction.commit().await
        })
        .await
    }
}
