//! The source: SICANTIK's REST API, read only. Only `sync` and `app` speak to it.
//!
//! Facts about the server stand in `docs/sicantik.md`; only GET calls of the endpoints in [`endpoint`] leave
//! the machine, with checked parameters.

mod access;
mod answer;
mod call_stats;
mod call_style;
mod client;
mod compression;
mod convert;
pub mod endpoint;
mod error;
mod page;
mod transport;
mod waits;
mod wire;

pub use access::Access;
pub use call_stats::BROKEN_OFF;
pub use client::{Client, ClientOptions};
pub use error::SicantikError;
pub use page::{DetailAnswer, Page, RefusedRow};
pub use waits::Wait;
