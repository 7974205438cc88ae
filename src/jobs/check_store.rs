//! Writes to the store, so that `/readyz` knows of a full disk without a stranger causing a write.

use std::time::Duration;

use super::{Context, periodically};

pub(super) const NAME: &str = "check_store";

/// Hooks and jobs notice a fault by themselves; this one is for quiet times, and for the end of a fault.
pub(super) const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn check_store(context: Context) {
    periodically(context, NAME, EVERY, |context| async move {
        // A store that fails says so itself.
        let _ = context.store.check().await;
    })
    .await;
}
