//! The internal listener's routes and what its handlers may touch.

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use secrecy::SecretString;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::health::Health;
use crate::metrics::Exporter;
use crate::store::Store;

use super::{health, hooks, metrics, openapi};

/// What handlers may touch.
#[derive(Debug, Clone)]
pub struct Internal {
    /// Keys that a hook may be signed with; none = every hook is refused.
    pub keys: Arc<[SecretString]>,
    /// The database that the worker was paired with; `None` = any.
    pub database_uuid: Option<Arc<str>>,
    /// Rung by a good hook.
    pub wake: Arc<Notify>,
    /// For readiness.
    pub health: Arc<Health>,
    /// Time of day.
    pub clock: Arc<dyn Clock>,
    /// What was counted.
    pub exporter: Exporter,
    /// Which hooks were received.
    pub store: Store,
}

impl Internal {
    /// The state of a fresh listener.
    #[must_use]
    pub fn new(
        keys: Vec<SecretString>,
        database_uuid: Option<&str>,
        wake: Arc<Notify>,
        health: Arc<Health>,
        clock: Arc<dyn Clock>,
        exporter: Exporter,
        store: Store,
    ) -> Self {
        let database_uuid = database_uuid.map(Arc::from);
        Self { keys: keys.into(), database_uuid, wake, health, clock, exporter, store }
    }
}

/// Every path with what serves it; `openapi` describes the same ones.
pub fn routes() -> [(&'static str, MethodRouter<Internal>); 5] {
    [
        ("/hooks/runs", post(hooks::runs)),
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
