//! WhatsApp by Vonage's Messages API. Facts from its SDK for Python (`vonage-messages` 1.8, `vonage-jwt` 1.1) and its
//! documentation as of November 2026.

mod account;
mod errors;
mod signature;
mod token;
mod webhook;

pub use account::{Account, Settings};
pub use signature::{is_signed, may_be_signed};
pub use webhook::read;

/// How the provider is called, also before its codes.
pub const NAME: &str = "vonage";
