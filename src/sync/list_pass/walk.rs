//! The walk over pages, where the server cannot give the whole list at once.

use crate::sicantik::SicantikError;

use super::{ListPass, MAX_FURTHER_WALKS, MAX_OVERLAP, MAX_STALE_PAGES, OVERLAP, Query};

impl ListPass<'_> {
    /// Reads one page of the walk and plans what follows it.
    pub(super) async fn walk(&mut self, offset: usize, limit: usize) -> Result<(), SicantikError> {
        let (missing, seen) = (self.census.missing(), self.census.seen());
        let received = self.read(offset, limit).await?;
        let behind = offset + received;
        let ended = received == 0 || (received < limit && self.is_end(behind).await?);
        if ended {
            self.census.end(behind);
        } else {
            self.heeds_offsets(offset, seen)?;
            self.go_on_behind(offset, received);
        }
        if offset > 0 && self.census.missing() > missing && self.bad_rows == 0 {
            self.ahead.push_front(Query::Seam { offset: self.over_seam(offset, behind, ended) });
        }
        Ok(())
    }

    /// Plans the page behind what was received at `offset`, a little before its end.
    pub(super) fn go_on_behind(&mut self, offset: usize, received: usize) {
        let behind = offset + received;
        self.census.cover(behind);
        let next = behind.saturating_sub(self.overlap()).max(offset + 1);
        if behind < self.until {
            self.ahead.push_back(Query::Page { offset: next, limit: self.size.min(self.until - next) });
        }
    }

    /// The first page of one more walk, whose seams lie elsewhere. With a bad row no walk is complete, and
    /// each would stumble over it again.
    pub(super) fn further_walk(&mut self) -> Option<Query> {
        let worth_it = self.further_walks == 0 || self.census.seen() > self.seen_before_walk;
        let wanted = self.census.has_ended() && !self.census.is_complete() && self.until == usize::MAX;
        if !wanted || !worth_it || self.bad_rows > 0 || self.further_walks == MAX_FURTHER_WALKS {
            return None;
        }
        self.further_walks += 1;
        self.seen_before_walk = self.census.seen();
        tracing::info!(
            list.seen = self.seen_before_walk,
            list.missing = self.census.missing(),
            "the list is walked again"
        );
        let limit = (self.size * shift_share(self.further_walks) / 4).max(1);
        Some(Query::Page { offset: 0, limit })
    }

    /// Whether nothing stands at the position and behind it.
    pub(super) async fn is_end(&mut self, position: usize) -> Result<bool, SicantikError> {
        Ok(self.source.issued_page(position, 1).await?.received == 0)
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
    fn heeds_offsets(&mut self, offset: usize, seen_before: usize) -> Result<(), SicantikError> {
        let stale = offset > 0 && self.further_walks == 0 && self.census.seen() == seen_before;
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
