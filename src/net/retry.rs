//! When to try again. Wraps the crate `backoff` in one file, so that another can take its place.

use std::future::Future;
use std::time::Duration;

use backoff::ExponentialBackoffBuilder;
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
}

impl RetryPolicy {
    /// Runs `operation` until it succeeds, fails for good, or the time is over; returns the last error.
    /// It may run again after a try whose outcome nobody knows: only for what has the same effect when done twice,
    /// never for sending a message.
    pub async fn repeat_idempotent<T, E, F>(&self, what: &'static str, mut operation: impl FnMut() -> F) -> Result<T, E>
    where
        E: Retryable + std::fmt::Display,
        F: Future<Output = Result<T, E>>,
    {
        let pauses = ExponentialBackoffBuilder::new()
            .with_initial_interval(self.first)
            .with_max_interval(self.longest)
            .with_max_elapsed_time(Some(self.total))
            .build();
        let begun = Instant::now();
        let attempt = || {
            let outcome = operation();
            async move { outcome.await.map_err(|error| into_backoff(error, begun.elapsed() < self.total)) }
        };
        backoff::future::retry_notify(pauses, attempt, |error: E, pause: Duration| {
            tracing::debug!(%error, pause.ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX), "{what} will be tried again");
        })
        .await
    }
}

/// backoff ignores its time limit for `retry_after`, so the limit is enforced here (`in_time`).
/// `Retry-After: 0` counts as a plain retry.
fn into_backoff<E: Retryable>(error: E, in_time: bool) -> backoff::Error<E> {
    match error.retry() {
        Retry::Yes | Retry::After(Duration::ZERO) => backoff::Error::transient(error),
        Retry::After(pause) if in_time => backoff::Error::retry_after(error, pause.min(MAX_RETRY_AFTER)),
        Retry::After(_) | Retry::No => backoff::Error::permanent(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[derive(Debug, thiserror::Error)]
    #[error("failed")]
    struct Failed(Retry);

    impl Retryable for Failed {
        fn retry(&self) -> Retry {
            self.0
        }
    }

    const QUICK: RetryPolicy = RetryPolicy {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(2),
        total: Duration::from_secs(5),
    };

    async fn calls_until(outcomes: &[Result<(), Retry>]) -> (usize, bool) {
        let calls = Cell::new(0);
        let result = QUICK
            .repeat_idempotent("a test", || {
                let outcome = outcomes[calls.get()].map_err(Failed);
                calls.set(calls.get() + 1);
                async move { outcome }
            })
            .await;
        (calls.get(), result.is_ok())
    }

    #[tokio::test]
    async fn tries_again_until_it_succeeds_or_fails_for_good() {
        let pause = Retry::After(Duration::from_millis(1));
        assert_eq!(calls_until(&[Err(Retry::Yes), Err(pause), Ok(())]).await, (3, true));
        assert_eq!(calls_until(&[Err(Retry::Yes), Err(Retry::No)]).await, (2, false));
    }
}
