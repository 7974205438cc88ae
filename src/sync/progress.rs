//! Where a run stands. Written by the work, read by the reporter and the terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{EndpointCalls, Issue, Message, RunKind, Unlisted};
use crate::odoo::{Report, Waiting};
use crate::sicantik::Wait;

/// A log line is written each time that so many more are done.
const LOG_EVERY: u64 = 50;

/// More issues than this say nothing more; the count goes on.
const MAX_ISSUES: u64 = 1000;

/// Figures of one run.
#[derive(Debug)]
pub struct Progress {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    report: Report,
    stage_start: Instant,
    done_by_stage: BTreeMap<&'static str, u64>,
    issues_kept: u64,
    /// The calls by endpoint as Odoo was told last.
    api_told: Vec<EndpointCalls>,
    wait: Option<Wait>,
    with_expiry: u64,
    changed: bool,
    read: BTreeSet<&'static str>,
    unlisted: Option<Unlisted>,
    holds_back: bool,
    remarks: Vec<Message>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            inner: Mutex::new(Inner {
                report: Report::default(),
                stage_start: Instant::now(),
                done_by_stage: BTreeMap::new(),
                issues_kept: 0,
                api_told: Vec::new(),
                wait: None,
                with_expiry: 0,
                changed: false,
                read: BTreeSet::new(),
                unlisted: None,
                holds_back: false,
                remarks: Vec::new(),
            }),
        }
    }
}

impl Progress {
    /// Begins a stage; done and total start anew, the other figures go on.
    pub fn stage(&self, kind: RunKind) {
        let mut inner = self.lock();
        inner.report.stage = kind.as_str();
        inner.report.done = 0;
        inner.report.total = 0;
        inner.stage_start = Instant::now();
        inner.changed = true;
    }

    /// Changes the figures.
    pub fn update(&self, change: impl FnOnce(&mut Report)) {
        let mut inner = self.lock();
        let before = inner.report.done;
        change(&mut inner.report);
        inner.report.total = inner.report.total.max(inner.report.done);
        inner.changed = true;
        let Report { stage, done, total, failed, api_calls, .. } = inner.report;
        inner.done_by_stage.insert(stage, done);
        if done / LOG_EVERY > before / LOG_EVERY {
            tracing::info!(
                run.stage = stage,
                run.done = done,
                run.total = total,
                run.failed = failed,
                sicantik.calls = api_calls,
                "progress"
            );
        }
    }

    /// Takes over how SICANTIK answers: its calls so far, and what is waited for. Nothing has changed where they are
    /// the same.
    pub fn source(&self, calls: Vec<EndpointCalls>, wait: Option<Wait>) {
        let mut inner = self.lock();
        if inner.report.api != calls || inner.wait != wait {
            inner.report.set_calls(calls);
            inner.wait = wait;
            inner.changed = true;
        }
    }

    /// Adds an issue for people to read, and counts it as failed.
    pub fn issue(&self, issue: Issue) {
        self.lock().report.failed += 1;
        self.note(issue);
    }

    /// Adds an issue for people to read; nothing has failed.
    pub fn note(&self, issue: Issue) {
        let mut inner = self.lock();
        inner.changed = true;
        inner.issues_kept += 1;
        if inner.issues_kept <= MAX_ISSUES {
            inner.report.issues.push(issue);
        }
    }

    /// Adds an issue about what was not done although nothing has failed: a person should look before the run
    /// counts as done. It is told however many issues came before.
    pub fn hold_back(&self, issue: Issue) {
        let mut inner = self.lock();
        inner.changed = true;
        inner.holds_back = true;
        inner.report.issues.push(issue);
    }

    /// Whether something was left undone for a person to decide.
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.lock().holds_back
    }

    /// Keeps the permits whose marking waits, for the end of the run.
    pub fn keep_unlisted(&self, unlisted: Unlisted) {
        self.lock().unlisted = Some(unlisted);
    }

    /// The permits whose marking waits; `None` when no complete pass has said anything about them.
    #[must_use]
    pub fn unlisted(&self) -> Option<Unlisted> {
        self.lock().unlisted.clone()
    }

    /// Something of this kind was read, or there was nothing to read: it counts as synchronised.
    pub fn has_read(&self, kind: RunKind) {
        self.lock().read.insert(kind.as_str());
    }

    /// What was read, by kind.
    #[must_use]
    pub fn read(&self) -> Vec<&'static str> {
        self.lock().read.iter().copied().collect()
    }

    /// Keeps a sentence about the result, for the end of the run.
    pub fn say(&self, remark: Message) {
        self.lock().remarks.push(remark);
    }

    /// Sentences about the result.
    #[must_use]
    pub fn remarks(&self) -> Vec<Message> {
        self.lock().remarks.clone()
    }

    /// Counts details that brought an expiry date.
    pub fn add_with_expiry(&self, count: u64) {
        self.lock().with_expiry += count;
    }

    /// Details of this run that brought an expiry date.
    #[must_use]
    pub fn with_expiry(&self) -> u64 {
        self.lock().with_expiry
    }

    /// How much each stage has done.
    #[must_use]
    pub fn done_by_stage(&self) -> BTreeMap<&'static str, u64> {
        self.lock().done_by_stage.clone()
    }

    /// The figures, without taking the issues.
    #[must_use]
    pub fn peek(&self) -> Report {
        self.lock().report_now()
    }

    /// The figures with the issues that were not reported yet; `None` when nothing changed since.
    pub(super) fn take_changed(&self) -> Option<Report> {
        let mut inner = self.lock();
        inner.changed.then(|| inner.take())
    }

    /// The figures with the issues that were not reported yet.
    pub(super) fn take(&self) -> Report {
        self.lock().take()
    }

    /// The same for the end of the run, with the calls whether they changed or not.
    pub(super) fn take_last(&self) -> Report {
        let mut inner = self.lock();
        inner.api_told.clear();
        inner.take()
    }

    /// The figures alone, which renew the lease where the rest is refused.
    pub(super) fn bare(&self) -> Report {
        self.lock().report_now().bare()
    }

    /// Puts back what is told once, of a report that did not arrive.
    pub(super) fn give_back(&self, report: Report) {
        let mut inner = self.lock();
        inner.report.issues.extend(report.issues);
        inner.api_told.clear();
        inner.changed = true;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn take(&mut self) -> Report {
        let mut report = self.report_now();
        self.report.issues.clear();
        if report.api == self.api_told {
            report.api.clear();
        } else {
            self.api_told.clone_from(&report.api);
        }
        self.changed = false;
        report
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn report_now(&self) -> Report {
        let mut report = self.report.clone();
        let seconds = self.stage_start.elapsed().max(Duration::from_millis(1)).as_secs_f64();
        report.rate = (report.done as f64 / seconds * 10.0).round() / 10.0;
        report.eta_seconds = eta_seconds(report.total.saturating_sub(report.done), report.rate);
        report.retry = self.wait.as_ref().map(waiting_now);
        report
    }
}

fn waiting_now(wait: &Wait) -> Waiting {
    let left = wait.until.saturating_duration_since(Instant::now());
    let (attempt, code, message) = (wait.attempt, wait.code, wait.message.clone());
    Waiting { attempt, code, message, seconds: left.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX) }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]
fn eta_seconds(left: u64, rate: f64) -> u64 {
    if rate > 0.0 { (left as f64 / rate).ceil() as u64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_when_they_changed_and_again_at_the_end() {
        let progress = Progress::default();
        let mut calls = EndpointCalls::none("jenisPerizinanList");
        calls.note(None, Duration::from_millis(40));
        progress.update(|report| report.api = vec![calls.clone()]);
        assert_eq!(progress.take().api, [calls.clone()]);
        assert!(progress.take().api.is_empty(), "Odoo knows them");

        calls.note(Some("sicantik_unavailable"), Duration::from_millis(90));
        progress.update(|report| report.api = vec![calls.clone()]);
        let lost = progress.take();
        assert_eq!(lost.api, [calls.clone()]);
        progress.give_back(lost);
        assert_eq!(progress.take().api, [calls.clone()], "the report did not arrive");
        assert_eq!(progress.take_last().api, [calls]);
    }
}
