//! `[secrets]`: what seals the secrets that the worker keeps.

use std::path::PathBuf;

use serde::Deserialize;

use super::{ConfigError, StoreAddress};

/// Variables `SICANTIK__SECRETS__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretsConfig {
    /// `MASTER_KEY_FILE`: made at the first start; empty = `master.key` beside the store's file, or in the working
    /// directory where the store is no file.
    master_key_file: PathBuf,
}

/// Its name, unless the setting gives another one.
const DEFAULT_NAME: &str = "master.key";

impl SecretsConfig {
    /// Where the master key is, as an absolute path: the log names it, so that nobody has to look for the file.
    pub fn master_key_file(&self, store: &StoreAddress) -> Result<PathBuf, ConfigError> {
        let file = store.file_beside(&self.master_key_file, DEFAULT_NAME);
        let bad = |remedy: String| ConfigError::Bad {
            key: "secrets.master_key_file",
            value: file.display().to_string(),
            remedy,
        };
        if file.file_name().is_none() {
            return Err(bad("name a file, such as /var/lib/sicantik/master.key".to_owned()));
        }
        std::path::absolute(&file).map_err(|error| bad(format!("give the whole path ({error})")))
    }
}
