//! Reads the whole list of issued permits. Called by the work of a run and by the dry run.
//!
//! The server orders by date alone and each query puts the rows of one day in another order, so the rows on
//! either side of a page's edge may be given twice or not at all. Within one query nothing is lost. Hence:
//!
//! - **One view.** Pages at offset 0 grow until one is shorter than its limit. With nothing behind it, that
//!   page *is* the whole list, from one query.
//! - **A walk**, where the server cannot give that: it cuts pages, is slow, or has too many rows. Each page
//!   begins a little before the end of the last one. A row can only fall between two pages when its day spans
//!   the whole overlap; then more positions are covered than rows seen, and one more page is laid over the
//!   seam at once. See `census` for what is known for certain from counting.
//! - **Further walks**, shifted, only while rows are missing in the end and the last walk found some.

mod census;
mod gather;
mod pace;
mod pieces;
mod walk;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Issue, ListedPermit, TypeAliases};
use crate::sicantik::{Client, Page, SicantikError};

use census::Census;
use gather::{Ready, fingerprints};
use pace::Pace;

/// Each page asked for at the beginning is so many times the one before.
const GROWTH: usize = 4;

/// This part of a page lies over the end of the last one: a hundred rows of five hundred, where an office
/// receives a dozen applications a day.
const OVERLAP: usize = 5;

/// Rows of the largest overlap: more than any office receives in a day, so that large pages are not read twice.
const MAX_OVERLAP: usize = 1000;

/// Walks after the first one.
const MAX_FURTHER_WALKS: usize = 3;

/// So many pages in a row with nothing new are a server that does not heed the offset.
const MAX_STALE_PAGES: usize = 3;

/// A list of more pages than this is a server that never says the end, or gives a handful of rows at a time.
pub const MAX_PAGES: usize = 10_000;

/// Limits of reading the list.
#[derive(Debug, Clone, Copy)]
pub struct ListLimits {
    /// Rows of the first page.
    pub first_page: usize,
    /// Rows of the page that an earlier pass found good: it is asked for first; 0 = none.
    pub learnt_page: usize,
    /// Rows of the largest page.
    pub largest_page: usize,
    /// Pages of one pass.
    pub most_pages: usize,
    /// A larger page is asked for only while it should answer within this time.
    pub page_time: Duration,
}

/// What one step of the pass brought.
#[derive(Debug, Default)]
pub struct Step {
    /// Permits not seen before in this pass (or seen with another applicant or type), at most a thousand.
    pub permits: Vec<ListedPermit>,
    /// Rows that nothing could name or nobody could read, each told once in a pass.
    pub refused: Vec<Issue>,
}

/// How a pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Every row of the list was read and named a permit: what was not seen is not in the list.
    pub complete: bool,
    /// The end of the list was reached, whatever could not be read or named on the way: size and time are those
    /// of a whole pass.
    pub reached_end: bool,
    /// Rows of the page that is good to begin with next time.
    pub page_size: usize,
    /// Time spent on reading, without the time that the permits took to be used.
    pub took: Duration,
}

/// A pass under way: call [`ListPass::next`] until it gives `None`.
#[derive(Debug)]
pub struct ListPass<'a> {
    source: &'a Client,
    aliases: Option<&'a TypeAliases>,
    limits: ListLimits,
    /// Positions behind this one are not asked for.
    until: usize,
    ahead: VecDeque<Query>,
    ready: Ready,
    census: Census,
    told: HashSet<String>,
    /// Rows that nothing names, by fingerprint: how often one query gave them.
    unnamed: HashMap<u64, usize>,
    size: usize,
    pages: usize,
    stale_pages: usize,
    further_walks: usize,
    seen_before_walk: usize,
    bad_rows: usize,
    in_one_view: bool,
    failed: bool,
    took: Duration,
}

#[derive(Debug, Clone, Copy)]
enum Query {
    /// Find the largest page, and with luck the whole list.
    Grow,
    /// The next page of a walk.
    Page { offset: usize, limit: usize },
    /// A page over the seam of two others.
    Seam { offset: usize },
}

impl<'a> ListPass<'a> {
    /// A pass over the whole list; with `limit`, over its first rows only.
    #[must_use]
    pub fn new(source: &'a Client, limits: ListLimits, limit: usize) -> Self {
        let size = limit.min(limits.largest_page);
        let start = if limit > 0 { Query::Page { offset: 0, limit: size } } else { Query::Grow };
        Self {
            source,
            aliases: None,
            limits,
            until: if limit > 0 { limit } else { usize::MAX },
            ahead: VecDeque::from([start]),
            ready: Ready::default(),
            census: Census::default(),
            told: HashSet::new(),
            unnamed: HashMap::new(),
            size,
            pages: 0,
            stale_pages: 0,
            further_walks: 0,
            seen_before_walk: 0,
            bad_rows: 0,
            in_one_view: false,
            failed: false,
            took: Duration::ZERO,
        }
    }

    /// Permits of merged types get the type that remains.
    #[must_use]
    pub fn with_aliases(self, aliases: &'a TypeAliases) -> Self {
        Self { aliases: Some(aliases), ..self }
    }

    /// The next permits, or `None` at the end of the list.
    pub async fn next(&mut self) -> Result<Option<Step>, SicantikError> {
        loop {
            if let Some(step) = self.ready.piece() {
                return Ok(Some(step));
            }
            let Some(query) = self.ahead.pop_front().or_else(|| self.further_walk()) else { return Ok(None) };
            let begun = Instant::now();
            let asked = self.ask(query).await;
            self.took += begun.elapsed();
            if let Err(error) = asked {
                self.ahead.clear();
                self.failed = true;
                return Err(error);
            }
        }
    }

    /// How it ended; to be asked once [`ListPass::next`] gave `None`.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let reached_end = (self.in_one_view || self.census.has_ended()) && self.until == usize::MAX && !self.failed;
        let read_everything = self.in_one_view || self.census.is_complete();
        let complete = reached_end && read_everything && self.bad_rows == 0 && self.unnamed.is_empty();
        Outcome { complete, reached_end, page_size: self.size, took: self.took }
    }

    async fn ask(&mut self, query: Query) -> Result<(), SicantikError> {
        self.pages += 1;
        if self.pages > self.limits.most_pages {
            return Err(SicantikError::TooManyPages { pages: self.limits.most_pages, rows: self.census.seen() });
        }
        match query {
            Query::Grow => self.grow().await?,
            Query::Page { offset, limit } => self.walk(offset, limit).await?,
            Query::Seam { offset } => {
                self.read(offset, self.size).await?;
            }
        }
        if self.census.is_complete() {
            self.ahead.clear();
        }
        Ok(())
    }

    async fn grow(&mut self) -> Result<(), SicantikError> {
        let Some((mut limit, mut page, mut speed)) = self.first_page().await? else { return Ok(()) };
        if page.received > limit {
            return self.unasked_page(page, limit).await;
        }
        while page.received >= limit {
            let larger = (limit * GROWTH).min(self.limits.largest_page);
            if larger <= limit || speed.expected(larger) > self.limits.page_time {
                self.size = limit;
                self.begin_walk(page);
                return Ok(());
            }
            // Two pages at once would be the peak of the worker's memory.
            drop(page);
            let begun = Instant::now();
            page = match self.source.issued_page(0, larger).await {
                Ok(page) => page,
                Err(error) => {
                    tracing::warn!(page.size = larger, %error, "a larger page failed; the last good size is taken");
                    self.size = limit;
                    self.ahead.push_back(Query::Page { offset: 0, limit });
                    return Ok(());
                }
            };
            speed = speed.then(larger, begun.elapsed());
            limit = larger;
        }
        self.short_page(page, limit).await
    }

    /// The page that the pass begins with; `None` when it had to be read in pieces.
    async fn first_page(&mut self) -> Result<Option<(usize, Page, Pace)>, SicantikError> {
        let ListLimits { first_page, learnt_page, largest_page, .. } = self.limits;
        let begun = Instant::now();
        if learnt_page > 0 {
            let limit = learnt_page.min(largest_page);
            match self.source.issued_page(0, limit).await {
                Ok(page) => return Ok(Some((limit, page, Pace::of_learnt(limit, begun.elapsed())))),
                Err(error) if error.depends_on_size() => {
                    tracing::warn!(page.size = limit, %error, "the page size of the last pass fails; pages grow anew");
                }
                Err(error) => return Err(error),
            }
        }
        let limit = first_page.clamp(1, largest_page);
        let begun = Instant::now();
        match self.source.issued_page(0, limit).await {
            Ok(page) => Ok(Some((limit, page, Pace::of_first(limit, begun.elapsed())))),
            Err(error) if error.is_unavailable() => {
                self.size = limit;
                let covered = self.read_in_pieces(0, limit, error).await?;
                self.go_on_behind(0, covered);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A page that is shorter than its limit is the whole list, unless the server cuts pages: what stands
    /// behind it tells.
    async fn short_page(&mut self, page: Page, limit: usize) -> Result<(), SicantikError> {
        if self.is_end(page.received).await? {
            self.size = limit;
            self.in_one_view = true;
            self.gather(page, 0, true);
            return Ok(());
        }
        tracing::info!(page.size = page.received, "the server cuts its pages");
        self.size = page.received;
        self.begin_walk(page);
        Ok(())
    }

    /// More rows than were asked for: the server does not heed the limit. The page is the whole list when nothing
    /// stands behind it, or when the same rows stand there, because the offset is not heeded either.
    async fn unasked_page(&mut self, page: Page, limit: usize) -> Result<(), SicantikError> {
        tracing::info!(page.size = page.received, "the server sends more rows than it is asked for");
        let own = fingerprints(&page);
        let behind = self.source.issued_page(page.received, 1).await?;
        if behind.received == 0 || fingerprints(&behind) == own {
            drop(behind);
            // What was asked for is learnt, not what came: the next pass knows such a server by the same sign.
            self.size = limit;
            self.in_one_view = true;
            self.gather(page, 0, true);
        } else {
            self.size = page.received;
            self.begin_walk(page);
        }
        Ok(())
    }

    fn begin_walk(&mut self, page: Page) {
        let received = page.received;
        self.gather(page, 0, false);
        self.go_on_behind(0, received);
    }
}
