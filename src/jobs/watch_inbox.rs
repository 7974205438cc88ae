//! Takes in the PDFs that the office puts into the inbox, and forgets what was taken long ago.

use std::time::Duration;

use crate::inbox::Inbox;
use crate::metrics;

use super::Context;

/// How readiness calls this job.
pub(super) const NAME: &str = "watch_inbox";

/// Between two looks.
pub(super) const EVERY: Duration = Duration::from_secs(5);

/// After a failure: Odoo, the disk or the bucket is away.
const PAUSE: Duration = Duration::from_secs(10);

/// Between two looks for what was taken long ago.
const TIDY: Duration = Duration::from_hours(1);

/// What the log was told last, so that it is told of changes.
#[derive(PartialEq, Eq)]
enum Told {
    Well,
    Unwanted,
    Failed(String),
}

pub(super) async fn watch_inbox(context: Context) {
    let app = &context.app;
    let Some(inbox) = app.inbox.as_deref() else {
        return super::periodically(context, NAME, EVERY, |_| async {}).await;
    };
    let watching = async {
        let (mut told, mut tidied) = (Told::Well, None::<tokio::time::Instant>);
        loop {
            if tidied.is_none_or(|at| at.elapsed() >= TIDY) {
                tidied = Some(tokio::time::Instant::now());
                if let Err(error) = inbox.tidy().await {
                    tracing::warn!(%error, "what was taken from the inbox long ago stays");
                }
            }
            let pause = look(inbox, &mut told).await;
            app.health.job_ticked(NAME, app.clock.now());
            tokio::time::sleep(pause).await;
        }
    };
    // A file that is given up midway begins anew under the same key.
    tokio::select! {
        () = watching => {}
        () = context.stop.cancelled() => {}
    }
}

/// One look; how long to wait for the next.
async fn look(inbox: &Inbox, told: &mut Told) -> Duration {
    let (now, pause) = match inbox.look().await {
        Ok(looked) => {
            metrics::inbox_waiting(looked.waiting);
            match (looked.is_unwanted, looked.has_more) {
                (true, _) => (Told::Unwanted, PAUSE),
                (false, true) => (Told::Well, Duration::ZERO),
                (false, false) => (Told::Well, EVERY),
            }
        }
        Err(error) => (Told::Failed(error.to_string()), PAUSE),
    };
    if now != *told {
        match &now {
            Told::Well => tracing::info!("files of the inbox are taken in again"),
            Told::Unwanted => tracing::warn!(
                "files lie in the inbox, and no configuration of Odoo takes them: tick Inbox in SICANTIK › Configuration"
            ),
            Told::Failed(error) => tracing::warn!(error, "files of the inbox cannot be taken in; it is tried again"),
        }
        *told = now;
    }
    pause
}
