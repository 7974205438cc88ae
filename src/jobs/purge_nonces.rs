//! Forgets the nonces of hooks that are too old to be accepted anyway.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::store::Store;

/// Often enough for a table of a few hundred rows.
const EVERY: Duration = Duration::from_hours(1);

/// A hook is accepted until 300 seconds after its time stamp; the rest is for workers whose clocks differ.
const KEEP: TimeDelta = TimeDelta::minutes(10);

/// Purges at once and then every hour, until `shutdown`.
pub async fn purge_nonces(store: Store, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    loop {
        // A store that fails says so itself, and the next purge finds what this one left.
        if let Ok(forgotten) = store.forget_nonces(clock.now() - KEEP).await {
            tracing::debug!(forgotten, "old nonces are forgotten");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
