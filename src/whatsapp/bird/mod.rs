//! WhatsApp by Bird's platform API of 2026; not by the one of MessageBird, which ends with that year. Facts from its SDK
//! for Python (`messagebird-sdk` 0.106) and its documentation as of November 2026.

mod account;
mod errors;
mod signature;
mod webhook;

pub use account::{Account, Settings, base_of};
pub use signature::{is_signed, may_be_signed};
pub use webhook::read;

/// How the provider is called, also before its codes.
pub const NAME: &str = "bird";
