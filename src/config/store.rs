//! `[store]`: where the worker's own database is.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::postgres_url::PostgresUrl;
use super::{ConfigError, secret};

const KEY: &str = "store.url";

/// Variables `SICANTIK__STORE__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `URL`, secret: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE?sslrootcert=FILE`.
    url: SecretString,
    /// `URL_FILE`: wins over `URL`, which always has a value.
    url_file: PathBuf,
}

/// Where the store is.
#[derive(Debug, Clone)]
pub enum StoreAddress {
    /// A file of this worker alone; made when it is not there.
    Sqlite(PathBuf),
    /// A database that several workers may share.
    Postgres(PostgresUrl),
}

impl StoreConfig {
    /// Where the store is: as the file says, if one is named, else the setting.
    pub fn address(&self) -> Result<StoreAddress, ConfigError> {
        let given = secret::resolve("store.url_file", &SecretString::default(), &self.url_file)?;
        let url = given.unwrap_or_else(|| self.url.clone());
        StoreAddress::parse(&url)
    }
}

impl StoreAddress {
    /// Reads the value of `store.url`.
    pub fn parse(url: &SecretString) -> Result<Self, ConfigError> {
        let text = url.expose_secret();
        match text.strip_prefix("sqlite:") {
            Some(path) => sqlite_file(path),
            None => PostgresUrl::parse(text).map(Self::Postgres).map_err(|remedy| bad("(secret)", &remedy)),
        }
    }

    /// Whether it is a file, with SQLite's manners.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// This address cannot be used: what to do about it.
    #[must_use]
    pub fn refused(&self, remedy: &str) -> ConfigError {
        bad(&self.to_string(), remedy)
    }

    /// A file of the worker's: the `given` one, or this name beside the store's file, else in the working directory.
    pub(super) fn file_beside(&self, given: &Path, name: &str) -> PathBuf {
        match (given.as_os_str().is_empty(), self) {
            (false, _) => given.to_owned(),
            (true, Self::Sqlite(file)) => file.with_file_name(name),
            (true, Self::Postgres(_)) => PathBuf::from(name),
        }
    }
}

/// The address without user, password and options.
impl fmt::Display for StoreAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(formatter, "sqlite:{}", file.display()),
            Self::Postgres(url) => formatter.write_str(url.shown()),
        }
    }
}

/// An absolute path: the log names it, so that nobody has to look for the file.
fn sqlite_file(path: &str) -> Result<StoreAddress, ConfigError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.ends_with('/') || path.starts_with(':') || path.contains('?') {
        return Err(bad(&format!("sqlite:{path}"), "name a file, such as sqlite:/var/lib/sicantik/sicantik.db"));
    }
    let absolute = std::path::absolute(path)
        .map_err(|error| bad(&format!("sqlite:{path}"), &format!("give the whole path ({error})")))?;
    Ok(StoreAddress::Sqlite(absolute))
}

fn bad(value: &str, remedy: &str) -> ConfigError {
    ConfigError::Bad { key: KEY, value: value.to_owned(), remedy: remedy.to_owned() }
}
