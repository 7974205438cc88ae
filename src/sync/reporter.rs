//! Tells Odoo where a run stands, and hears from it when to stop.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::odoo::OdooError;

use super::{Run, StopReason};

/// Progress is told at most so often.
const REPORT_EVERY: Duration = Duration::from_secs(1);

/// Reports until `ended`; a report under way is finished first, so that none crosses the end of the run.
/// The lease is renewed in time even when nothing moves.
pub(super) async fn report_until(ended: &CancellationToken, run: &Run) {
    let Run { sink, order, progress, stop, lease, .. } = run;
    let mut ticks = interval(REPORT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_report = Instant::now();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = ended.cancelled() => return,
        }
        let renew = last_report.elapsed() >= *lease / 3;
        let report = if renew { Some(progress.take()) } else { progress.take_changed() };
        let Some(report) = report else { continue };
        match sink.report(order, &report).await {
            Ok(cancel) => {
                last_report = Instant::now();
                if cancel {
                    stop.now(StopReason::Person);
                }
            }
            Err(OdooError::LeaseLost) => stop.now(StopReason::LeaseLost),
            // The work will hear it, too. Knocking each second would make Odoo close the login.
            Err(error @ OdooError::Denied { .. }) => {
                tracing::warn!(run.id = order.id, %error, "the progress of a run is not reported any more");
                progress.give_back(report);
                return ended.cancelled().await;
            }
            Err(error) => {
                tracing::warn!(run.id = order.id, %error, "the progress of a run could not be reported");
                progress.give_back(report);
            }
        }
    }
}
