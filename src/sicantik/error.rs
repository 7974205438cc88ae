//! What a caller can do about a failed call.

use std::time::Duration;

use crate::net::{Retry, Retryable};

/// A failed call to SICANTIK.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SicantikError {
    /// Nothing usable came: time-out, connection lost, server error, empty or cut body, an error page. The
    /// same call may work in a moment. Never to be read as the end of a list.
    #[error("SICANTIK did not answer {endpoint}: {reason}")]
    Unavailable {
        /// The endpoint called.
        endpoint: &'static str,
        /// What happened, without any content of the body.
        reason: String,
        /// The pause that the server asked for.
        retry_after: Option<Duration>,
    },
    /// The address does not lead to SICANTIK's API, or the API lacks the method. Check the API URL.
    #[error("the address does not lead to SICANTIK's API ({endpoint} answered {reason}); check the API URL")]
    WrongAddress {
        /// The endpoint called.
        endpoint: &'static str,
        /// Status and kind of the answer.
        reason: String,
    },
    /// The server refuses the worker. A person has to ask the office that runs it.
    #[error("SICANTIK refuses access ({endpoint} answered {status}); ask its administrator")]
    Refused {
        /// The endpoint called.
        endpoint: &'static str,
        /// 401 or 403.
        status: u16,
    },
    /// The configured address cannot be used. Correct it in Odoo.
    #[error("the API URL cannot be used: {reason}")]
    BadAddress {
        /// What is wrong with it.
        reason: String,
    },
    /// The list has no permit at its very beginning: not "zero permits", but a fault of the server.
    #[error("SICANTIK's list of issued permits is empty at its beginning; look at SICANTIK itself")]
    EmptyList,
}

impl SicantikError {
    /// A stable word for the run's issue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "sicantik_unavailable",
            Self::WrongAddress { .. } => "sicantik_wrong_address",
            Self::Refused { .. } => "sicantik_refused",
            Self::BadAddress { .. } => "sicantik_bad_address",
            Self::EmptyList => "sicantik_empty_list",
        }
    }
}

impl Retryable for SicantikError {
    fn retry(&self) -> Retry {
        match self {
            Self::Unavailable { retry_after: Some(pause), .. } => Retry::After(*pause),
            Self::Unavailable { .. } => Retry::Yes,
            Self::WrongAddress { .. } | Self::Refused { .. } | Self::BadAddress { .. } | Self::EmptyList => Retry::No,
        }
    }
}
