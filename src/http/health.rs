//! Whether the process lives, and whether it can work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::health::OdooHealth;

use super::internal::Internal;

/// The process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operation",
    responses((status = 200, description = "The process lives", body = Object, example = json!({ "status": "ok" })))
)]
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// 503 while the store fails. 200 even while Odoo is away, so that a proxy keeps what does not need it; the body says so.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses(
        (
            status = 200,
            description = "`status` is `ready` or `degraded`; `odoo` is `ok`, `not_asked_yet` or the code of an error; \
                           `api_key_expires` is there when the worker's API key ends within 30 days",
            body = Object,
            example = json!({ "status": "ready", "odoo": "ok", "store": "ok", "api_key_expires": "2026-12-01" })
        ),
        (
            status = 503,
            description = "The worker's store is locked, full or away: hooks are refused",
            body = Object,
            example = json!({ "status": "unavailable", "odoo": "ok", "store": "unavailable" })
        )
    )
)]
pub(super) async fn ready(State(state): State<Internal>) -> (StatusCode, Json<Value>) {
    let (status, odoo) = match state.health.odoo() {
        Some(OdooHealth::Reached(_)) => ("ready", "ok"),
        Some(OdooHealth::Failed(code)) => ("degraded", code),
        None => ("degraded", "not_asked_yet"),
    };
    let (code, status, store) = match state.store.check().await {
        Ok(()) => (StatusCode::OK, status, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "unavailable"),
    };
    let mut body = json!({ "status": status, "odoo": odoo, "store": store });
    if let Some(ends) = state.health.api_key_ends_soon(state.clock.now()) {
        body["api_key_expires"] = ends.date_naive().to_string().into();
    }
    (code, Json(body))
}
