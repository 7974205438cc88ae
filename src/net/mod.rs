//! How the worker reaches other machines: the one place that builds reqwest clients, which addresses they may
//! call and by which way, what a failure means, the rate limit and the retry policy. (jsonrpsee brings its own
//! HTTP client, in `odoo/transport/jsonrpc.rs`.)

pub mod address_guard;
mod asks;
mod authorities;
mod body;
mod client;
mod deadline;
pub mod failure;
pub mod proxy;
pub mod rate;
mod resolver;
pub mod retry;
mod retry_after;
mod verifier;

pub use address_guard::{AddressRefused, Guard};
pub use asks::{Asks, Share, customer};
pub use authorities::authorities;
pub use body::{BodyError, read_body};
pub use client::{HttpClient, HttpOptions, NoClient, USER_AGENT, rpc_client};
pub use deadline::Deadline;
pub use failure::{BadCertificate, Failure, failure};
pub use proxy::Proxy;
pub use rate::RateLimit;
pub use retry::{Retry, RetryPolicy, Retryable};
pub use retry_after::retry_after;
pub use verifier::tls;
