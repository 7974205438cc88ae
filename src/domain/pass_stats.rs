//! What a whole pass over a list teaches the next one.

use std::time::Duration;

/// Size and time of a whole pass. Zero, the default: no pass has told yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassStats {
    /// Rows of the page that is good to begin with.
    pub page_size: usize,
    /// Time of the pass.
    pub took: Duration,
}
