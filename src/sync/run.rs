//! One run from its claim to its end.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::{Order, RunKind, RunState};
use crate::metrics;
use crate::odoo::{self, Finish, OdooError, Probe, Report};
use crate::sicantik;

use super::compare::{self, Comparing, Comparison};
use super::{Progress, Stop, StopReason, SyncError, details, permits, probe, reporter, types};

/// Everything that a run needs.
#[derive(Debug)]
pub struct Run {
    /// What to do, and the proof that it is ours.
    pub order: Order,
    /// SICANTIK, as the configuration says.
    pub source: Arc<sicantik::Client>,
    /// Odoo.
    pub sink: Arc<odoo::Client>,
    /// Its figures.
    pub progress: Arc<Progress>,
    /// When to stop.
    pub stop: Arc<Stop>,
    /// How long the lease holds without a report.
    pub lease: Duration,
    /// Limits of reading the list.
    pub list_limits: super::list_pass::ListLimits,
    /// How far a comparison goes.
    pub comparing: Comparing,
}

/// How a run ended.
#[derive(Debug)]
pub struct RunEnd {
    /// How.
    pub state: RunState,
    /// The last figures.
    pub report: Report,
    /// What stopped it, if anything.
    pub error: Option<SyncError>,
    /// What a probe or a comparison found.
    pub finding: Finding,
}

/// What a run found out, beside its figures.
#[derive(Debug, Default)]
pub enum Finding {
    /// Nothing of its own.
    #[default]
    None,
    /// How SICANTIK answers.
    Probe(Probe),
    /// Where SICANTIK and Odoo differ.
    Comparison(Comparison),
}

impl Run {
    pub(super) fn count_calls(&self) {
        self.progress.update(|report| {
            report.api_calls = self.source.calls();
            report.api = self.source.calls_by_endpoint();
        });
    }
}

/// Does the work, tells Odoo of its progress and its end. A run whose lease is lost ends in silence.
pub async fn execute(run: &Run) -> RunEnd {
    tracing::info!(run.id = run.order.id, run.kind = run.order.kind.as_str(), "a run begins");
    let ended = CancellationToken::new();
    let work_until_stopped = async {
        let _guard = ended.clone().drop_guard();
        tokio::select! {
            outcome = Box::pin(work(run)) => outcome,
            () = run.stop.requested() => Err(SyncError::Stopped),
        }
    };
    let (outcome, ()) = tokio::join!(work_until_stopped, reporter::report_until(&ended, run));
    if matches!(outcome, Err(SyncError::Sink(OdooError::LeaseLost))) {
        run.stop.now(StopReason::LeaseLost);
    }
    run.count_calls();
    let end = conclude(run, outcome);
    if run.stop.reason() != Some(StopReason::LeaseLost) {
        tell_end(run, &end).await;
    }
    count(run.order.kind, &end);
    tracing::info!(
        run.id = run.order.id,
        run.kind = run.order.kind.as_str(),
        run.state = ?end.state,
        run.done = end.report.done,
        run.failed = end.report.failed,
        sicantik.calls = end.report.api_calls,
        error = end.error.as_ref().map(tracing::field::display),
        "a run ended"
    );
    end
}

async fn work(run: &Run) -> Result<Finding, SyncError> {
    match run.order.kind {
        RunKind::Probe => return Ok(Finding::Probe(probe::probe(run).await)),
        RunKind::Compare => return Ok(Finding::Comparison(Box::pin(compare::compare(run)).await?)),
        RunKind::Types => types::sync_types(run).await?,
        RunKind::Permits => permits::sync_permits(run).await?,
        RunKind::Expiry => Box::pin(details::sync_details(run)).await?,
        RunKind::All => {
            types::sync_types(run).await?;
            permits::sync_permits(run).await?;
            Box::pin(details::sync_details(run)).await?;
        }
    }
    Ok(Finding::None)
}

fn conclude(run: &Run, outcome: Result<Finding, SyncError>) -> RunEnd {
    let report = run.progress.take_last();
    let landed = report.created + report.updated + report.unchanged > 0;
    let (state, error, finding) = match outcome {
        Ok(finding) => (state_of(&finding, &report, run.progress.holds_back()), None, finding),
        Err(SyncError::Stopped) => {
            let state = match run.stop.reason() {
                Some(StopReason::Person) => RunState::Cancelled,
                _ => RunState::Queued,
            };
            (state, None, Finding::None)
        }
        Err(error) => (if landed { RunState::Partial } else { RunState::Failed }, Some(error), Finding::None),
    };
    RunEnd { state, report, error, finding }
}

fn state_of(finding: &Finding, report: &Report, holds_back: bool) -> RunState {
    match finding {
        Finding::Probe(probe) if !probe.ok => RunState::Failed,
        Finding::Comparison(comparison) if !comparison.is_equal() => RunState::Partial,
        _ if report.failed > 0 || holds_back => RunState::Partial,
        _ => RunState::Done,
    }
}

fn count(kind: RunKind, end: &RunEnd) {
    let Report { created, updated, unchanged, flagged, failed, .. } = end.report;
    let rows = [
        ("created", created),
        ("updated", updated),
        ("unchanged", unchanged),
        ("flagged", flagged),
        ("failed", failed),
    ];
    metrics::run_ended(kind, end.state, &rows);
}

async fn tell_end(run: &Run, end: &RunEnd) {
    let probe = match &end.finding {
        Finding::Probe(probe) => Some(probe.clone()),
        Finding::None | Finding::Comparison(_) => None,
    };
    let probe_error = probe.as_ref().and_then(|probe| Some((probe.error_code?, probe.error_message.clone()?)));
    let error = end.error.as_ref().map(|error| (error.code(), error.in_full())).or(probe_error);
    let (error_code, error_message) = error.unzip();
    let finish = Finish {
        report: end.report.clone(),
        state: end.state,
        remarks: run.progress.remarks(),
        error_code,
        error_message,
        probe,
        learnt: run.progress.learnt(),
        unlisted: run.progress.unlisted(),
    };
    match run.sink.finish(&run.order, &finish).await {
        Ok(()) => {}
        Err(OdooError::LeaseLost) => {
            tracing::warn!(run.id = run.order.id, "the run had been taken over before its end");
        }
        Err(error) => {
            tracing::error!(run.id = run.order.id, %error, "the end of a run could not be told; it will be taken up again");
        }
    }
}
