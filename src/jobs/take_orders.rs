//! Takes up the runs that wait in Odoo: at a hook, and every poll interval. Odoo's records are the truth;
//! a hook that is lost only costs time.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, VERSION};
use crate::domain::{Order, RunState};
use crate::odoo::{Finish, OdooError, Report};
use crate::sicantik::SicantikError;
use crate::sync::{self, Run, Stop, StopReason};

use super::odoo_heard;

/// After this time at shutdown a run is left to its lease.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(8);

/// Runs until `shutdown`; then hands the runs back and returns.
pub async fn take_orders(app: Arc<App>, shutdown: CancellationToken) {
    let mut under_way = UnderWay::default();
    loop {
        under_way.take_waiting(&app, &shutdown).await;
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = app.wake.notified() => {}
            () = tokio::time::sleep(app.config.worker.poll()) => {}
            // A run that ended may have freed the lease that another one waits for.
            () = under_way.one_ended() => {}
        }
    }
    under_way.hand_back().await;
}

/// The runs of this worker.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<()>,
    /// How to stop them, by uuid; dead ones have ended.
    stops: HashMap<String, Weak<Stop>>,
}

impl UnderWay {
    /// Stops what people asked to stop, and takes up what waits.
    async fn take_waiting(&mut self, app: &App, shutdown: &CancellationToken) {
        let orders = match self.ask(app).await {
            Ok(orders) => orders,
            Err(error) => {
                odoo_heard::failed(app, &error);
                return;
            }
        };
        for order in orders {
            match app.run(order.clone()) {
                Ok(run) => {
                    let own_old_one = self.stops.insert(order.uuid, Arc::downgrade(&run.stop));
                    if let Some(stop) = own_old_one.and_then(|stop| stop.upgrade()) {
                        stop.now(StopReason::LeaseLost);
                    }
                    self.tasks.spawn(execute(run, shutdown.clone()));
                }
                Err(error) => refuse(app, &order, &error).await,
            }
        }
    }

    async fn ask(&self, app: &App) -> Result<Vec<Order>, OdooError> {
        let queue = app.odoo.queued(&app.instance, VERSION).await?;
        odoo_heard::answered(app, &queue.server);
        for stop in queue.cancel.iter().filter_map(|uuid| self.stops.get(uuid)?.upgrade()) {
            stop.now(StopReason::Person);
        }
        if queue.runs.is_empty() {
            return Ok(Vec::new());
        }
        let uuids: Vec<String> = queue.runs.into_iter().map(|run| run.uuid).collect();
        let claim = app.odoo.claim(&uuids, &app.instance, app.config.worker.lease()).await?;
        for refusal in claim.refused {
            tracing::debug!(run.uuid = refusal.key, code = refusal.code, "a run is not to be had");
        }
        Ok(claim.orders)
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

    async fn hand_back(mut self) {
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(SHUTDOWN_GRACE, all_ended).await.is_err() {
            tracing::warn!("some runs could not be handed back; they are taken up again when their lease ends");
        }
    }
}

async fn execute(run: Run, shutdown: CancellationToken) {
    tokio::select! {
        _ = sync::execute(&run) => {}
        never = run.stop.follow(&shutdown) => match never {},
    }
}

/// An order that cannot even begin, for its address.
async fn refuse(app: &App, order: &Order, error: &SicantikError) {
    let finish = Finish {
        report: Report::default(),
        state: RunState::Failed,
        remarks: Vec::new(),
        error_code: Some(error.code()),
        error_message: Some(error.to_string()),
        probe: None,
        learnt: None,
        unlisted: None,
    };
    if let Err(error) = app.odoo.finish(order, &finish).await {
        tracing::warn!(run.id = order.id, %error, "a run that cannot begin could not be ended");
    }
}
