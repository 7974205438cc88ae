//! Takes up the runs that wait in Odoo: at a hook, and every poll interval. Odoo's records are the truth;
//! a hook that is lost only costs time.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::{App, VERSION};
use crate::odoo::OdooError;
use crate::orders::ClaimedRun;
use crate::sync::{self, Run, Stop, StopReason};

/// How readiness calls this job.
pub(super) const NAME: &str = "take_orders";

/// So long a claim that is under way may still be answered at shutdown: what it gives is handed back at once, and a
/// run that nobody knows of would wait for its lease. Then it makes room for the ends of other runs.
const CLAIM_GRACE: Duration = Duration::from_secs(4);

/// So long after the shutdown, the grace of a claim included, a run is left to its lease; shorter than the deadline of
/// the process.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(12);

/// Runs until `shutdown`; then hands the runs back and returns.
pub async fn take_orders(app: Arc<App>, shutdown: CancellationToken) {
    let mut under_way = UnderWay::default();
    // By itself, so that it counts from the shutdown whatever is waited for here.
    let told = shutdown.clone();
    let grace = tokio::spawn(async move { later(&told, SHUTDOWN_GRACE).await });
    loop {
        tokio::select! {
            () = under_way.take_waiting(&app, &shutdown) => {}
            () = later(&shutdown, CLAIM_GRACE) => break,
        }
        app.health.job_ticked(NAME, app.clock.now());
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = app.wake.notified() => {}
            () = tokio::time::sleep(app.config.worker.poll()) => {}
            // A run that ended may have freed the lease that another one waits for.
            () = under_way.one_ended() => {}
        }
    }
    under_way.hand_back(grace).await;
}

/// Returns so long after the shutdown.
async fn later(shutdown: &CancellationToken, grace: Duration) {
    shutdown.cancelled().await;
    tokio::time::sleep(grace).await;
}

/// The runs of this worker.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<()>,
    /// How to stop them, by uuid; dead ones have ended.
    stops: HashMap<String, Weak<Stop>>,
    /// Kinds of runs that were told to be unknown.
    unknown_kinds: HashSet<String>,
}

impl UnderWay {
    /// Stops what people asked to stop, and takes up what waits.
    async fn take_waiting(&mut self, app: &App, shutdown: &CancellationToken) {
        let orders = match self.ask(app, shutdown).await {
            Ok(orders) => orders,
            Err(error) => {
                // A copy under the same name: nobody in it is written to.
                let is_another = matches!(error, OdooError::WrongDatabase { .. } | OdooError::Neutralized);
                if let Some(outbox) = app.outbox.as_ref().filter(|_| is_another) {
                    outbox.set_wanted(false);
                }
                app.health.odoo_failed(error.code(), &error);
                return;
            }
        };
        for order in orders {
            match app.run(order.clone()) {
                Ok(run) => {
                    self.stops.insert(order.lease.uuid, Arc::downgrade(&run.stop));
                    self.tasks.spawn(execute(run, shutdown.clone()));
                }
                // Others do not wait until Odoo knows.
                Err(error) => {
                    let sink = Arc::clone(&app.odoo);
                    self.tasks.spawn(async move { sync::refuse(&sink, &order, &error).await });
                }
            }
        }
    }

    async fn ask(&mut self, app: &App, shutdown: &CancellationToken) -> Result<Vec<ClaimedRun>, OdooError> {
        tell_public_key(app).await;
        let queue = tokio::select! {
            queue = app.odoo.queued(&app.instance, VERSION) => queue?,
            () = shutdown.cancelled() => return Ok(Vec::new()),
        };
        if let Some(outbox) = &app.outbox {
            outbox.set_wanted(queue.has_messages());
            outbox.ordered.notify_one();
        }
        let server = &queue.server;
        app.health.odoo_answered(&server.database_uuid, &server.odoo_version, server.api_key_expires, app.clock.now());
        for stop in queue.cancel.iter().filter_map(|uuid| self.stops.get(uuid)?.upgrade()) {
            stop.now(StopReason::Person);
        }
        self.tell_unknown(queue.unknown_kinds);
        // A run that is still at work here is not to be had, whatever Odoo says of its lease: it would begin anew.
        let is_alive = |uuid: &String| self.stops.get(uuid).is_some_and(|stop| stop.strong_count() > 0);
        let uuids: Vec<String> = queue.runs.into_iter().filter(|uuid| !is_alive(uuid)).collect();
        if uuids.is_empty() {
            return Ok(Vec::new());
        }
        let claim = app.odoo.claim(&uuids, &app.instance, app.config.worker.lease()).await?;
        for refusal in claim.refused {
            tracing::debug!(run.uuid = refusal.key, code = refusal.code, "a run is not to be had");
        }
        Ok(claim.runs)
    }

    /// A newer addon may order what this worker cannot do. It waits for one that can; the rest goes on.
    fn tell_unknown(&mut self, kinds: Vec<String>) {
        for kind in kinds {
            if !self.unknown_kinds.contains(&kind) {
                tracing::warn!(run.kind = kind, "runs of this kind are left alone; upgrade the worker");
                self.unknown_kinds.insert(kind);
            }
        }
    }

    /// Waits for the next end; for ever where there is no run.
    async fn one_ended(&mut self) {
        match self.tasks.join_next().await {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::error!(%error, "a run broke off; it is taken up again when its lease ends"),
            None => std::future::pending().await,
        }
        self.stops.retain(|_, stop| stop.strong_count() > 0);
    }

    /// Waits for the ends of the runs, until the grace is over.
    async fn hand_back(mut self, grace: JoinHandle<()>) {
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        tokio::select! {
            () = all_ended => {}
            _ = grace => {
                tracing::warn!("some runs could not be handed back; they are taken up again when their lease ends");
            }
        }
    }
}

async fn execute(run: Run, shutdown: CancellationToken) {
    tokio::select! {
        _ = sync::execute(&run) => {}
        never = run.stop.follow(&shutdown) => match never {},
    }
}

/// Odoo has secrets sealed to the key of now; without it nobody can type any.
async fn tell_public_key(app: &App) {
    let Some(vault) = &app.vault else { return };
    match vault.key().await {
        Ok(key) => _ = app.odoo.tell_public_key(Some(key.public_key())),
        Err(error) if error.is_passing() => {}
        Err(error) if app.odoo.tell_public_key(None) => tracing::error!(%error, "the worker's secrets cannot be used"),
        Err(_) => {}
    }
}
