//! What is said of refused requests: whoever knocks without a key must not fill the log.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// One line for each reason in this time.
const EVERY: Duration = Duration::from_mins(1);

/// How often each reason occurred since its last line.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<HashMap<&'static str, (Instant, u64)>>);

impl Refusals {
    /// Counts a refusal; a number when it is time for a line, which stands for so many.
    pub(super) fn note(&self, code: &'static str, now: Instant) -> Option<u64> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((said, unsaid)) = known.get_mut(code) else {
            known.insert(code, (now, 0));
            return Some(1);
        };
        *unsaid += 1;
        if now.duration_since(*said) < EVERY {
            return None;
        }
        *said = now;
        Some(std::mem::take(unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_said_once_a_minute_with_its_count() {
        let (refusals, begun) = (Refusals::default(), Instant::now());
        let at = |code, seconds| refusals.note(code, begun + Duration::from_secs(seconds));
        assert_eq!(
            [at("unsigned", 0), at("unsigned", 1), at("stale", 2), at("unsigned", 59)],
            [Some(1), None, Some(1), None]
        );
        assert_eq!([at("unsigned", 60), at("unsigned", 61), at("stale", 62)], [Some(3), None, Some(1)]);
    }
}
