//! Messages to people: what Odoo orders, and where each stands. Each call is tried once: the outbox asks again anyway.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{MessageAccount, MessageState};

use super::client::Client;
use super::rows::RefusedRow;
use super::settings::{TIME_FORMAT, time};
use super::{OdooError, names};

impl Client {
    /// Takes messages that wait for a worker, with the accounts that they go by. One that is not reported before the lease
    /// is over is given again.
    pub async fn claim_messages(&self, worker: &str, most: usize, lease: Duration) -> Result<Messages, OdooError> {
        let arguments = json!({ "worker": worker, "limit": most, "lease_seconds": lease.as_secs() });
        self.call_once(names::MESSAGE, names::CLAIM, arguments).await
    }

    /// Tells where messages stand.
    pub async fn report_messages(&self, reports: &[MessageReport]) -> Result<ReportedMessages, OdooError> {
        self.call_once(names::MESSAGE, names::REPORT, json!({ "reports": reports })).await
    }

    /// Passes on what providers told that is not about a message of ours; what Odoo names in its answer need not be told
    /// again.
    pub async fn hear(&self, events: &[HeardEvent]) -> Result<ReportedMessages, OdooError> {
        self.call_once(names::ACCOUNT, names::HEAR, json!({ "events": events })).await
    }

    /// Tells how accounts are.
    pub async fn report_accounts(&self, reports: &[AccountReport]) -> Result<ReportedMessages, OdooError> {
        self.call_once(names::ACCOUNT, names::REPORT, json!({ "reports": reports })).await
    }
}

/// What a claim brings.
#[derive(Debug, Deserialize)]
pub struct Messages {
    /// Every account that is in use.
    pub accounts: Vec<MessageAccount>,
    pub claimed: Vec<OrderedMessage>,
    /// Orders that a person takes back, or that are not true any more.
    #[serde(default)]
    pub cancel: Vec<NamedOrder>,
    /// Orders that wait here, as Odoo believes, and of which it has heard nothing for hours.
    #[serde(default)]
    pub ask: Vec<NamedOrder>,
    /// Whether further ones wait.
    #[serde(default)]
    pub more: bool,
}

/// An order that was claimed before.
#[derive(Debug, Clone, Deserialize)]
pub struct NamedOrder {
    pub uuid: String,
    pub attempt: i64,
}

/// A message that Odoo orders.
#[derive(Clone, Deserialize)]
pub struct OrderedMessage {
    pub uuid: String,
    /// Which time it is ordered, from 1.
    pub attempt: i64,
    /// What makes two messages the same one.
    pub key: String,
    /// By which accounts it may go: the first, else the next.
    pub ways: Vec<Way>,
    /// Odoo's id of the configuration.
    pub configuration: i64,
    /// E.164, with the plus.
    pub number: String,
    pub language: String,
    /// In the order of the text's variables.
    pub parameters: Vec<String>,
    /// In place of which values a hyphen may stand, counted from 0.
    #[serde(default)]
    pub may_be_empty: Vec<usize>,
    /// How many variables the text has.
    pub variables: usize,
    /// Smaller goes first.
    pub priority: i64,
    #[serde(default, deserialize_with = "time")]
    pub expires_at: Option<DateTime<Utc>>,
    /// It need not wait for the morning.
    #[serde(default)]
    pub at_night: bool,
    /// What ends the address of the text's button.
    #[serde(default)]
    pub button: Option<String>,
    /// The document above the text.
    #[serde(default)]
    pub header: Option<MessageDocument>,
}

/// One way for a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The account's uuid.
    pub account: String,
    /// How the text is registered at its provider's.
    pub text: String,
}

/// A document that goes with a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageDocument {
    /// Where the provider gets it.
    pub link: String,
    /// How the file is called.
    pub name: String,
}

/// Without where it is, and what it is about.
impl fmt::Debug for MessageDocument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MessageDocument")
    }
}

/// Without the person, and what the person is told.
impl fmt::Debug for OrderedMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { uuid, attempt, ways, .. } = self;
        let mut told = formatter.debug_struct("OrderedMessage");
        told.field("uuid", uuid).field("attempt", attempt).field("ways", ways).finish_non_exhaustive()
    }
}

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageReport {
    pub uuid: String,
    pub attempt: i64,
    /// The uuid of the account that it goes by; none = unknown.
    pub account: Option<String>,
    pub state: MessageState,
    /// When it came there, in UTC.
    pub at: String,
    /// Why it waits or failed, as a stable word.
    pub why: Option<String>,
    /// The provider's own word, and what it says.
    pub code: Option<String>,
    pub detail: Option<String>,
    pub provider_id: Option<String>,
    /// What it is charged as.
    pub category: Option<String>,
}

/// How an account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountReport {
    pub uuid: String,
    /// When each secret was set; none = it was not.
    pub secrets: AccountSecrets,
    /// Why nothing goes out, and until when.
    pub held: Option<AccountHeld>,
    /// What came of a check that was asked for.
    pub check: Option<AccountCheck>,
    /// What became of the sealed secrets of the last claim, by their names.
    pub sealed: BTreeMap<String, SealedReport>,
}

/// What became of a sealed secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SealedReport {
    /// SHA-256 in hex of the base64 text, so that Odoo forgets just that one.
    pub digest: String,
    /// `kept`, or `refused`: it was sealed to another key.
    pub state: &'static str,
}

/// When the secrets of an account were set, in UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AccountSecrets {
    pub token: Option<String>,
    pub app_secret: Option<String>,
}

/// Why nothing goes out, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountHeld {
    pub why: String,
    pub until: String,
}

/// Whether an account works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AccountCheck {
    pub ok: bool,
    pub at: String,
    pub number: Option<String>,
    pub name: Option<String>,
    pub quality: Option<String>,
    /// 0 = to everybody; none = not told.
    pub daily_limit: Option<i64>,
    pub why: Option<String>,
    pub code: Option<String>,
    pub detail: Option<String>,
    /// Of the texts that the account has, those that the provider tells of.
    pub texts: Vec<CheckedText>,
}

/// What a provider says of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedText {
    pub name: String,
    pub language: String,
    pub state: &'static str,
    pub category: Option<String>,
}

/// What Odoo took.
#[derive(Debug, Deserialize)]
pub struct ReportedMessages {
    pub accepted: Vec<String>,
    #[serde(default)]
    pub refused: Vec<RefusedRow>,
}

/// As Odoo writes a time.
#[must_use]
pub fn odoo_time(time: DateTime<Utc>) -> String {
    time.format(TIME_FORMAT).to_string()
}

/// Something that a provider told.
#[derive(Serialize)]
pub struct HeardEvent {
    /// The same whenever it is told.
    pub id: String,
    /// The account's uuid.
    pub account: String,
    #[serde(flatten)]
    pub what: Heard,
}

/// Without what a person wrote.
impl fmt::Debug for HeardEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HeardEvent").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What that is.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Heard {
    /// Somebody wrote to the office.
    Inbound {
        /// Digits; none where the person shows a user name only.
        from: Option<String>,
        text: String,
        at: Option<String>,
        /// The provider's id of it.
        message: String,
    },
    /// What became of a text.
    Text { name: String, language: String, state: &'static str },
    /// The provider counts a text as this from now on.
    Category { name: String, language: String, category: String },
}
