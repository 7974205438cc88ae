//! The sink: Odoo with the addon `sicantik_connector`. `docs/interfaces.md` is the contract.
//!
//! One file a subject: its calls, an `impl Client`, with the shapes that travel in them.

mod arrivals;
mod client;
mod details;
mod document_versions;
mod error;
mod handed_out;
mod holder;
mod key_names;
mod messages;
mod names;
mod permits;
mod reports;
mod rows;
mod runs;
mod settings;
mod transport;
mod types;

pub use arrivals::{Arrival, ArrivalOutcome, ArrivalVersion, Decision, Decisions, InboxSettings};
pub use client::{Client, ClientOptions};
pub use details::{DetailsResult, Due, UnnamedPermit};
pub use document_versions::{ShownVersion, VersionsOfHashes};
pub use error::{Denial, OdooError};
pub use handed_out::HandedOut;
pub use key_names::hook_key_id;
pub use messages::{
    AccountCheck, AccountHeld, AccountReport, AccountSecrets, CheckedText, Heard, HeardEvent, MessageDocument,
    MessageReport, Messages, NamedOrder, OrderedMessage, ReportedMessages, SealedReport, Way, odoo_time,
};
pub use permits::{HeldPage, MarkResult};
pub use reports::{Finish, Probe, Report, Waiting};
pub use rows::{RefusedRow, UpsertResult};
pub use runs::{Claim, NewRun, Ordered, Queue, RunStatus};
pub use settings::{Configuration, Handshake, ServerInfo};
