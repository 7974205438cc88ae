//! What went wrong with the store, by what can be done about it.

use std::error::Error;
use std::io;

use sqlx::error::DatabaseError;

use crate::config::{ConfigError, StoreAddress};

/// SQLite's primary result codes that pass by themselves or when room is made: BUSY, LOCKED, NOMEM, IOERR, FULL.
const PASSING_IN_SQLITE: [i64; 5] = [5, 6, 7, 10, 13];

/// PostgreSQL's classes of errors that pass: connection, out of resources, an operator's intervention, rolled back.
const PASSING_IN_POSTGRES: [&str; 4] = ["08", "53", "57", "40"];

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing works until an administrator corrects the setting, or the rights behind it.
    #[error(transparent)]
    Setting(ConfigError),
    /// The store holds a migration that this binary does not know.
    #[error(
        "the store {address} was made by another version of the worker (migration {migration} is not known here): \
         start that version again, or name another database in store.url"
    )]
    OtherVersion {
        /// Where it is.
        address: String,
        /// The migration.
        migration: i64,
    },
    /// Disk full, locked, or away: may work again at any moment.
    #[error("the store cannot be used now: {0}; it must run, have room, and not be locked by another program")]
    Unavailable(String),
}

impl StoreError {
    /// Whether the same may work a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_))
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
        if is_passing(address, error) {
            return Self::Unavailable(format!("{address}: {}", words(error)));
        }
        let error = words(error);
        let remedy = match address {
            StoreAddress::Sqlite(_) => format!(
                "the file cannot be used ({error}); give the worker's user the right to write it and its folder, or name \
                 another file"
            ),
            StoreAddress::Postgres(_) => format!(
                "the database cannot be used ({error}); check host, user, password and name, and that the user may \
                 create tables in it"
            ),
        };
        Self::Setting(address.refused(&remedy))
    }
}

/// What the database says, without what sqlx says about it.
pub(super) fn words(error: &sqlx::Error) -> String {
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

fn is_passing(address: &StoreAddress, error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => tls_failure(error).is_none(),
        sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => is_passing_code(address, error.as_ref()),
        _ => false,
    }
}

fn is_passing_code(address: &StoreAddress, error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    match address {
        // The low byte of an extended code is its primary code.
        StoreAddress::Sqlite(_) => code.parse::<i64>().is_ok_and(|code| PASSING_IN_SQLITE.contains(&(code & 0xff))),
        StoreAddress::Postgres(_) => PASSING_IN_POSTGRES.iter().any(|class| code.starts_with(class)),
    }
}
