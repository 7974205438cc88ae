//! Counts the rows that were seen against the positions that the list has.

use std::collections::HashMap;

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
pub(super) struct Census {
    /// By fingerprint: the most often that one query gave the row.
    rows: HashMap<u64, u32>,
    /// Their sum.
    seen: usize,
    /// Positions read so far.
    covered: usize,
    /// Whether that is all.
    ended: bool,
    changed: bool,
}

impl Census {
    /// Whether the row was in an earlier query.
    pub(super) fn knows(&self, fingerprint: u64) -> bool {
        self.rows.contains_key(&fingerprint)
    }

    /// Takes the rows of one query.
    pub(super) fn take(&mut self, mut fingerprints: Vec<u64>) {
        fingerprints.sort_unstable();
        for same in fingerprints.chunk_by(|a, b| a == b) {
            let most = self.rows.entry(same[0]).or_default();
            let given = u32::try_from(same.len()).unwrap_or(u32::MAX);
            self.seen += given.saturating_sub(*most) as usize;
            *most = given.max(*most);
        }
    }

    /// Says that everything before `position` was asked for.
    pub(super) fn cover(&mut self, position: usize) {
        self.covered = self.covered.max(position);
        self.changed |= self.seen > self.covered;
    }

    /// Says that the list has so many positions and no more.
    pub(super) fn end(&mut self, positions: usize) {
        self.covered = positions;
        self.ended = true;
        self.changed |= self.seen > positions;
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
        self.ended
    }

    /// Whether every row of the list was seen.
    pub(super) fn is_complete(&self) -> bool {
        self.ended && !self.changed && self.seen == self.covered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_fell_between_two_pages_is_missing_until_it_is_seen() {
        let mut census = Census::default();
        census.take(vec![1, 2, 3]);
        census.cover(3);
        assert_eq!((census.missing(), census.is_complete()), (0, false), "the end is not known");
        census.take(vec![2, 5]);
        census.end(5);
        assert_eq!((census.missing(), census.is_complete()), (1, false));
        census.take(vec![3, 4]);
        assert!(census.is_complete());
    }

    #[test]
    fn equal_rows_count_as_often_as_one_query_gave_them() {
        let mut census = Census::default();
        census.take(vec![7, 7, 1]);
        census.take(vec![7, 1]);
        census.end(4);
        assert_eq!((census.seen(), census.missing()), (3, 1), "the same row twice is no other row");
    }

    #[test]
    fn more_rows_than_positions_are_a_list_that_changed() {
        let mut census = Census::default();
        census.take(vec![1, 2, 3, 4]);
        census.cover(3);
        census.take(vec![5]);
        census.end(5);
        assert!(!census.is_complete(), "one of them has left, another may have moved past the page");
    }
}
