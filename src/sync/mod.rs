//! The work of a run. Called by `jobs` and `commands`; knows both SICANTIK and Odoo.

mod batch;
pub mod compare;
pub mod details;
pub mod list_pass;
mod memory;
mod missing;
mod odoo_permits;
pub mod permits;
pub mod preview;
pub mod probe;
mod progress;
mod reporter;
mod run;
mod stop;
pub mod types;

pub use memory::ListMemory;
pub use progress::Progress;
pub use run::{Finding, Run, RunEnd, execute, refuse};
pub use stop::{Stop, StopReason};

use crate::odoo::OdooError;
use crate::sicantik::SicantikError;

/// Why a run could not go on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SyncError {
    /// SICANTIK does not give what is needed.
    #[error(transparent)]
    Source(#[from] SicantikError),
    /// Odoo does not take it.
    #[error(transparent)]
    Sink(#[from] OdooError),
    /// It was told to stop.
    #[error("stopped")]
    Stopped,
}

impl SyncError {
    /// The sentence for people, with Odoo's own words; never for the log.
    #[must_use]
    pub fn in_full(&self) -> String {
        match self {
            Self::Sink(error) => error.in_full(),
            Self::Source(_) | Self::Stopped => self.to_string(),
        }
    }

    /// A stable word for the run.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(error) => error.code(),
            Self::Sink(error) => error.code(),
            Self::Stopped => "stopped",
        }
    }
}
