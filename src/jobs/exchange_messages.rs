//! Takes in the messages that Odoo orders, and tells it where each stands: when orders are looked for, and soon after
//! something changed.

use std::time::Duration;

use crate::outbox::{Outbox, OutboxError};

use super::Context;

/// How readiness calls this job.
pub(super) const NAME: &str = "exchange_messages";

/// What changes at once is told together.
const TOGETHER: Duration = Duration::from_millis(500);

pub(super) async fn exchange_messages(context: Context) {
    let app = &context.app;
    let every = app.config.worker.poll();
    let Some(outbox) = app.outbox.as_deref() else {
        return super::periodically(context, NAME, every, |_| async {}).await;
    };
    let mut are_ordered = true;
    loop {
        tokio::select! {
            done = exchange(outbox, are_ordered) => {
                if let Err(error) = done {
                    // What is told of the store and of Odoo is told where they are asked for other things, too.
                    tracing::warn!(%error, "messages could not be exchanged with Odoo; it is tried again");
                }
            }
            () = context.stop.cancelled() => return,
        }
        app.health.job_ticked(NAME, app.clock.now());
        are_ordered = tokio::select! {
            () = context.stop.cancelled() => return,
            () = outbox.ordered.notified() => true,
            () = tokio::time::sleep(every) => true,
            () = outbox.changed.notified() => {
                tokio::time::sleep(TOGETHER).await;
                false
            }
        };
    }
}

/// `are_ordered`: further messages may wait in Odoo.
async fn exchange(outbox: &Outbox, are_ordered: bool) -> Result<(), OutboxError> {
    outbox.hear().await?;
    outbox.settle().await?;
    if !outbox.is_wanted() {
        return Ok(());
    }
    let taken_in = if are_ordered { outbox.take_in().await } else { Ok(()) };
    // An Odoo that does not give orders may still listen.
    if !taken_in.as_ref().is_err_and(|error| !error.is_refusal()) {
        outbox.tell().await?;
        outbox.pass_on().await?;
    }
    taken_in
}
