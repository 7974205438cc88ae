//! Sends the messages that are kept, some at once by each account, until the stop; what is on its way then gets its
//! answer.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::outbox::{Next, Outbox};

use super::Context;

/// How readiness calls this job.
pub(super) const NAME: &str = "send_messages";

/// Accounts are looked for as often.
pub(super) const EVERY: Duration = Duration::from_secs(30);

/// So many messages are on their way by one account at once.
const AT_ONCE: usize = 4;

/// After a fault of the store or the journal.
const AFTER_FAULT: Duration = Duration::from_secs(5);

pub(super) async fn send_messages(context: Context) {
    let app = &context.app;
    let Some(outbox) = app.outbox.clone() else {
        return super::periodically(context, NAME, EVERY, |_| async {}).await;
    };
    let mut tasks = JoinSet::new();
    let mut lanes: HashMap<String, Arc<()>> = HashMap::new();
    while !context.stop.is_cancelled() {
        // Registered before the look, so that what is kept meanwhile is not missed.
        let mut kept = pin!(outbox.kept.notified());
        kept.as_mut().enable();
        // A store that fails says so itself.
        for account in outbox.accounts().await.unwrap_or_default() {
            let lane = lanes.entry(account.settings.uuid.clone()).or_default();
            while Arc::strong_count(lane) <= AT_ONCE {
                let (uuid, alive) = (account.settings.uuid.clone(), Arc::clone(lane));
                let (outbox, stop) = (Arc::clone(&outbox), context.stop.clone());
                tasks.spawn(async move {
                    send_by(&outbox, &uuid, &stop).await;
                    drop(alive);
                });
            }
        }
        app.health.job_ticked(NAME, app.clock.now());
        tokio::select! {
            () = context.stop.cancelled() => {}
            () = kept => {}
            () = tokio::time::sleep(EVERY) => {}
            Some(_) = tasks.join_next() => {}
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Until the stop, or until the account is there no longer.
async fn send_by(outbox: &Outbox, uuid: &str, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let mut kept = pin!(outbox.kept.notified());
        kept.as_mut().enable();
        let Ok(Some(account)) = outbox.account(uuid).await else { return };
        let pause = match outbox.send_some(account, || !stop.is_cancelled()).await {
            Ok(Next::Again) => continue,
            Ok(Next::Wait(wait)) => wait.unwrap_or(EVERY).min(EVERY),
            Err(error) => {
                tracing::error!(%error, "a message could not be sent");
                AFTER_FAULT
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = kept => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
