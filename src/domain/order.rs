//! An order of Odoo to the worker, and what becomes of it.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{MessageArgs, TypeAliases};

/// What a run does. The words are stored in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Finds out how SICANTIK answers.
    Probe,
    Types,
    Permits,
    /// Details, one call a permit: the expiry date.
    Expiry,
    /// The details of one permit, while somebody waits for them.
    Ask,
    /// Types, then permits, then expiry.
    All,
    /// Reads the whole list and Odoo, changes nothing, tells every difference.
    Compare,
    /// What a run would do, for the command that asks.
    Preview,
}

impl RunKind {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Types => "types",
            Self::Permits => "permits",
            Self::Expiry => "expiry",
            Self::Ask => "ask",
            Self::All => "all",
            Self::Compare => "compare",
            Self::Preview => "preview",
        }
    }
}

/// How a run ends. The words are stored in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Done,
    /// Some rows were refused, or the source failed midway.
    Partial,
    /// Nothing usable came of it.
    Failed,
    /// A person stopped it.
    Cancelled,
    /// Handed back, for the next worker.
    Queued,
    /// Its lease could not be renewed in time, or another worker has it, or Odoo could not be told of its end: to Odoo
    /// it goes on, and is taken up again when its lease ends.
    LeaseLost,
}

impl RunState {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Queued => "queued",
            Self::LeaseLost => "lease_lost",
        }
    }
}

/// The settings of a configuration, read anew at each run.
#[derive(Debug, Clone)]
pub struct SourceSettings {
    /// Odoo's id of the configuration.
    pub config_id: i64,
    pub name: String,
    /// Empty while nobody has given one in Odoo, which then orders nothing.
    pub api_url: String,
    pub timeout: Duration,
    pub page_size: usize,
    pub rate_per_second: f64,
    /// Plain HTTP to a public host is allowed.
    pub allow_plain_http: bool,
    /// Sent to SICANTIK with every call.
    pub api_key: Option<SecretString>,
    /// Permits whose marking waits for a second pass or a person.
    pub unlisted: Unlisted,
    /// Permit types that were merged.
    pub type_aliases: TypeAliases,
}

/// So many permits that a complete pass did not meet that it did not dare to mark them. Odoo keeps it from one run
/// to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlisted {
    /// How many; 0 = nothing waits.
    pub count: u64,
    /// Names the very permits: a pass that does not meet the same ones agrees.
    pub digest: String,
    /// A person has said that so many may be marked.
    #[serde(default, skip_serializing)]
    pub confirmed: bool,
}

/// One thing that went wrong in a run, for a person to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// Which row: an application number, a permit number, an offset.
    pub key: String,
    /// A stable machine word.
    pub code: String,
    /// A sentence in English; Odoo has its own for the codes that it knows.
    pub message: String,
    /// The figures in it.
    #[serde(skip_serializing_if = "MessageArgs::is_empty")]
    pub values: MessageArgs,
    /// Odoo's permit, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permit_id: Option<i64>,
}
