//! The listeners. Internal today (hooks, health, metrics); the public one has its room beside it.
//!
//! Handlers speak to the rest of the worker only through [`Internal`], which `app` fills.

mod error;
mod health;
mod hooks;
mod internal;
mod metrics;
mod openapi;
mod signature;

pub use internal::{Internal, router, routes};
pub use openapi::document;
pub use signature::sign;
