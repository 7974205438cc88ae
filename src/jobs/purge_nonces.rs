//! Forgets the nonces of hooks that are too old to be accepted anyway.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::Store;

use super::{Context, periodically};

pub(super) const NAME: &str = "purge_nonces";

/// Often enough for a table of a few hundred rows.
pub(super) const EVERY: Duration = Duration::from_hours(1);

/// A hook is accepted until 300 seconds after its time stamp; the rest is for workers whose clocks differ.
const KEEP: TimeDelta = TimeDelta::minutes(10);

pub(super) async fn purge_nonces(context: Context) {
    periodically(context, NAME, EVERY, |context| async move { purge(&context.store, context.app.clock.now()).await })
        .await;
}

/// Forgets what is too old now.
pub async fn purge(store: &Store, now: DateTime<Utc>) {
    // A store that fails says so itself, and the next purge finds what this one left.
    if let Ok(forgotten) = store.forget_nonces(now - KEEP).await {
        tracing::debug!(forgotten, "old nonces are forgotten");
    }
}
