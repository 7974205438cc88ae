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
const SQLITE_CONNECTIONS: u32 = 1;

/// One worker's hooks; several workers share PostgreSQL's hundred.
const POSTGRES_CONNECTIONS: u32 = 4;

/// A statement waits as long for SQLite's lock, shorter than a hook waits for its answer. Without a full sync of each
/// commit a power cut may forget the hooks of the last moment, a kill of the worker none.
const SQLITE_MANNERS: &str = "PRAGMA busy_timeout = 300; PRAGMA synchronous = NORMAL";

/// How to connect. A SQLite file is made when it is not there, its folder is not.
pub(super) fn options(address: &StoreAddress) -> Result<AnyConnectOptions, StoreError> {
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
    Url::parse(&format!("{text}?mode=rwc")).ok()
}

/// One connection, for migrations.
pub(super) async fn connect(address: &StoreAddress) -> Result<AnyConnection, StoreError> {
    if let StoreAddress::Sqlite(file) = address
        && !file.parent().is_some_and(Path::is_dir)
    {
        let remedy = "its folder does not exist: make it and let the worker's user write there";
        return Err(StoreError::Setting(address.refused(remedy)));
    }
    options(address)?.connect().await.map_err(|error| StoreError::at_opening(address, &error))
}

/// The connections of a running worker, made when they are needed; `wait` is how long a caller waits for one.
pub(super) fn pool(address: &StoreAddress, wait: Duration) -> Result<AnyPool, StoreError> {
    let is_sqlite = address.is_sqlite();
    let options = options(address)?;
    let pool = AnyPoolOptions::new()
        .max_connections(if is_sqlite { SQLITE_CONNECTIONS } else { POSTGRES_CONNECTIONS })
        .acquire_timeout(wait)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if is_sqlite {
                    sqlx::raw_sql(SQLITE_MANNERS).execute(connection).await?;
                }
                Ok(())
            })
        });
    Ok(pool.connect_lazy_with(options))
}
