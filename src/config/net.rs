//! `[net]`: the office's way to the outside.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, address, secret};

/// Variables `SICANTIK__NET__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetConfig {
    /// `PROXY`: address of the proxy for calls to public hosts; empty = none.
    proxy: String,
    /// `PROXY_USER`: as whom; empty = nobody.
    proxy_user: String,
    /// `PROXY_PASSWORD`, secret.
    proxy_password: SecretString,
    /// `PROXY_PASSWORD_FILE`.
    proxy_password_file: PathBuf,
}

/// A proxy and who asks it.
#[derive(Debug, Clone)]
pub struct ProxyConfig {
    pub url: Url,
    /// As whom; empty = nobody.
    pub user: String,
    pub password: Option<SecretString>,
}

impl NetConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.proxy().map(drop)
    }

    /// The proxy, if there is one.
    pub fn proxy(&self) -> Result<Option<ProxyConfig>, ConfigError> {
        const EXAMPLE: &str = "give an address such as http://proxy.example.go.id:3128";
        const SECRETS: &str = "user and password belong into net.proxy_user and net.proxy_password";
        if self.proxy.is_empty() {
            return Ok(None);
        }
        let url = address::parse("net.proxy", &self.proxy, EXAMPLE, SECRETS)?;
        let password = secret::resolve("net.proxy_password_file", &self.proxy_password, &self.proxy_password_file)?;
        Ok(Some(ProxyConfig { url, user: self.proxy_user.clone(), password }))
    }
}
