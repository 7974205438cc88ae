//! Takes up the runs that wait in Odoo: at a hook, and every poll interval. Odoo's records are the truth;
//! a hook that is lost only costs time.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, VERSION};
use crate::domain::{Order, RunState};
use crate::health::OdooHealth;
use crate::odoo::{Finish, OdooError, Report};
use crate::sicantik::SicantikError;
use crate::sync::{self, Run};

/// After this time at shutdown a run is left to its lease.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(8);

/// Runs until `shutdown`; then hands the runs back and returns.
pub async fn take_orders(app: Arc<App>, shutdown: CancellationToken) {
    let mut runs = JoinSet::new();
    loop {
        take_waiting(&app, &mut runs, &shutdown).await;
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = app.wake.notified() => {}
            () = tokio::time::sleep(app.config.worker.poll()) => {}
            // A run that ended may have freed the lease that another one waits for.
            Some(_) = runs.join_next() => {}
        }
    }
    hand_back(&mut runs).await;
}

async fn hand_back(runs: &mut JoinSet<()>) {
    let all_ended = async { while runs.join_next().await.is_some() {} };
    if tokio::time::timeout(SHUTDOWN_GRACE, all_ended).await.is_err() {
        tracing::warn!("some runs could not be handed back; they are taken up again when their lease ends");
    }
}

async fn take_waiting(app: &App, runs: &mut JoinSet<()>, shutdown: &CancellationToken) {
    let orders = match claim_waiting(app).await {
        Ok(orders) => orders,
        Err(error) => {
            app.health.set_odoo(OdooHealth::Failed(error.code()));
            tracing::warn!(%error, "Odoo could not be asked for orders");
            return;
        }
    };
    for order in orders {
        match app.run(order.clone()) {
            Ok(run) => {
                runs.spawn(execute(run, shutdown.clone()));
            }
            Err(error) => refuse(app, &order, &error).await,
        }
    }
}

async fn claim_waiting(app: &App) -> Result<Vec<Order>, OdooError> {
    let queue = app.odoo.queued(&app.instance, VERSION).await?;
    app.health.set_odoo(OdooHealth::Reached(queue.database_uuid));
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
        message: None,
        error_code: Some(error.code()),
        error_message: Some(error.to_string()),
        probe: None,
        learnt: None,
    };
    if let Err(error) = app.odoo.finish(order, &finish).await {
        tracing::warn!(run.id = order.id, %error, "a run that cannot begin could not be ended");
    }
}
