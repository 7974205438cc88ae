//! What the calls to one endpoint of SICANTIK came to. Serialised as Odoo receives it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// The calls to one endpoint, repeated ones included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndpointCalls {
    /// The endpoint, as SICANTIK calls it.
    pub endpoint: &'static str,
    pub calls: u64,
    /// Of them, without a usable answer.
    pub failed: u64,
    /// Time of all of them together.
    #[serde(rename = "total_ms", serialize_with = "in_milliseconds")]
    pub total: Duration,
    /// Time of the slowest.
    #[serde(rename = "slowest_ms", serialize_with = "in_milliseconds")]
    pub slowest: Duration,
    /// How often each error came, by its stable word.
    pub error_codes: BTreeMap<&'static str, u64>,
}

impl EndpointCalls {
    /// None yet.
    #[must_use]
    pub fn none(endpoint: &'static str) -> Self {
        Self {
            endpoint,
            calls: 0,
            failed: 0,
            total: Duration::ZERO,
            slowest: Duration::ZERO,
            error_codes: BTreeMap::new(),
        }
    }

    /// Counts one call; `error` = the error's code, if any.
    pub fn note(&mut self, error: Option<&'static str>, took: Duration) {
        self.calls += 1;
        self.total += took;
        self.slowest = self.slowest.max(took);
        if let Some(code) = error {
            self.failed += 1;
            *self.error_codes.entry(code).or_default() += 1;
        }
    }
}

fn in_milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
