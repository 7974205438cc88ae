//! How the worker reaches other machines: the one place that builds reqwest clients, which addresses they may
//! call, the rate limit and the retry policy. (jsonrpsee brings its own HTTP client, in
//! `odoo/transport/jsonrpc.rs`.)

pub mod rate;
pub mod reach;
mod resolver;
pub mod retry;
pub mod trouble;
mod verifier;

use std::time::Duration;

use rustls::pki_types::CertificateDer;

pub use rate::RateLimit;
pub use reach::{Guard, Refusal};
pub use retry::{Retry, RetryPolicy, Retryable};
pub use trouble::{BadCertificate, Trouble, trouble};

/// How the worker names itself to other servers.
pub const USER_AGENT: &str = concat!("sicantik-companion/", env!("CARGO_PKG_VERSION"));

/// Time to reach a server at all; a busy one answers the handshake even so.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Lines of the longest head that is read: a proxy or a plugin may add a hundred of its own.
const MOST_HEADER_LINES: usize = 1_000;

/// Old servers of PHP send heads that are not by the book: a blank before the colon, a folded line, a warning of
/// PHP among the lines. They are read as curl and browsers read them, because nobody can mend the server.
#[expect(clippy::disallowed_methods, reason = "the factory's own")]
fn tolerant() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MOST_HEADER_LINES)
}

/// A client for one outside service. It follows no redirect: who calls knows where its secrets may go.
/// Proxies of the environment are not used, because behind one nobody could check the address.
///
/// `guard` sees the addresses that names resolve to; an address that stands in the URL itself never comes by
/// a resolver and is the caller's to check. `authorities` are trusted beside those of the machine.
pub fn http_client(
    timeout: Duration,
    guard: Guard,
    authorities: Vec<CertificateDer<'static>>,
) -> Result<reqwest::Client, NoClient> {
    Ok(tolerant()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .dns_resolver(resolver::GuardedResolver(guard))
        .tls_backend_preconfigured(verifier::tls(authorities)?)
        .build()?)
}

/// A client that cannot be made, for instance because this machine trusts nobody.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    /// What the encryption needs is missing.
    #[error("encryption cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// Anything else.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

/// A client for calls that change something: no redirect is followed, because a POST would arrive as a GET.
/// Connections are not kept: Odoo closes each after its answer, and a kept one would break in the next call.
pub fn rpc_client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    tolerant()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
}
