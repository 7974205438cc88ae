//! Several changes that are made together or not at all. Between `begin` and `commit` nothing waits for a network.

use sqlx::Any;

use super::open::Kind;
use super::{Store, StoreError};

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A kill of the worker. A power cut may take back the last moment.
    Relaxed,
    /// A power cut: the disk has it when the commit returns.
    Durable,
}

/// An open transaction. Dropped without a commit, it changes nothing.
#[derive(Debug)]
pub struct Transaction {
    kind: Kind,
    pub(super) inner: sqlx::Transaction<'static, Any>,
}

impl Store {
    /// Begins to change something; the one writer of a SQLite file waits for the other.
    pub async fn begin(&self, durability: Durability) -> Result<Transaction, StoreError> {
        let kind = self.pools.kind;
        let statement = match (kind, durability) {
            // The lock is taken now and not at the first change: a reader that becomes a writer could be refused.
            (Kind::Sqlite, Durability::Relaxed) => "BEGIN IMMEDIATE",
            (Kind::Sqlite, Durability::Durable) => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            (Kind::Postgres, Durability::Relaxed) => "BEGIN",
            // Whatever the server's default is.
            (Kind::Postgres, Durability::Durable) => "BEGIN; SET LOCAL synchronous_commit = on",
        };
        let inner = self.pools.writer.begin_with(statement).await.map_err(|error| self.explain(&error))?;
        Ok(Transaction { kind, inner })
    }
}

impl Transaction {
    /// Keeps what was done.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(|error| StoreError::at_work(self.kind, &error))
    }
}
