//! `sicantik serve`: the worker as a service.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::app::App;
use crate::config::Config;
use crate::http::public::{Documents, Places, Public, Webhooks};
use crate::http::serve::{INTERNAL, serve as listen};
use crate::http::{self, Internal, Signatures};
use crate::jobs;
use crate::lifecycle::Lifecycle;
use crate::metrics::Exporter;
use crate::secrets::Vault;
use crate::store::Store;

use super::{FAILED, OK};

/// Listens for hooks and takes up orders until the soft stop, then hands back what is under way.
pub(super) async fn serve(config: Config, lifecycle: &Lifecycle) -> anyhow::Result<ExitCode> {
    let keys = config.hook.keys()?;
    let (address, public) = (config.internal.listen()?, config.public.listen()?);
    let proxies = config.public.proxies()?;
    let public_address = config.public.address()?;
    let mut app = App::new(config)?;
    app.odoo.tell_public_address(
        public_address.as_ref().map(|address| address.origin().ascii_serialization()).unwrap_or_default(),
    );
    let place = app.config.store.address()?;
    let opening = Store::open_for_service(&place, &app.config.odoo.database_uuid);
    let store = lifecycle.run_until_asked(opening).await??;
    app.store = Some(store.clone());
    let key_file = app.config.secrets.master_key_file(&place)?;
    let vault = Vault::open(store.clone(), key_file, &app.config.odoo.database_uuid).await?;
    app.outbox = app.open_outbox(&store, &vault).await?;
    app.files = app.open_files(&store, &vault)?;
    app.inbox = app.files.as_ref().map(|files| app.open_inbox(files)).transpose()?.flatten();
    app.vault = Some(vault.clone());
    let app = Arc::new(app);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("internal.listen = {address} cannot be listened on; is another worker running?"))?;
    let address = listener.local_addr()?;
    let hooks = !keys.is_empty();
    tracing::info!(internal.listen = %address, worker = app.instance, hooks, store = %place, "the worker is up");
    if let Some(address) = public {
        let proxies: Arc<[_]> = proxies.into();
        let webhooks = app.outbox.as_ref().map(|outbox| Webhooks {
            store: store.clone(),
            vault,
            database_uuid: app.config.odoo.database_uuid.as_str().into(),
            heard: Arc::clone(&outbox.changed),
            places: Places::default(),
            proxies: Arc::clone(&proxies),
            address: public_address,
            clock: Arc::clone(&app.clock),
        });
        let files = app.files.clone();
        let documents =
            files.map(|files| Ok::<_, anyhow::Error>(Documents::new(files, app.odoo_for_strangers()?, proxies)));
        let public = Public { webhooks, documents: documents.transpose()? };
        let started = http::public::start(address, public, lifecycle.soft().clone());
        let (address, ended) = started.with_context(|| format!("public.listen = {address} cannot be listened on"))?;
        tracing::info!(public.listen = %address, "the public listener is up");
        lifecycle.spawn("public listener", ended);
    }

    let exporter = Exporter::of_process()?;
    let paired_with = Some(app.config.odoo.database_uuid.as_str()).filter(|uuid| !uuid.is_empty());
    let (wake, health, files) = (Arc::clone(&app.wake), Arc::clone(&app.health), app.files.clone());
    let signatures = Signatures::new(keys, paired_with, Arc::clone(&app.clock), store.clone());
    let state = Internal { signatures, wake, files, health, exporter: exporter.clone() };
    let stop = lifecycle.soft().clone();
    lifecycle.spawn("internal listener", listen(listener, http::router(state), INTERNAL, stop.clone()));
    jobs::start(&jobs::Context { app, store, exporter, stop }, lifecycle);

    lifecycle.soft().cancelled().await;
    lifecycle.tasks_ended().await;
    tracing::info!("the worker is down");
    Ok(ExitCode::from(if lifecycle.has_failed() { FAILED } else { OK }))
}
