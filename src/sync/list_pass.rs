//! Reads the whole list of issued permits.
//!
//! The server orders by date alone, so small pages overlap and miss rows, while one query is one consistent
//! view. The pass therefore asks for pages that grow until one is shorter than its limit: that page is the
//! whole list. Where the server cannot give that, the pass walks pages of the largest good size, and walks
//! again, shifted, until a walk adds nothing.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Issue, ListRow, ListedPermit, NamedKey, Roster};
use crate::sicantik::{Client, Page, SicantikError};

/// Each page asked for at the beginning is so many times the one before.
const GROWTH: usize = 4;

/// Walks after the first one.
const MAX_FURTHER_WALKS: usize = 3;

/// A list of more pages than this is a server that never says the end.
const MAX_PAGES: usize = 10_000;

/// Limits of reading the list.
#[derive(Debug, Clone, Copy)]
pub struct ListLimits {
    /// Rows of the first page.
    pub first_page: usize,
    /// Rows of the largest page.
    pub largest_page: usize,
    /// A larger page is asked for only while it should answer within this time.
    pub page_time: Duration,
}

/// What one step of the pass brought.
#[derive(Debug, Default)]
pub struct Step {
    /// Permits not seen before in this pass (or seen with another applicant or type).
    pub permits: Vec<ListedPermit>,
    /// Rows that nothing could name, each told once in a pass.
    pub refused: Vec<Issue>,
}

/// What a pass can say of itself at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Whether every row of the list was read.
    pub complete: bool,
    /// Rows of the page that it ended with.
    pub page_size: usize,
    /// How long SICANTIK took.
    pub took: Duration,
}

/// A pass under way: call [`ListPass::next`] until it gives `None`.
#[derive(Debug)]
pub struct ListPass<'a> {
    source: &'a Client,
    limits: ListLimits,
    ahead: VecDeque<Ahead>,
    seen: HashSet<u64>,
    told: HashSet<String>,
    pages: usize,
    outcome: Outcome,
}

#[derive(Debug)]
enum Ahead {
    /// Find the largest page, and with luck the whole list.
    Grow,
    /// Only the first rows, as a person asked for.
    First(usize),
    /// One walk over pages of `size`; `added` counts what it brought so far.
    Walk { offset: usize, size: usize, shift: usize, walk: usize, added: usize },
}

impl<'a> ListPass<'a> {
    /// A pass over the whole list; with `limit`, over its first rows only.
    #[must_use]
    pub fn new(source: &'a Client, limits: ListLimits, limit: usize) -> Self {
        let start = if limit > 0 { Ahead::First(limit) } else { Ahead::Grow };
        let ahead = VecDeque::from([start]);
        Self {
            source,
            limits,
            ahead,
            seen: HashSet::new(),
            told: HashSet::new(),
            pages: 0,
            outcome: Outcome::default(),
        }
    }

    /// The next permits, or `None` at the end of the list.
    pub async fn next(&mut self) -> Result<Option<Step>, SicantikError> {
        let begun = Instant::now();
        let step = self.step().await?;
        self.outcome.took += begun.elapsed();
        Ok(step)
    }

    /// What the pass was: complete only when it has reached the end of the list.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    async fn step(&mut self) -> Result<Option<Step>, SicantikError> {
        let Some(ahead) = self.ahead.pop_front() else { return Ok(None) };
        let step = match ahead {
            Ahead::First(limit) => {
                let page = self.source.issued_page(0, limit).await?;
                self.gather(page, false)
            }
            Ahead::Grow => self.grow().await?,
            Ahead::Walk { offset, size, shift, walk, added } => self.walk(offset, size, shift, walk, added).await?,
        };
        Ok(Some(step))
    }

    async fn grow(&mut self) -> Result<Step, SicantikError> {
        let mut limit = self.limits.first_page.min(self.limits.largest_page);
        let begun = Instant::now();
        let mut page = self.source.issued_page(0, limit).await?;
        let mut speed = Pace { rows: limit, took: begun.elapsed(), per_row: None };
        loop {
            if page.received < limit {
                return self.short_page(page, limit).await;
            }
            let next = (limit * GROWTH).min(self.limits.largest_page);
            if next == limit || speed.expected(next) > self.limits.page_time {
                break;
            }
            let begun = Instant::now();
            match self.source.issued_page(0, next).await {
                Ok(larger) => {
                    speed = speed.then(next, begun.elapsed());
                    (page, limit) = (larger, next);
                }
                Err(error) => {
                    tracing::warn!(page.size = next, %error, "a larger page failed; pages of the last good size are read");
                    break;
                }
            }
        }
        Ok(self.first_of_walk(page, limit))
    }

    /// A page that is shorter than its limit is the whole list, unless the server cuts pages: what stands
    /// behind it tells.
    async fn short_page(&mut self, page: Page, limit: usize) -> Result<Step, SicantikError> {
        let received = page.received;
        let behind = self.source.issued_page(received, 1).await?;
        if behind.received == 0 {
            self.outcome = Outcome { complete: true, page_size: limit, ..self.outcome };
            return Ok(self.gather(page, true));
        }
        tracing::info!(page.size = received, "the server cuts its pages");
        Ok(self.first_of_walk(page, received))
    }

    fn first_of_walk(&mut self, page: Page, size: usize) -> Step {
        let step = self.gather(page, false);
        self.ahead.push_back(Ahead::Walk { offset: size, size, shift: 0, walk: 0, added: step.permits.len() });
        step
    }

    async fn walk(
        &mut self,
        offset: usize,
        size: usize,
        shift: usize,
        walk: usize,
        added: usize,
    ) -> Result<Step, SicantikError> {
        self.pages += 1;
        // A shifted walk begins with the short piece before its first page.
        let limit = if offset == 0 && shift > 0 { shift } else { size };
        let page = self.source.issued_page(offset, limit).await?;
        if page.received == 0 || self.pages > MAX_PAGES {
            let another = walk < MAX_FURTHER_WALKS && (walk == 0 || added > 0) && self.pages <= MAX_PAGES;
            if another {
                let walk = walk + 1;
                let shift = (size * shift_share(walk) / 4).max(1);
                self.ahead.push_back(Ahead::Walk { offset: 0, size, shift, walk, added: 0 });
            } else {
                let complete = self.pages <= MAX_PAGES;
                self.outcome = Outcome { complete, page_size: size, ..self.outcome };
            }
            return Ok(Step::default());
        }
        let step = self.gather(page, false);
        let added = added + step.permits.len();
        self.ahead.push_back(Ahead::Walk { offset: offset + limit, size, shift, walk, added });
        Ok(step)
    }

    fn gather(&mut self, page: Page, complete: bool) -> Step {
        let mut roster = Roster::new(complete);
        for row in page.rows {
            if complete || self.seen.insert(fingerprint(&row)) {
                roster.add(row);
            }
        }
        let refused = page.refused.into_iter().filter(|issue| self.told.insert(issue.key.clone())).collect();
        Step { permits: roster.finish(), refused }
    }
}

/// How long pages take: the query itself costs the server seconds, a row next to nothing. Two pages of
/// different sizes tell the one from the other.
#[derive(Debug)]
struct Pace {
    rows: usize,
    took: Duration,
    per_row: Option<Duration>,
}

impl Pace {
    /// What a page of `rows` should take. After one page only, half the time is kept free for the unknown.
    fn expected(&self, rows: usize) -> Duration {
        match self.per_row {
            Some(per_row) => self.took + per_row * rows_between(self.rows, rows),
            None => self.took * 2,
        }
    }

    fn then(&self, rows: usize, took: Duration) -> Self {
        let per_row = took.saturating_sub(self.took) / rows_between(self.rows, rows).max(1);
        Self { rows, took, per_row: Some(per_row) }
    }
}

fn rows_between(fewer: usize, more: usize) -> u32 {
    u32::try_from(more.saturating_sub(fewer)).unwrap_or(u32::MAX)
}

/// By how many quarters of a page a further walk is shifted: a half first.
fn shift_share(walk: usize) -> usize {
    match walk {
        1 => 2,
        2 => 1,
        _ => 3,
    }
}

/// Which permit, applicant and type a row names; 64 bits are enough to tell a hundred thousand rows apart.
fn fingerprint(row: &ListRow) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.identity().hash(&mut hasher);
    row.applicant.as_ref().map(NamedKey::key).hash(&mut hasher);
    row.permit_type.as_ref().map(NamedKey::key).hash(&mut hasher);
    hasher.finish()
}
