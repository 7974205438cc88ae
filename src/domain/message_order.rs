//! A message to a person, ordered by Odoo: by which account it goes, and how far it has come.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How far a message has come. The order is the one in which the states come: what is told late, or twice, changes
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageState {
    /// Kept by the worker; nothing was sent.
    Waiting,
    /// Nobody knows whether it went out.
    Unknown,
    /// The provider has it.
    Accepted,
    /// It left the provider.
    Sent,
    /// A person took it back before it went out.
    Cancelled,
    /// It was too late for it.
    Expired,
    /// It was not taken, or did not arrive. Nothing that arrived becomes this.
    Failed,
    /// It is on the person's telephone.
    Delivered,
    Read,
}

impl MessageState {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Unknown,
        Self::Accepted,
        Self::Sent,
        Self::Cancelled,
        Self::Expired,
        Self::Failed,
        Self::Delivered,
        Self::Read,
    ];

    /// As it is stored and told.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// An account at a provider of messages, as Odoo has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageAccount {
    pub uuid: String,
    /// The provider's name: `meta`, `twilio`, `bird`, `vonage`.
    pub provider: String,
    /// The provider's id of the number that messages go by, or the number.
    pub sender_id: String,
    /// Whose limits it shares, by the provider's id.
    #[serde(default)]
    pub business_id: Option<String>,
    /// As whom the provider is asked, where that is somebody else.
    #[serde(default)]
    pub key_id: Option<String>,
    /// To how many people it may write in 24 hours, where a person says so; 0 = to all.
    #[serde(default)]
    pub people_per_day: Option<u32>,
    /// What the provider shows when the address of the webhook is registered.
    pub verify_token: String,
    /// Messages in a minute.
    pub per_minute: u32,
    /// People and messages in 24 hours.
    pub per_day: u32,
    /// How often a message that was not taken is tried again.
    pub retries: u32,
    /// The first pause before that, in seconds.
    pub retry_seconds: u64,
    /// From when until when nothing is sent, as `HH:MM` in UTC.
    pub night: (String, String),
    /// A person wants to know whether it works.
    #[serde(default)]
    pub check: bool,
    /// What a person typed, by the secret's name: base64, sealed to the worker's public key.
    #[serde(default)]
    pub sealed: BTreeMap<String, String>,
    /// The texts that are registered with its provider.
    #[serde(default)]
    pub texts: Vec<RegisteredText>,
}

/// A text as it is registered with a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredText {
    pub name: String,
    pub language: String,
}

impl MessageAccount {
    /// How a secret of it is called in the vault: `token`, `app_secret`.
    #[must_use]
    pub fn secret_name(&self, which: &str) -> String {
        format!("whatsapp.{}.{which}", self.uuid)
    }
}

/// Without the token.
impl fmt::Debug for MessageAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { uuid, provider, sender_id, .. } = self;
        let mut told = formatter.debug_struct("MessageAccount");
        told.field("uuid", uuid).field("provider", provider).field("sender_id", sender_id).finish_non_exhaustive()
    }
}
