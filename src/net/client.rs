//! The one place that builds reqwest clients.

use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::pki_types::CertificateDer;
use url::Url;

use super::address_guard::{AddressRefused, Guard};
use super::proxy::{Proxy, ProxyUnusable, Route, Routes};
use super::resolver::GuardedResolver;
use super::verifier;

/// How the worker names itself to other servers.
pub const USER_AGENT: &str = concat!("sicantik-companion/", env!("CARGO_PKG_VERSION"));

/// Time to reach a server at all; a busy one answers the handshake even so.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Lines of the longest head that is read: a proxy or a plugin may add a hundred of its own.
const MOST_HEADER_LINES: usize = 1_000;

/// What a client for one outside service may do.
#[derive(Debug)]
pub struct HttpOptions<'a> {
    pub timeout: Duration,
    /// Sees the addresses that names resolve to. One that stands in the URL itself never comes by a resolver and
    /// is the caller's to check (`Guard::check_literal`).
    pub guard: Guard,
    /// Trusted beside the authorities of the machine.
    pub authorities: Vec<CertificateDer<'static>>,
    /// The way to public hosts, if the office has such a one.
    pub proxy: Option<&'a Proxy>,
}

/// A client for one outside service. It follows no redirect: who calls knows where its secrets may go.
/// Proxies of the environment are not used: which way personal data takes is a setting, not an accident.
#[derive(Debug)]
pub struct HttpClient {
    direct: reqwest::Client,
    by_proxy: Option<reqwest::Client>,
    guard: Guard,
    routes: Routes,
}

impl HttpClient {
    /// Nothing is sent yet.
    pub fn new(options: HttpOptions<'_>) -> Result<Self, NoClient> {
        let HttpOptions { timeout, guard, authorities, proxy } = options;
        let by_proxy = |proxy: &Proxy| -> Result<_, NoClient> {
            Ok(builder(timeout, authorities.clone())?.proxy(proxy.for_all()?).build()?)
        };
        let by_proxy = proxy.map(by_proxy).transpose()?;
        let direct = builder(timeout, authorities)?.dns_resolver(GuardedResolver(guard)).build()?;
        Ok(Self { direct, by_proxy, guard, routes: Routes::default() })
    }

    /// The client for this address: by the proxy where there is one and the host is a public one.
    pub async fn to(&self, url: &Url) -> Result<&reqwest::Client, AddressRefused> {
        let Some(by_proxy) = &self.by_proxy else { return Ok(&self.direct) };
        Ok(match self.routes.to(url, self.guard).await? {
            Route::Direct => &self.direct,
            Route::ByProxy => by_proxy,
        })
    }
}

/// A client for calls that change something: no redirect is followed, because a POST would arrive as a GET.
/// Connections are not kept: Odoo closes each after its answer, and a kept one would break in the next call.
pub fn rpc_client(timeout: Duration, authorities: Vec<CertificateDer<'static>>) -> Result<reqwest::Client, NoClient> {
    Ok(builder(timeout, authorities)?.pool_max_idle_per_host(0).build()?)
}

/// Old servers of PHP send heads that are not by the book: a blank before the colon, a folded line, a warning of
/// PHP among the lines. They are read as curl and browsers read them, because nobody can mend the server.
#[expect(clippy::disallowed_methods, reason = "this is the factory that the lint points to")]
fn builder(
    timeout: Duration,
    authorities: Vec<CertificateDer<'static>>,
) -> Result<reqwest::ClientBuilder, rustls::Error> {
    Ok(reqwest::Client::builder()
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MOST_HEADER_LINES)
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(Policy::none())
        .no_proxy()
        .tls_backend_preconfigured(verifier::tls(authorities)?))
}

/// A client that cannot be made, for instance because this machine trusts nobody.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    /// What the encryption needs is missing.
    #[error("encryption cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The proxy of the settings.
    #[error("net.proxy cannot be used: {0}")]
    Proxy(#[from] ProxyUnusable),
    /// Anything else.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}
