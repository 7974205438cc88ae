//! Runs: what waits, what is claimed, where a run stands, how it ends.
//!
//! Every call about runs goes by [`Client::call_about_runs`] or its one-try form: they meet on the same rows in
//! Odoo, and leases hang on them.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use crate::domain::{RunKind, RunState};
use crate::orders::{ClaimedRun, Lease};

use super::client::Client;
use super::holder::by_holder;
use super::reports::{Finish, Report};
use super::rows::RefusedRow;
use super::settings::{ServerInfo, WireSettings};
use super::{OdooError, names};

/// What a command orders.
#[derive(Debug, Clone, Copy)]
pub struct NewRun {
    /// Odoo's id of the configuration.
    pub config_id: i64,
    /// What it does.
    pub kind: RunKind,
    /// At most so many permits; 0 = all.
    pub limit: usize,
    /// Also what is not due.
    pub full: bool,
}

impl Client {
    /// The runs that wait for a worker. Only the service asks: Odoo notes that it was heard of, and with which keys.
    /// Tried once: the caller polls anyway.
    pub async fn queued(&self, worker: &str, version: &str) -> Result<Queue, OdooError> {
        let answer: QueuedAnswer = self.call_about_runs_once(names::QUEUED, self.introduction(worker, version)).await?;
        self.check(&answer.server).await?;
        let (mut runs, mut unknown_kinds) = (Vec::new(), Vec::new());
        for run in answer.runs {
            match run.kind {
                Kind::Known(_) => runs.push(run.uuid),
                Kind::Unknown(kind) => unknown_kinds.push(kind),
            }
        }
        Ok(Queue { runs, unknown_kinds, cancel: answer.cancel, orders: answer.orders, server: answer.server })
    }

    /// Orders a run, as a command does, or joins the open one of its kind, and takes it before another worker sees it.
    pub async fn order(&self, new: NewRun, worker: &str, lease: Duration) -> Result<Ordered, OdooError> {
        let arguments = json!({
            "config_id": new.config_id,
            "kind": new.kind,
            "limit": new.limit,
            "full": new.full,
            "origin": "command",
            "worker": worker,
            "lease_seconds": lease.as_secs(),
        });
        let (answer, asked): (OrderAnswer, _) = self.call_about_runs(names::ORDER, arguments).await?;
        let (id, uuid) = (answer.run.id, answer.run.uuid);
        Ok(Ordered { id, uuid, claim: answer.claim.counted_from(asked, lease) })
    }

    /// Takes runs for this worker until the lease ends.
    pub async fn claim(&self, uuids: &[String], worker: &str, lease: Duration) -> Result<Claim, OdooError> {
        let arguments = json!({ "uuids": uuids, "worker": worker, "lease_seconds": lease.as_secs() });
        let (answer, asked): (ClaimAnswer, _) = self.call_about_runs(names::CLAIM, arguments).await?;
        Ok(answer.counted_from(asked, lease))
    }

    /// Where a run of anybody's stands; `None` when it is gone. Changes nothing.
    pub async fn run_status(&self, uuid: &str) -> Result<Option<RunStatus>, OdooError> {
        let answer: StatusAnswer = self.call_about_runs(names::STATUS, json!({ "uuids": [uuid] })).await?.0;
        Ok(answer.runs.into_iter().next())
    }

    /// Tells where a run stands and renews the lease; true = a person asked to stop it. Tried once: the next report
    /// comes soon, and says more.
    pub async fn report(&self, lease: &Lease, report: &Report) -> Result<bool, OdooError> {
        if !lease.is_held() {
            return Err(OdooError::LeaseLost);
        }
        let arguments = Reports { reports: [by_holder(lease, report)] };
        let asked = Instant::now();
        let answer: ReportAnswer = self.call_about_runs_once(names::REPORT, arguments).await?;
        accepted(&answer, lease)?;
        lease.renewed(asked);
        Ok(answer.cancel.contains(&lease.uuid))
    }

    /// Ends a run.
    pub async fn finish(&self, lease: &Lease, finish: &Finish) -> Result<(), OdooError> {
        let arguments = Results { results: [by_holder(lease, finish)] };
        let answer: ReportAnswer = self.call_about_held_run(lease, names::FINISH, arguments).await?;
        accepted(&answer, lease)
    }
}

fn accepted(answer: &ReportAnswer, lease: &Lease) -> Result<(), OdooError> {
    if answer.accepted.contains(&lease.uuid) { Ok(()) } else { Err(OdooError::LeaseLost) }
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
    /// Runs that wait for a worker, by uuid.
    pub runs: Vec<String>,
    /// The kinds of others, which a newer addon knows.
    pub unknown_kinds: Vec<String>,
    /// Runs of this worker that a person asked to stop.
    pub cancel: Vec<String>,
    /// Further models that order something.
    pub orders: Vec<String>,
    pub server: ServerInfo,
}

/// A run as Odoo lists it.
#[derive(Debug, Deserialize)]
struct WireRun {
    id: i64,
    uuid: String,
    kind: Kind,
}

/// A kind of run; a newer addon may know more of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Kind {
    Known(#[allow(dead_code, reason = "that it can be read is what is asked")] RunKind),
    Unknown(String),
}

#[derive(Debug, Deserialize)]
struct QueuedAnswer {
    runs: Vec<WireRun>,
    #[serde(default)]
    cancel: Vec<String>,
    #[serde(default)]
    orders: Vec<String>,
    #[serde(flatten)]
    server: ServerInfo,
}

/// A run that was ordered and claimed at once; or the open one of its kind.
#[derive(Debug)]
pub struct Ordered {
    /// Odoo's id of the run.
    pub id: i64,
    /// Names the run.
    pub uuid: String,
    /// What became of the claim.
    pub claim: Claim,
}

#[derive(Debug, Deserialize)]
struct OrderAnswer {
    run: WireRun,
    #[serde(flatten)]
    claim: ClaimAnswer,
}

/// What became of a claim.
#[derive(Debug)]
pub struct Claim {
    /// Runs that are ours now.
    pub runs: Vec<ClaimedRun>,
    /// Runs that are not, with the reason.
    pub refused: Vec<RefusedRow>,
}

#[derive(Debug, Deserialize)]
struct ClaimAnswer {
    claimed: Vec<WireClaimed>,
    refused: Vec<RefusedRow>,
}

#[derive(Debug, Deserialize)]
struct WireClaimed {
    id: i64,
    uuid: String,
    token: SecretString,
    kind: RunKind,
    limit: usize,
    full: bool,
    settings: WireSettings,
}

impl ClaimAnswer {
    /// The claim with its leases, which count from `asked`.
    fn counted_from(self, asked: Instant, lease: Duration) -> Claim {
        let held = |run: WireClaimed| ClaimedRun {
            id: run.id,
            lease: Lease::new(run.uuid, run.token, lease, asked),
            kind: run.kind,
            limit: run.limit,
            full: run.full,
            settings: run.settings.into(),
        };
        Claim { runs: self.claimed.into_iter().map(held).collect(), refused: self.refused }
    }
}

/// Where a run of anybody's stands.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct RunStatus {
    /// Odoo's id.
    pub id: i64,
    /// As Odoo stores it; a newer addon may know more words.
    pub state: String,
    /// What is being done.
    #[serde(default)]
    pub stage: Option<String>,
    /// Who does it.
    #[serde(default)]
    pub worker: Option<String>,
    /// How much there is to do, as far as known.
    pub total: u64,
    /// How much is done.
    pub done: u64,
    /// New, changed, left alone, not taken.
    pub created: u64,
    pub updated: u64,
    /// Seen and left alone.
    pub unchanged: u64,
    /// Not taken.
    pub failed: u64,
    /// Why it failed, for people.
    #[serde(default)]
    pub error: Option<String>,
}

impl RunStatus {
    /// How it ended; `None` while it is open.
    #[must_use]
    pub fn end(&self) -> Option<RunState> {
        match self.state.as_str() {
            "queued" | "claimed" => None,
            "done" => Some(RunState::Done),
            "partial" => Some(RunState::Partial),
            "cancelled" => Some(RunState::Cancelled),
            _ => Some(RunState::Failed),
        }
    }
}

#[derive(Debug, Deserialize)]
struct StatusAnswer {
    runs: Vec<RunStatus>,
}

#[derive(Debug, Deserialize)]
struct ReportAnswer {
    accepted: Vec<String>,
    #[serde(default)]
    cancel: Vec<String>,
}

impl Queue {
    /// Whether this Odoo orders messages.
    #[must_use]
    pub fn has_messages(&self) -> bool {
        self.orders.iter().any(|model| model == names::MESSAGE)
    }
}
