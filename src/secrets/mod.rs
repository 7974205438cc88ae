//! Secrets that the worker keeps (tokens of providers, keys of documents, later those of signers): sealed to its master key, in the store,
//! under a name. Whoever has the store alone, or a copy of it, reads none of them.
//!
//! A secret is sealed by HPKE (RFC 9180) with the public half of the master key, so that a browser can seal what a
//! person types, and Odoo, which passes it on, never reads it.

mod error;
mod key_file;
mod master_key;
mod sealed_stream;
mod vault;

pub use error::SecretsError;
pub use master_key::{MasterKey, Name};
pub use sealed_stream::StreamOpener;
pub use vault::{Kept, Vault, forget_and_begin_anew};
