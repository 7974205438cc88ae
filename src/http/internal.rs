//! The internal listener's routes and what its handlers may touch.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use secrecy::SecretString;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::health::Health;

use super::nonces::Nonces;
use super::{health, hooks};

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
    nonces: Arc<Nonces>,
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
    ) -> Self {
        let database_uuid = database_uuid.map(Arc::from);
        Self { keys: keys.into(), database_uuid, wake, health, clock, nonces: Arc::default() }
    }

    pub(super) fn nonces(&self) -> &Nonces {
        &self.nonces
    }
}

/// The routes.
pub fn router(state: Internal) -> Router {
    Router::new()
        .route("/hooks/runs", post(hooks::runs))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(state)
}
