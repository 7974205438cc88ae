//! The permit list: SICANTIK → Odoo.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::{ListIndex, ListedPermit, Message, PassStats, RunKind};
use crate::orders::ClaimedRun;

use super::batch::Batches;
use super::list_pass::{ListLimits, ListPass};
use super::{Run, SyncError, missing};

/// A poll reads the whole list while that takes no longer, else only its newest page.
const QUICK_PASS: Duration = Duration::from_secs(10);

/// Reads the list and brings it to Odoo while it is read. Unchanged permits cost a look-up. After a complete
/// pass, what is not in the list any more is marked.
pub async fn sync_permits(run: &Run) -> Result<(), SyncError> {
    run.progress.stage(RunKind::Permits);
    let known = run.memory.recall().await;
    let mut pass = list_pass(run, known, rows_to_read(&run.order, known));
    let mut batches = Batches::new(Arc::clone(&run.sink), run.order.lease.clone(), Arc::clone(&run.progress));
    let mut index = ListIndex::default();
    let read = read_list(run, &mut pass, &mut batches, &mut index).await;
    // What was read lands, even when the source breaks down midway.
    if matches!(read, Ok(()) | Err(SyncError::Source(_))) {
        batches.close().await?;
    }
    if read.is_ok() || index.count() > 0 {
        run.progress.has_read(RunKind::Permits);
    }
    read?;
    let outcome = pass.outcome();
    run.memory.keep(&outcome).await;
    if outcome.complete {
        let marked = missing::mark(run, &index).await?;
        if marked.missing > 0 {
            let message = format!("Permits that are not in SICANTIK's list any more: {}.", marked.missing);
            run.progress.say(Message::with("missing", message, [("count", &marked.missing)]));
        }
    }
    Ok(())
}

/// A pass over the list for this run, as its configuration wants it; with `limit`, over the first rows only.
pub(super) fn list_pass(run: &Run, known: PassStats, limit: usize) -> ListPass<'_> {
    ListPass::new(&run.source, list_limits(run, known), limit).with_aliases(&run.order.settings.type_aliases)
}

fn list_limits(run: &Run, known: PassStats) -> ListLimits {
    let settings = &run.order.settings;
    ListLimits {
        first_page: settings.page_size,
        learnt_page: known.page_size,
        page_time: run.list_limits.page_time.min(settings.timeout / 2),
        ..run.list_limits
    }
}

/// How many rows are enough; 0 = the whole list.
fn rows_to_read(order: &ClaimedRun, known: PassStats) -> usize {
    match order.kind {
        RunKind::Permits | RunKind::All if order.limit > 0 => order.limit,
        RunKind::Permits if !order.full && known.took >= QUICK_PASS => known.page_size,
        _ => 0,
    }
}

async fn read_list(
    run: &Run,
    pass: &mut ListPass<'_>,
    batches: &mut Batches,
    index: &mut ListIndex,
) -> Result<(), SyncError> {
    let mut refused = 0;
    while let Some(step) = pass.next().await? {
        let newly_refused = step.refused.len() as u64;
        refused += newly_refused;
        step.refused.into_iter().for_each(|issue| run.progress.issue(issue));
        // Pages overlap: a permit that comes again, with a further applicant, type or its number, is still one.
        let count = |permit: ListedPermit| {
            index.note(&permit);
            (permit, index.count() as u64)
        };
        let permits: Vec<_> = step.permits.into_iter().map(count).collect();
        let total = index.count() as u64 + refused;
        run.progress.update(|report| {
            report.total = total;
            report.done += newly_refused;
        });
        run.count_calls();
        for (permit, counted) in permits {
            batches.push(permit, counted).await?;
        }
    }
    Ok(())
}
