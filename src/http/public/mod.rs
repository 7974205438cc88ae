//! The public listener: for citizens and for providers of messages, behind the office's TLS proxy. Off until
//! `public.listen` is set.
//!
//! It has a thread and a runtime of its own, so that many readers do not slow the sync down, nor the sync them.

mod client;
mod documents;
mod health;
mod openapi;
mod pages;
mod places;
mod webhooks;

use std::net::SocketAddr;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{MethodRouter, get};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::serve::{PUBLIC, serve};

pub use documents::Documents;
pub use openapi::document;
pub use places::Places;
pub use webhooks::Webhooks;

/// What the listener may touch; without a part there is nothing of it to be had.
#[derive(Debug, Clone, Default)]
pub struct Public {
    /// None = nothing is sent by this worker.
    pub webhooks: Option<Webhooks>,
    /// None = it keeps no documents.
    pub documents: Option<Documents>,
}

impl FromRef<Public> for Option<Webhooks> {
    fn from_ref(public: &Public) -> Self {
        public.webhooks.clone()
    }
}

impl FromRef<Public> for Option<Documents> {
    fn from_ref(public: &Public) -> Self {
        public.documents.clone()
    }
}

/// Every path with what serves it; the description tells of the same ones.
#[must_use]
pub fn routes() -> Vec<(&'static str, MethodRouter<Public>)> {
    vec![
        ("/documents/{token}", get(documents::give)),
        ("/healthz", get(health::alive)),
        ("/openapi.json", get(openapi::serve)),
        ("/webhooks/whatsapp/{provider}/{account}", get(webhooks::register).post(webhooks::receive)),
    ]
}

/// What citizens and providers can ask for.
pub fn router(public: Public) -> Router {
    let router = routes().into_iter().fold(Router::new(), |router, (path, served)| router.route(path, served));
    router.with_state(public)
}

/// Listens, and serves on a thread of its own until `stop`. Gives the address, and what returns at its end.
pub fn start(
    address: SocketAddr,
    public: Public,
    stop: CancellationToken,
) -> std::io::Result<(SocketAddr, impl Future<Output = ()> + Send + 'static)> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (at_end, ended) = oneshot::channel::<()>();
    std::thread::Builder::new().name("public".to_owned()).spawn(move || {
        runtime.block_on(async {
            match TcpListener::from_std(listener) {
                Ok(listener) => serve(listener, router(public), PUBLIC, stop).await,
                Err(error) => tracing::error!(%error, "the public listener cannot be used"),
            }
        });
        // Dropped by a panic, too: then it has ended as well.
        drop(at_end);
    })?;
    Ok((address, async move { _ = ended.await }))
}
