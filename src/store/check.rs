//! Whether the store can be written now. Only a write tells whether a full disk has room again.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Store, StoreError};

/// A good answer holds as long, so that whoever asks without pause has the store written once a second. While it
/// fails, each try has its own time limit.
const HOLDS: Duration = Duration::from_secs(1);

/// Readiness is asked for by probes that wait a few seconds.
const LIMIT: Duration = Duration::from_secs(1);

/// More than any row of a hook needs, so that a store which has room for this has room for that.
const PAYLOAD_BYTES: usize = 8 * 1024;

/// The new row comes before the old one goes: so it needs room, and leaves as much for the next.
const WRITE: &str = "INSERT INTO store_checks (id, payload) VALUES ($1, $2)";
const FORGET: &str = "DELETE FROM store_checks WHERE id <> $1";

/// What the last check said, and when.
pub(super) type LastCheck = Mutex<Option<(Instant, Result<(), StoreError>)>>;

impl Store {
    /// An error when nothing could be stored a moment ago. Whoever asks while another one's answer is found out gets
    /// that one.
    pub async fn check(&self) -> Result<(), StoreError> {
        let asked = Instant::now();
        let mut last = self.last_check.lock().await;
        if let Some((found, outcome)) = last.as_ref()
            && (*found >= asked || outcome.is_ok() && found.elapsed() < HOLDS)
        {
            return outcome.clone();
        }
        let outcome = self.check_now().await;
        *last = Some((Instant::now(), outcome.clone()));
        outcome
    }

    pub(super) async fn check_now(&self) -> Result<(), StoreError> {
        if self.file.as_ref().is_some_and(|file| !file.is_in_its_place()) {
            let reason = "its file was removed or replaced while it was open: restart the worker";
            return self.note(Err(StoreError::Unavailable(reason.to_owned())));
        }
        let id = uuid::Uuid::new_v4().simple().to_string();
        self.with_retries(LIMIT, || async {
            let mut transaction = self.pools.writer.begin().await?;
            sqlx::query(WRITE).bind(&id).bind(vec![0_u8; PAYLOAD_BYTES]).execute(&mut *transaction).await?;
            sqlx::query(FORGET).bind(&id).execute(&mut *transaction).await?;
            transaction.commit().await
        })
        .await
    }
}
