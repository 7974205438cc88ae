//! Reads what was planned: a page, a page with the bad rows in it left out, or the first pages of a pass.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Issue;
use crate::sicantik::{Client, Page, SicantikError};

use super::ListLimits;
use super::coverage::{Coverage, Extent, fingerprints};
use super::plan::Query;
use super::timing::PageTime;

/// What one query gave.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) parts: Vec<Part>,
    /// Rows that the server cannot give.
    pub(super) bad: Vec<Issue>,
    pub(super) extent: Extent,
    /// Rows of the page that turned out to be good, where that was looked for.
    pub(super) size: Option<usize>,
}

/// A page or a piece of one, without the rows that an earlier query gave.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) offset: usize,
    pub(super) page: Page,
    /// It is the whole list, from one query.
    pub(super) whole: bool,
}

/// Asks one SICANTIK for pages of its list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Client,
    pub(super) limits: ListLimits,
    /// Rows behind this position are not wanted, even if they come.
    pub(super) until: usize,
}

/// How the pages at the beginning of a pass ended.
enum Opening {
    /// A page that may be one of many, with the size that is good.
    Page(Page, usize),
    /// The whole list.
    Whole(Page, usize),
    /// A larger page failed: the walk begins with this size.
    Failed(usize),
    /// Not even a small page can be had.
    Bad(usize, SicantikError),
}

impl Reader<'_> {
    /// Reads a query and counts its rows.
    pub(super) async fn read(&self, query: Query, coverage: &mut Coverage) -> Result<Reading, SicantikError> {
        match query {
            Query::Open => self.open(coverage).await,
            Query::Page { offset, limit } => {
                let (mut reading, received) = self.page(offset, limit, coverage).await?;
                let behind = offset + received;
                let ended = received == 0 || (received < limit && self.is_end(behind).await?);
                reading.extent = if ended { Extent::End(behind) } else { Extent::UpTo(behind) };
                Ok(reading)
            }
            Query::Seam { offset, limit } => Ok(self.page(offset, limit, coverage).await?.0),
        }
    }

    /// A page; one that stays bad is read in halves. Gives the positions that it covers, too.
    async fn page(
        &self,
        offset: usize,
        limit: usize,
        coverage: &mut Coverage,
    ) -> Result<(Reading, usize), SicantikError> {
        match self.source.issued_page(offset, limit).await {
            Ok(mut page) => {
                let received = page.received;
                // A server that does not heed the limit does not widen what was ordered.
                page.truncate(self.until.saturating_sub(offset));
                Ok((Reading::of(Part::count(page, offset, coverage), Extent::Within), received))
            }
            Err(error) if error.is_unavailable() => self.bisect(offset, limit, error, coverage).await,
            Err(error) => Err(error),
        }
    }

    async fn open(&self, coverage: &mut Coverage) -> Result<Reading, SicantikError> {
        let (mut reading, size) = match self.grow().await? {
            Opening::Page(page, size) => {
                let extent = Extent::UpTo(page.received);
                (Reading::of(Part::count(page, 0, coverage), extent), size)
            }
            Opening::Whole(page, size) => {
                let part = Part { whole: true, ..Part::count(page, 0, coverage) };
                (Reading::of(part, Extent::Whole), size)
            }
            Opening::Failed(size) => (Reading::nothing(), size),
            Opening::Bad(size, error) => {
                let (reading, covered) = self.bisect(0, size, error, coverage).await?;
                (Reading { extent: Extent::UpTo(covered), ..reading }, size)
            }
        };
        reading.size = Some(size);
        Ok(reading)
    }

    /// Asks for larger and larger pages at the beginning of the list, while that is worth it.
    async fn grow(&self) -> Result<Opening, SicantikError> {
        let (mut limit, mut page, mut time) = match self.first_page().await? {
            Ok(first) => first,
            Err((limit, error)) => return Ok(Opening::Bad(limit, error)),
        };
        if page.received > limit {
            return self.unasked_page(page, limit).await;
        }
        while page.received >= limit {
            let Some(larger) = time.larger_page(self.limits.largest_page, self.limits.page_time) else {
                return Ok(Opening::Page(page, limit));
            };
            // Two pages at once would be the peak of the worker's memory.
            drop(page);
            let (read, took) = self.timed_page(larger).await;
            page = match read {
                Ok(page) => page,
                Err(error) => {
                    tracing::warn!(page.size = larger, %error, "a larger page failed; the last good size is taken");
                    return Ok(Opening::Failed(limit));
                }
            };
            time = time.then(larger, took);
            limit = larger;
        }
        self.short_page(page, limit).await
    }

    /// The page that the pass begins with; the inner error is of one that has to be read in halves.
    async fn first_page(&self) -> Result<Result<(usize, Page, PageTime), (usize, SicantikError)>, SicantikError> {
        let ListLimits { first_page, learnt_page, largest_page, .. } = self.limits;
        if learnt_page > 0 {
            let limit = learnt_page.min(largest_page);
            match self.timed_page(limit).await {
                (Ok(page), took) => return Ok(Ok((limit, page, PageTime::of_learnt(limit, took)))),
                (Err(error), _) if error.depends_on_size() => {
                    tracing::warn!(page.size = limit, %error, "the page size of the last pass fails; pages grow anew");
                }
                (Err(error), _) => return Err(error),
            }
        }
        let limit = first_page.clamp(1, largest_page);
        match self.timed_page(limit).await {
            (Ok(page), took) => Ok(Ok((limit, page, PageTime::of_first(limit, took)))),
            (Err(error), _) if error.is_unavailable() => Ok(Err((limit, error))),
            (Err(error), _) => Err(error),
        }
    }

    async fn timed_page(&self, limit: usize) -> (Result<Page, SicantikError>, Duration) {
        let begun = Instant::now();
        let read = self.source.issued_page(0, limit).await;
        (read, begun.elapsed())
    }

    /// A page that is shorter than its limit is the whole list, unless the server cuts pages: what stands
    /// behind it tells.
    async fn short_page(&self, page: Page, limit: usize) -> Result<Opening, SicantikError> {
        if self.is_end(page.received).await? {
            return Ok(Opening::Whole(page, limit));
        }
        tracing::info!(page.size = page.received, "the server cuts its pages");
        let size = page.received;
        Ok(Opening::Page(page, size))
    }

    /// More rows than were asked for: the server does not heed the limit. The page is the whole list when nothing
    /// stands behind it, or when the same rows stand there, because the offset is not heeded either.
    async fn unasked_page(&self, page: Page, limit: usize) -> Result<Opening, SicantikError> {
        tracing::info!(page.size = page.received, "the server sends more rows than it is asked for");
        let own = fingerprints(&page);
        let behind = self.source.issued_page(page.received, 1).await?;
        if behind.received == 0 || fingerprints(&behind) == own {
            // What was asked for is learnt, not what came: the next pass knows such a server by the same sign.
            return Ok(Opening::Whole(page, limit));
        }
        let size = page.received;
        Ok(Opening::Page(page, size))
    }

    /// Whether nothing stands at the position and behind it.
    async fn is_end(&self, position: usize) -> Result<bool, SicantikError> {
        Ok(self.source.issued_page(position, 1).await?.received == 0)
    }
}

impl Reading {
    fn of(part: Part, extent: Extent) -> Self {
        Self { parts: vec![part], extent, ..Self::nothing() }
    }

    /// No rows at all.
    pub(super) fn nothing() -> Self {
        Self { parts: Vec::new(), bad: Vec::new(), extent: Extent::Within, size: None }
    }
}

impl Part {
    /// The rows of one query from `offset` on, counted.
    pub(super) fn count(mut page: Page, offset: usize, coverage: &mut Coverage) -> Self {
        coverage.take(&mut page);
        Self { offset, page, whole: false }
    }
}
