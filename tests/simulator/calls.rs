//! A log of all calls to the imitated server, so that tests can count them, and see rates and what ran side by side.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::Serialize;

/// One call. `status` stays null while it runs, and when the client went away first.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    #[serde(skip)]
    id: u64,
    /// Microseconds from the start of the simulator to the arrival.
    pub at_us: u64,
    /// In lower case.
    pub endpoint: String,
    pub params: BTreeMap<String, String>,
    pub status: Option<u16>,
    pub rows: usize,
    pub duration_us: Option<u64>,
    /// Calls under way at the arrival, this one included.
    pub in_flight: usize,
    /// The fault that was laid over it.
    pub fault: Option<&'static str>,
}

/// The log.
pub struct Calls {
    started: Instant,
    next: AtomicU64,
    in_flight: AtomicUsize,
    log: Mutex<Vec<Call>>,
}

/// A call under way; dropped when it is answered or the client went away.
pub struct Underway {
    calls: Arc<Calls>,
    id: u64,
    arrived: Instant,
}

impl Default for Calls {
    fn default() -> Self {
        Self { started: Instant::now(), next: AtomicU64::new(0), in_flight: AtomicUsize::new(0), log: Mutex::default() }
    }
}

impl Calls {
    /// Notes an arrival.
    pub fn begin(self: &Arc<Self>, endpoint: &str, args: &[(String, String)]) -> Underway {
        let mut log = self.log();
        let id = self.next.fetch_add(1, Ordering::SeqCst);
        log.push(Call {
            id,
            at_us: micros(self.started),
            endpoint: endpoint.to_owned(),
            params: args.iter().cloned().collect(),
            status: None,
            rows: 0,
            duration_us: None,
            in_flight: self.in_flight.fetch_add(1, Ordering::SeqCst) + 1,
            fault: None,
        });
        Underway { calls: Arc::clone(self), id, arrived: Instant::now() }
    }

    /// All calls since the start or the last clearing, by arrival.
    pub fn all(&self) -> Vec<Call> {
        self.log().clone()
    }

    /// Forgets all calls; those under way are not noted again.
    pub fn clear(&self) {
        self.log().clear();
    }

    fn log(&self) -> MutexGuard<'_, Vec<Call>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Underway {
    /// The number of this call since the start.
    pub fn number(&self) -> u64 {
        self.id
    }

    /// Notes the answer.
    pub fn answered(&self, status: u16, rows: usize) {
        self.change(|call| {
            call.status = Some(status);
            call.rows = rows;
        });
    }

    /// Notes a fault.
    pub fn faulted(&self, fault: &'static str) {
        self.change(|call| call.fault = Some(fault));
    }

    fn change(&self, change: impl FnOnce(&mut Call)) {
        let mut log = self.calls.log();
        if let Ok(at) = log.binary_search_by_key(&self.id, |call| call.id) {
            change(&mut log[at]);
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.calls.in_flight.fetch_sub(1, Ordering::SeqCst);
        self.change(|call| call.duration_us = Some(micros(self.arrived)));
    }
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
