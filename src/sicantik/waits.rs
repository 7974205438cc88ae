//! What the calls of one client wait for while SICANTIK does not answer, so that a run can tell people at once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::SicantikError;

/// A call that failed and is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Which try failed last, from 1.
    pub attempt: u32,
    /// Why, as a stable word.
    pub code: &'static str,
    /// Why, for technicians.
    pub message: String,
    /// When the next try follows.
    pub until: Instant,
}

/// The waits by call: several may be under way at once.
#[derive(Debug, Default)]
pub(super) struct Waits(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    calls: u64,
    waiting: BTreeMap<u64, Wait>,
}

impl Waits {
    /// A call begins, which may have to be repeated.
    pub(super) fn begin(&self) -> Call<'_> {
        let mut state = self.lock();
        state.calls += 1;
        Call { waits: self, number: state.calls }
    }

    /// The wait that has lasted for the most tries; `None` while all goes well.
    pub(super) fn longest(&self) -> Option<Wait> {
        self.lock().waiting.values().max_by_key(|wait| wait.attempt).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call with all its tries; nothing is waited for any more when it is dropped.
#[derive(Debug)]
pub(super) struct Call<'a> {
    waits: &'a Waits,
    number: u64,
}

impl Call<'_> {
    /// A try failed, and the next one follows after `pause`.
    pub(super) fn failed(&self, error: &SicantikError, pause: Duration) {
        let mut state = self.waits.lock();
        let attempt = state.waiting.get(&self.number).map_or(0, |wait| wait.attempt) + 1;
        let wait = Wait { attempt, code: error.code(), message: error.to_string(), until: Instant::now() + pause };
        state.waiting.insert(self.number, wait);
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.waits.lock().waiting.remove(&self.number);
    }
}
