//! The table of all background jobs, one file each. [`start`] runs them; each tells [`Health`](crate::health::Health)
//! when a tick of it has ended, so that one which hangs is seen from outside.

mod check_store; // whether the store can be written
mod exchange_messages; // messages that Odoo orders, and where they stand
mod look_at_storage; // whether documents can be kept, and how full it is
pub mod purge_nonces; // old hooks are forgotten
mod send_messages; // messages go out
pub mod take_orders; // the runs that wait in Odoo
mod tidy_metrics; // memory of the figures
mod watch_inbox; // PDFs come in by themselves

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::lifecycle::Lifecycle;
use crate::metrics::Exporter;
use crate::store::Store;

/// A job as it stands in the table.
#[derive(Debug)]
pub struct Job {
    /// How readiness, metrics and log call it.
    pub name: &'static str,
    /// Between two ticks; a hook may cause one earlier.
    pub every: Duration,
    run: fn(Context) -> Running,
}

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a job works with.
#[derive(Debug, Clone)]
pub struct Context {
    /// The parts of the worker.
    pub app: Arc<App>,
    /// Its own database.
    pub store: Store,
    /// Its figures.
    pub exporter: Exporter,
    /// The soft stop.
    pub stop: CancellationToken,
}

/// Every job there is. `poll` = how often Odoo is asked for orders.
#[must_use]
pub fn table(poll: Duration) -> [Job; 8] {
    [
        Job { name: take_orders::NAME, every: poll, run: |it| Box::pin(take_orders::take_orders(it.app, it.stop)) },
        Job {
            name: exchange_messages::NAME,
            every: poll,
            run: |it| Box::pin(exchange_messages::exchange_messages(it)),
        },
        Job {
            name: send_messages::NAME,
            every: send_messages::EVERY,
            run: |it| Box::pin(send_messages::send_messages(it)),
        },
        Job { name: check_store::NAME, every: check_store::EVERY, run: |it| Box::pin(check_store::check_store(it)) },
        Job {
            name: look_at_storage::NAME,
            every: look_at_storage::EVERY,
            run: |it| Box::pin(look_at_storage::look_at_storage(it)),
        },
        Job {
            name: purge_nonces::NAME,
            every: purge_nonces::EVERY,
            run: |it| Box::pin(purge_nonces::purge_nonces(it)),
        },
        Job {
            name: tidy_metrics::NAME,
            every: tidy_metrics::EVERY,
            run: |it| Box::pin(tidy_metrics::tidy_metrics(it)),
        },
        Job { name: watch_inbox::NAME, every: watch_inbox::EVERY, run: |it| Box::pin(watch_inbox::watch_inbox(it)) },
    ]
}

/// Starts every job; they end at the soft stop.
pub fn start(context: &Context, lifecycle: &Lifecycle) {
    let now = context.app.clock.now();
    for job in table(context.app.config.worker.poll()) {
        context.app.health.expect_job(job.name, job.every, now);
        lifecycle.spawn(job.name, (job.run)(context.clone()));
    }
}

/// Does one tick at once and then one each interval, until the stop; a tick under way is given up then.
async fn periodically<T>(context: Context, name: &'static str, every: Duration, tick: impl Fn(Context) -> T)
where
    T: Future<Output = ()>,
{
    let ticks = async {
        loop {
            tick(context.clone()).await;
            context.app.health.job_ticked(name, context.app.clock.now());
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        () = ticks => {}
        () = context.stop.cancelled() => {}
    }
}
