//! The sink: Odoo with the addon `sicantik_connector`. `docs/interfaces.md` is the contract.

mod arguments;
mod client;
mod encode;
mod error;
mod facts;
mod names;
mod transport;
mod wire;
mod wire_keys;
mod wire_settings;

pub use client::{Client, ClientOptions, DetailResult, Queue};
pub use error::{Denial, OdooError};
pub use facts::{Facts, Introduction, hook_key_id};
pub use wire::{Applied, Claim, Finish, Landed, Learnt, Ordered, Probe, Refusal, Report, Waiting};
pub use wire_keys::{Due, DuePermit, HeldPage, Marked, UnnamedPermit};
