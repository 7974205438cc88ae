//! WhatsApp by Twilio's Programmable Messaging, with content templates. Facts from its own OpenAPI (`twilio_api_v2010`,
//! repository twilio/twilio-oai), its documentation and its SDK for Python 9.13, as of November 2026.

mod account;
mod errors;
mod signature;
mod webhook;

pub use account::{Account, Settings};
pub use signature::{is_signed, may_be_signed};
pub use webhook::read;

/// How the provider is called, also before its codes.
pub const NAME: &str = "twilio";

/// What stands before a number to say that it is WhatsApp's.
const CHANNEL: &str = "whatsapp:";

/// What our own reference is called in the address that Twilio calls for a message: it has no field for it.
const REFERENCE: &str = "reference";
