//! When the process ends, and that it does. The first signal is a soft stop: nothing new is begun, and what is under
//! way is handed back. The second one, or the deadline, is the hard stop: whatever still waits is left alone.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// From the soft stop to the hard one. With what the system itself needs, a process has ended 15 seconds after it was
/// told; the unit's `TimeoutStopSec` is twice as long.
pub const DEADLINE: Duration = Duration::from_secs(14);

/// The stops and the tasks of one process; a copy is the same one.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
}

/// A stop came before the work had ended.
#[derive(Debug, thiserror::Error)]
pub enum Interrupted {
    /// The soft one; the work had nothing to hand back.
    #[error("told to end before it was done")]
    Asked,
    /// The hard one.
    #[error("ended at once; what was under way is taken up again when its lease ends")]
    Told,
}

impl Lifecycle {
    /// The one of this process, which hears SIGTERM and SIGINT from the first call on.
    pub fn of_process() -> std::io::Result<Self> {
        static PROCESS: OnceLock<Lifecycle> = OnceLock::new();
        if let Some(known) = PROCESS.get() {
            return Ok(known.clone());
        }
        let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let lifecycle = PROCESS.get_or_init(Self::default).clone();
        tokio::spawn(lifecycle.clone().listen(signals));
        Ok(lifecycle)
    }

    /// Cancelled when nothing new may begin, and what is under way is to be handed back.
    #[must_use]
    pub fn soft(&self) -> &CancellationToken {
        &self.soft
    }

    /// Cancelled when nobody waits any longer.
    #[must_use]
    pub fn hard(&self) -> &CancellationToken {
        &self.hard
    }

    /// The soft stop, from inside.
    pub fn stop(&self) {
        self.soft.cancel();
    }

    /// A task that lives as long as the process. One that ends earlier, or panics, takes the process with it: a
    /// service without it would look well and do half of its work, and a service manager starts a whole one.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let (lifecycle, task) = (self.clone(), tokio::spawn(work));
        self.tasks.spawn(async move {
            let broke_off = match task.await {
                Ok(()) if lifecycle.soft.is_cancelled() => return,
                Ok(()) => "it returned",
                Err(error) if error.is_panic() => "it panicked",
                Err(_) => "it was given up",
            };
            tracing::error!(job = name, "a job ended by itself ({broke_off}); the worker ends");
            lifecycle.failed.store(true, Ordering::Relaxed);
            lifecycle.stop();
        });
    }

    /// Returns when every task has ended.
    pub async fn tasks_ended(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether a task ended by itself.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Does the work to its end, unless the hard stop comes before. The work follows the soft stop by itself.
    pub async fn run_until_told<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.hard.cancelled() => Err(Interrupted::Told),
        }
    }

    /// Does work that has nothing to hand back: the soft stop ends it, too.
    pub async fn run_until_asked<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.soft.cancelled() => Err(Interrupted::Asked),
        }
    }

    async fn listen(self, (mut terminate, mut interrupt): (Signal, Signal)) {
        tokio::select! {
            () = either(&mut terminate, &mut interrupt) => {
                tracing::info!("told to end; runs go back to the queue");
                self.soft.cancel();
            }
            () = self.soft.cancelled() => {}
        }
        tokio::select! {
            () = either(&mut terminate, &mut interrupt) => tracing::warn!("told a second time; the process ends at once"),
            () = tokio::time::sleep(DEADLINE) => {
                tracing::warn!(seconds = DEADLINE.as_secs(), "not everything ended in time; the process ends without it");
            }
        }
        self.hard.cancel();
    }
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_or_panics_takes_the_process_with_it() {
        let ends: [fn(); 2] = [|| {}, || panic!("a fault")];
        for end in ends {
            let lifecycle = Lifecycle::default();
            lifecycle.spawn("a test", async move { end() });
            lifecycle.soft().cancelled().await;
            lifecycle.tasks_ended().await;
            assert!(lifecycle.has_failed());
        }
    }

    #[tokio::test]
    async fn a_task_that_obeys_the_soft_stop_is_no_failure() {
        let lifecycle = Lifecycle::default();
        lifecycle.spawn("a test", lifecycle.soft().clone().cancelled_owned());
        lifecycle.stop();
        lifecycle.tasks_ended().await;
        assert!(!lifecycle.has_failed());
    }

    #[tokio::test]
    async fn the_hard_stop_ends_what_does_not_end() {
        let lifecycle = Lifecycle::default();
        lifecycle.stop();
        assert!(lifecycle.run_until_asked(std::future::pending::<()>()).await.is_err());
        assert_eq!(lifecycle.run_until_told(async { 7 }).await.ok(), Some(7));
        lifecycle.hard().cancel();
        assert!(lifecycle.run_until_told(std::future::pending::<()>()).await.is_err());
    }
}
