//! The politeness towards a server: calls a second.

use std::num::NonZeroU32;
use std::ops::Add;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

/// Share of the allowance that is used. Calls that leave evenly arrive unevenly; the margin keeps the
/// server from ever seeing more than the allowance in one second: ten pauses take 1,036 ms, and each wakes
/// about a millisecond late, so that the first call may be some 45 ms late (a new connection, a busy
/// machine). Of ten calls a second, 9.55 are left.
const USED_SHARE: f64 = 0.965;

type Limiter = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<TokioInstant>>;

/// One call per period, no bursts: `per_second` of governor would let the double through in a second.
#[derive(Debug)]
pub struct RateLimit {
    current: Mutex<Current>,
    /// Callers wait in the order in which they came.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Current {
    per_second: f64,
    limiter: Limiter,
}

impl RateLimit {
    /// At most `per_second` calls in any second (clamped to 0.01–1,000).
    #[must_use]
    pub fn per_second(per_second: f64) -> Self {
        Self {
            current: Mutex::new(Current { per_second, limiter: limiter(per_second) }),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// From now on so many calls a second, for those who wait already, too. The next call is a whole period of
    /// the new rate away: when the last one left is not asked.
    pub fn set_per_second(&self, per_second: f64) {
        let mut current = self.current();
        if current.per_second.total_cmp(&per_second).is_ne() {
            *current = Current { per_second, limiter: limiter(per_second) };
            let _ = current.limiter.check();
        }
    }

    /// Waits for the next free place.
    pub async fn ready(&self) {
        let _turn = self.turn.lock().await;
        loop {
            let Err(pause) = self.try_ready() else { return };
            tokio::time::sleep(pause).await;
        }
    }

    fn try_ready(&self) -> Result<(), Duration> {
        let refused = self.current().limiter.check();
        refused.map_err(|not_until| not_until.wait_time_from(TokioClock.now()))
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn limiter(per_second: f64) -> Limiter {
    let period = Duration::from_secs_f64(1.0 / (per_second.clamp(0.01, 1000.0) * USED_SHARE));
    let quota =
        Quota::with_period(period).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN)).allow_burst(NonZeroU32::MIN);
    RateLimiter::direct_with_clock(quota, TokioClock)
}

/// The clock by which the pauses are slept, so that a test can turn both.
#[derive(Debug, Clone, Copy)]
struct TokioClock;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TokioInstant(Instant);

impl Clock for TokioClock {
    type Instant = TokioInstant;

    fn now(&self) -> TokioInstant {
        TokioInstant(Instant::now())
    }
}

impl Reference for TokioInstant {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_duration_since(earlier.0).into()
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.checked_sub(duration.into()).unwrap_or(self.0))
    }
}

impl Add<Nanos> for TokioInstant {
    type Output = Self;

    fn add(self, duration: Nanos) -> Self {
        Self(self.0 + Duration::from(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const SECOND: Duration = Duration::from_secs(1);

    /// When each of `calls` callers that come at once was let through; after `change` the rate is another one.
    async fn times_of(calls: usize, per_second: f64, change: Option<(Duration, f64)>) -> Vec<Duration> {
        let limit = Arc::new(RateLimit::per_second(per_second));
        let begun = Instant::now();
        let callers: Vec<_> = (0..calls)
            .map(|_| {
                let limit = Arc::clone(&limit);
                tokio::spawn(async move {
                    limit.ready().await;
                    begun.elapsed()
                })
            })
            .collect();
        if let Some((after, per_second)) = change {
            tokio::time::sleep(after).await;
            limit.set_per_second(per_second);
        }
        let mut times = Vec::new();
        for caller in callers {
            times.push(caller.await.expect("let through"));
        }
        times.sort();
        times
    }

    fn most_in_a_second(times: &[Duration]) -> usize {
        let within = |from: Duration| times.iter().filter(|at| **at >= from && **at < from + SECOND).count();
        times.iter().map(|from| within(*from)).max().unwrap_or_default()
    }

    #[tokio::test(start_paused = true)]
    async fn ten_calls_a_second_are_used_and_never_exceeded() {
        let times = times_of(50, 10.0, None).await;
        assert_eq!(most_in_a_second(&times), 10);
        let whole = times[49].saturating_sub(times[0]);
        // 49 periods of 103.6 ms, each pause rounded up to a millisecond.
        assert!((Duration::from_millis(5_050)..Duration::from_millis(5_150)).contains(&whole), "{whole:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slower_rate_holds_at_once_for_those_who_wait() {
        let times = times_of(30, 10.0, Some((SECOND, 2.0))).await;
        let (before, after): (Vec<_>, Vec<_>) = times.into_iter().partition(|at| *at <= SECOND);
        assert_eq!(before.len(), 10);
        assert_eq!(most_in_a_second(&after), 2);
        assert!(after[0].saturating_sub(SECOND) >= Duration::from_millis(500), "{:?}", after[0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_that_is_changed_again_and_again_lets_nothing_through_in_between() {
        let limit = RateLimit::per_second(5.0);
        limit.ready().await;
        let begun = Instant::now();
        for turn in 0..20 {
            limit.set_per_second(if turn % 2 == 0 { 10.0 } else { 5.0 });
            assert!(limit.try_ready().is_err());
        }
        limit.ready().await;
        assert!(begun.elapsed() >= SECOND / 5);
    }
}
