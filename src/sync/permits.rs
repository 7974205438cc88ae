//! The permit list: SICANTIK → Odoo.

use std::sync::Arc;

use crate::domain::RunKind;

use super::batch::Batches;
use super::list_pass::{ListLimits, ListPass};
use super::{Run, SyncError};

/// Reads the whole list and brings it to Odoo while it is read. Unchanged permits cost a look-up.
pub async fn sync_permits(run: &Run) -> Result<(), SyncError> {
    run.progress.stage(RunKind::Permits);
    let settings = &run.order.settings;
    let limits = ListLimits {
        first_page: settings.page_size,
        page_time: run.list_limits.page_time.min(settings.timeout / 2),
        ..run.list_limits
    };
    let limit = if run.order.kind == RunKind::Permits { run.order.limit } else { 0 };
    let mut pass = ListPass::new(&run.source, limits, limit);
    let mut batches = Batches::new(Arc::clone(&run.sink), run.order.clone(), Arc::clone(&run.progress));
    let read = read_list(run, &mut pass, &mut batches).await;
    // What was read lands, even when the source breaks down midway.
    if matches!(read, Ok(()) | Err(SyncError::Source(_))) {
        batches.close().await?;
    }
    read
}

async fn read_list(run: &Run, pass: &mut ListPass<'_>, batches: &mut Batches) -> Result<(), SyncError> {
    while let Some(step) = pass.next().await? {
        let found = (step.permits.len() + step.refused.len()) as u64;
        let calls = run.source.calls();
        run.progress.update(|report| {
            report.total += found;
            report.api_calls = calls;
            report.done += step.refused.len() as u64;
        });
        step.refused.into_iter().for_each(|issue| run.progress.issue(issue));
        batches.push(step.permits).await?;
    }
    Ok(())
}
