//! Runs: what waits, what is claimed, where a run stands, how it ends.
//!
//! Every call about runs goes by [`Client::call_about_runs`] or its one-try form: they meet on the same rows in
//! Odoo, and leases hang on them.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::{EndpointCalls, Issue, Order, Remark, RunKind, RunState, Unlisted};

use super::client::Client;
use super::holder::by_holder;
use super::rows::RefusedRow;
use super::settings::{ServerInfo, WireSettings};
use super::{OdooError, names};

impl Client {
    /// The runs that wait for a worker. Tried once: the caller polls anyway.
    pub async fn queued(&self, worker: &str, version: &str) -> Result<Queue, OdooError> {
        let answer: QueuedAnswer = self.call_about_runs_once(names::QUEUED, self.introduction(worker, version)).await?;
        self.check(&answer.server).await?;
        Ok(Queue { runs: answer.runs, cancel: answer.cancel, server: answer.server })
    }

    /// Orders a run, as a command does, or joins the open one of its kind, and takes it before another worker sees it.
    pub async fn order(
        &self,
        kind: RunKind,
        limit: usize,
        full: bool,
        worker: &str,
        lease: Duration,
    ) -> Result<Ordered, OdooError> {
        let arguments = json!({
            "config_id": 0,
            "kind": kind,
            "limit": limit,
            "full": full,
            "origin": "command",
            "worker": worker,
            "lease_seconds": lease.as_secs(),
        });
        let answer: OrderAnswer = self.call_about_runs(names::ORDER, arguments).await?;
        Ok(answer.into())
    }

    /// Takes runs for this worker until the lease ends.
    pub async fn claim(&self, uuids: &[String], worker: &str, lease: Duration) -> Result<Claim, OdooError> {
        let arguments = json!({ "uuids": uuids, "worker": worker, "lease_seconds": lease.as_secs() });
        let answer: ClaimAnswer = self.call_about_runs(names::CLAIM, arguments).await?;
        Ok(answer.into())
    }

    /// Tells where a run stands and renews the lease; true = a person asked to stop it.
    pub async fn report(&self, order: &Order, report: &Report) -> Result<bool, OdooError> {
        let arguments = Reports { reports: [by_holder(order, report)] };
        let answer: ReportAnswer = self.call_about_runs(names::REPORT, arguments).await?;
        accepted(&answer, order)?;
        Ok(answer.cancel.contains(&order.uuid))
    }

    /// Ends a run.
    pub async fn finish(&self, order: &Order, finish: &Finish) -> Result<(), OdooError> {
        let arguments = Results { results: [by_holder(order, finish)] };
        let answer: ReportAnswer = self.call_about_runs(names::FINISH, arguments).await?;
        accepted(&answer, order)
    }
}

fn accepted(answer: &ReportAnswer, order: &Order) -> Result<(), OdooError> {
    if answer.accepted.contains(&order.uuid) { Ok(()) } else { Err(OdooError::LeaseLost) }
}

#[derive(Serialize)]
struct Reports<T> {
    reports: [T; 1],
}

#[derive(Serialize)]
struct Results<T> {
    results: [T; 1],
}

/// What waits in Odoo.
#[derive(Debug)]
pub struct Queue {
    /// Runs that wait for a worker.
    pub runs: Vec<QueuedRun>,
    /// Runs of this worker that a person asked to stop.
    pub cancel: Vec<String>,
    /// Who answered.
    pub server: ServerInfo,
}

/// A run as Odoo lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct QueuedRun {
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
struct QueuedAnswer {
    runs: Vec<QueuedRun>,
    #[serde(default)]
    cancel: Vec<String>,
    #[serde(flatten)]
    server: ServerInfo,
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
struct OrderAnswer {
    run: QueuedRun,
    #[serde(flatten)]
    claim: ClaimAnswer,
}

impl From<OrderAnswer> for Ordered {
    fn from(answer: OrderAnswer) -> Self {
        Self { id: answer.run.id, claim: answer.claim.into() }
    }
}

/// What became of a claim.
#[derive(Debug)]
pub struct Claim {
    /// Runs that are ours now.
    pub orders: Vec<Order>,
    /// Runs that are not, with the reason.
    pub refused: Vec<RefusedRow>,
}

#[derive(Debug, Deserialize)]
struct ClaimAnswer {
    claimed: Vec<ClaimedRun>,
    refused: Vec<RefusedRow>,
}

#[derive(Debug, Deserialize)]
struct ClaimedRun {
    id: i64,
    uuid: String,
    token: SecretString,
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
    pub learnt: Option<PassStats>,
    /// The permits whose marking waits, after a complete pass over the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Unlisted>,
}

/// What a complete pass over the list taught, for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PassStats {
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
struct ReportAnswer {
    accepted: Vec<String>,
    #[serde(default)]
    cancel: Vec<String>,
}
