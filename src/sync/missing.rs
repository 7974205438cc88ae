//! Marks what is in Odoo, but not in SICANTIK's list any more, and takes the mark from what is there again.
//! Nothing is deleted.

use crate::domain::{HeldPermit, Seen, Sight};
use crate::odoo::MarkResult;

use super::held::{HeldPages, with_values};
use super::{Run, SyncError};

/// To be called only after a complete pass whose permits have all landed in Odoo. Writes nothing where the
/// marks are right already.
pub(super) async fn mark(run: &Run, seen: &Seen) -> Result<MarkResult, SyncError> {
    let mut marked = MarkResult::default();
    let mut pages = HeldPages::new(run, false);
    while let Some(page) = pages.next().await? {
        let mut marks = Marks::default();
        for held in &page {
            marks.judge(seen, held);
        }
        let unclear = std::mem::take(&mut marks.unclear);
        with_values(run, unclear, |held| marks.judge(seen, &held)).await?;
        if !(marks.gone.is_empty() && marks.back.is_empty()) {
            let changed = run.sink.mark_missing(&run.order, &marks.gone, &marks.back).await?;
            marked.missing += changed.missing;
            marked.seen += changed.seen;
        }
    }
    tracing::info!(
        run.id = run.order.id,
        permits.missing = marked.missing,
        permits.back = marked.seen,
        "missing permits"
    );
    Ok(marked)
}

/// Ids of one page.
#[derive(Default)]
struct Marks {
    gone: Vec<i64>,
    back: Vec<i64>,
    unclear: Vec<i64>,
}

impl Marks {
    fn judge(&mut self, seen: &Seen, held: &HeldPermit) {
        match seen.sight(held) {
            Sight::There if held.missing => self.back.push(held.id),
            Sight::Gone if !held.missing && held.status.is_open() => self.gone.push(held.id),
            Sight::Unclear => self.unclear.push(held.id),
            Sight::There | Sight::Gone => {}
        }
    }
}
