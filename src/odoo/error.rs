//! What a caller can do about a failed call.

use crate::net::{Retry, Retryable};

/// A failed call to Odoo.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OdooError {
    /// Odoo is not reachable, restarting, or lost a race for a row. The same call may work in a moment;
    /// every method may be called twice.
    #[error("Odoo does not answer: {reason}")]
    Unavailable {
        /// What happened.
        reason: String,
    },
    /// No answer in time: the call may have run. Safe to repeat, for the same reason.
    #[error("Odoo did not answer in time")]
    UnknownOutcome,
    /// The body was too large for Odoo or a proxy in front of it. Send less at once.
    #[error("the request is too large for Odoo or its proxy")]
    TooLarge,
    /// Odoo does not let the worker in. A person has to act; trying again would only lock the login.
    #[error("Odoo refuses the worker: {reason}. Pair the worker again in Odoo (SICANTIK › Configuration)")]
    Denied {
        /// In words.
        reason: String,
    },
    /// The lease is no longer ours: another worker has the run, or it was closed. Stop, touch nothing.
    #[error("the lease of this run has ended; another worker may have taken it")]
    LeaseLost,
    /// Odoo refuses this very call: an addon that is missing or too old, or a fault in it.
    #[error("Odoo refuses {method}: {message} ({name})")]
    Refused {
        /// Model and method.
        method: String,
        /// Odoo's name of the exception.
        name: String,
        /// The first line of its message.
        message: String,
    },
    /// What came is not an answer of Odoo's. Check the address and the proxy.
    #[error("the address does not lead to Odoo ({reason}); check odoo.url")]
    WrongAddress {
        /// What came instead.
        reason: String,
    },
    /// Another database than the paired one.
    #[error(
        "this is not the database that the worker was paired with ({found}); pair it again, or correct odoo.database"
    )]
    WrongDatabase {
        /// The uuid that was found.
        found: String,
    },
}

impl OdooError {
    /// A stable word for issues and health.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "odoo_unavailable",
            Self::UnknownOutcome => "odoo_unknown_outcome",
            Self::TooLarge => "odoo_too_large",
            Self::Denied { .. } => "odoo_denied",
            Self::LeaseLost => "lease_lost",
            Self::Refused { .. } => "odoo_refused",
            Self::WrongAddress { .. } => "odoo_wrong_address",
            Self::WrongDatabase { .. } => "odoo_wrong_database",
        }
    }
}

impl Retryable for OdooError {
    fn retry(&self) -> Retry {
        match self {
            Self::Unavailable { .. } | Self::UnknownOutcome => Retry::Yes,
            _ => Retry::No,
        }
    }
}
