//! `[whatsapp]`: how its providers are reached.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::{ConfigError, StoreAddress};

/// Variables `SICANTIK__WHATSAPP__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsappConfig {
    /// `META_URL`: Meta's own, but for tests.
    meta_url: String,
    /// `META_VERSION`: of the Graph API.
    pub meta_version: String,
    /// `JOURNAL_FILE`: which messages went out; empty = `sent.journal` beside the store's file, or in the working
    /// directory where the store is no file.
    journal_file: PathBuf,
}

/// Its name, unless the setting gives another one.
const DEFAULT_NAME: &str = "sent.journal";

impl WhatsappConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
        let version = self.meta_version.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        if !version.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
            return Err(ConfigError::Bad {
                key: "whatsapp.meta_version",
                value: self.meta_version.clone(),
                remedy: "give a version such as v26.0".to_owned(),
            });
        }
        self.meta_url().map(drop)
    }

    /// Where Meta is.
    pub fn meta_url(&self) -> Result<Url, ConfigError> {
        let bad = |remedy: &str| ConfigError::Bad {
            key: "whatsapp.meta_url",
            value: self.meta_url.clone(),
            remedy: remedy.to_owned(),
        };
        let url: Url = self.meta_url.parse().map_err(|_| bad("give an address, such as https://graph.facebook.com"))?;
        let is_own = url.host_str().is_some_and(|host| matches!(host, "127.0.0.1" | "localhost" | "[::1]"));
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_own => Ok(url),
            _ => Err(bad("give an address of https: a token goes there")),
        }
    }

    /// Where the journal is.
    #[must_use]
    pub fn journal_file(&self, store: &StoreAddress) -> PathBuf {
        store.file_beside(&self.journal_file, DEFAULT_NAME)
    }
}
