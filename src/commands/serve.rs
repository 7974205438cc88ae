//! `sicantik serve`: the worker as a service.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::app::App;
use crate::config::Config;
use crate::http::{self, Internal};
use crate::jobs::{purge_nonces, take_orders};
use crate::metrics::Exporter;
use crate::shutdown;
use crate::store::Store;

/// Listens for hooks and takes up orders until SIGTERM.
pub(super) async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let keys = config.hook.keys()?;
    let address = config.http.listen()?;
    let app = Arc::new(App::new(config)?);
    let place = app.config.store.address()?;
    let store = Store::open_for_service(&place, &app.config.odoo.database_uuid).await?;
    let shutdown = shutdown::on_signal()?;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("http.listen = {address} cannot be listened on; is another worker running?"))?;
    let address = listener.local_addr()?;
    tracing::info!(http.listen = %address, worker = app.instance, hooks = !keys.is_empty(), store = %place, "the worker is up");

    let exporter = Exporter::of_process()?;
    tokio::spawn(exporter.clone().keep_tidy());
    let paired_with = Some(app.config.odoo.database_uuid.as_str()).filter(|uuid| !uuid.is_empty());
    let (wake, health, clock) = (Arc::clone(&app.wake), Arc::clone(&app.health), Arc::clone(&app.clock));
    let state = Internal::new(keys, paired_with, wake, health, Arc::clone(&clock), exporter, store.clone());
    let server = axum::serve(listener, http::router(state)).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let (outcome, (), ()) = tokio::join!(
        server.into_future(),
        take_orders::take_orders(app, shutdown.clone()),
        purge_nonces::purge_nonces(store, clock, shutdown),
    );
    outcome.context("the listener failed")?;
    tracing::info!("the worker is down");
    Ok(ExitCode::SUCCESS)
}
