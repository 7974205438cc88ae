//! The source: SICANTIK's REST API, read only. Only `sync` and `app` speak to it.
//!
//! Facts about the server stand in `docs/sicantik.md`; only GET calls of the endpoints in [`endpoint`] leave
//! the machine, with checked parameters.

mod access;
mod answer;
mod client;
mod compression;
mod convert;
pub mod endpoint;
mod error;
mod form;
mod page;
mod tally;
mod transport;
mod wire;
mod wire_json;
mod wire_xml;

pub use access::Access;
pub use client::{Client, ClientOptions};
pub use error::SicantikError;
pub use page::{DetailAnswer, Page, RefusedRow};
