//! Which files are whole: those that stand still. Nobody says that a copy has ended, so a file is taken when its size and
//! its time did not change for a while, and refused for what a half-copied file would be refused for only after a longer one.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Lying, Name};

/// How long a file is to stand still.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Before it is read.
    pub still: Duration,
    /// Before it is refused as empty, damaged or no PDF.
    pub doubt: Duration,
}

/// A copy that has stopped in the middle goes on, or is begun anew, within this time.
const DOUBT: Duration = Duration::from_mins(2);

impl Patience {
    /// Whole files stand still for so long.
    #[must_use]
    pub fn new(still: Duration) -> Self {
        Self { still, doubt: DOUBT.max(still) }
    }
}

/// What was seen of the files that lie in the inbox.
#[derive(Debug, Default)]
pub(super) struct Watched(HashMap<Name, Seen>);

#[derive(Debug)]
struct Seen {
    lying: Lying,
    since: Instant,
    /// It is not read again until then.
    rests_until: Option<Instant>,
}

impl Watched {
    /// Those of these that stand still by now.
    pub(super) fn ready(&mut self, lying: &[Lying], patience: Patience) -> Vec<Lying> {
        let now = Instant::now();
        let mut before = std::mem::take(&mut self.0);
        let mut ready = Vec::new();
        for one in lying {
            let known = before.remove(&one.name).filter(|known| known.lying == *one);
            let seen = known.unwrap_or_else(|| Seen { lying: one.clone(), since: now, rests_until: None });
            let rests = seen.rests_until.is_some_and(|until| now < until);
            if !rests && now.duration_since(seen.since) >= patience.still {
                ready.push(one.clone());
            }
            self.0.insert(one.name.clone(), seen);
        }
        ready
    }

    /// It looks like one that is still being copied: whether it has stood still for too short a time to say so. It is not
    /// looked at again before that.
    pub(super) fn is_in_doubt(&mut self, lying: &Lying, patience: Patience) -> bool {
        let Some(seen) = self.0.get_mut(&lying.name) else { return true };
        let until = seen.since + patience.doubt;
        let is_in_doubt = Instant::now() < until;
        seen.rests_until = is_in_doubt.then_some(until);
        is_in_doubt
    }

    /// It was taken.
    pub(super) fn forget(&mut self, lying: &Lying) {
        self.0.remove(&lying.name);
    }

    /// It could not be taken, and nothing says that the next look will do better.
    pub(super) fn rest(&mut self, lying: &Lying, pause: Duration) {
        if let Some(seen) = self.0.get_mut(&lying.name) {
            seen.rests_until = Some(Instant::now() + pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lying(name: &str, size: u64) -> Lying {
        Lying { name: Name(name.into()), size, stamp: "1".to_owned() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_grows_is_not_touched() {
        let (patience, mut watched) = (Patience::new(Duration::from_secs(10)), Watched::default());
        for size in 0..5 {
            assert_eq!(watched.ready(&[lying("izin.pdf", size)], patience), []);
            tokio::time::advance(Duration::from_secs(9)).await;
        }
        let whole = lying("izin.pdf", 4);
        assert_eq!(watched.ready(std::slice::from_ref(&whole), patience), []);
        tokio::time::advance(Duration::from_secs(1)).await;
        let found = watched.ready(std::slice::from_ref(&whole), patience);
        assert_eq!(found, std::slice::from_ref(&whole));
        let again = Lying { stamp: "2".to_owned(), ..whole };
        assert_eq!(watched.ready(&[again], patience), [], "it was written to, though its size is the same");
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_be_half_a_copy_is_waited_for() {
        let (patience, mut watched) = (Patience::new(Duration::from_secs(10)), Watched::default());
        let half = [lying("izin.pdf", 4)];
        watched.ready(&half, patience);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(watched.ready(&half, patience), half);
        assert!(watched.is_in_doubt(&half[0], patience));
        tokio::time::advance(Duration::from_secs(109)).await;
        assert_eq!(watched.ready(&half, patience), [], "it is not read again and again");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(watched.ready(&half, patience), half);
        assert!(!watched.is_in_doubt(&half[0], patience));
    }
}
