//! Which host a client may call, and how it shows itself there. The address comes from Odoo, where many people
//! work; what it may be is said by the worker's own administrator.

use std::path::PathBuf;

use reqwest::Url;
use rustls::pki_types::CertificateDer;
use secrecy::SecretString;
use url::Host;

use crate::net::{self, AddressRefused, Guard, Proxy};

use super::SicantikError;

/// The rules of one configuration.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The hosts that may be called, private ones too; none = the host of the address, if it is public.
    pub allowed_hosts: Vec<String>,
    /// The worker's own administrator wrote the address.
    pub own_address: bool,
    /// Plain HTTP to a public host is allowed.
    pub allow_plain_http: bool,
    /// A file of further authorities, in PEM: those of an office's own certificates.
    pub ca_file: Option<PathBuf>,
    /// The office's way to public hosts.
    pub proxy: Option<Proxy>,
    /// Sent as `X-API-KEY`.
    pub api_key: Option<SecretString>,
}

impl Access {
    /// The address as a URL, with the guard for what its host resolves to.
    pub(super) fn check(&self, api_url: &str) -> Result<(Url, Guard), SicantikError> {
        let bad = |reason: String| SicantikError::BadAddress { reason };
        let url = Url::parse(api_url.trim()).map_err(|error| bad(error.to_string()))?;
        let Some(host) = url.host().filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return Err(bad("it must begin with http:// or https:// and name a host".to_owned()));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it must not hold a user name or password".to_owned()));
        }
        let listed = self.allowed_hosts.iter().any(|allowed| is_same_host(allowed, &host));
        if !listed && !self.own_address && !self.allowed_hosts.is_empty() {
            return Err(SicantikError::HostNotAllowed { host: host.to_string() });
        }
        let guard =
            Guard { private: listed || self.own_address, public: url.scheme() == "https" || self.allow_plain_http };
        guard.check_literal(&url).map_err(|refused_as| refused(refused_as, host.to_string()))?;
        Ok((url, guard))
    }

    /// The further authorities.
    pub(super) fn authorities(&self) -> Result<Vec<CertificateDer<'static>>, SicantikError> {
        net::authorities(self.ca_file.as_deref(), "sicantik.ca_file")
            .map_err(|reason| SicantikError::BadSettings { reason })
    }
}

pub(super) fn refused(refused_as: AddressRefused, host: String) -> SicantikError {
    match refused_as {
        AddressRefused::LinkLocal => SicantikError::LinkLocal { host },
        AddressRefused::Private => SicantikError::PrivateAddress { host },
        AddressRefused::Plain => SicantikError::PlainHttp { host },
    }
}

/// Compared as a URL would hold it, so that every spelling of an address is the same one.
fn is_same_host(allowed: &str, host: &Host<&str>) -> bool {
    let text = allowed.trim();
    let parsed = Host::parse(text).or_else(|_| Host::parse(&format!("[{text}]")));
    parsed.is_ok_and(|allowed| allowed.to_string().trim_end_matches('.') == host.to_string().trim_end_matches('.'))
}
