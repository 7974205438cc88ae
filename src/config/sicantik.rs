//! `[sicantik]`: limits of reading, and an address that overrides the one in Odoo.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::{ConfigError, address};

/// Variables `SICANTIK__SICANTIK__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SicantikConfig {
    /// `URL`: overrides the address of the configuration in Odoo; empty = as Odoo says.
    pub url: String,
    /// `ALLOWED_HOSTS`: the hosts that may be called, private ones too, separated by commas; none = the host
    /// of the configuration's address, if it is public.
    #[serde(deserialize_with = "super::names::names")]
    pub allowed_hosts: Vec<String>,
    /// `CA_FILE`: further authorities in PEM, for an office's own certificates.
    ca_file: PathBuf,
    /// `LARGEST_PAGE`: rows of the largest page of the list. More at once are refused while they are read: the
    /// worker's memory grows by about 3 MiB for each thousand.
    pub largest_page: usize,
    /// `PAGE_SECONDS`: a larger page is asked for only while it should answer within this time.
    page_seconds: u64,
    /// `RETRY_SECONDS`: how long one call is tried again.
    pub(super) retry_seconds: u64,
}

impl SicantikConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        address::check_secrets("sicantik.url", &self.url, "give the address without a user or password")?;
        if self.largest_page == 0 || self.largest_page > 100_000 {
            return Err(ConfigError::Bad {
                key: "sicantik.largest_page",
                value: self.largest_page.to_string(),
                remedy: "give a number of rows from 1 to 100000".to_owned(),
            });
        }
        Ok(())
    }

    /// The file of further authorities, if there is one.
    #[must_use]
    pub fn ca_file(&self) -> Option<PathBuf> {
        (!self.ca_file.as_os_str().is_empty()).then(|| self.ca_file.clone())
    }

    /// Time that a page may take.
    #[must_use]
    pub fn page_time(&self) -> Duration {
        Duration::from_secs(self.page_seconds.max(1))
    }

    /// How long a call is tried again.
    #[must_use]
    pub fn retry(&self) -> Duration {
        Duration::from_secs(self.retry_seconds)
    }
}
