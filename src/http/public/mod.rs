//! The public listener: for citizens, behind the office's TLS proxy. Off until `public.listen` is set, and empty but
//! for its health today.
//!
//! It has a thread and a runtime of its own, so that many readers do not slow the sync down, nor the sync them.

use std::net::SocketAddr;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::serve::{PUBLIC, serve};

/// What citizens can ask for.
pub fn router() -> Router {
    Router::new().route("/healthz", get(|| async { Json(json!({ "status": "ok" })) }))
}

/// Listens, and serves on a thread of its own until `stop`. Gives the address, and what returns at its end.
pub fn start(
    address: SocketAddr,
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
                Ok(listener) => serve(listener, router(), PUBLIC, stop).await,
                Err(error) => tracing::error!(%error, "the public listener cannot be used"),
            }
        });
        // Dropped by a panic, too: then it has ended as well.
        drop(at_end);
    })?;
    Ok((address, async move { _ = ended.await }))
}
