//! The internal listener: for Odoo's hooks, a service manager and Prometheus.

mod documents;
mod health;
mod hooks;
mod metrics;
mod openapi;
mod storage;

use axum::Router;
use axum::routing::{MethodRouter, get, post, put};

use super::state::Internal;

pub use openapi::document;

/// Every path with what serves it; the description tells of the same ones.
#[must_use]
pub fn routes() -> Vec<(&'static str, MethodRouter<Internal>)> {
    vec![
        ("/hooks/v1/runs", post(hooks::runs)),
        ("/hooks/v1/documents/{version_uuid}", put(documents::put).get(documents::get).delete(documents::delete)),
        ("/hooks/v1/storage", get(storage::get)),
        ("/healthz", get(health::alive)),
        ("/readyz", get(health::ready)),
        ("/metrics", get(metrics::text)),
        ("/openapi.json", get(openapi::serve)),
    ]
}

/// The listener's router.
pub fn router(state: Internal) -> Router {
    let router = routes().into_iter().fold(Router::new(), |router, (path, served)| router.route(path, served));
    router.with_state(state)
}
