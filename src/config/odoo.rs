//! `[odoo]`: which Odoo, and as whom.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, address, secret};

/// Variables `SICANTIK__ODOO__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OdooConfig {
    /// `URL`: address without a path.
    pub url: String,
    /// `DATABASE`: name of the database.
    pub database: String,
    /// `DATABASE_UUID`: the database that the worker was paired with; empty = any.
    pub database_uuid: String,
    /// `LOGIN`: the worker's own user.
    pub login: String,
    /// `API_KEY`, secret.
    api_key: SecretString,
    /// `API_KEY_FILE`.
    api_key_file: PathBuf,
    /// `CA_FILE`: further authorities in PEM, for an office's own certificates.
    ca_file: PathBuf,
    /// `PROTOCOL`: auto, jsonrpc or json2.
    protocol: String,
    /// `TIMEOUT_SECONDS`: limit of one call.
    timeout_seconds: u64,
    /// `RETRY_SECONDS`: how long a call is tried again.
    pub(super) retry_seconds: u64,
}

/// How Odoo is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// As its version wants: JSON-2 from 19 on.
    Auto,
    /// `/jsonrpc`.
    Jsonrpc,
    /// `/json/2`.
    Json2,
}

impl OdooConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.url.is_empty() {
            self.parsed_url()?;
        }
        self.protocol().map(drop)
    }

    /// The address.
    pub fn parsed_url(&self) -> Result<Url, ConfigError> {
        const KEY: &str = "odoo.url";
        if self.url.is_empty() {
            return Err(missing(KEY));
        }
        let example = "give an address such as https://odoo.example.go.id";
        address::parse(KEY, &self.url, example, "give the address without a user or password")
    }

    /// The file of further authorities, if there is one.
    #[must_use]
    pub fn ca_file(&self) -> Option<PathBuf> {
        (!self.ca_file.as_os_str().is_empty()).then(|| self.ca_file.clone())
    }

    /// How Odoo is spoken to.
    pub fn protocol(&self) -> Result<Protocol, ConfigError> {
        match self.protocol.as_str() {
            "auto" => Ok(Protocol::Auto),
            "jsonrpc" => Ok(Protocol::Jsonrpc),
            "json2" => Ok(Protocol::Json2),
            other => Err(ConfigError::Bad {
                key: "odoo.protocol",
                value: other.to_owned(),
                remedy: "give auto, jsonrpc or json2".to_owned(),
            }),
        }
    }

    /// The name of the database.
    pub fn required_database(&self) -> Result<&str, ConfigError> {
        if self.database.is_empty() { Err(missing("odoo.database")) } else { Ok(&self.database) }
    }

    /// The API key.
    pub fn required_api_key(&self) -> Result<SecretString, ConfigError> {
        secret::resolve("odoo.api_key_file", &self.api_key, &self.api_key_file)?.ok_or_else(|| missing("odoo.api_key"))
    }

    /// Limit of one call.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.max(1))
    }

    /// How long a call is tried again.
    #[must_use]
    pub fn retry(&self) -> Duration {
        Duration::from_secs(self.retry_seconds)
    }
}

fn missing(key: &'static str) -> ConfigError {
    let remedy =
        "press Connect Worker (later called Renew Keys) in Odoo (SICANTIK › Configuration) and give the worker \
                  what it shows"
            .to_owned();
    ConfigError::Missing { key, remedy }
}
