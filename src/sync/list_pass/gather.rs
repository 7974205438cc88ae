//! From the rows of a page to permits that are handed on.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::vec::IntoIter;

use crate::domain::{Issue, ListRow, ListedPermit, NamedKey, Roster};
use crate::sicantik::{Page, RefusedRow, SicantikError};

use super::{ListPass, Step};

/// Permits handed on at once.
const PIECE: usize = 1000;

/// What was read and is not handed on yet.
#[derive(Debug, Default)]
pub(super) struct Ready {
    /// Query by query, as they were gathered: a page is never copied.
    permits: VecDeque<IntoIter<ListedPermit>>,
    refused: Vec<Issue>,
}

impl Ready {
    /// The next piece, while there is any.
    pub(super) fn piece(&mut self) -> Option<Step> {
        let permits: Vec<_> = self.permits.front_mut().map(|front| front.take(PIECE).collect()).unwrap_or_default();
        if self.permits.front().is_some_and(|front| front.len() == 0) {
            self.permits.pop_front();
        }
        let step = Step { permits, refused: std::mem::take(&mut self.refused) };
        (!step.permits.is_empty() || !step.refused.is_empty()).then_some(step)
    }
}

impl ListPass<'_> {
    /// Reads a page; one that stays bad is read in pieces. Gives the positions that it covers.
    pub(super) async fn read(&mut self, offset: usize, limit: usize) -> Result<usize, SicantikError> {
        match self.source.issued_page(offset, limit).await {
            Ok(mut page) => {
                let received = page.received;
                // A server that does not heed the limit does not widen what was ordered.
                page.truncate(self.until.saturating_sub(offset));
                self.gather(page, offset, false);
                Ok(received)
            }
            Err(error) if error.is_unavailable() => self.read_in_pieces(offset, limit, error).await,
            Err(error) => Err(error),
        }
    }

    /// Takes the rows of one query from `offset` on. `whole` says that it gave the whole list.
    pub(super) fn gather(&mut self, page: Page, offset: usize, whole: bool) {
        let mut roster = Roster::new(whole);
        let mut fingerprints = Vec::with_capacity(page.received);
        for mut row in page.rows {
            // Of the row as SICANTIK has it: rows are counted, and one of a merged type is a row of its own.
            let fingerprint = fingerprint(&row);
            if whole || !self.census.knows(fingerprint) {
                if let Some(aliases) = self.aliases {
                    aliases.resolve(&mut row.permit_type);
                }
                roster.add(row);
            }
            fingerprints.push(fingerprint);
        }
        fingerprints.extend(page.refused.iter().map(|row| row.fingerprint));
        self.tell_unnamed(page.refused, offset);
        self.census.take(fingerprints);
        let permits = roster.finish();
        if !permits.is_empty() {
            self.ready.permits.push_back(permits.into_iter());
        }
    }

    /// Each row once in a pass: equal ones as often as one query gave them.
    fn tell_unnamed(&mut self, rows: Vec<RefusedRow>, offset: usize) {
        let mut given = HashMap::<u64, usize>::new();
        for RefusedRow { place, fingerprint, mut issue } in rows {
            let times = given.entry(fingerprint).or_default();
            *times += 1;
            let told = self.unnamed.entry(fingerprint).or_default();
            if times > told {
                *told = *times;
                if issue.key.is_empty() {
                    issue.key = format!("row {}", offset + place + 1);
                }
                self.ready.refused.push(issue);
            }
        }
    }

    /// Each once in a pass.
    pub(super) fn tell(&mut self, issue: Issue) {
        if self.told.insert(issue.key.clone()) {
            self.ready.refused.push(issue);
        }
    }
}

/// Stands for the rows of a page, in whatever order they come.
pub(super) fn fingerprints(page: &Page) -> Vec<u64> {
    let refused = page.refused.iter().map(|row| row.fingerprint);
    let mut all: Vec<u64> = page.rows.iter().map(fingerprint).chain(refused).collect();
    all.sort_unstable();
    all
}

/// Which permit, applicant and type a row names; 64 bits are enough to tell a hundred thousand rows apart.
fn fingerprint(row: &ListRow) -> u64 {
    let applicant = row.applicant.as_ref().map(NamedKey::key);
    hash_of(&(row.identity(), applicant, row.permit_type.as_ref().map(NamedKey::key)))
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
