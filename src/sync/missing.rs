//! Marks what is in Odoo, but not in SICANTIK's list any more, and takes the mark from what is there again.
//! Nothing is deleted.
//!
//! A list that is suddenly much shorter is more often a fault of the server (a backup that is being restored, a
//! table half loaded, a wrong filter) than so many permits gone in a quarter of an hour. Then nothing is marked
//! until a second complete pass misses the same permits, or a person has looked.

use std::fmt;

use crate::domain::message::message_args;
use crate::domain::text::{fingerprint, hex};
use crate::domain::{Issue, ListIndex, OdooPermit, Presence, Unlisted};
use crate::odoo::{MarkResult, OdooError};

use super::odoo_permits::{OdooPermits, PAGE, with_values};
use super::{Run, SyncError};

/// So many permits may always be marked: an office that tidies up closes some dozens at once.
const ALWAYS_PLAUSIBLE: usize = 50;

/// Above that, one permit of so many that the list should have: an office issues a tenth of its permits in a
/// year, so that a twentieth never leaves the list between two passes.
const PLAUSIBLE_SHARE: usize = 20;

/// To be called only after a complete pass whose permits have all landed in Odoo. Writes nothing where the
/// marks are right already.
pub(super) async fn mark(run: &Run, index: &ListIndex) -> Result<MarkResult, SyncError> {
    let (found, back) = compare(run, index).await?;
    let unlisted = Unlisted { count: found.gone.len() as u64, digest: found.digest(), confirmed: false };
    let mut marked = MarkResult { missing: 0, seen: back };
    if found.is_plausible() || agrees(&run.order.settings.unlisted, &unlisted) {
        for ids in found.gone.chunks(PAGE) {
            marked.missing += run.sink.mark_missing(&run.order.lease, ids, &[]).await?.missing;
        }
        run.progress.keep_unlisted(Unlisted::default());
    } else {
        run.progress.hold_back(list_shrank(&found));
        run.progress.keep_unlisted(unlisted);
    }
    tracing::info!(
        run.id = run.order.id,
        permits.missing = marked.missing,
        permits.back = marked.seen,
        permits.unlisted = found.gone.len(),
        "missing permits"
    );
    Ok(marked)
}

/// Whether an earlier run missed the very same permits, or a person has agreed to as many.
fn agrees(before: &Unlisted, now: &Unlisted) -> bool {
    before.count > 0 && (before.digest == now.digest || (before.confirmed && now.count <= before.count))
}

/// Looks at all permits of Odoo's. Marks that are to go are taken away at once: that is no conclusion from absence.
async fn compare(run: &Run, index: &ListIndex) -> Result<(Found, u64), OdooError> {
    let (mut found, mut back) = (Found::default(), 0);
    let mut pages = OdooPermits::new(run, false);
    while let Some(page) = pages.next().await? {
        for held in &page {
            found.judge(index, held);
        }
        let unclear = std::mem::take(&mut found.unclear);
        with_values(run, unclear, |held| found.judge(index, &held)).await?;
        let there_again = std::mem::take(&mut found.back);
        if !there_again.is_empty() {
            back += run.sink.mark_missing(&run.order.lease, &[], &there_again).await?.seen;
        }
    }
    Ok((found, back))
}

/// What Odoo's permits are to the list.
#[derive(Default)]
struct Found {
    /// Open permits that Odoo counts as listed.
    listed: usize,
    /// Of them, those that the list has no more.
    gone: Vec<i64>,
    /// All that the list has not, marked or not, open or closed: the same for a run that begins again after it
    /// was killed while it marked.
    absent: Digest,
    /// Ids of one page.
    back: Vec<i64>,
    unclear: Vec<i64>,
}

impl Found {
    fn judge(&mut self, index: &ListIndex, held: &OdooPermit) {
        let presence = index.presence_of(held);
        self.listed += usize::from(presence != Presence::Undecided && !held.missing && held.status.is_open());
        match presence {
            Presence::Listed if held.missing => self.back.push(held.id),
            Presence::Listed => {}
            Presence::Unlisted => {
                self.absent.add(held.id);
                if !held.missing && held.status.is_open() {
                    self.gone.push(held.id);
                }
            }
            Presence::Undecided => self.unclear.push(held.id),
        }
    }

    fn is_plausible(&self) -> bool {
        self.gone.len() <= ALWAYS_PLAUSIBLE || self.gone.len() * PLAUSIBLE_SHARE <= self.listed
    }

    fn digest(&self) -> String {
        self.absent.to_string()
    }
}

/// Names a set of ids in whatever order they come: how many, and the sum of their fingerprints.
#[derive(Default)]
struct Digest {
    ids: u64,
    sum: u64,
}

impl Digest {
    fn add(&mut self, id: i64) {
        self.ids += 1;
        self.sum = self.sum.wrapping_add(fingerprint(&id.to_string()));
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.ids, hex(&self.sum.to_be_bytes()))
    }
}

fn list_shrank(found: &Found) -> Issue {
    let (gone, listed) = (found.gone.len(), found.listed);
    Issue {
        key: "–".to_owned(),
        code: "list_shrank".to_owned(),
        message: format!(
            "SICANTIK's list lacks {gone} of the {listed} permits that it had: too many at once to believe it, so none \
             was marked. Look at SICANTIK. The next complete reading that lacks the same ones marks them; if they are \
             gone for good, press Mark Missing Permits on this run"
        ),
        values: message_args([("count", &gone), ("listed", &listed)]),
        permit_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(gone: usize, listed: usize) -> Found {
        Found { listed, gone: (0..).take(gone).collect(), ..Found::default() }
    }

    #[test]
    fn some_dozens_or_a_twentieth_are_plausible_and_more_is_not() {
        assert!(found(50, 60).is_plausible(), "a small office tidies up");
        assert!(!found(51, 1_019).is_plausible());
        assert!(found(51, 1_020).is_plausible());
        assert!(found(600, 12_000).is_plausible());
        assert!(!found(601, 12_000).is_plausible());
    }

    #[test]
    fn agreement_is_about_the_same_permits_or_a_persons_word_about_as_many() {
        let of = |count, digest: &str, confirmed| Unlisted { count, digest: digest.to_owned(), confirmed };
        let now = of(90, "a", false);
        assert!(agrees(&of(90, "a", false), &now));
        assert!(agrees(&of(140, "a", false), &now), "some were marked before the worker was killed");
        assert!(!agrees(&of(90, "b", false), &now));
        assert!(!agrees(&Unlisted::default(), &now));
        assert!(agrees(&of(90, "b", true), &now));
        assert!(!agrees(&of(89, "b", true), &now), "nobody has agreed to more");
    }

    #[test]
    fn a_digest_knows_no_order_and_every_id() {
        let of = |ids: &[i64]| {
            let mut digest = Digest::default();
            for id in ids {
                digest.add(*id);
            }
            digest.to_string()
        };
        assert_eq!(of(&[1, 2, 3]), of(&[3, 1, 2]));
        assert_ne!(of(&[1, 2]), of(&[1, 3]));
        assert_ne!(of(&[1, 2]), of(&[1, 2, 4]));
    }
}
