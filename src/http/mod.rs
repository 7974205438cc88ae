//! The listeners: internal (hooks, health, metrics) and public, each a room of its own behind one accept loop.
//!
//! Handlers speak to the rest of the worker only through what `state` holds.

mod connections;
mod error;
mod internal;
pub mod public;
mod refusals;
pub mod serve;
mod signed;
mod state;

pub use internal::{document, router, routes};
pub use signed::{Signed, SignedBody, SignedStream, sign, sign_hash};
pub use state::{Internal, Signatures};
