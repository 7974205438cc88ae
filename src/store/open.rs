//! Connections to the store, of either kind.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions};
use url::Url;

use crate::config::StoreAddress;

use super::StoreError;

/// SQLite has one writer anyway: a second connection would only wait for its lock.
const SQLITE_WRITERS: u32 = 1;

/// In SQLite's WAL readers wait for nobody: as many as cores of a small server.
const SQLITE_READERS: u32 = 4;

/// One worker's connections; several workers share PostgreSQL's hundred.
const POSTGRES_CONNECTIONS: u32 = 4;

/// How long a caller waits for a connection that others use.
const WAIT: Duration = Duration::from_secs(5);

/// A statement waits as long for SQLite's lock, shorter than a hook waits for its answer. Without a full sync of each
/// commit a power cut may forget the last moment, a kill of the worker nothing. What is deleted is overwritten: numbers
/// of people stand in jobs.
const SQLITE_WRITER: &str = "PRAGMA busy_timeout = 300; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON";

/// What is not known to write, cannot.
const SQLITE_READER: &str = "PRAGMA busy_timeout = 300; PRAGMA query_only = ON";

/// Undoes what a durable transaction asked for.
const SQLITE_RELAXED: &str = "PRAGMA synchronous = NORMAL";

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(super) fn of(address: &StoreAddress) -> Self {
        if address.is_sqlite() { Self::Sqlite } else { Self::Postgres }
    }
}

/// The connections of a running worker, made when they are needed.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    pub(super) kind: Kind,
    pub(super) writer: AnyPool,
    /// In PostgreSQL the same as the writer.
    pub(super) readers: AnyPool,
}

impl Pools {
    pub(super) fn of(address: &StoreAddress) -> Result<Self, StoreError> {
        let kind = Kind::of(address);
        let options = options(address)?;
        if kind == Kind::Postgres {
            let pool = pool(POSTGRES_CONNECTIONS).connect_lazy_with(options);
            return Ok(Self { kind, writer: pool.clone(), readers: pool });
        }
        let writer = first(pool(SQLITE_WRITERS), SQLITE_WRITER).before_acquire(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(SQLITE_RELAXED).execute(connection).await.map(|_| true) })
        });
        let readers = first(pool(SQLITE_READERS), SQLITE_READER);
        Ok(Self {
            kind,
            writer: writer.connect_lazy_with(options.clone()),
            readers: readers.connect_lazy_with(options),
        })
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(WAIT)
}

/// Each new connection begins with these statements.
fn first(pool: AnyPoolOptions, statements: &'static str) -> AnyPoolOptions {
    pool.after_connect(move |connection, _| {
        Box::pin(async move { sqlx::raw_sql(statements).execute(connection).await.map(drop) })
    })
}

/// How to connect. A SQLite file must be there: SQLite would make it for everybody to read.
fn options(address: &StoreAddress) -> Result<AnyConnectOptions, StoreError> {
    // Every process opens its store before it uses it; a second call changes nothing.
    sqlx::any::install_default_drivers();
    let url = match address {
        StoreAddress::Sqlite(file) => sqlite_url(file),
        StoreAddress::Postgres(postgres) => {
            if let Some(Err(error)) = postgres.root_certificate().map(File::open) {
                let remedy =
                    format!("the file of sslrootcert cannot be read ({error}); correct its path or its rights");
                return Err(StoreError::Setting(address.refused(&remedy)));
            }
            postgres.url()
        }
    };
    let options = url.and_then(|url| AnyConnectOptions::from_url(&url).ok());
    let options = options.ok_or_else(|| StoreError::Setting(address.refused("this is no address of a database")))?;
    // Failures are told by the caller, once.
    Ok(options.disable_statement_logging())
}

fn sqlite_url(file: &Path) -> Option<Url> {
    let url = Url::from_file_path(file).ok()?;
    let text = url.as_str().replacen("file:", "sqlite:", 1);
    Url::parse(&format!("{text}?mode=rw")).ok()
}

/// One connection, for migrations.
pub(super) async fn connect(address: &StoreAddress) -> Result<AnyConnection, StoreError> {
    options(address)?.connect().await.map_err(|error| StoreError::at_opening(address, &error))
}
