//! WhatsApp by its official providers, one folder each behind [`Provider`]. What they answer is put into the same few
//! outcomes and receipts, so that the queue knows no provider.

pub mod meta; // Meta's Cloud API
mod outcome;
mod outgoing;
mod provider;
mod receipt;

pub use outcome::{Holds, Outcome, Reason, Why};
pub use outgoing::{Outgoing, Parameters, ParametersError};
pub use provider::{AccountState, CheckFailed, Provider};
pub use receipt::{DailyLimit, Event, Inbound, Receipt, State, TextState};
