//! Forgets the nonces of hooks that are too old to be accepted anyway.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Context, periodically};

pub(super) const NAME: &str = "purge_nonces";

/// Often enough for a table of a few hundred rows.
pub(super) const EVERY: Duration = Duration::from_hours(1);

/// A hook is accepted until 300 seconds after its time stamp; the rest is for workers whose clocks differ.
const KEEP: TimeDelta = TimeDelta::minutes(10);

pub(super) async fn purge_nonces(context: Context) {
    periodically(context, NAME, EVERY, |context| async move {
        // A store that fails says so itself, and the next purge finds what this one left.
        if let Ok(forgotten) = context.store.forget_nonces(context.app.clock.now() - KEEP).await {
            tracing::debug!(forgotten, "old nonces are forgotten");
        }
    })
    .await;
}
