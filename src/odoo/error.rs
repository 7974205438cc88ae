//! What a caller can do about a failed call: try again, stop, send less, ask a person.

use std::time::Duration;

use crate::net::{BadCertificate, Retry, Retryable};

/// A failed call to Odoo.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OdooError {
    /// Odoo is not reachable, restarting, or lost a race for a row. The same call may work in a moment;
    /// every method may be called twice.
    #[error("Odoo does not answer: {reason}")]
    Unavailable {
        reason: String,
        /// The pause that was asked for.
        retry_after: Option<Duration>,
    },
    /// The request left and no whole answer came: the call may have run. Safe to repeat, for the same reason.
    #[error("Odoo did not answer in time, or its answer broke off")]
    UnknownOutcome,
    /// The body was too large for Odoo or a proxy in front of it. Send less at once.
    #[error("the request is too large for Odoo or its proxy")]
    TooLarge,
    /// Odoo does not let the worker in. A person has to act; trying again would only lock the login.
    #[error("Odoo refuses the worker: {0}. Pair the worker again in Odoo (SICANTIK › Configuration)")]
    Denied(Denial),
    /// Odoo never saw the call: a proxy or a firewall before it wants another login, or forbids. A person has to act.
    #[error(
        "something before Odoo (a proxy, a firewall) answers with status {status}; have it let the worker's calls \
         through to Odoo, without a login of its own"
    )]
    Blocked { status: u16 },
    /// The lease is no longer ours: another worker has the run, or it was closed. Stop, touch nothing.
    #[error("the lease of this run has ended; another worker may have taken it")]
    LeaseLost,
    /// Odoo refuses this very call: an addon that is missing or too old, a fault in it, or a rule that it explains.
    /// Its own words may name people, so that they stand in [`OdooError::in_full`] only, not in what is logged.
    #[error("Odoo refuses {method} ({name}){}", remedy(.name, .message))]
    Refused {
        method: String,
        /// Odoo's name of the exception.
        name: String,
        /// The first line of its message.
        message: String,
    },
    /// The protocol is not served here: another Odoo than before, or its addon `rpc` is gone. The transport
    /// asks for the version again; what comes to a caller needs a person.
    #[error(
        "nothing at the address answers {path}; check odoo.url, and on Odoo 19 or later that its addon `rpc` is installed"
    )]
    Gone { path: &'static str },
    /// What came is not an answer of Odoo's. Check the address and the proxy.
    #[error("the address does not lead to Odoo ({reason}); check odoo.url")]
    WrongAddress { reason: String },
    /// Odoo has no such database. Correct its name.
    #[error("Odoo has no database named {name}; correct odoo.database")]
    NoDatabase { name: String },
    /// Odoo has no such database, or shows it under another host name only.
    #[error(
        "Odoo shows no database named {name} at {host}: correct odoo.database; or, where Odoo's setting dbfilter gives \
         each host name its own database, put that host name into odoo.url, or set odoo.protocol to jsonrpc"
    )]
    NoDatabaseHere { name: String, host: String },
    /// Whoever answers for Odoo does not prove who it is.
    #[error("the certificate of {host} (odoo.url) cannot be trusted: {}", reason.told("odoo.ca_file"))]
    Certificate { host: String, reason: BadCertificate },
    /// A setting that no client can be made with.
    #[error("the settings for Odoo cannot be used: {reason}")]
    BadSettings {
        /// Which one, and why.
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
    /// A copy for tests. Nothing may be done with it.
    #[error(
        "the database is a neutralised copy, in which the worker does nothing; connect it to the office's own database \
         (odoo.database), or stop it"
    )]
    Neutralized,
}

/// Who does not let the worker in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Odoo does not know the key.
    #[error("the login is unknown, or the API key is wrong, expired or revoked")]
    Key,
    /// Odoo knows the user, who may not do this.
    #[error("the user is not in the group SICANTIK Worker")]
    Group,
}

/// What Odoo explains itself needs no guess of ours; a model that is not there is no explanation.
fn remedy(name: &str, message: &str) -> &'static str {
    let explains = name.ends_with("UserError") || name.ends_with("ValidationError");
    if explains && !message.starts_with("Object ") {
        ""
    } else {
        "; is the addon SICANTIK Connector there, and up to date?"
    }
}

impl OdooError {
    /// The sentence with Odoo's own words, for the person who reads the run or the terminal; never for the log.
    #[must_use]
    pub fn in_full(&self) -> String {
        match self {
            Self::Refused { message, .. } if !message.is_empty() => {
                format!("{self}. Odoo says: {message}").replace("?.", "?")
            }
            _ => self.to_string(),
        }
    }

    /// Odoo does not take this very call; others may do.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::TooLarge)
    }

    /// A stable word for issues, health and metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "odoo_unavailable",
            Self::UnknownOutcome => "odoo_unknown_outcome",
            Self::TooLarge => "odoo_too_large",
            Self::Denied(_) => "odoo_denied",
            Self::Blocked { .. } => "odoo_blocked",
            Self::LeaseLost => "lease_lost",
            Self::Refused { .. } => "odoo_refused",
            Self::Gone { .. } => "odoo_gone",
            Self::WrongAddress { .. } => "odoo_wrong_address",
            Self::Certificate { .. } => "odoo_certificate",
            Self::BadSettings { .. } => "odoo_bad_settings",
            Self::NoDatabase { .. } | Self::NoDatabaseHere { .. } => "odoo_no_database",
            Self::WrongDatabase { .. } => "odoo_wrong_database",
            Self::Neutralized => "odoo_neutralized",
        }
    }
}

impl Retryable for OdooError {
    fn retry(&self) -> Retry {
        match self {
            Self::Unavailable { retry_after: Some(pause), .. } => Retry::After(*pause),
            Self::Unavailable { .. } | Self::UnknownOutcome => Retry::Yes,
            _ => Retry::No,
        }
    }
}
