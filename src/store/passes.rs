//! What the last whole pass over a list taught, by the address of its SICANTIK. Losing it costs time, nothing else.

use std::time::Duration;

use sqlx::Row;

use crate::domain::PassStats;

use super::{Store, StoreError};

const READ: &str = "SELECT page_size, took_ms FROM list_passes WHERE address = $1";
const KEEP: &str = "INSERT INTO list_passes (address, page_size, took_ms) VALUES ($1, $2, $3) \
     ON CONFLICT (address) DO UPDATE SET page_size = excluded.page_size, took_ms = excluded.took_ms";

impl Store {
    /// What is known of the list at this address.
    pub async fn pass_stats(&self, address: &str) -> Result<Option<PassStats>, StoreError> {
        let read = || sqlx::query(READ).bind(address).fetch_optional(&self.pools.readers);
        let row = self.with_retries(read).await?;
        let stats = |row: sqlx::any::AnyRow| {
            let (page_size, took): (i64, i64) = (row.try_get("page_size")?, row.try_get("took_ms")?);
            let took = Duration::from_millis(u64::try_from(took).unwrap_or_default());
            Ok(PassStats { page_size: usize::try_from(page_size).unwrap_or_default(), took })
        };
        row.map(stats).transpose().map_err(|error| self.explain(&error))
    }

    /// Keeps what a pass taught, in place of what was known; of two workers the later one wins.
    pub async fn keep_pass_stats(&self, address: &str, stats: PassStats) -> Result<(), StoreError> {
        let page_size = i64::try_from(stats.page_size).unwrap_or(i64::MAX);
        let took = i64::try_from(stats.took.as_millis()).unwrap_or(i64::MAX);
        let keep = || sqlx::query(KEEP).bind(address).bind(page_size).bind(took).execute(&self.pools.writer);
        self.with_retries(keep).await.map(drop)
    }
}
