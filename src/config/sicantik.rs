//! `[sicantik]`: limits of reading, and an address that overrides the one in Odoo.

use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;

/// Variables `SICANTIK__SICANTIK__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SicantikConfig {
    /// `URL`: overrides the address of the configuration in Odoo; empty = as Odoo says.
    pub url: String,
    /// `LARGEST_PAGE`: rows of the largest page of the list.
    pub largest_page: usize,
    /// `PAGE_SECONDS`: a larger page is asked for only while it should answer within this time.
    page_seconds: u64,
    /// `RETRY_SECONDS`: how long one call is tried again.
    pub(super) retry_seconds: u64,
}

impl SicantikConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.largest_page == 0 || self.largest_page > 100_000 {
            return Err(ConfigError::Bad {
                key: "sicantik.largest_page",
                value: self.largest_page.to_string(),
                remedy: "give a number of rows from 1 to 100000".to_owned(),
            });
        }
        Ok(())
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
