//! Meta's Cloud API. Facts from its own OpenAPI (`business-messaging-api` v23.0, repository facebook/openapi) and its
//! documentation as of November 2026.

mod account;
mod errors;
mod signature;
mod templates;
mod versions;
mod webhook;

pub(super) use account::components;
pub use account::{Account, Settings};
pub(super) use errors::rule;
pub use signature::{handshake, is_signed, may_be_signed};
pub use versions::end_of;
pub use webhook::read;

/// How the provider is called, also before its codes.
pub const NAME: &str = "meta";
