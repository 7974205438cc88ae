//! How long pages take.

use std::time::Duration;

/// The query itself costs the server seconds, a row next to nothing. Two pages of different sizes tell the
/// one from the other.
#[derive(Debug)]
pub(super) struct Pace {
    rows: usize,
    took: Duration,
    per_row: Option<Duration>,
}

impl Pace {
    /// After one page only, half the time is kept free for the unknown.
    pub(super) fn of_first(rows: usize, took: Duration) -> Self {
        Self { rows, took, per_row: None }
    }

    /// After a page of the learnt size: nothing larger was worth it last time, so its rows are to blame.
    pub(super) fn of_learnt(rows: usize, took: Duration) -> Self {
        Self { rows, took, per_row: Some(took / count(rows).max(1)) }
    }

    /// With one more page.
    pub(super) fn then(&self, rows: usize, took: Duration) -> Self {
        let more = count(rows.saturating_sub(self.rows)).max(1);
        Self { rows, took, per_row: Some(took.saturating_sub(self.took) / more) }
    }

    /// What a page of `rows` should take.
    pub(super) fn expected(&self, rows: usize) -> Duration {
        match self.per_row {
            Some(per_row) => self.took + per_row * count(rows.saturating_sub(self.rows)),
            None => self.took * 2,
        }
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
