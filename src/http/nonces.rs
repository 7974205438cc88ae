//! Remembers which nonces were used, for as long as their time stamps are accepted.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// More open nonces than this is an attack by someone who has the key; the oldest are not worth a crash.
const MAX_NONCES: usize = 100_000;

/// Nonces with the second after which their time stamp is stale anyway.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    used: Mutex<HashMap<String, i64>>,
}

impl Nonces {
    /// True when the nonce was not used before; it is from now on. `until` is when it may be forgotten.
    pub(super) fn use_once(&self, nonce: &str, now: i64, until: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, forget| *forget >= now);
        if used.len() >= MAX_NONCES || used.contains_key(nonce) {
            return false;
        }
        used.insert(nonce.to_owned(), until);
        true
    }
}
