//! A run that this worker holds.

use crate::domain::{RunKind, SourceSettings};

use super::Lease;

/// A claimed run: what to do, and the lease under which it is done.
#[derive(Debug, Clone)]
pub struct ClaimedRun {
    /// Odoo's id, for people.
    pub id: i64,
    /// Names the run in every call, proves that it is held, and says until when.
    pub lease: Lease,
    /// What to do.
    pub kind: RunKind,
    /// At most so many permits; 0 = all.
    pub limit: usize,
    /// Ask also what is not due.
    pub full: bool,
    /// How to speak to SICANTIK.
    pub settings: SourceSettings,
}
