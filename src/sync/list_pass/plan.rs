//! Which query comes next. Decides only: nothing is read and nothing is counted here.

use std::collections::VecDeque;

use crate::sicantik::SicantikError;

use super::ListLimits;
use super::coverage::{Coverage, Extent};

/// This part of a page lies over the end of the last one: a hundred rows of five hundred, where an office
/// receives a dozen applications a day.
const OVERLAP: usize = 5;

/// Rows of the largest overlap: more than any office receives in a day, so that large pages are not read twice.
const MAX_OVERLAP: usize = 1000;

/// Walks after the first one.
const MAX_FURTHER_WALKS: usize = 3;

/// So many pages in a row with nothing new are a server that does not heed the offset.
const MAX_STALE_PAGES: usize = 3;

/// What is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Query {
    /// Find the largest page, and with luck the whole list.
    Open,
    /// The next page of a walk.
    Page { offset: usize, limit: usize },
    /// A page over the seam of two others.
    Seam { offset: usize, limit: usize },
}

/// The queries of one pass.
#[derive(Debug)]
pub(super) struct Plan {
    ahead: VecDeque<Query>,
    /// Positions behind this one are not asked for.
    until: usize,
    /// Rows of a page of the walk.
    size: usize,
    pages: usize,
    most_pages: usize,
    stale_pages: usize,
    further_walks: usize,
    seen_before_walk: usize,
    /// Rows seen, and rows missing, before the query under way.
    before: (usize, usize),
    failed: bool,
}

impl Plan {
    /// For the whole list; with `limit`, for its first rows only.
    pub(super) fn new(limits: &ListLimits, limit: usize) -> Self {
        let size = limit.min(limits.largest_page);
        let start = if limit > 0 { Query::Page { offset: 0, limit: size } } else { Query::Open };
        Self {
            ahead: VecDeque::from([start]),
            until: if limit > 0 { limit } else { usize::MAX },
            size,
            pages: 0,
            most_pages: limits.most_pages,
            stale_pages: 0,
            further_walks: 0,
            seen_before_walk: 0,
            before: (0, 0),
            failed: false,
        }
    }

    /// The next query; `None` when everything that can be known is known.
    pub(super) fn next(&mut self, coverage: &Coverage) -> Result<Option<Query>, SicantikError> {
        if coverage.is_complete() {
            self.ahead.clear();
        }
        self.before = (coverage.seen(), coverage.missing());
        let Some(query) = self.ahead.pop_front().or_else(|| self.further_walk(coverage)) else { return Ok(None) };
        self.pages += 1;
        if self.pages > self.most_pages {
            return Err(SicantikError::TooManyPages { pages: self.most_pages, rows: coverage.seen() });
        }
        Ok(Some(query))
    }

    /// Plans what follows a query that was read and counted. `size`: rows of the page that turned out to be good.
    pub(super) fn follow(
        &mut self,
        query: Query,
        extent: Extent,
        size: Option<usize>,
        coverage: &Coverage,
    ) -> Result<(), SicantikError> {
        self.size = size.unwrap_or(self.size);
        let offset = match query {
            Query::Open => 0,
            Query::Page { offset, .. } => offset,
            Query::Seam { .. } => return Ok(()),
        };
        let behind = match extent {
            Extent::Within => {
                self.ahead.push_back(Query::Page { offset: 0, limit: self.size });
                return Ok(());
            }
            Extent::UpTo(behind) => {
                self.check_offset_is_heeded(offset, coverage)?;
                self.go_on(offset, behind);
                behind
            }
            Extent::End(behind) => behind,
            Extent::Whole => return Ok(()),
        };
        if offset > 0 && coverage.missing() > self.before.1 && coverage.bad() == 0 {
            let offset = self.over_seam(offset, behind, coverage.has_ended());
            self.ahead.push_front(Query::Seam { offset, limit: self.size });
        }
        Ok(())
    }

    /// Nothing more is asked for, and what was not read stays unknown.
    pub(super) fn give_up(&mut self) {
        self.ahead.clear();
        self.failed = true;
    }

    /// Positions behind this one are not asked for.
    pub(super) fn until(&self) -> usize {
        self.until
    }

    /// Rows of the page that is good to begin with next time.
    pub(super) fn page_size(&self) -> usize {
        self.size
    }

    /// Whether the pass was over the whole list and nothing broke it off.
    pub(super) fn is_whole(&self) -> bool {
        self.until == usize::MAX && !self.failed
    }

    /// The page behind what was read from `offset` on begins a little before its end.
    fn go_on(&mut self, offset: usize, behind: usize) {
        let next = behind.saturating_sub(self.overlap()).max(offset + 1);
        if behind < self.until {
            self.ahead.push_back(Query::Page { offset: next, limit: self.size.min(self.until - next) });
        }
    }

    /// The first page of one more walk, whose seams lie elsewhere. With a bad row no walk is complete, and
    /// each would stumble over it again.
    fn further_walk(&mut self, coverage: &Coverage) -> Option<Query> {
        let worth_it = self.further_walks == 0 || coverage.seen() > self.seen_before_walk;
        let wanted = coverage.has_ended() && !coverage.is_complete() && self.until == usize::MAX && !self.failed;
        if !wanted || !worth_it || coverage.bad() > 0 || self.further_walks == MAX_FURTHER_WALKS {
            return None;
        }
        self.further_walks += 1;
        self.seen_before_walk = coverage.seen();
        tracing::info!(
            list.seen = self.seen_before_walk,
            list.missing = coverage.missing(),
            "the list is walked again"
        );
        let limit = (self.size * shift_share(self.further_walks) / 4).max(1);
        Some(Query::Page { offset: 0, limit })
    }

    /// Where a page begins whose middle is the overlap before which rows fell through; at the end of the
    /// list, the last page that is full.
    fn over_seam(&self, offset: usize, behind: usize, ended: bool) -> usize {
        let centred = (offset + self.overlap() / 2).saturating_sub(self.size / 2);
        if ended { centred.min(behind.saturating_sub(self.size)) } else { centred }
    }

    fn overlap(&self) -> usize {
        (self.size / OVERLAP).min(MAX_OVERLAP)
    }

    /// In the first walk each page has something new.
    fn check_offset_is_heeded(&mut self, offset: usize, coverage: &Coverage) -> Result<(), SicantikError> {
        let stale = offset > 0 && self.further_walks == 0 && coverage.seen() == self.before.0;
        self.stale_pages = if stale { self.stale_pages + 1 } else { 0 };
        if self.stale_pages >= MAX_STALE_PAGES { Err(SicantikError::Repeating) } else { Ok(()) }
    }
}

/// By how many quarters of a page a further walk is shifted: a half first.
fn shift_share(walk: usize) -> usize {
    match walk {
        1 => 2,
        2 => 1,
        _ => 3,
    }
}
