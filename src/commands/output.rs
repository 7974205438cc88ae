//! What a person sees at the terminal: a bar while it runs, plain lines where there is no terminal, and one
//! line of JSON for scripts.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the answer to a command")]

use std::convert::Infallible;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use crate::domain::RunState;
use crate::sync::{Progress, Run, RunEnd};

const REDRAW_EVERY: Duration = Duration::from_millis(200);

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
    let stages = run.progress.done_by_stage();
    let done = |stage: &str| stages.get(stage).copied().unwrap_or_default();
    if as_json {
        let line = json!({
            "run": run.order.id, "kind": run.order.kind, "state": end.state,
            "types": done("types"), "permits": done("permits"), "details": done("expiry"),
            "with_expiry": run.progress.with_expiry(),
            "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
            "flagged": report.flagged, "failed": report.failed, "api_calls": report.api_calls,
            "error_code": end.error.as_ref().map(crate::sync::SyncError::code), "probe": end.probe,
        });
        println!("{line}");
        return;
    }
    let word = match end.state {
        RunState::Done => "done",
        RunState::Partial => "partly done",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
        RunState::Queued => "handed back",
    };
    println!(
        "{word}: {} types, {} permits, {} details ({} with expiry date); {} new, {} changed, {} unchanged, {} flagged, {} failed; {} calls",
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
    if let Some(probe) = &end.probe {
        probe.findings.iter().for_each(|finding| println!("{finding}"));
        probe.error_message.iter().for_each(|message| eprintln!("sicantik: {message}"));
    }
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
