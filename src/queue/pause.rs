//! How long a failed attempt waits for the next one.

use std::time::Duration;

/// Shorter would be no pause.
const SHORTEST: Duration = Duration::from_secs(1);

/// Pauses that double, each drawn from its whole length (*full jitter*), so that those who failed together do not come
/// back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pauses {
    /// The first one's length.
    pub first: Duration,
    /// No length is greater.
    pub longest: Duration,
}

impl Pauses {
    /// After this attempt, counted from 1; never before `asked`, where the other side asked for a time.
    #[must_use]
    pub fn after(&self, attempt: i64, asked: Option<Duration>) -> Duration {
        let doublings = u32::try_from((attempt - 1).max(0)).unwrap_or(u32::MAX).min(31);
        let length = self.first.saturating_mul(1 << doublings).min(self.longest).max(SHORTEST);
        length.mul_f64(fastrand::f64()).max(SHORTEST).max(asked.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSES: Pauses = Pauses { first: Duration::from_mins(5), longest: Duration::from_hours(1) };

    #[test]
    fn pauses_double_up_to_the_longest_and_are_drawn_from_their_whole_length() {
        for (attempt, minutes) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (60, 60), (i64::MAX, 60)] {
            let length = Duration::from_mins(minutes);
            let drawn: Vec<Duration> = (0..500).map(|_| PAUSES.after(attempt, None)).collect();
            assert!(drawn.iter().all(|pause| (SHORTEST..=length).contains(pause)), "{attempt}: {drawn:?}");
            let (low, high) = (length / 10, length * 9 / 10);
            assert!(drawn.iter().any(|pause| *pause < low) && drawn.iter().any(|pause| *pause > high), "{attempt}");
        }
    }

    #[test]
    fn the_pause_that_the_other_side_asks_for_is_kept() {
        let asked = Duration::from_hours(3);
        assert_eq!(PAUSES.after(1, Some(asked)), asked);
        assert!(PAUSES.after(1, Some(Duration::ZERO)) >= SHORTEST);
    }
}
