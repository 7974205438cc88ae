//! Brings permits to Odoo in batches, at most two at a time.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::domain::grouping::merge_pages;
use crate::domain::{Issue, ListedPermit, MessageArgs, NamedKey};
use crate::odoo::{Client, OdooError, UpsertResult};
use crate::orders::Lease;

use super::Progress;

/// Batches on their way at once: one is worked on while the next one travels. More would only take workers
/// from the people who use Odoo.
const IN_FLIGHT: usize = 2;

const SMALLEST: usize = 50;
const FIRST: usize = 500;
const LARGEST: usize = 1000;

/// A batch that Odoo takes quicker than this may grow, slower than that must shrink.
const QUICK: Duration = Duration::from_secs(2);
const SLOW: Duration = Duration::from_secs(10);

/// The way of permits to Odoo. Dropping it abandons what is on its way; every batch may be sent again.
#[derive(Debug)]
pub(super) struct Batches {
    lane: Arc<Lane>,
    waiting: Vec<ListedPermit>,
    /// Permits that the run had met with the last one that was pushed, and with the last one that was sent.
    counted: u64,
    counted_sent: u64,
    known_types: HashSet<String>,
    on_their_way: JoinSet<Result<(), OdooError>>,
}

#[derive(Debug)]
struct Lane {
    sink: Arc<Client>,
    lease: Lease,
    progress: Arc<Progress>,
    size: AtomicUsize,
}

impl Batches {
    pub(super) fn new(sink: Arc<Client>, lease: Lease, progress: Arc<Progress>) -> Self {
        let lane = Lane { sink, lease, progress, size: AtomicUsize::new(FIRST) };
        Self {
            lane: Arc::new(lane),
            waiting: Vec::new(),
            counted: 0,
            counted_sent: 0,
            known_types: HashSet::new(),
            on_their_way: JoinSet::new(),
        }
    }

    /// Takes a permit; waits while two batches are on their way, so that never more than one batch waits here.
    /// `counted`: how many permits the run has met so far; one may come in pieces.
    pub(super) async fn push(&mut self, permit: ListedPermit, counted: u64) -> Result<(), OdooError> {
        self.waiting.push(permit);
        self.counted = counted;
        if self.waiting.len() >= self.lane.size.load(Ordering::Relaxed) { self.send().await } else { Ok(()) }
    }

    /// Sends the rest and waits until everything has landed.
    pub(super) async fn close(mut self) -> Result<(), OdooError> {
        if !self.waiting.is_empty() {
            self.send().await?;
        }
        self.wait_for_room(0).await
    }

    /// A batch goes alone when it has a type that none had before, or when another may name the same permit:
    /// two that create the same record at once would cost Odoo a second try.
    async fn send(&mut self) -> Result<(), OdooError> {
        let batch = merge_pages(std::mem::take(&mut self.waiting));
        let new = self.counted.cast_signed() - self.counted_sent.cast_signed();
        self.counted_sent = self.counted;
        let known_before = self.known_types.len();
        self.known_types.extend(batch.iter().flat_map(type_keys).map(str::to_owned));
        let in_pieces = !batch.iter().all(ListedPermit::is_complete);
        let alone = in_pieces || self.known_types.len() > known_before;
        self.wait_for_room(if alone { 0 } else { IN_FLIGHT - 1 }).await?;
        let lane = Arc::clone(&self.lane);
        self.on_their_way.spawn(async move { lane.deliver(batch, new).await });
        self.wait_for_room(if alone { 0 } else { IN_FLIGHT }).await
    }

    async fn wait_for_room(&mut self, at_most: usize) -> Result<(), OdooError> {
        while self.on_their_way.len() > at_most {
            self.one_landed().await?;
        }
        Ok(())
    }

    async fn one_landed(&mut self) -> Result<(), OdooError> {
        match self.on_their_way.join_next().await {
            Some(Ok(result)) => result,
            Some(Err(error)) => Err(OdooError::Unavailable { reason: error.to_string(), retry_after: None }),
            None => Ok(()),
        }
    }
}

impl Lane {
    /// Sends a batch; what is too large for Odoo or a proxy is sent in halves. `new`: by how many permits more is done.
    async fn deliver(&self, batch: Vec<ListedPermit>, new: i64) -> Result<(), OdooError> {
        let mut pieces = vec![batch];
        while let Some(mut piece) = pieces.pop() {
            let begun = Instant::now();
            match self.sink.upsert_permits(&self.lease, &piece).await {
                Ok(landed) => {
                    self.adapt(piece.len(), begun.elapsed());
                    self.count(&piece, landed);
                }
                Err(OdooError::TooLarge) if piece.len() > 1 => {
                    let half = piece.split_off(piece.len() / 2);
                    self.size.store(piece.len().max(SMALLEST), Ordering::Relaxed);
                    pieces.extend([half, piece]);
                }
                Err(OdooError::TooLarge) => piece.iter().for_each(|permit| self.progress.issue(too_large(permit))),
                Err(error) => return Err(error),
            }
        }
        self.progress.update(|report| report.done = report.done.saturating_add_signed(new));
        Ok(())
    }

    fn adapt(&self, sent: usize, took: Duration) {
        let size = self.size.load(Ordering::Relaxed);
        let better = if took > SLOW {
            sent / 2
        } else if took < QUICK && sent >= size {
            size * 2
        } else {
            size
        };
        self.size.store(better.clamp(SMALLEST, LARGEST), Ordering::Relaxed);
    }

    fn count(&self, permits: &[ListedPermit], landed: UpsertResult) {
        let flagged = permits.iter().filter(|permit| !permit.row().flags.is_empty()).count() as u64;
        self.progress.update(|report| {
            report.created += landed.created;
            report.updated += landed.updated + landed.rekeyed;
            report.unchanged += landed.unchanged + landed.ignored;
            report.flagged += flagged;
        });
        for refusal in landed.refused {
            self.progress.issue(refusal.into());
        }
    }
}

fn type_keys(permit: &ListedPermit) -> impl Iterator<Item = &str> {
    permit.row().permit_type.iter().chain(permit.further_types()).map(NamedKey::key)
}

fn too_large(permit: &ListedPermit) -> Issue {
    Issue {
        key: permit.row().registration.as_str().to_owned(),
        code: "row_too_large".to_owned(),
        message: "Odoo or its proxy refuses even this one permit as too large; raise the proxy's body limit".to_owned(),
        values: MessageArgs::new(),
        permit_id: None,
    }
}
