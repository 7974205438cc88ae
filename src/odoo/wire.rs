//! The shapes that travel; `docs/interfaces.md` describes them.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::wire_settings::WireSettings;
use crate::domain::{EndpointCalls, Issue, Order, Remark, RunKind, RunState, Unlisted, Values};

/// A run as Odoo lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct Waiting {
    /// Odoo's id.
    pub id: i64,
    /// Names the run.
    pub uuid: String,
    /// What it does.
    pub kind: RunKind,
    /// Its configuration.
    pub config_id: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct QueuedAnswer {
    pub(super) runs: Vec<Waiting>,
    #[serde(default)]
    pub(super) cancel: Vec<String>,
    #[serde(flatten)]
    pub(super) facts: Facts,
}

/// A run that was ordered and claimed at once; or the open one of its kind.
#[derive(Debug)]
pub struct Ordered {
    /// Odoo's id of the run.
    pub id: i64,
    /// What became of the claim.
    pub claim: Claim,
}

#[derive(Debug, Deserialize)]
pub(super) struct OrderAnswer {
    run: Waiting,
    #[serde(flatten)]
    claim: ClaimAnswer,
}

impl From<OrderAnswer> for Ordered {
    fn from(answer: OrderAnswer) -> Self {
        Self { id: answer.run.id, claim: answer.claim.into() }
    }
}

/// Something that Odoo did not take, with a machine word and a sentence.
#[derive(Debug, Clone, Deserialize)]
pub struct Refusal {
    /// Which one.
    #[serde(deserialize_with = "text_of_any")]
    pub key: String,
    /// A stable word.
    pub code: String,
    /// A sentence.
    pub message: String,
}

impl From<Refusal> for Issue {
    fn from(refusal: Refusal) -> Self {
        // The separator inside an identity is for machines.
        let key = refusal.key.replace('\u{1f}', " ");
        Self { key, code: refusal.code, message: refusal.message, values: Values::new(), permit_id: None }
    }
}

/// What became of a claim.
#[derive(Debug)]
pub struct Claim {
    /// Runs that are ours now.
    pub orders: Vec<Order>,
    /// Runs that are not, with the reason.
    pub refused: Vec<Refusal>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ClaimAnswer {
    claimed: Vec<ClaimedRun>,
    refused: Vec<Refusal>,
}

#[derive(Debug, Deserialize)]
struct ClaimedRun {
    id: i64,
    uuid: String,
    token: String,
    kind: RunKind,
    limit: usize,
    full: bool,
    settings: WireSettings,
}

impl From<ClaimAnswer> for Claim {
    fn from(answer: ClaimAnswer) -> Self {
        Self { orders: answer.claimed.into_iter().map(Order::from).collect(), refused: answer.refused }
    }
}

impl From<ClaimedRun> for Order {
    fn from(run: ClaimedRun) -> Self {
        Self {
            id: run.id,
            uuid: run.uuid,
            token: run.token,
            kind: run.kind,
            limit: run.limit,
            full: run.full,
            settings: run.settings.into(),
        }
    }
}

/// Where a run stands; counters are totals of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// What is being done: `probe`, `types`, `permits`, `expiry`.
    pub stage: &'static str,
    /// How much there is to do, as far as known.
    pub total: u64,
    /// How much is done.
    pub done: u64,
    /// New in Odoo.
    pub created: u64,
    /// Changed in Odoo.
    pub updated: u64,
    /// Seen and left alone.
    pub unchanged: u64,
    /// Taken with a value missing.
    pub flagged: u64,
    /// Not taken.
    pub failed: u64,
    /// Calls to SICANTIK, repeated ones included.
    pub api_calls: u64,
    /// Done a second, over the stage.
    pub rate: f64,
    /// Seconds left, as far as known.
    pub eta_seconds: u64,
    /// New issues since the last report.
    pub issues: Vec<Issue>,
    /// The calls to SICANTIK by endpoint, as far as they changed since the last report: totals of this attempt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub api: Vec<EndpointCalls>,
}

/// How a run ended.
#[derive(Debug, Clone, Serialize)]
pub struct Finish {
    /// The last figures.
    #[serde(flatten)]
    pub report: Report,
    /// How.
    pub state: RunState,
    /// Sentences about the result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// A stable word, for failed and partial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<&'static str>,
    /// What happened and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// What a probe found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    /// What a complete pass over the list taught.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learnt: Option<Learnt>,
    /// The permits whose marking waits, after a complete pass over the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Unlisted>,
}

/// What a complete pass over the list taught, for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Learnt {
    /// Rows of the page that worked.
    pub page_size: usize,
    /// How long it took.
    pub seconds: f64,
}

/// How SICANTIK answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Probe {
    /// Whether permits can be read.
    pub ok: bool,
    /// Time of the smallest call.
    pub latency_ms: u64,
    /// `xml` or `json`.
    pub format: String,
    /// Permit types that SICANTIK counts.
    pub permit_types: Option<u64>,
    /// Columns of the list.
    pub columns: Vec<String>,
    /// Whether the list carries the expiry date.
    pub has_expiry_column: bool,
    /// Sentences about what was found.
    pub findings: Vec<Remark>,
    /// Why not, as a stable word.
    pub error_code: Option<&'static str>,
    /// Why not, and what to do.
    pub error_message: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReportAnswer {
    pub(super) accepted: Vec<String>,
    #[serde(default)]
    pub(super) cancel: Vec<String>,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Landed {
    /// New.
    pub created: u64,
    /// Changed.
    pub updated: u64,
    /// Left alone.
    pub unchanged: u64,
    /// Got their number: changed, too.
    #[serde(default)]
    pub rekeyed: u64,
    /// Unnumbered rows of permits that have a number by now.
    #[serde(default)]
    pub ignored: u64,
    /// Not taken.
    #[serde(default)]
    pub refused: Vec<Refusal>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DueAnswer {
    pub(super) permits: Vec<WireDue>,
    pub(super) due_total: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireDue {
    pub(super) id: i64,
    pub(super) registration_number: String,
    pub(super) permit_number: String,
}

/// What became of details.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Applied {
    /// Taken.
    pub applied: u64,
    /// Of them, changed something.
    pub changed: u64,
    /// Of them, with an expiry date.
    pub with_expiry: u64,
    /// Not taken.
    #[serde(default)]
    pub refused: Vec<Refusal>,
}

/// A key may be an id.
fn text_of_any<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    })
}
