//! How a service of the settings is reached: one that stands in the office's own network, as a rule.

use std::path::Path;
use std::time::Duration;

use url::Url;

use crate::net::{self, Guard, HttpClient, HttpOptions, Proxy};

/// A service, and the settings that name it.
pub(super) struct Reach<'a> {
    pub url: &'a Url,
    /// The setting of that address.
    pub url_key: &'static str,
    /// Further authorities (PEM).
    pub ca_file: Option<&'a Path>,
    /// The setting of that file.
    pub ca_file_key: &'static str,
    /// Of one call as a whole.
    pub timeout: Duration,
    /// The office's way to public hosts.
    pub proxy: Option<&'a Proxy>,
}

/// Settings that no service can be asked with.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("{key} leads to {refused}; plain http is for private networks only")]
    Address { key: &'static str, refused: net::AddressRefused },
    #[error("{0}")]
    Authorities(String),
    #[error(transparent)]
    Http(#[from] net::NoClient),
}

impl Reach<'_> {
    /// A client for it. Nothing is sent yet.
    pub(super) fn client(&self) -> Result<HttpClient, Unusable> {
        let guard = Guard { private: true, public: self.url.scheme() == "https" };
        guard.check_literal(self.url).map_err(|refused| Unusable::Address { key: self.url_key, refused })?;
        let authorities = net::authorities(self.ca_file, self.ca_file_key).map_err(Unusable::Authorities)?;
        Ok(HttpClient::new(HttpOptions { timeout: self.timeout, guard, authorities, proxy: self.proxy })?)
    }
}
