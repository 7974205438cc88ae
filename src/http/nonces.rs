//! Remembers which nonces were used, for as long as their time stamps are accepted.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// More open nonces than this is an attack by someone who has the key; the oldest are not worth a crash.
const MAX_NONCES: usize = 100_000;

/// Nonces in the order of their arrival, and the same as a set. Each is put in once and taken out once, so a
/// hook costs the same however many came before.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    known: HashSet<u128>,
    /// With the second after which each may be forgotten.
    oldest_first: VecDeque<(i64, u128)>,
}

impl Nonces {
    /// True when the nonce was not used before; it is from now on. It may be forgotten after `keep` seconds.
    pub(super) fn use_once(&self, nonce: u128, now: i64, keep: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(&(forget, oldest)) = used.oldest_first.front()
            && forget < now
        {
            used.oldest_first.pop_front();
            used.known.remove(&oldest);
        }
        if used.known.len() >= MAX_NONCES || !used.known.insert(nonce) {
            return false;
        }
        used.oldest_first.push_back((now + keep, nonce));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_once_until_it_is_forgotten() {
        let nonces = Nonces::default();
        let tries = [(7, 0), (7, 0), (8, 5), (7, 10), (7, 11), (8, 15), (8, 16)];
        let good = tries.map(|(nonce, now)| nonces.use_once(nonce, now, 10));
        assert_eq!(good, [true, false, true, false, true, false, true]);
    }

    #[test]
    fn what_is_forgotten_takes_no_room() {
        let nonces = Nonces::default();
        for nonce in 0..1000 {
            assert!(nonces.use_once(nonce, i64::try_from(nonce).expect("small"), 10));
        }
        let used = nonces.used.lock().expect("no panic");
        assert_eq!((used.known.len(), used.oldest_first.len()), (11, 11));
    }
}
