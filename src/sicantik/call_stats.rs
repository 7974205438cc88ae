//! Counts the calls of one client. A call is one GET that left, a redirect or a repeated one included; it is counted
//! once, when its outcome is known, for the client (whose run tells Odoo) and for `/metrics` alike.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::EndpointCalls;
use crate::metrics;

use super::SicantikError;

/// The outcome of a call whose answer nobody waited for, because its run was stopped.
pub const BROKEN_OFF: &str = "broken_off";

/// The calls so far. There are five endpoints, so it stays small.
#[derive(Debug, Default)]
pub(super) struct CallStats(Mutex<BTreeMap<&'static str, EndpointCalls>>);

impl CallStats {
    /// A call leaves now.
    pub(super) fn begin(self: &Arc<Self>, endpoint: &'static str) -> OpenCall {
        let (stats, begun) = (Arc::clone(self), Instant::now());
        OpenCall { stats, endpoint, begun, outcome: Some(Err(BROKEN_OFF)) }
    }

    /// In the order of their names.
    pub(super) fn by_endpoint(&self) -> Vec<EndpointCalls> {
        self.counted().values().cloned().collect()
    }

    /// The one place where a call is counted.
    fn count(&self, endpoint: &'static str, outcome: Outcome, took: Duration) {
        let error = outcome.err();
        metrics::source_call(endpoint, error, took);
        self.counted().entry(endpoint).or_insert_with(|| EndpointCalls::none(endpoint)).note(error, took);
    }

    fn counted(&self) -> MutexGuard<'_, BTreeMap<&'static str, EndpointCalls>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The code of an error, if it is one.
type Outcome = Result<(), &'static str>;

/// A call under way; dropped without an outcome, it was broken off.
#[derive(Debug)]
pub(super) struct OpenCall {
    stats: Arc<CallStats>,
    endpoint: &'static str,
    begun: Instant,
    outcome: Option<Outcome>,
}

impl OpenCall {
    /// It was answered, or failed with this code.
    pub(super) fn ended(mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }

    /// What came of it so far: it stays open, or has ended with an error. One that was kept back at the last moment was
    /// no call.
    pub(super) fn with<T>(mut self, outcome: Result<T, SicantikError>) -> Result<(T, Self), SicantikError> {
        match outcome {
            Ok(value) => Ok((value, self)),
            Err(error) => {
                self.outcome = (!error.is_kept_back()).then(|| Err(error.code()));
                Err(error)
            }
        }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome {
            self.stats.count(self.endpoint, outcome, self.begun.elapsed());
        }
    }
}
