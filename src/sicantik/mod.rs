//! The source: SICANTIK's REST API, read only. Only `sync` and `app` speak to it.
//!
//! Facts about the server stand in `docs/sicantik.md`; only GET calls of the endpoints in [`endpoint`] leave
//! the machine, with checked parameters.

mod client;
mod convert;
mod error;
mod wire;
mod wire_json;
mod wire_xml;

pub use client::{Client, ClientOptions, DetailAnswer, Page, endpoint};
pub use error::SicantikError;
