//! WhatsApp by its official providers, one folder each behind [`Provider`]. What they answer is put into the same few
//! outcomes and receipts, so that the queue knows no provider.
//!
//! Each folder has the same four beside its account: what may be [signed](meta::may_be_signed) is read, what
//! [is signed](meta::is_signed) is [understood](meta::read), and its [name](meta::NAME) stands before its codes.

pub mod bird; // its platform API of 2026
mod call;
mod fields;
mod judge;
pub mod meta; // Meta's Cloud API
mod outcome;
mod outgoing;
mod provider;
mod receipt;
mod rule;
pub mod twilio; // Programmable Messaging
pub mod vonage; // its Messages API
mod webhook;

pub use judge::Judge;
pub use outcome::{Holds, Outcome, Reason, Why};
pub use outgoing::{Document, Outgoing, Parameters, ParametersError};
pub use provider::{AccountState, CheckFailed, Provider, TextTold};
pub use receipt::{DailyLimit, Event, Inbound, Receipt, State, TextState};
pub use webhook::{Unreadable, Webhook};
