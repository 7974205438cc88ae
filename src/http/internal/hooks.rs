//! What Odoo's buttons call. A hook wakes the worker; what is to be done stands in Odoo's orders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::metrics;

use crate::http::error::Refused;
use crate::http::signed::{Signed, SignedBody};
use crate::http::state::Internal;

/// What Odoo says when a run was ordered.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RunHook {
    /// The database that sends it.
    database_uuid: String,
    /// The run that was ordered.
    run_uuid: String,
}

impl SignedBody for RunHook {
    fn database_uuid(&self) -> &str {
        &self.database_uuid
    }
}

/// A run was ordered, or is to stop.
#[utoipa::path(
    post,
    path = "/hooks/v1/runs",
    tag = "hooks",
    params(
        ("X-Sicantik-Timestamp" = i64, Header, description = "Unix seconds, at most 300 off"),
        ("X-Sicantik-Nonce" = String, Header, description = "32 hex digits, good once"),
        ("X-Sicantik-Signature" = String, Header, description = "`v1=` and the HMAC-SHA256 in hex; several with commas")
    ),
    request_body(content = RunHook, description = "At most 64 KiB"),
    responses(
        (status = 202, description = "Accepted: the worker looks for orders", body = Object, example = json!({ "status": "accepted" })),
        (status = 400, description = "A query, which nobody signs; or signed, but not a hook", body = Refused),
        (status = 401, description = "Unsigned, wrongly signed, or too old", body = Refused),
        (status = 403, description = "Signed for another database", body = Refused),
        (status = 409, description = "Received before", body = Refused),
        (status = 413, description = "Too large", body = Refused),
        (status = 503, description = "The worker's store cannot be used now", body = Refused)
    )
)]
pub(super) async fn runs(State(state): State<Internal>, Signed(hook): Signed<RunHook>) -> impl IntoResponse {
    tracing::info!(run.uuid = hook.run_uuid, "a hook came");
    metrics::hook("accepted");
    state.wake.notify_one();
    (StatusCode::ACCEPTED, Json(json!({ "status": "accepted" })))
}
