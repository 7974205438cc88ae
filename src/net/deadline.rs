//! Until when calls may leave: one moment, shared by everything that works towards it, and put off while it lasts.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::{Instant, sleep_until};

/// A moment after which nothing may be sent any more. Clones share it.
///
/// It is looked at before each call, not only waited for: the clock goes on while the process is suspended, and
/// nobody knows which of the things that were waited for is noticed first afterwards. It stands still while the whole
/// machine sleeps; a server's does not.
#[derive(Debug, Clone, Default)]
pub struct Deadline(Option<Arc<Mutex<Instant>>>);

impl Deadline {
    /// There is none.
    #[must_use]
    pub fn never() -> Self {
        Self(None)
    }

    /// This moment.
    #[must_use]
    pub fn at(moment: Instant) -> Self {
        Self(Some(Arc::new(Mutex::new(moment))))
    }

    /// Puts it off. One that has passed stays where it is: whoever waited for it may have begun already.
    pub fn put_off(&self, until: Instant) {
        let Some(moment) = &self.0 else { return };
        let mut moment = moment.lock().unwrap_or_else(PoisonError::into_inner);
        if *moment > Instant::now() {
            *moment = until.max(*moment);
        }
    }

    /// Whether nothing may be sent any more.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.moment().is_some_and(|moment| moment <= Instant::now())
    }

    /// Returns when it has passed, however often it is put off meanwhile.
    pub async fn passed(&self) {
        loop {
            match self.moment() {
                None => std::future::pending().await,
                Some(moment) if moment <= Instant::now() => return,
                Some(moment) => sleep_until(moment).await,
            }
        }
    }

    fn moment(&self) -> Option<Instant> {
        self.0.as_ref().map(|moment| *moment.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn it_is_put_off_for_all_who_share_it_until_it_has_passed() {
        let begun = Instant::now();
        let deadline = Deadline::at(begun + SECOND);
        let shared = deadline.clone();
        tokio::time::sleep(SECOND / 2).await;
        shared.put_off(begun + 3 * SECOND);
        shared.put_off(begun + 2 * SECOND);
        deadline.passed().await;
        let took = begun.elapsed();
        assert!(took >= 3 * SECOND && shared.has_passed(), "an earlier moment takes nothing back: {took:?}");

        shared.put_off(begun + 9 * SECOND);
        assert!(deadline.has_passed(), "too late");
    }

    #[tokio::test(start_paused = true)]
    async fn without_one_nothing_ever_passes() {
        let never = Deadline::never();
        never.put_off(Instant::now());
        assert!(tokio::time::timeout(SECOND, never.passed()).await.is_err() && !never.has_passed());
    }
}
