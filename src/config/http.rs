//! `[http]` and `[hook]`: the internal listener and the secret of its hooks.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::{ConfigError, secret};

/// A shorter key could be guessed.
const MIN_KEY_CHARS: usize = 16;

/// Variables `SICANTIK__HTTP__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// `LISTEN`: address and port; loopback only.
    listen: String,
}

impl HttpConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.listen().map(drop)
    }

    /// The address to listen on.
    pub fn listen(&self) -> Result<SocketAddr, ConfigError> {
        let bad = |remedy: &str| ConfigError::Bad {
            key: "http.listen",
            value: self.listen.clone(),
            remedy: remedy.to_owned(),
        };
        let address: SocketAddr =
            self.listen.parse().map_err(|_| bad("give an address and a port, such as 127.0.0.1:8075"))?;
        if !address.ip().is_loopback() {
            return Err(bad("hooks travel unencrypted: listen on 127.0.0.1 and put a TLS proxy before it"));
        }
        Ok(address)
    }
}

/// Variables `SICANTIK__HOOK__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookConfig {
    /// `KEY`, secret.
    key: SecretString,
    /// `KEY_FILE`.
    key_file: PathBuf,
    /// `PREVIOUS_KEY`, secret.
    previous_key: SecretString,
    /// `PREVIOUS_KEY_FILE`.
    previous_key_file: PathBuf,
}

impl HookConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.keys().map(drop)
    }

    /// The keys that are accepted: the present one, and the previous one while it is being changed.
    pub fn keys(&self) -> Result<Vec<SecretString>, ConfigError> {
        let present = secret::resolve("hook.key_file", &self.key, &self.key_file)?;
        let previous = secret::resolve("hook.previous_key_file", &self.previous_key, &self.previous_key_file)?;
        let keys: Vec<_> = present.into_iter().chain(previous).collect();
        if keys.iter().any(|key| secrecy::ExposeSecret::expose_secret(key).len() < MIN_KEY_CHARS) {
            return Err(ConfigError::Bad {
                key: "hook.key",
                value: "(secret)".to_owned(),
                remedy: format!(
                    "it must have at least {MIN_KEY_CHARS} characters; press Connect Worker (later called Renew Keys) in Odoo"
                ),
            });
        }
        Ok(keys)
    }
}
