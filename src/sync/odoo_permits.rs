//! Reads what Odoo holds, page by page. Called by the marking of missing permits and by the comparison.

use crate::domain::OdooPermit;
use crate::odoo::OdooError;

use super::Run;

/// Permits a call; Odoo gives no more.
pub(super) const PAGE: usize = 2_000;

/// All permits of the configuration, in order of id.
#[derive(Debug)]
pub(super) struct OdooPermits<'a> {
    run: &'a Run,
    values: bool,
    /// `None` at the end.
    after: Option<i64>,
}

impl<'a> OdooPermits<'a> {
    /// `values`: with what the list said of them.
    pub(super) fn new(run: &'a Run, values: bool) -> Self {
        Self { run, values, after: Some(0) }
    }

    /// The next page, or `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<OdooPermit>>, OdooError> {
        let Some(after) = self.after else { return Ok(None) };
        let page = self.run.sink.keys(&self.run.order.lease, after, PAGE, self.values).await?;
        self.after = (page.last > after).then_some(page.last);
        Ok(Some(page.permits))
    }
}

/// Hands out the permits of these ids with what the list said of them; those that are gone are left out.
pub(super) async fn with_values(
    run: &Run,
    mut ids: Vec<i64>,
    mut take: impl FnMut(OdooPermit),
) -> Result<(), OdooError> {
    ids.sort_unstable();
    ids.dedup();
    let mut rest = ids.as_slice();
    while let (Some(&first), Some(&last)) = (rest.first(), rest.last()) {
        let span = usize::try_from(last - first + 1).unwrap_or(PAGE);
        let page = run.sink.keys(&run.order.lease, first - 1, span.min(PAGE), true).await?;
        let reached = if page.last == 0 { last } else { page.last.max(first) };
        page.permits.into_iter().filter(|permit| rest.binary_search(&permit.id).is_ok()).for_each(&mut take);
        rest = &rest[rest.partition_point(|&id| id <= reached)..];
    }
    Ok(())
}
