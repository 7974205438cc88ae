//! The listeners. Internal today (hooks, health); the public one has its room beside it.
//!
//! Handlers speak to the rest of the worker only through [`Internal`], which `app` fills.

mod error;
mod health;
mod hooks;
mod internal;
mod nonces;
mod signature;

pub use internal::{Internal, router};
