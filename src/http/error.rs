//! Refused requests: the status says what kind, the body says what to do.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::metrics;

use super::refusals::Refusals;

/// Why a hook was refused. Nothing has happened then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// 401: no signature, or not ours.
    #[error("the signature is missing or wrong; pair the worker again")]
    Unsigned,
    /// 401: signed too long ago, or in the future.
    #[error("the time stamp is more than 300 seconds off; set the clocks of both machines")]
    Stale,
    /// 409: seen before.
    #[error("this request was received before")]
    Replayed,
    /// 413: more than 64 KiB.
    #[error("the body is too large")]
    TooLarge,
    /// 403: signed, but for another database.
    #[error("the worker is paired with another database; pair it again")]
    WrongDatabase,
    /// 400: a query, which the signature does not cover.
    #[error("a hook has no query")]
    Query,
    /// 400: signed, but not a hook.
    #[error("the body is not that of a hook")]
    Malformed,
    /// 503: whether it was received before could not be stored.
    #[error("the worker's store cannot be used now; the order is found by polling")]
    StoreUnavailable,
}

/// What a refused caller is told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Refused {
    /// A stable word.
    code: &'static str,
    /// What to do.
    message: String,
}

impl Refused {
    pub(super) const fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }
}

impl HookError {
    fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "unsigned"),
            Self::Stale => (StatusCode::UNAUTHORIZED, "stale"),
            Self::Replayed => (StatusCode::CONFLICT, "replayed"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::WrongDatabase => (StatusCode::FORBIDDEN, "wrong_database"),
            Self::Query => (StatusCode::BAD_REQUEST, "query"),
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::StoreUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"),
        }
    }
}

impl HookError {
    /// The stable word.
    pub(super) fn code(self) -> &'static str {
        self.parts().1
    }

    /// Counts the refusal, and logs it when that reason was not logged in the last minute. The store itself says once
    /// that it fails.
    pub(super) fn tell(self, refusals: &Refusals) {
        let (status, code) = self.parts();
        metrics::hook(code);
        if self == Self::StoreUnavailable {
            return;
        }
        if let Some(times) = refusals.note(code, Instant::now()) {
            tracing::warn!(http.status = status.as_u16(), code, times, "hooks were refused");
        }
    }
}

impl IntoResponse for HookError {
    fn into_response(self) -> Response {
        let (status, code) = self.parts();
        (status, Json(Refused { code, message: self.to_string() })).into_response()
    }
}
