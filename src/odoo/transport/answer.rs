//! What an answer means to the caller, whichever protocol carried it.

use std::error::Error;
use std::time::Duration;

use crate::net::{Failure, failure};

use super::super::error::Denial;
use super::super::{OdooError, names};

/// The longest sentence of Odoo's that is passed on.
const MAX_MESSAGE_CHARS: usize = 300;

/// A page of a proxy, or of a program that is not Odoo.
pub(super) fn not_odoo() -> OdooError {
    OdooError::WrongAddress { reason: "an answer that is not JSON".to_owned() }
}

/// A status without an exception of Odoo's in the body; `path` was called.
pub(super) fn status(status: u16, path: &'static str, retry_after: Option<Duration>) -> OdooError {
    match status {
        413 => OdooError::TooLarge,
        404 => OdooError::Gone { path },
        401 | 403 | 407 => OdooError::Blocked { status },
        300..=399 => OdooError::WrongAddress { reason: format!("a redirect, status {status}") },
        _ if is_passing(status) => OdooError::Unavailable { reason: format!("status {status}"), retry_after },
        _ => OdooError::WrongAddress { reason: format!("status {status}") },
    }
}

/// Whether the same call may work in a moment. 500 too: a proxy gives it while Odoo restarts.
pub(super) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// An exception of Odoo's; its name tells. The message may be followed by a traceback, which stays here.
pub(super) fn exception(name: &str, message: &str, method: &str) -> OdooError {
    let first_line: String = message.lines().next().unwrap_or_default().chars().take(MAX_MESSAGE_CHARS).collect();
    let short_name = name.rsplit('.').next().unwrap_or(name);
    match short_name {
        _ if first_line.starts_with(names::STALE_TOKEN) => OdooError::LeaseLost,
        "AccessDenied" | "SessionExpiredException" | "Unauthorized" => OdooError::Denied(Denial::Key),
        "AccessError" => OdooError::Denied(Denial::Group),
        "SerializationFailure"
        | "DeadlockDetected"
        | "LockNotAvailable"
        | "ConcurrencyError"
        | "LockError"
        | "OperationalError"
        | "InterfaceError"
        | "PoolError"
        | "AdminShutdown"
        | "CannotConnectNow" => {
            OdooError::Unavailable { reason: format!("its database says {short_name}"), retry_after: None }
        }
        _ => OdooError::Refused { method: method.to_owned(), name: name.to_owned(), message: first_line },
    }
}

/// A connection that did not come about, so that nothing can have run; `host` was called.
pub(super) fn no_connection(error: &(dyn Error + 'static), host: &str) -> OdooError {
    match failure(error) {
        Failure::Certificate(reason) => OdooError::Certificate { host: host.to_owned(), reason },
        Failure::Refused(refused) => OdooError::WrongAddress { reason: refused.to_string() },
        Failure::ProxyCredentials => OdooError::Unavailable { reason: "a proxy".to_owned(), retry_after: None },
        Failure::Other(reason) => OdooError::Unavailable { reason, retry_after: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_become_what_the_caller_can_do() {
        let code = |name, message| exception(name, message, "a.b").code();
        assert_eq!(code("odoo.exceptions.AccessDenied", "Access Denied"), "odoo_denied");
        assert_eq!(code("odoo.exceptions.AccessError", "no"), "odoo_denied");
        assert_eq!(code("psycopg2.errors.SerializationFailure", "could not serialize"), "odoo_unavailable");
        assert_eq!(code("odoo.exceptions.LockError", "locked"), "odoo_unavailable");
        assert_eq!(code("odoo.exceptions.UserError", "stale_token: taken"), "lease_lost");
        assert_eq!(code("builtins.AttributeError", "no method"), "odoo_refused");
    }

    #[test]
    fn statuses_become_what_the_caller_can_do() {
        let code = |number| status(number, "/jsonrpc", None).code();
        let expected = [
            (303, "odoo_wrong_address"),
            (401, "odoo_blocked"),
            (403, "odoo_blocked"),
            (407, "odoo_blocked"),
            (404, "odoo_gone"),
            (405, "odoo_wrong_address"),
            (413, "odoo_too_large"),
            (429, "odoo_unavailable"),
            (502, "odoo_unavailable"),
        ];
        for (number, word) in expected {
            assert_eq!(code(number), word, "{number}");
        }
    }

    #[test]
    fn a_traceback_never_leaves() {
        let OdooError::Refused { message, .. } =
            exception("odoo.exceptions.ValidationError", "A sentence.\nTraceback: secret", "a.b")
        else {
            panic!("refused expected")
        };
        assert_eq!(message, "A sentence.");
    }
}
