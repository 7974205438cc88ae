//! One run from its claim to its end.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::domain::{RunKind, RunState};
use crate::metrics;
use crate::odoo::{self, Finish, OdooError, Probe, Report};
use crate::orders::ClaimedRun;
use crate::sicantik;

use super::compare::{self, Comparing, Comparison};
use super::preview::{self, Counted};
use super::{ListMemory, Progress, Stop, StopReason, SyncError, details, permits, probe, reporter, types};

/// Everything that a run needs.
#[derive(Debug)]
pub struct Run {
    /// What to do, and the lease under which it is done.
    pub order: ClaimedRun,
    /// SICANTIK, as the configuration says.
    pub source: Arc<sicantik::Client>,
    pub sink: Arc<odoo::Client>,
    pub progress: Arc<Progress>,
    pub stop: Arc<Stop>,
    /// What earlier passes over its list taught.
    pub memory: ListMemory,
    /// Limits of reading the list.
    pub list_limits: super::list_pass::ListLimits,
    pub comparing: Comparing,
    /// What a dry run looks at; only of the kind [`RunKind::Preview`].
    pub previewed: RunKind,
}

/// How a run ended.
#[derive(Debug)]
pub struct RunEnd {
    pub state: RunState,
    pub report: Report,
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
    /// What is there, and what of it would be flagged or refused.
    Counted(Counted),
}

impl Run {
    /// Takes over what the source counts, and what it waits for.
    pub(super) fn count_calls(&self) {
        self.progress.source(self.source.calls_by_endpoint(), self.source.waits_for());
    }
}

/// Does the work, tells Odoo of its progress and its end. A run whose lease has ended, or was given to another, ends in
/// silence: nothing more is sent, to SICANTIK or to Odoo.
pub async fn execute(run: &Run) -> RunEnd {
    tracing::info!(run.id = run.order.id, run.kind = run.order.kind.as_str(), "a run begins");
    let ended = CancellationToken::new();
    let work_until_stopped = async {
        let _guard = ended.clone().drop_guard();
        tokio::select! {
            // The clock goes on while the process is suspended: what it says comes before all that waited meanwhile.
            biased;
            () = run.order.lease.ended() => Err(OdooError::LeaseLost.into()),
            outcome = Box::pin(work(run)) => outcome,
        }
    };
    let report = async {
        tokio::select! {
            biased;
            () = run.order.lease.ended() => {}
            () = reporter::report_until(&ended, run) => {}
        }
    };
    let (outcome, ()) = tokio::join!(work_until_stopped, report);
    if is_lease_lost(&outcome) || !run.order.lease.is_held() {
        run.stop.now(StopReason::LeaseLost);
    }
    run.count_calls();
    let end = if run.stop.reason() == Some(StopReason::LeaseLost) {
        in_silence(run.progress.take_last(), OdooError::LeaseLost)
    } else {
        let end = conclude(run, outcome);
        match tell_end(run, &end).await {
            Ok(()) => end,
            // Odoo knows nothing of this end, so there was none.
            Err(error) => in_silence(end.report, error),
        }
    };
    count(run.order.kind, &end);
    log_end(run, &end);
    end
}

fn log_end(run: &Run, end: &RunEnd) {
    tracing::info!(
        run.id = run.order.id,
        run.kind = run.order.kind.as_str(),
        run.state = end.state.as_str(),
        run.done = end.report.done,
        run.failed = end.report.failed,
        sicantik.calls = end.report.api_calls,
        error = end.error.as_ref().map(tracing::field::display),
        "a run ended"
    );
}

fn is_lease_lost(outcome: &Result<Finding, SyncError>) -> bool {
    matches!(
        outcome,
        Err(SyncError::Sink(OdooError::LeaseLost) | SyncError::Source(sicantik::SicantikError::LeaseEnded))
    )
}

async fn work(run: &Run) -> Result<Finding, SyncError> {
    match run.order.kind {
        RunKind::Probe => {
            return until_stopped(run, async { Ok(Finding::Probe(probe::probe(run).await)) }).await;
        }
        RunKind::Preview if run.previewed != RunKind::Permits => {
            return Ok(Finding::Counted(until_stopped(run, Box::pin(preview::count(run))).await?));
        }
        RunKind::Compare | RunKind::Preview => {
            return Ok(Finding::Comparison(until_stopped(run, Box::pin(compare::compare(run))).await?));
        }
        RunKind::Types => until_stopped(run, types::sync_types(run)).await?,
        RunKind::Permits => until_stopped(run, Box::pin(permits::sync_permits(run))).await?,
        RunKind::Expiry | RunKind::Ask => Box::pin(details::sync_details(run)).await?,
        RunKind::All => {
            until_stopped(run, types::sync_types(run)).await?;
            until_stopped(run, Box::pin(permits::sync_permits(run))).await?;
            Box::pin(details::sync_details(run)).await?;
        }
    }
    Ok(Finding::None)
}

/// Breaks off at a stop. Details do that by themselves, after what was answered is brought to Odoo.
async fn until_stopped<T>(run: &Run, stage: impl Future<Output = Result<T, SyncError>>) -> Result<T, SyncError> {
    tokio::select! {
        outcome = stage => outcome,
        () = run.stop.requested() => Err(SyncError::Stopped),
    }
}

/// The end of a run that is taken up again when its lease ends.
fn in_silence(report: Report, error: OdooError) -> RunEnd {
    RunEnd { state: RunState::LeaseLost, report, error: Some(error.into()), finding: Finding::None }
}

fn conclude(run: &Run, outcome: Result<Finding, SyncError>) -> RunEnd {
    let report = run.progress.take_last();
    let landed = report.created + report.updated + report.unchanged > 0;
    let (state, error, finding) = match (run.stop.reason(), outcome) {
        (_, Ok(finding)) => (state_of(run.order.kind, &finding, &report, run.progress.holds_back()), None, finding),
        (reason, Err(SyncError::Stopped)) => {
            let by_person = reason == Some(StopReason::Person);
            (if by_person { RunState::Cancelled } else { RunState::Queued }, None, Finding::None)
        }
        (_, Err(error)) => (if landed { RunState::Partial } else { RunState::Failed }, Some(error), Finding::None),
    };
    RunEnd { state, report, error, finding }
}

fn state_of(kind: RunKind, finding: &Finding, report: &Report, holds_back: bool) -> RunState {
    match finding {
        Finding::Probe(probe) if !probe.ok => RunState::Failed,
        // Differences are what a dry run looks for.
        Finding::Comparison(comparison) if kind == RunKind::Compare && !comparison.is_equal() => RunState::Partial,
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

async fn tell_end(run: &Run, end: &RunEnd) -> Result<(), OdooError> {
    let probe = match &end.finding {
        Finding::Probe(probe) => Some(probe.clone()),
        Finding::None | Finding::Comparison(_) | Finding::Counted(_) => None,
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
        unlisted: run.progress.unlisted(),
        read: run.progress.read(),
    };
    let told = match finish_in_time(&run.sink, &run.order, &finish).await {
        // What Odoo refuses of it must not keep the run from ending.
        Err(error @ OdooError::Refused { .. }) => {
            tracing::warn!(run.id = run.order.id, %error, "the end of a run is refused and told without its issues");
            finish_in_time(&run.sink, &run.order, &finish.bare()).await
        }
        told => told,
    };
    if let Err(error) = &told {
        tracing::error!(run.id = run.order.id, %error, "the end of a run could not be told; it will be taken up again");
    }
    told
}

/// Ends a run that cannot even begin, for its address.
pub async fn refuse(sink: &odoo::Client, order: &ClaimedRun, error: &sicantik::SicantikError) {
    let finish = Finish {
        report: Report::default(),
        state: RunState::Failed,
        remarks: Vec::new(),
        error_code: Some(error.code()),
        error_message: Some(error.to_string()),
        probe: None,
        unlisted: None,
        read: Vec::new(),
    };
    if let Err(error) = finish_in_time(sink, order, &finish).await {
        tracing::warn!(run.id = order.id, %error, "a run that cannot begin could not be ended");
    }
}

async fn finish_in_time(sink: &odoo::Client, order: &ClaimedRun, finish: &Finish) -> Result<(), OdooError> {
    tokio::select! {
        biased;
        () = order.lease.ended() => Err(OdooError::LeaseLost),
        told = sink.finish(&order.lease, finish) => told,
    }
}
