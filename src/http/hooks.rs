//! What Odoo's buttons call. A hook wakes the worker; what is to be done stands in Odoo's orders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use super::internal::Internal;
use super::signature::SignedHook;

/// `POST /hooks/runs`: a run was ordered.
pub(super) async fn runs(State(state): State<Internal>, hook: SignedHook) -> impl IntoResponse {
    tracing::info!(run.uuid = hook.run_uuid, "a hook came");
    state.wake.notify_one();
    (StatusCode::ACCEPTED, Json(json!({ "status": "accepted" })))
}
