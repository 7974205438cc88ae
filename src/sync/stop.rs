//! Why and when a run must stop before its end.

use std::convert::Infallible;
use std::sync::OnceLock;

use tokio_util::sync::CancellationToken;

/// Who stopped the run; it decides how the run is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// A person pressed Cancel.
    Person,
    /// The lease is gone: nothing may be written any more.
    LeaseLost,
    /// The worker goes down: the run goes back to the queue.
    Shutdown,
}

/// Told once; the first reason stays.
#[derive(Debug, Default)]
pub struct Stop {
    token: CancellationToken,
    reason: OnceLock<StopReason>,
}

impl Stop {
    /// Stops the run.
    pub fn now(&self, reason: StopReason) {
        let _ = self.reason.set(reason);
        self.token.cancel();
    }

    /// Stops the run when the process is told to end. Never returns: the run itself ends then.
    pub async fn follow(&self, shutdown: &CancellationToken) -> Infallible {
        shutdown.cancelled().await;
        self.now(StopReason::Shutdown);
        std::future::pending().await
    }

    /// Returns when the run must stop.
    pub async fn requested(&self) {
        self.token.cancelled().await;
    }

    /// The reason, once stopped.
    #[must_use]
    pub fn reason(&self) -> Option<StopReason> {
        self.reason.get().copied()
    }
}
