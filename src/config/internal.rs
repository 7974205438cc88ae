//! `[internal]` and `[hook]`: the internal listener and the secret of its hooks.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::{ConfigError, listen, secret};

/// A shorter key could be guessed.
const MIN_KEY_CHARS: usize = 16;

/// Variables `SICANTIK__INTERNAL__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InternalConfig {
    /// `LISTEN`: address and port; loopback unless a private one is allowed.
    listen: String,
    /// `ALLOW_PRIVATE`: an address of a private network may be listened on.
    allow_private: bool,
    /// `HOSTS`: names of this worker, beside the loopback; doctor signs nothing for others.
    #[serde(deserialize_with = "super::names::names")]
    hosts: Vec<String>,
}

impl InternalConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.listen().map(drop)
    }

    /// The address to listen on.
    pub fn listen(&self) -> Result<SocketAddr, ConfigError> {
        listen::parse("internal.listen", &self.listen, self.allow_private, "internal.allow_private")
    }

    /// Whether this is a host of the worker itself: the loopback, the address that is listened on, or a name that
    /// the settings give.
    #[must_use]
    pub fn is_own_host(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let address: Option<IpAddr> = host.parse().ok();
        host.eq_ignore_ascii_case("localhost")
            || address.is_some_and(|address| address.is_loopback())
            || address.is_some() && address == self.listen().ok().map(|listened| listened.ip())
            || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
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
