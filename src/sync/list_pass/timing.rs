//! How long pages take, and which size is worth asking for next. No clock runs here: times are passed in.

use std::time::Duration;

/// Each page asked for at the beginning is so many times the one before.
const GROWTH: usize = 4;

/// The time of the last page. The query itself costs the server seconds, a row next to nothing; two pages of
/// different sizes tell the one from the other.
#[derive(Debug)]
pub(super) struct PageTime {
    rows: usize,
    took: Duration,
    per_row: Option<Duration>,
}

impl PageTime {
    /// After one page only, half the time is kept free for the unknown.
    pub(super) fn of_first(rows: usize, took: Duration) -> Self {
        Self { rows, took, per_row: None }
    }

    /// After a page of the learnt size: nothing larger was worth it last time, so its rows are to blame.
    pub(super) fn of_learnt(rows: usize, took: Duration) -> Self {
        Self { rows, took, per_row: Some(took / count(rows).max(1)) }
    }

    /// After a larger page at the same place.
    pub(super) fn then(&self, rows: usize, took: Duration) -> Self {
        let more = count(rows.saturating_sub(self.rows)).max(1);
        Self { rows, took, per_row: Some(took.saturating_sub(self.took) / more) }
    }

    /// Rows of the next larger page, at most `largest`; `None` when it would not answer within `page_time`.
    pub(super) fn larger_page(&self, largest: usize, page_time: Duration) -> Option<usize> {
        let larger = self.rows.saturating_mul(GROWTH).min(largest);
        (larger > self.rows && self.expected(larger) <= page_time).then_some(larger)
    }

    fn expected(&self, rows: usize) -> Duration {
        match self.per_row {
            Some(per_row) => self.took.saturating_add(per_row.saturating_mul(count(rows.saturating_sub(self.rows)))),
            None => self.took.saturating_mul(2),
        }
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGEST: usize = 20_000;
    const PAGE_TIME: Duration = Duration::from_secs(10);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_query_that_takes_its_time_whatever_its_size_is_asked_for_ever_larger_pages() {
        let mut time = PageTime::of_first(100, seconds(4));
        let mut sizes = Vec::new();
        while let Some(larger) = time.larger_page(LARGEST, PAGE_TIME) {
            sizes.push(larger);
            time = time.then(larger, seconds(4));
        }
        assert_eq!(sizes, [400, 1_600, 6_400, 20_000]);
    }

    #[test]
    fn rows_that_take_their_time_keep_pages_small() {
        let first = PageTime::of_first(100, seconds(1));
        assert_eq!(first.larger_page(LARGEST, PAGE_TIME), Some(400), "one page does not tell what is slow");
        assert_eq!(first.then(400, seconds(4)).larger_page(LARGEST, PAGE_TIME), None, "1,600 rows would take 16 s");
        assert_eq!(first.then(400, seconds(2)).larger_page(LARGEST, PAGE_TIME), Some(1_600));
    }

    #[test]
    fn a_first_page_of_more_than_half_the_time_is_not_followed_by_a_larger_one() {
        assert_eq!(PageTime::of_first(100, seconds(5)).larger_page(LARGEST, PAGE_TIME), Some(400));
        assert_eq!(PageTime::of_first(100, seconds(6)).larger_page(LARGEST, PAGE_TIME), None);
    }

    #[test]
    fn a_learnt_size_grows_only_where_its_rows_leave_time_for_it() {
        assert_eq!(PageTime::of_learnt(400, seconds(3)).larger_page(LARGEST, PAGE_TIME), None);
        assert_eq!(PageTime::of_learnt(400, seconds(2)).larger_page(LARGEST, PAGE_TIME), Some(1_600));
    }

    #[test]
    fn a_slower_page_never_makes_the_next_one_larger() {
        let next = |took| PageTime::of_first(100, seconds(1)).then(400, took).larger_page(LARGEST, PAGE_TIME);
        let sizes: Vec<_> = (0..20).map(|took| next(seconds(took)).unwrap_or_default()).collect();
        assert!(sizes.is_sorted_by(|before, after| before >= after), "{sizes:?}");
    }

    #[test]
    fn the_largest_page_is_never_passed_and_never_asked_for_twice() {
        assert_eq!(PageTime::of_first(9_000, Duration::ZERO).larger_page(LARGEST, PAGE_TIME), Some(LARGEST));
        assert_eq!(PageTime::of_first(LARGEST, Duration::ZERO).larger_page(LARGEST, PAGE_TIME), None);
        assert_eq!(PageTime::of_first(usize::MAX, Duration::MAX).larger_page(usize::MAX, PAGE_TIME), None);
    }
}
