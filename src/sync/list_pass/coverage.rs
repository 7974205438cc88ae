//! Counts the rows that were read against the positions that the list has.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::domain::{ListRow, NamedKey};
use crate::sicantik::Page;

/// A list of N positions holds each row as often as it does: its *multiplicity*. Rows of equal content cannot
/// be told apart across queries, but one query never gives a row more often than the list holds it. So the
/// most often that any one query gave a row is at most its multiplicity, and the sum of that over all rows
/// seen is at most N: it *is* N only when every row was seen, as often as it is there.
///
/// This holds for a list that nobody changes. Rows that leave while it is read make the sum too large: before
/// the end is reached (pages overlap), more rows would be seen than there are positions, and the pass cannot
/// call itself complete. Arrivals make it too small: the pass goes on. Only as many rows leaving as arriving
/// between the same two pages stay unnoticed; what is then missed is new, and the next pass has it.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// By fingerprint: the most often that one query gave the row.
    rows: HashMap<u64, u32>,
    /// Their sum.
    seen: usize,
    /// Positions read so far.
    covered: usize,
    /// Whether that is all.
    ended: bool,
    changed: bool,
    /// One query gave the whole list.
    whole: bool,
    /// Positions whose rows the server cannot give.
    bad: usize,
}

/// How far the positions of the list are known after a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// No further than before.
    Within,
    /// Everything before this position was asked for.
    UpTo(usize),
    /// The list has so many positions and no more.
    End(usize),
    /// One query gave the whole list.
    Whole,
}

impl Coverage {
    /// Counts the rows of one query, and takes those out of the page that an earlier query gave.
    pub(super) fn take(&mut self, page: &mut Page) {
        let mut fingerprints: Vec<u64> = page.refused.iter().map(|row| row.fingerprint).collect();
        page.rows.retain(|row| {
            let fingerprint = fingerprint(row);
            fingerprints.push(fingerprint);
            !self.rows.contains_key(&fingerprint)
        });
        self.count(fingerprints);
    }

    fn count(&mut self, mut fingerprints: Vec<u64>) {
        fingerprints.sort_unstable();
        for same in fingerprints.chunk_by(|a, b| a == b) {
            let most = self.rows.entry(same[0]).or_default();
            let given = u32::try_from(same.len()).unwrap_or(u32::MAX);
            self.seen += given.saturating_sub(*most) as usize;
            *most = given.max(*most);
        }
    }

    /// Takes what is known of the positions now.
    pub(super) fn extend(&mut self, extent: Extent) {
        match extent {
            Extent::Within => {}
            Extent::UpTo(position) => {
                self.covered = self.covered.max(position);
                self.changed |= self.seen > self.covered;
            }
            Extent::End(positions) => {
                self.covered = positions;
                self.ended = true;
                self.changed |= self.seen > positions;
            }
            Extent::Whole => self.whole = true,
        }
    }

    /// Counts rows that the server cannot give.
    pub(super) fn add_bad(&mut self, rows: usize) {
        self.bad += rows;
    }

    /// Rows that the server cannot give.
    pub(super) fn bad(&self) -> usize {
        self.bad
    }

    /// Rows seen, as often as they are known to be there.
    pub(super) fn seen(&self) -> usize {
        self.seen
    }

    /// Positions whose rows were not seen: what fell between pages.
    pub(super) fn missing(&self) -> usize {
        self.covered.saturating_sub(self.seen)
    }

    /// Whether the end of the list is known.
    pub(super) fn has_ended(&self) -> bool {
        self.whole || self.ended
    }

    /// Whether every row of the list was seen.
    pub(super) fn is_complete(&self) -> bool {
        self.whole || (self.ended && !self.changed && self.seen == self.covered)
    }
}

/// Stands for the rows of a page, in whatever order they come.
pub(super) fn fingerprints(page: &Page) -> Vec<u64> {
    let refused = page.refused.iter().map(|row| row.fingerprint);
    let mut all: Vec<u64> = page.rows.iter().map(fingerprint).chain(refused).collect();
    all.sort_unstable();
    all
}

/// Which permit, applicant and type a row names; 64 bits are enough to tell a hundred thousand rows apart. Of the
/// row as SICANTIK has it: one of a merged type is a row of its own.
fn fingerprint(row: &ListRow) -> u64 {
    let applicant = row.applicant.as_ref().map(NamedKey::key);
    let mut hasher = DefaultHasher::new();
    (row.identity(), applicant, row.permit_type.as_ref().map(NamedKey::key)).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_fell_between_two_pages_is_missing_until_it_is_seen() {
        let mut coverage = Coverage::default();
        coverage.count(vec![1, 2, 3]);
        coverage.extend(Extent::UpTo(3));
        assert_eq!((coverage.missing(), coverage.is_complete()), (0, false), "the end is not known");
        coverage.count(vec![2, 5]);
        coverage.extend(Extent::End(5));
        assert_eq!((coverage.missing(), coverage.is_complete()), (1, false));
        coverage.count(vec![3, 4]);
        assert!(coverage.is_complete());
    }

    #[test]
    fn equal_rows_count_as_often_as_one_query_gave_them() {
        let mut coverage = Coverage::default();
        coverage.count(vec![7, 7, 1]);
        coverage.count(vec![7, 1]);
        coverage.extend(Extent::End(4));
        assert_eq!((coverage.seen(), coverage.missing()), (3, 1), "the same row twice is no other row");
    }

    #[test]
    fn more_rows_than_positions_are_a_list_that_changed() {
        let mut coverage = Coverage::default();
        coverage.count(vec![1, 2, 3, 4]);
        coverage.extend(Extent::UpTo(3));
        coverage.count(vec![5]);
        coverage.extend(Extent::End(5));
        assert!(!coverage.is_complete(), "one of them has left, another may have moved past the page");
    }
}
