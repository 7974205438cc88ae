//! How the worker reaches other machines: the one place that builds reqwest clients, the rate limit and the
//! retry policy. (jsonrpsee brings its own HTTP client, in `odoo/transport/jsonrpc.rs`.)

pub mod rate;
pub mod retry;

use std::time::Duration;

pub use rate::RateLimit;
pub use retry::{Retry, RetryPolicy, Retryable};

/// How the worker names itself to other servers.
pub const USER_AGENT: &str = concat!("sicantik-companion/", env!("CARGO_PKG_VERSION"));

/// Time to reach a server at all; a busy one answers the handshake even so.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Redirects followed to the same host, for a base address that moved from http to https.
const MAX_REDIRECTS: usize = 3;

/// A client for one outside service. Redirects are followed only to the same host, never from https to http.
#[expect(clippy::disallowed_methods, reason = "this is the factory that the lint points to")]
pub fn http_client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    let same_host = reqwest::redirect::Policy::custom(|attempt| {
        let previous = attempt.previous();
        let trusted = previous.last().is_some_and(|from| {
            from.host_str() == attempt.url().host_str()
                && !(from.scheme() == "https" && attempt.url().scheme() == "http")
        });
        if trusted && previous.len() <= MAX_REDIRECTS { attempt.follow() } else { attempt.stop() }
    });
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(same_host)
        .build()
}

/// A client for calls that change something: no redirect is followed, because a POST would arrive as a GET.
/// Connections are not kept: Odoo closes each after its answer, and a kept one would break in the next call.
#[expect(clippy::disallowed_methods, reason = "this is the factory that the lint points to")]
pub fn rpc_client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
}
