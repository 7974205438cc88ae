//! Looks now and then at where documents are kept, so that metrics and the log tell when it is away or nearly full.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Context, periodically};
use crate::metrics;

pub(super) const NAME: &str = "look_at_storage";

/// A bucket is asked three things.
pub(super) const EVERY: Duration = Duration::from_mins(2);

pub(super) async fn look_at_storage(context: Context) {
    let was_away = Arc::new(AtomicBool::new(false));
    periodically(context, NAME, EVERY, move |context| look(context, Arc::clone(&was_away))).await;
}

async fn look(context: Context, was_away: Arc<AtomicBool>) {
    let Some(files) = &context.app.files else { return };
    // A store that fails says so itself.
    let Ok(storage) = files.storage().await else { return };
    metrics::documents_kept(storage.kept.documents, storage.kept.versions, storage.kept.bytes);
    metrics::storage(storage.away.is_none(), storage.room.map(|room| (room.free, room.total)));
    let is_news = was_away.swap(storage.away.is_some(), Ordering::Relaxed) != storage.away.is_some();
    let place = storage.address;
    match storage.away {
        Some(reason) if is_news => tracing::warn!(reason, place, "documents cannot be kept or given now"),
        None if is_news => tracing::info!(place, "documents can be kept and given again"),
        _ => {}
    }
}
