//! Keeps the memory of the figures flat where nobody asks for them: every measured time is kept until then.

use std::time::Duration;

use super::{Context, periodically};

pub(super) const NAME: &str = "tidy_metrics";

pub(super) const EVERY: Duration = Duration::from_secs(10);

pub(super) async fn tidy_metrics(context: Context) {
    periodically(context, NAME, EVERY, |context| async move { context.exporter.tidy() }).await;
}
