//! What the worker tells of a run: where it stands, and how it ended.

use serde::Serialize;

use crate::domain::{EndpointCalls, Issue, Message, RunState, Unlisted};

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
    /// Calls to SICANTIK, repeated ones included: the sum of `api`.
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
    /// What is waited for while SICANTIK does not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Waiting>,
}

/// A call to SICANTIK that failed and is made again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waiting {
    /// Which try failed last, from 1.
    pub attempt: u32,
    /// A stable word.
    pub code: &'static str,
    /// What happened, for technicians.
    pub message: String,
    /// Until the next try; 0 = it is under way.
    pub seconds: u64,
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
    pub remarks: Vec<Message>,
    /// A stable word, for failed and partial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<&'static str>,
    /// What happened and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// What a probe found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    /// The permits whose marking waits, after a complete pass over the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Unlisted>,
    /// What was read, by kind: it counts as synchronised.
    pub read: Vec<&'static str>,
}

impl Report {
    /// Sets the calls so far, by endpoint, and their sum.
    pub fn set_calls(&mut self, api: Vec<EndpointCalls>) {
        self.api_calls = api.iter().map(|endpoint| endpoint.calls).sum();
        self.api = api;
    }

    /// The figures without texts and rows.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { issues: Vec::new(), api: Vec::new(), retry: None, ..self.clone() }
    }
}

impl Finish {
    /// The same without what may be refused: texts and rows.
    #[must_use]
    pub fn bare(&self) -> Self {
        let report = self.report.bare();
        Self { report, remarks: Vec::new(), probe: None, unlisted: None, ..self.clone() }
    }
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
    pub findings: Vec<Message>,
    /// Why not, as a stable word.
    pub error_code: Option<&'static str>,
    /// Why not, and what to do.
    pub error_message: Option<String>,
}
