//! `[store]`: where the worker's own database is.

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{ConfigError, secret};

const KEY: &str = "store.url";

/// Variables `SICANTIK__STORE__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `URL`, secret: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    url: SecretString,
    /// `URL_FILE`: wins over `URL`, which always has a value.
    url_file: PathBuf,
}

/// Where the store is.
#[derive(Debug, Clone)]
pub enum StoreAddress {
    /// A file of this worker alone; made when it is not there.
    Sqlite(PathBuf),
    /// A database that several workers may share. The address may hold a password.
    Postgres(SecretString),
}

impl StoreConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.address().map(drop)
    }

    /// The address.
    pub fn address(&self) -> Result<StoreAddress, ConfigError> {
        let given = secret::resolve("store.url_file", &SecretString::default(), &self.url_file)?;
        let url = given.unwrap_or_else(|| self.url.clone());
        let text = url.expose_secret();
        if let Some(path) = text.strip_prefix("sqlite:") {
            return sqlite_file(path);
        }
        let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
        if !is_postgres || Url::parse(text).is_err() {
            return Err(bad("(secret)", "give sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE"));
        }
        Ok(StoreAddress::Postgres(url))
    }
}

impl StoreAddress {
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
}

/// The address without user, password and options.
impl fmt::Display for StoreAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(formatter, "sqlite:{}", file.display()),
            Self::Postgres(url) => {
                let url = Url::parse(url.expose_secret()).ok();
                let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
                let port = url.as_ref().and_then(Url::port).map_or_else(String::new, |port| format!(":{port}"));
                write!(formatter, "postgres://{host}{port}{}", url.as_ref().map_or("", Url::path))
            }
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
