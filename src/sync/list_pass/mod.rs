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
//!   seam at once. See `coverage` for what is known for certain from counting.
//! - **Further walks**, shifted, only while rows are missing in the end and the last walk found some.

mod assemble;
mod bisect;
mod coverage;
mod plan;
mod read;
mod timing;

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Issue, ListedPermit, TypeAliases};
use crate::sicantik::{Client, SicantikError};

use assemble::Assembler;
use coverage::Coverage;
use plan::Plan;
use read::Reader;

/// A list of more pages than this is a server that never says the end, or gives a handful of rows at a time.
pub const MAX_PAGES: usize = 10_000;

/// Limits of reading the list.
#[derive(Debug, Clone, Copy)]
pub struct ListLimits {
    pub first_page: usize,
    /// Rows of the page that an earlier pass found good: it is asked for first; 0 = none.
    pub learnt_page: usize,
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
    plan: Plan,
    reader: Reader<'a>,
    coverage: Coverage,
    assembler: Assembler<'a>,
    took: Duration,
}

impl<'a> ListPass<'a> {
    /// A pass over the whole list; with `limit`, over its first rows only.
    #[must_use]
    pub fn new(source: &'a Client, limits: ListLimits, limit: usize) -> Self {
        let plan = Plan::new(&limits, limit);
        let reader = Reader { source, limits, until: plan.until() };
        let (coverage, assembler) = (Coverage::default(), Assembler::default());
        Self { plan, reader, coverage, assembler, took: Duration::ZERO }
    }

    /// Permits of merged types get the type that remains.
    #[must_use]
    pub fn with_aliases(mut self, aliases: &'a TypeAliases) -> Self {
        self.assembler.aliases = Some(aliases);
        self
    }

    /// The next permits, or `None` at the end of the list.
    pub async fn next(&mut self) -> Result<Option<Step>, SicantikError> {
        loop {
            if let Some(step) = self.assembler.hand_on() {
                return Ok(Some(step));
            }
            let begun = Instant::now();
            let more = self.advance().await;
            self.took += begun.elapsed();
            match more {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => {
                    self.plan.give_up();
                    return Err(error);
                }
            }
        }
    }

    /// How it ended; to be asked once [`ListPass::next`] gave `None`.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let reached_end = self.coverage.has_ended() && self.plan.is_whole();
        let named_all = self.coverage.bad() == 0 && self.assembler.named_all();
        let complete = reached_end && self.coverage.is_complete() && named_all;
        Outcome { complete, reached_end, page_size: self.plan.page_size(), took: self.took }
    }

    /// Plans a query, reads it, counts what it covers, and assembles permits of its rows; false at the end.
    async fn advance(&mut self) -> Result<bool, SicantikError> {
        let Some(query) = self.plan.next(&self.coverage)? else { return Ok(false) };
        let reading = self.reader.read(query, &mut self.coverage).await?;
        self.coverage.extend(reading.extent);
        self.plan.follow(query, reading.extent, reading.size, &self.coverage)?;
        self.assembler.assemble(reading);
        Ok(true)
    }
}
