//! What went wrong with the store, by what can be done about it.

use std::error::Error;
use std::io;

use sqlx::error::DatabaseError;

use crate::config::{ConfigError, StoreAddress};

use super::open::Kind;

/// SQLite's primary result codes that pass by themselves or when room is made: BUSY, LOCKED, NOMEM, IOERR, FULL.
const PASSING_IN_SQLITE: [i64; 5] = [5, 6, 7, 10, 13];

/// At opening these are a matter of rights; later they mean that the disk fails, and may be mended at any moment:
/// READONLY, CANTOPEN, PROTOCOL.
const PASSING_IN_OPEN_SQLITE: [i64; 3] = [8, 14, 15];

/// PostgreSQL's classes of errors that pass: connection, rolled back, out of resources, an operator's intervention.
const PASSING_IN_POSTGRES: [&str; 4] = ["08", "40", "53", "57"];

/// The same once it is open: a standby that was not promoted yet (25006), an object in use, a failing disk.
const PASSING_IN_OPEN_POSTGRES: [&str; 3] = ["25006", "55", "58"];

/// A failure of the store.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Nothing works until an administrator corrects the setting, or the rights behind it.
    #[error(transparent)]
    Setting(ConfigError),
    /// The store holds a migration that this binary does not know.
    #[error(
        "the store {address} was made by another version of the worker (migration {migration} is not known here): \
         start that version again, or name another database in store.url"
    )]
    OtherVersion { address: String, migration: i64 },
    /// Another service has the SQLite file.
    #[error(
        "the store {0} is in use by another `sicantik serve`: stop that one first, or name another file in store.url; \
         several workers share a PostgreSQL"
    )]
    InUse(String),
    /// Disk full, locked, or away: may work again at any moment.
    #[error("the store cannot be used now: {0}; it must run, have room, and not be locked by another program")]
    Unavailable(String),
    /// The row is there already; nothing was changed.
    #[error("the store has such a row already: {0}")]
    Conflict(String),
    /// Another one took the job up since, or it was ended: whoever held it stops.
    #[error("the lease of job {0} is over")]
    LeaseLost(i64),
    /// The same statement will fail again: a damaged file, a row that breaks a rule.
    #[error("the store refuses this: {0}; where the file is damaged, restore a backup or begin with a new one")]
    Refused(String),
}

impl StoreError {
    /// Whether the same may work a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Whether the store itself is at fault, and not what was asked of it.
    pub(super) fn is_failure(&self) -> bool {
        !matches!(self, Self::Conflict(_) | Self::LeaseLost(_))
    }

    /// What it means that the store could not be opened.
    pub(super) fn at_opening(address: &StoreAddress, error: &sqlx::Error) -> Self {
        if let Some(reason) = tls_failure(error) {
            let remedy = format!(
                "no verified TLS with it ({reason}); the server must speak TLS, its certificate must name this host, \
                 and an authority of your own is given by sslrootcert=FILE"
            );
            return Self::Setting(address.refused(&remedy));
        }
        if is_passing(Kind::of(address), error) {
            return Self::Unavailable(format!("{address}: {}", words(error)));
        }
        Self::unusable(address, &words(error))
    }

    /// The file or database cannot be used until somebody corrects its rights or its name.
    pub(super) fn unusable(address: &StoreAddress, reason: &str) -> Self {
        let remedy = match address {
            StoreAddress::Sqlite(_) => format!(
                "the file cannot be used ({reason}); give the worker's user the right to write it and its folder, or \
                 name another file"
            ),
            StoreAddress::Postgres(_) => format!(
                "the database cannot be used ({reason}); check host, user, password and name, and that the user may \
                 create tables in it"
            ),
        };
        Self::Setting(address.refused(&remedy))
    }

    /// What it means that a statement failed in an open store.
    pub(super) fn at_work(kind: Kind, error: &sqlx::Error) -> Self {
        let is_conflict = error.as_database_error().is_some_and(DatabaseError::is_unique_violation);
        match words(error) {
            words if is_conflict => Self::Conflict(words),
            words if is_passing(kind, error) || is_passing_at_work(kind, error) => Self::Unavailable(words),
            words => Self::Refused(words),
        }
    }
}

/// What the database says, without what sqlx says about it.
fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// Why there is no TLS that can be trusted, if that is the matter. A refused certificate comes as an error of reading.
fn tls_failure(error: &sqlx::Error) -> Option<String> {
    let of_certificate =
        |error: &io::Error| error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>);
    match error {
        sqlx::Error::Tls(error) => Some(error.to_string()),
        sqlx::Error::Io(error) if of_certificate(error) => Some(error.to_string()),
        _ => None,
    }
}

fn is_passing(kind: Kind, error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => tls_failure(error).is_none(),
        sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => has_code(kind, error.as_ref(), &PASSING_IN_SQLITE, &PASSING_IN_POSTGRES),
        _ => false,
    }
}

fn is_passing_at_work(kind: Kind, error: &sqlx::Error) -> bool {
    let (sqlite, postgres) = (&PASSING_IN_OPEN_SQLITE, &PASSING_IN_OPEN_POSTGRES);
    error.as_database_error().is_some_and(|error| has_code(kind, error, sqlite, postgres))
}

fn has_code(kind: Kind, error: &dyn DatabaseError, sqlite: &[i64], postgres: &[&str]) -> bool {
    let Some(code) = error.code() else { return false };
    match kind {
        // The low byte of an extended code is its primary code.
        Kind::Sqlite => code.parse::<i64>().is_ok_and(|code| sqlite.contains(&(code & 0xff))),
        Kind::Postgres => postgres.iter().any(|class| code.starts_with(class)),
    }
}
