//! Counts the calls of one client, endpoint by endpoint.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::EndpointCalls;

/// The calls so far. There are five endpoints, so it stays small.
#[derive(Debug, Default)]
pub(super) struct CallStats(Mutex<BTreeMap<&'static str, EndpointCalls>>);

impl CallStats {
    pub(super) fn note(&self, endpoint: &'static str, error: Option<&'static str>, took: Duration) {
        self.counted().entry(endpoint).or_insert_with(|| EndpointCalls::none(endpoint)).note(error, took);
    }

    /// In the order of their names.
    pub(super) fn by_endpoint(&self) -> Vec<EndpointCalls> {
        self.counted().values().cloned().collect()
    }

    fn counted(&self) -> MutexGuard<'_, BTreeMap<&'static str, EndpointCalls>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
