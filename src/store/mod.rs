//! The worker's own database: a SQLite file, or PostgreSQL when several workers share one. The only SQL there is.
//! `http` and `jobs` use it; what stands in Odoo or SICANTIK is not kept here. Every row names the database (of Odoo)
//! that it belongs to.

mod error;
mod migrations;
mod nonces;
mod open;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::AnyPool;

use crate::config::StoreAddress;

pub use error::StoreError;
pub use migrations::{migrate, pending};

/// Odoo waits two seconds for the answer to a hook; the store gets half of it, tries again included.
const LIMIT: Duration = Duration::from_secs(1);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// The open store; a copy is the same store.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    works: Arc<AtomicBool>,
}

impl Store {
    /// Brings the store to this version's shape and opens it.
    pub async fn open(address: &StoreAddress) -> Result<Self, StoreError> {
        let applied = migrate(address).await?;
        let pool = open::pool(address, LIMIT)?;
        tracing::debug!(store = %address, migrations.applied = applied.len(), "the store is open");
        Ok(Self { pool, works: Arc::new(AtomicBool::new(true)) })
    }

    /// Does something that may be done twice, and does it again while the store fails and the time is not over.
    async fn patiently<T, F>(&self, action: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let mut reason = "it does not answer".to_owned();
        let tries = async {
            loop {
                match action().await {
                    Ok(done) => return done,
                    Err(error) => reason = error::words(&error),
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        let outcome = tokio::time::timeout(LIMIT, tries).await;
        self.note(outcome.map_err(|_| StoreError::Unavailable(reason)))
    }

    /// One log line when the store stops working, one when it works again.
    fn note<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        let works = outcome.is_ok();
        if self.works.swap(works, Ordering::Relaxed) != works {
            match &outcome {
                Ok(_) => tracing::info!("the store works again"),
                Err(error) => tracing::error!(%error, "hooks are refused; orders are found by polling"),
            }
        }
        outcome
    }
}
