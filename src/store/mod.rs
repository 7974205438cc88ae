//! The worker's own database: a SQLite file, or PostgreSQL when several workers share one. The only SQL there is.
//! `http`, `jobs` and `sync` use it; what stands in Odoo or SICANTIK is not kept here. Every row names the database (of
//! Odoo) that it belongs to, and every row of work its configuration, too; what a list taught belongs to its SICANTIK.

mod check;
mod documents;
mod erasures;
mod error;
mod file;
mod holds;
mod jobs;
mod kept_documents;
mod limits;
#[cfg(test)]
mod limits_tests;
mod message_accounts;
mod message_events;
mod messages;
mod migrations;
mod nonces;
mod open;
mod passes;
mod secrets;
#[cfg(test)]
mod tests;
mod transaction;

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::clock::Clock;
use crate::config::{ConfigError, StoreAddress};

use file::OpenedFile;
use open::{Kind, Pools};

pub use documents::{DocumentVersion, KeptVersion, Object, VersionKept};
pub use error::StoreError;
pub use holds::Held;
pub use jobs::{ANY, End, Job, JobLease, Line, NewJob, Settled, WaitingJob};
pub use kept_documents::KeptDocuments;
pub use limits::{Allowance, Limit, Wait};
pub use message_accounts::KeptAccount;
pub use message_events::{Attempt, KeptEvent, KeptReceipt, NewEvent};
pub use messages::{MESSAGE_JOBS, Move, NewMessage, Standing};
pub use migrations::{migrate, pending};
pub use secrets::SealedSecret;
pub use transaction::{Durability, Transaction};

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// So long the store is tried: Odoo waits two seconds for the answer to a hook, and a run no longer for what it can do
/// without.
const PATIENCE: Duration = Duration::from_secs(1);

/// A command waits no longer for a store that it can do without.
const LOOK_LIMIT: Duration = Duration::from_secs(2);

/// The open store; a copy is the same store.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    file: Option<OpenedFile>,
    works: Arc<AtomicBool>,
    patience: Duration,
    clock: Option<Arc<dyn Clock>>,
    /// Keeps a second service off a SQLite file while any copy lives.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Brings the store to this version's shape and opens it. A service uses [`open_for_service`](Self::open_for_service).
    pub async fn open(address: &StoreAddress) -> Result<Self, StoreError> {
        let applied = migrate(address).await?;
        tracing::debug!(store = %address, migrations.applied = applied.len(), "the store is open");
        Self::of_this_shape(address)
    }

    /// The store of the service, for a command that can do without: it makes, migrates and locks nothing. `None` where
    /// there is no store of just this version's shape, or it does not answer at once.
    pub async fn look(address: &StoreAddress) -> Option<Self> {
        let reason = match timeout(LOOK_LIMIT, pending(address)).await {
            Ok(Ok(steps)) if steps.is_empty() => match Self::of_this_shape(address) {
                Ok(store) => return Some(store),
                Err(error) => error.to_string(),
            },
            Ok(Ok(_)) => "there is none of this version's shape".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer".to_owned(),
        };
        tracing::debug!(store = %address, reason, "the command goes without the store");
        None
    }

    fn of_this_shape(address: &StoreAddress) -> Result<Self, StoreError> {
        let file = match address {
            StoreAddress::Sqlite(file) => OpenedFile::of(file),
            StoreAddress::Postgres(_) => None,
        };
        let (pools, works) = (Pools::of(address)?, Arc::new(AtomicBool::new(true)));
        Ok(Self { pools, file, works, patience: PATIENCE, clock: None, _lock: None })
    }

    /// As [`open`](Self::open), as the one service on a SQLite file. `database_uuid` is Odoo's database that the worker
    /// is paired with, empty when it takes any: then a store that holds work is refused, because nobody could tell
    /// whose work that is.
    pub async fn open_for_service(address: &StoreAddress, database_uuid: &str) -> Result<Self, StoreError> {
        let lock = match address {
            StoreAddress::Sqlite(file) => {
                file::make_private(address, file)?;
                Some(Arc::new(file::lock(address, file).await?))
            }
            StoreAddress::Postgres(_) => None,
        };
        let store = Self { _lock: lock, ..Self::open(address).await? };
        if database_uuid.is_empty() && store.holds_work().await? {
            let remedy = format!(
                "the store {address} holds work of an Odoo database: put the line that Connect Worker shows for it into \
                 the settings, or name another store in store.url"
            );
            return Err(StoreError::Setting(ConfigError::Missing { key: "odoo.database_uuid", remedy }));
        }
        Ok(store)
    }

    /// Whether the last use of the store went well. Asks nothing of it.
    #[must_use]
    pub fn works(&self) -> bool {
        self.works.load(Ordering::Relaxed)
    }

    /// Whether other workers may use it, too.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.pools.kind, Kind::Postgres)
    }

    /// The same store for who can wait longer than a second for each answer.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same store with times of this clock in its transactions, in place of the database's own: to play many days in a
    /// moment. Several workers have one clock only where that is the database's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Does something that may be done twice, and does it again while the store fails in a way that passes, for as long
    /// as its patience lasts.
    async fn with_retries<T, F>(&self, action: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        if let Err(error) = self.is_in_its_place() {
            return self.note(Err(error));
        }
        let mut reason = StoreError::Unavailable("it does not answer".to_owned());
        let tries = async {
            loop {
                match action().await.map_err(|error| self.explain(&error)) {
                    Err(error) if error.is_passing() => reason = error,
                    outcome => return outcome,
                }
                sleep(PAUSE).await;
            }
        };
        let outcome = timeout(self.patience, tries).await;
        self.note(outcome.unwrap_or_else(|_| Err(reason)))
    }

    /// An error when the file was removed or replaced under the worker: what is written from then on is lost.
    fn is_in_its_place(&self) -> Result<(), StoreError> {
        if self.file.as_ref().is_none_or(OpenedFile::is_in_its_place) {
            return Ok(());
        }
        let reason = "its file was removed or replaced while it was open: restart the worker";
        Err(StoreError::Unavailable(reason.to_owned()))
    }

    /// One log line when the store stops working, one when it works again.
    fn note<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        let failure = outcome.as_ref().err().filter(|error| error.is_failure());
        let works = failure.is_none();
        if self.works.swap(works, Ordering::Relaxed) != works {
            match failure {
                None => tracing::info!("the store works again"),
                Some(error) => tracing::error!(%error, "the store fails"),
            }
        }
        outcome
    }

    fn explain(&self, error: &sqlx::Error) -> StoreError {
        StoreError::at_work(self.pools.kind, error)
    }
}
