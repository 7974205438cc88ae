//! What a provider tells by its webhook.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Reason;

/// One thing that it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Where a message of ours is.
    Receipt(Receipt),
    /// Somebody wrote to us.
    Inbound(Inbound),
    /// What became of a text.
    Text { name: String, language: String, state: TextState },
    /// The provider counts the text as this from now on, such as `MARKETING`.
    Category { name: String, language: String, category: String },
    /// To how many people the office may write in 24 hours from now on.
    DailyLimit(DailyLimit),
}

/// To how many different people something may be sent in 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DailyLimit {
    People(u32),
    Unlimited,
}

/// Where a message of ours is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The provider's id of the message: the only thing that it is known by.
    pub id: String,
    /// What an account of ours calls the number that it went by; empty = by whichever the webhook's address belongs to.
    pub sender: String,
    pub state: State,
    /// When it came there, by the provider's clock.
    pub at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// What it is charged as, such as `utility`.
    pub category: Option<String>,
    /// Ours, as it went out.
    pub reference: Option<String>,
}

/// The states of a message, in the order in which they come; a receipt that is late changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    Accepted,
    Sent,
    /// It did not arrive. Nothing that arrived becomes this.
    Failed,
    Delivered,
    Read,
}

/// What somebody wrote to us.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The provider's id of the message.
    pub id: String,
    /// What an account of ours calls the number that it came to; empty = to whichever the webhook's address belongs to.
    pub receiver: String,
    /// The telephone of whoever wrote, digits alone. Missing where the person shows a user name only.
    pub from: Option<String>,
    /// The words, also those of a button.
    pub text: String,
    pub at: Option<DateTime<Utc>>,
}

/// Without who wrote, and what.
impl fmt::Debug for Inbound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, receiver, at, .. } = self;
        let mut told = formatter.debug_struct("Inbound");
        told.field("id", id).field("receiver", receiver).field("at", at).finish_non_exhaustive()
    }
}

/// What became of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextState {
    Approved,
    Pending,
    Rejected,
    Paused,
    Disabled,
}

impl TextState {
    /// As it is told to Odoo.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }
}
