//! When to try again. Wraps the crate `backoff` in one file, so that another can take its place.

use std::future::Future;
use std::time::Duration;

use backoff::exponential::ExponentialBackoffBuilder;
use tokio::time::Instant;

/// Longest wait that a server's Retry-After is granted; the run would look stuck beyond it.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

/// What an error says about trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After the policy's own pause.
    Yes,
    /// After the pause that the server asked for.
    After(Duration),
    /// Never: it would fail the same way.
    No,
}

/// An error that knows whether trying again makes sense.
pub trait Retryable {
    /// The decision.
    fn retry(&self) -> Retry;
}

/// Pauses grow from `first` by half again to `longest`, each with jitter, until `total` has passed.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// First pause.
    pub first: Duration,
    /// Longest pause.
    pub longest: Duration,
    /// No further try is planned after this.
    pub total: Duration,
    /// Nor after so many tries, the first one included.
    pub tries: u32,
}

/// The clock by which pauses are slept, so that a test can turn both.
#[derive(Debug, Clone, Copy, Default)]
struct TokioClock;

impl backoff::Clock for TokioClock {
    fn now(&self) -> std::time::Instant {
        Instant::now().into_std()
    }
}

impl RetryPolicy {
    /// Runs `operation` until it succeeds, fails for good, or time or tries are over; returns the last error.
    /// It may run again after a try whose outcome nobody knows: only for what has the same effect when done twice,
    /// never for sending a message.
    pub async fn repeat_idempotent<T, E, F>(&self, what: &'static str, operation: impl FnMut() -> F) -> Result<T, E>
    where
        E: Retryable + std::fmt::Display,
        F: Future<Output = Result<T, E>>,
    {
        self.repeat_idempotent_telling(what, operation, |_, _| {}).await
    }

    /// The same; `tell` hears of each try that failed, and of the pause until the next one.
    pub async fn repeat_idempotent_telling<T, E, F>(
        &self,
        what: &'static str,
        mut operation: impl FnMut() -> F,
        mut tell: impl FnMut(&E, Duration),
    ) -> Result<T, E>
    where
        E: Retryable + std::fmt::Display,
        F: Future<Output = Result<T, E>>,
    {
        let pauses = ExponentialBackoffBuilder::<TokioClock>::new()
            .with_initial_interval(self.first)
            .with_max_interval(self.longest)
            .with_max_elapsed_time(Some(self.total))
            .build();
        let begun = Instant::now();
        let mut tries_left = self.tries;
        let attempt = || {
            let outcome = operation();
            tries_left = tries_left.saturating_sub(1);
            let again = tries_left > 0;
            async move { outcome.await.map_err(|error| into_backoff(error, again, begun.elapsed() < self.total)) }
        };
        backoff::future::retry_notify(pauses, attempt, |error: E, pause: Duration| {
            tracing::debug!(%error, pause.ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX), "{what} will be tried again");
            tell(&error, pause);
        })
        .await
    }
}

/// backoff ignores its time limit for `retry_after`, so the limit is enforced here (`in_time`).
/// `Retry-After: 0` counts as a plain retry.
fn into_backoff<E: Retryable>(error: E, again: bool, in_time: bool) -> backoff::Error<E> {
    match error.retry() {
        _ if !again => backoff::Error::permanent(error),
        Retry::Yes | Retry::After(Duration::ZERO) => backoff::Error::transient(error),
        Retry::After(pause) if in_time => backoff::Error::retry_after(error, pause.min(MAX_RETRY_AFTER)),
        Retry::After(_) | Retry::No => backoff::Error::permanent(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[derive(Debug, thiserror::Error)]
    #[error("failed")]
    struct Failed(Retry);

    impl Retryable for Failed {
        fn retry(&self) -> Retry {
            self.0
        }
    }

    const POLICY: RetryPolicy = RetryPolicy {
        first: Duration::from_secs(1),
        longest: Duration::from_secs(4),
        total: Duration::from_mins(1),
        tries: u32::MAX,
    };

    /// When each try began, and whether the last one went well; the last of `outcomes` stays.
    async fn tries(policy: RetryPolicy, outcomes: &[Result<(), Retry>]) -> (Vec<Duration>, bool) {
        let begun = Instant::now();
        let times = RefCell::new(Vec::new());
        let result = policy
            .repeat_idempotent("a test", async || {
                let number = times.borrow().len();
                times.borrow_mut().push(begun.elapsed());
                outcomes[number.min(outcomes.len() - 1)].map_err(Failed)
            })
            .await;
        (times.into_inner(), result.is_ok())
    }

    #[tokio::test(start_paused = true)]
    async fn tries_again_until_it_succeeds_or_fails_for_good() {
        let (times, well) = tries(POLICY, &[Err(Retry::Yes), Err(Retry::Yes), Ok(())]).await;
        assert_eq!((times.len(), well), (3, true));
        let (times, well) = tries(POLICY, &[Err(Retry::Yes), Err(Retry::No), Ok(())]).await;
        assert_eq!((times.len(), well), (2, false));
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_end() {
        let (times, well) = tries(POLICY, &[Err(Retry::Yes)]).await;
        assert!(!well);
        let pauses: Vec<Duration> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        // Each is half as long again as the one before, give or take half of it for jitter.
        assert!(pauses[0] <= POLICY.first * 3 / 2, "{pauses:?}");
        assert!(pauses.iter().all(|pause| *pause <= POLICY.longest * 3 / 2), "{pauses:?}");
        let (early, late): (Duration, Duration) = (pauses.iter().take(2).sum(), pauses.iter().rev().take(2).sum());
        assert!(late > early, "{pauses:?}");
        assert!(times.last().is_some_and(|last| (POLICY.total / 2..=POLICY.total).contains(last)), "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_that_a_server_asks_for_is_kept() {
        let asked = Duration::from_secs(7);
        let (times, well) = tries(POLICY, &[Err(Retry::After(asked)), Ok(())]).await;
        assert_eq!((times.len(), well), (2, true));
        assert!((asked..asked + Duration::from_millis(5)).contains(&times[1]), "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_for_patience_for_ever_is_given_up() {
        for seconds in [0, 1, 50, 100_000] {
            let (times, well) = tries(POLICY, &[Err(Retry::After(Duration::from_secs(seconds)))]).await;
            let longest = POLICY.total + MAX_RETRY_AFTER;
            assert!(!well && times.len() > 1, "{seconds}: {times:?}");
            assert!(times.last().is_some_and(|last| *last <= longest), "{seconds}: {times:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_number_of_tries_is_never_exceeded() {
        for retry in [Retry::Yes, Retry::After(Duration::from_secs(1)), Retry::After(Duration::ZERO)] {
            for limit in [1, 3] {
                let (times, well) = tries(RetryPolicy { tries: limit, ..POLICY }, &[Err(retry)]).await;
                assert_eq!((times.len(), well), (limit as usize, false), "{retry:?}");
            }
        }
    }
}
