//! `sicantik serve`: the worker as a service.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::app::App;
use crate::config::Config;
use crate::http::{self, Internal};
use crate::jobs::take_orders;
use crate::metrics::Exporter;
use crate::shutdown;

/// Listens for hooks and takes up orders until SIGTERM.
pub(super) async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let keys = config.hook.keys()?;
    let address = config.http.listen()?;
    let app = Arc::new(App::new(config)?);
    let shutdown = shutdown::on_signal()?;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("http.listen = {address} cannot be listened on; is another worker running?"))?;
    let address = listener.local_addr()?;
    tracing::info!(http.listen = %address, worker = app.instance, hooks = !keys.is_empty(), "the worker is up");

    let exporter = Exporter::of_process()?;
    tokio::spawn(exporter.clone().keep_tidy());
    let paired_with = Some(app.config.odoo.database_uuid.as_str()).filter(|uuid| !uuid.is_empty());
    let state = Internal::new(
        keys,
        paired_with,
        Arc::clone(&app.wake),
        Arc::clone(&app.health),
        Arc::clone(&app.clock),
        exporter,
    );
    let server = axum::serve(listener, http::router(state)).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let (outcome, ()) = tokio::join!(server.into_future(), take_orders::take_orders(app, shutdown));
    outcome.context("the listener failed")?;
    tracing::info!("the worker is down");
    Ok(ExitCode::SUCCESS)
}
