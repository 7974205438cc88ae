//! What a person sees at the terminal: a bar while it runs, plain lines where there is no terminal, and one
//! line of JSON for scripts.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the answer to a command")]

use std::convert::Infallible;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use crate::domain::{RunKind, RunState};
use crate::odoo::RunStatus;
use crate::sync::compare::Comparison;
use crate::sync::{Finding, Progress, Run, RunEnd, SyncError};

const REDRAW_EVERY: Duration = Duration::from_millis(200);

/// Differences that a dry run tells in words.
const FIRST_DIFFERENCES: usize = 20;

/// Draws the bar until it is dropped. Without a terminal nothing is drawn: the log tells.
pub(super) async fn show_progress(progress: &Progress) -> Infallible {
    if !std::io::stderr().is_terminal() {
        return std::future::pending().await;
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:8} [{bar:40}] {pos}/{len} {prefix}") {
        bar.set_style(style.progress_chars("=> "));
    }
    loop {
        let report = progress.peek();
        bar.set_message(report.stage);
        bar.set_length(report.total);
        bar.set_position(report.done);
        bar.set_prefix(format!("{}/s, {} s left, {} failed", report.rate, report.eta_seconds, report.failed));
        tokio::time::sleep(REDRAW_EVERY).await;
    }
}

/// Tells how a run ended.
pub(super) fn summary(run: &Run, end: &RunEnd, as_json: bool) {
    let report = &end.report;
    let probe = match &end.finding {
        Finding::Probe(probe) => Some(probe),
        Finding::None | Finding::Comparison(_) | Finding::Counted(_) => None,
    };
    let stages = run.progress.done_by_stage();
    let done = |stage: &str| stages.get(stage).copied().unwrap_or_default();
    if as_json {
        let line = json!({
            "run": run.order.id, "kind": run.order.kind, "state": end.state,
            "types": done("types"), "permits": done("permits"), "details": done("expiry"),
            "with_expiry": run.progress.with_expiry(),
            "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
            "flagged": report.flagged, "failed": report.failed, "api_calls": report.api_calls,
            "error_code": end.error.as_ref().map(SyncError::code), "probe": probe,
        });
        println!("{line}");
        return;
    }
    println!(
        "{}: {} types, {} permits, {} details ({} with expiry date); {} new, {} changed, {} unchanged, {} flagged, {} failed; {} calls",
        word(end.state),
        done("types"),
        done("permits"),
        done("expiry"),
        run.progress.with_expiry(),
        report.created,
        report.updated,
        report.unchanged,
        report.flagged,
        report.failed,
        report.api_calls,
    );
    if let Some(error) = &end.error {
        eprintln!("sicantik: {error}");
    }
    if let Some(probe) = probe {
        probe.findings.iter().for_each(|finding| println!("{finding}"));
        probe.error_message.iter().for_each(|message| eprintln!("sicantik: {message}"));
    }
}

fn word(state: RunState) -> &'static str {
    match state {
        RunState::Done => "done",
        RunState::Partial => "partly done",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
        RunState::Queued => "handed back",
        RunState::LeaseLost => "given up; it is taken up again when its lease ends",
    }
}

/// Tells every difference between SICANTIK and Odoo, a line each.
pub(super) fn differences(run: &Run, end: &RunEnd, as_json: bool) {
    let Some(comparison) = comparison(run, end, as_json) else { return };
    comparison.differences.iter().for_each(|difference| println!("{difference}"));
    comparison.refused.iter().for_each(|issue| println!("{}: {}", issue.key, issue.message));
    println!("{}", comparison.remark());
}

/// Tells what a run would change in Odoo, and the first differences.
pub(super) fn preview(run: &Run, end: &RunEnd, as_json: bool) {
    let Some(comparison) = comparison(run, end, as_json) else { return };
    println!(
        "a run would create {}, change {}, mark {} as missing and {} as there again; {} rows are unreadable",
        comparison.only_in_sicantik,
        comparison.differing,
        comparison.only_in_odoo,
        comparison.seen_again,
        comparison.refused.len(),
    );
    comparison.differences.iter().take(FIRST_DIFFERENCES).for_each(|difference| println!("{difference}"));
    let more = comparison.differences.len().saturating_sub(FIRST_DIFFERENCES);
    if more > 0 {
        println!("and {more} more; --json tells them all");
    }
}

/// The comparison, if it came to its end and is to be told in words.
fn comparison<'a>(run: &Run, end: &'a RunEnd, as_json: bool) -> Option<&'a Comparison> {
    let comparison = match &end.finding {
        Finding::Comparison(comparison) => Some(comparison),
        Finding::None | Finding::Probe(_) | Finding::Counted(_) => None,
    };
    if as_json {
        let error = end.error.as_ref();
        let line = json!({
            "run": run.order.id, "state": end.state, "api_calls": end.report.api_calls, "comparison": comparison,
            "error_code": error.map(SyncError::code), "error_message": error.map(ToString::to_string),
        });
        println!("{line}");
        return None;
    }
    if comparison.is_none() {
        eprintln!("sicantik: {}", end.error.as_ref().map_or(word(end.state).to_owned(), ToString::to_string));
    }
    comparison
}

/// Tells what a dry run found.
pub(super) fn found(figures: &Map<String, Value>, as_json: bool) {
    if as_json {
        println!("{}", Value::Object(figures.clone()));
        return;
    }
    for (name, figure) in figures {
        println!("{name}: {figure}");
    }
}

/// Another worker has the run, or its SICANTIK.
pub(super) fn waiting(id: i64, kind: RunKind) {
    if kind == RunKind::Preview {
        eprintln!("another worker speaks to this SICANTIK now; the dry run begins when it is done");
    } else {
        eprintln!("run {id} is another worker's, or waits for one; it is followed until its end");
    }
}

/// Shows another worker's run on a terminal.
pub(super) struct Following {
    bar: Option<ProgressBar>,
}

impl Following {
    pub(super) fn new(as_json: bool) -> Self {
        let is_shown = !as_json && std::io::stderr().is_terminal();
        Self { bar: is_shown.then(|| ProgressBar::new(0)) }
    }

    pub(super) fn show(&mut self, status: &RunStatus) {
        if let Some(bar) = &self.bar {
            bar.set_length(status.total);
            bar.set_position(status.done);
        }
    }
}

/// Tells how another worker's run ended.
pub(super) fn followed(status: &RunStatus, kind: RunKind, as_json: bool) {
    if as_json {
        let line = json!({
            "run": status.id, "kind": kind, "state": status.state, "followed": true, "done": status.done,
            "created": status.created, "updated": status.updated, "unchanged": status.unchanged, "failed": status.failed,
        });
        println!("{line}");
        return;
    }
    let RunStatus { id, state, done, created, updated, unchanged, failed, .. } = status;
    println!(
        "run {id} of another worker: {state}; {done} done, {created} new, {updated} changed, {unchanged} unchanged, \
         {failed} failed; see SICANTIK › Sync Runs in Odoo"
    );
    if let Some(error) = &status.error {
        eprintln!("sicantik: {error}");
    }
}
