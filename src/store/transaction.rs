//! Several changes that are made together or not at all. Between `begin` and `commit` nothing waits for a network.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

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
    inner: sqlx::Transaction<'static, Any>,
    /// In place of the database's clock, in Unix milliseconds.
    now: Option<i64>,
    failed: bool,
}

impl Store {
    /// Begins to change something; the one writer of a SQLite file waits for the other.
    pub async fn begin(&self, durability: Durability) -> Result<Transaction, StoreError> {
        self.is_in_its_place()?;
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
        let now = self.clock.as_ref().map(|clock| clock.now().timestamp_millis());
        Ok(Transaction { kind, inner, now, failed: false })
    }
}

impl Transaction {
    /// Keeps what was done. Refused after a statement that failed: PostgreSQL would take everything back without
    /// a word.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Refused("a statement of the transaction failed before".to_owned()));
        }
        self.inner.commit().await.map_err(|error| StoreError::at_work(self.kind, &error))
    }

    /// A statement of this database: `{now}` is the database's clock in Unix milliseconds, the same for all workers;
    /// `{skip_locked}` passes over rows that another one is just taking.
    pub(super) fn query<'q>(&self, template: &'static str) -> Query<'q, Any, AnyArguments> {
        self.query_text(template)
    }

    fn query_text<'q>(&self, template: &str) -> Query<'q, Any, AnyArguments> {
        let (now, skip_locked) = match self.kind {
            Kind::Sqlite => ("CAST(unixepoch('subsec') * 1000 AS INTEGER)", ""),
            // The time of the statement, not of the moment: an index is of use for it.
            Kind::Postgres => {
                ("CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS BIGINT)", "FOR UPDATE SKIP LOCKED")
            }
        };
        let now = self.now.map_or_else(|| now.to_owned(), |now| now.to_string());
        // Made of this program's own texts and a number; values are bound.
        sqlx::query(AssertSqlSafe(template.replace("{now}", &now).replace("{skip_locked}", skip_locked)))
    }

    /// The same of a statement about several things: `{each}` stands for `each` of them, as often as there are, with the
    /// values `{}` bound one after the other, from the number `first` on.
    pub(super) fn query_of_each<'q>(
        &self,
        template: &'static str,
        each: &'static str,
        first: usize,
        count: usize,
    ) -> Query<'q, Any, AnyArguments> {
        let mut next = first..;
        let mut numbered = || {
            let mut parts = each.split("{}");
            let head = parts.next().unwrap_or_default().to_owned();
            parts.zip(&mut next).fold(head, |text, (part, number)| format!("{text}${number}{part}"))
        };
        let all: Vec<String> = (0..count).map(|_| numbered()).collect();
        self.query_text(&template.replace("{each}", &all.join(", ")))
    }

    /// How many rows it changed.
    pub(super) async fn execute(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<u64, StoreError> {
        match query.execute(self.connection()).await {
            Ok(done) => Ok(done.rows_affected()),
            Err(error) => Err(self.fail(&error)),
        }
    }

    /// The row that it finds or changed, if there is one.
    pub(super) async fn row(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<Option<AnyRow>, StoreError> {
        match query.fetch_optional(self.connection()).await {
            Ok(row) => Ok(row),
            Err(error) => Err(self.fail(&error)),
        }
    }

    /// The row that is there in any case.
    pub(super) async fn one_row(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<AnyRow, StoreError> {
        match query.fetch_one(self.connection()).await {
            Ok(row) => Ok(row),
            Err(error) => Err(self.fail(&error)),
        }
    }

    /// Every row that it finds or changed.
    pub(super) async fn rows(&mut self, query: Query<'_, Any, AnyArguments>) -> Result<Vec<AnyRow>, StoreError> {
        match query.fetch_all(self.connection()).await {
            Ok(rows) => Ok(rows),
            Err(error) => Err(self.fail(&error)),
        }
    }

    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// What a failed statement means; nothing can be committed any more.
    pub(super) fn fail(&mut self, error: &sqlx::Error) -> StoreError {
        self.failed = true;
        StoreError::at_work(self.kind, error)
    }
}
