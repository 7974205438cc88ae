//! Permit types: one call, one batch.

use std::collections::HashSet;

use crate::domain::{PermitType, RunKind};

use super::{Run, SyncError};

/// Brings the permit types. Types that differ only by case or blanks are one type: permits name them by name only,
/// so nothing could tell them apart. The first id stays. Merged types are left out: Odoo keeps them as old names.
pub async fn sync_types(run: &Run) -> Result<(), SyncError> {
    run.progress.stage(RunKind::Types);
    let mut types = run.source.permit_types().await?;
    run.progress.has_read(RunKind::Types);
    run.count_calls();
    types.retain(|permit_type| !run.order.settings.type_aliases.is_merged(permit_type));
    keep_first_of_a_name(&mut types);
    let count = types.len() as u64;
    run.progress.update(|report| report.total = count);
    let landed = run.sink.upsert_types(&run.order.lease, &types).await?;
    run.progress.update(|report| {
        report.done = count;
        report.created += landed.created;
        report.updated += landed.updated;
        report.unchanged += landed.unchanged;
    });
    for refusal in landed.refused {
        run.progress.issue(refusal.into());
    }
    Ok(())
}

fn keep_first_of_a_name(types: &mut Vec<PermitType>) {
    types.sort_by_key(|permit_type| (permit_type.code.len(), permit_type.code.clone()));
    let mut names = HashSet::new();
    types.retain(|permit_type| names.insert(permit_type.name.key().to_owned()));
}
