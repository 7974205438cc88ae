//! What handlers may touch.

use std::sync::Arc;

use axum::extract::FromRef;
use secrecy::SecretString;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::files::Files;
use crate::health::Health;
use crate::metrics::Exporter;
use crate::store::Store;

use super::refusals::Refusals;

/// For the handlers of the internal listener.
#[derive(Debug, Clone)]
pub struct Internal {
    /// Which hooks are ours.
    pub signatures: Signatures,
    /// Rung by a good hook.
    pub wake: Arc<Notify>,
    /// Documents; `None` where the worker is not paired with one database.
    pub files: Option<Arc<Files>>,
    /// For readiness.
    pub health: Arc<Health>,
    /// What was counted.
    pub exporter: Exporter,
}

/// How a signed request is judged.
#[derive(Debug, Clone)]
pub struct Signatures {
    pub(super) keys: Arc<[SecretString]>,
    pub(super) database_uuid: Option<Arc<str>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) store: Store,
    pub(super) refusals: Arc<Refusals>,
}

impl Signatures {
    /// `keys`: none = every hook is refused. `database_uuid`: the database that the worker was paired with; `None` =
    /// any. `store` remembers which hooks were received.
    #[must_use]
    pub fn new(keys: Vec<SecretString>, database_uuid: Option<&str>, clock: Arc<dyn Clock>, store: Store) -> Self {
        let database_uuid = database_uuid.map(Arc::from);
        Self { keys: keys.into(), database_uuid, clock, store, refusals: Arc::default() }
    }
}

impl FromRef<Internal> for Signatures {
    fn from_ref(state: &Internal) -> Self {
        state.signatures.clone()
    }
}
