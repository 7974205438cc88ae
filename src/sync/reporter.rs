//! Tells Odoo where a run stands, renews its lease with it, and hears from it when to stop.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::net::{Retry, Retryable};
use crate::odoo::{OdooError, Report};

use super::{Run, StopReason};

/// Progress is told at most so often.
const REPORT_EVERY: Duration = Duration::from_secs(1);

/// A report that is under way when the work ends has so long to be answered. Then the end is told without it, and
/// says the same: a run that is handed back must not wait for an Odoo that hangs.
const LAST_REPORT: Duration = Duration::from_secs(3);

/// Reports until `ended`; a report under way is finished first, so that none crosses the end of the run.
/// The lease is renewed in time even when nothing moves.
pub(super) async fn report_until(ended: &CancellationToken, run: &Run) {
    let mut reporter = Reporter::new(run);
    let mut ticks = interval(REPORT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !reporter.is_shut_out {
        tokio::select! {
            _ = ticks.tick() => {}
            () = ended.cancelled() => return,
        }
        // Failed calls count as they happen, not when the page behind them has come at last.
        run.count_calls();
        if let Some(report) = reporter.due() {
            tokio::select! {
                () = reporter.send(report.clone()) => {}
                () = too_long_after(ended) => return run.progress.give_back(report),
            }
        }
    }
    ended.cancelled().await;
}

struct Reporter<'a> {
    run: &'a Run,
    last_report: Instant,
    /// A server asked for a pause; only what renews the lease comes before.
    not_before: Instant,
    /// The last report failed, and the log says so.
    fails: bool,
    /// Odoo refuses what is told: the figures alone renew the lease.
    is_refused: bool,
    /// Odoo refuses the worker: knocking each second would make it close the login. The work will hear it, too.
    is_shut_out: bool,
}

impl<'a> Reporter<'a> {
    fn new(run: &'a Run) -> Self {
        let now = Instant::now();
        Self { run, last_report: now, not_before: now, fails: false, is_refused: false, is_shut_out: false }
    }

    /// What is to be told now, if anything.
    fn due(&self) -> Option<Report> {
        let progress = &self.run.progress;
        let (age, renew_after) = (self.last_report.elapsed(), self.run.order.lease.renew_after());
        let may = self.not_before <= Instant::now() || age >= 2 * renew_after;
        let renew = age >= renew_after && may;
        if self.is_refused {
            return renew.then(|| progress.bare());
        }
        if renew {
            return Some(progress.take());
        }
        (self.not_before <= Instant::now()).then(|| progress.take_changed()).flatten()
    }

    async fn send(&mut self, report: Report) {
        match self.run.sink.report(&self.run.order.lease, &report).await {
            Ok(cancel) => {
                self.last_report = Instant::now();
                self.fails = false;
                if cancel {
                    self.run.stop.now(StopReason::Person);
                }
            }
            Err(OdooError::LeaseLost) => self.run.stop.now(StopReason::LeaseLost),
            Err(error) => self.failed(&error, report),
        }
    }

    /// What may pass is told again, the refused never: it would only be refused each second, and at the end again.
    fn failed(&mut self, error: &OdooError, report: Report) {
        let (id, first) = (self.run.order.id, !std::mem::replace(&mut self.fails, true));
        match error.retry() {
            Retry::No if matches!(error, OdooError::Denied(_)) => {
                self.is_shut_out = true;
                tracing::warn!(run.id = id, %error, "the progress of a run is not reported any more");
                self.run.progress.give_back(report);
            }
            Retry::No => {
                let lost = report.issues.len();
                if !std::mem::replace(&mut self.is_refused, true) {
                    tracing::warn!(run.id = id, %error, run.issues = lost, "a report of a run is refused; its issues are lost");
                }
                self.last_report = Instant::now();
            }
            again => {
                if let Retry::After(pause) = again {
                    self.not_before = Instant::now() + pause;
                }
                if first {
                    tracing::warn!(run.id = id, %error, "the progress of a run cannot be reported; it is tried again");
                }
                self.run.progress.give_back(report);
            }
        }
    }
}

async fn too_long_after(ended: &CancellationToken) {
    ended.cancelled().await;
    tokio::time::sleep(LAST_REPORT).await;
}
