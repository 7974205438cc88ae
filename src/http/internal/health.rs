//! Whether the process lives, and whether it can work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use crate::health::OdooHealth;
use crate::http::state::Internal;

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

/// 503 while the store fails, as hooks and a background job find it: asking here writes nothing. 200 even while Odoo is away, so that a proxy keeps what does not need it; the body says so.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operation",
    responses(
        (
            status = 200,
            description = "`status` is `ready` or `degraded`; `odoo` is `ok`, `not_asked_yet` or the code of an error; \
                           `jobs` tells when each background job last completed a tick, and `late` that one has missed \
                           several; `api_key_expires` is there when the worker's API key ends within 30 days",
            body = Object,
            example = json!({
                "status": "ready", "odoo": "ok", "store": "ok", "api_key_expires": "2026-12-01",
                "jobs": { "take_orders": { "last_tick": "2026-11-27T02:10:15Z", "late": false } }
            })
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
    let now = state.signatures.clock.now();
    let jobs = state.health.jobs();
    let status = if jobs.values().any(|job| job.is_late(now)) { "degraded" } else { status };
    let (code, status, store) = if state.signatures.store.works() {
        (StatusCode::OK, status, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "unavailable")
    };
    let jobs: Map<String, Value> = jobs
        .into_iter()
        .map(|(name, job)| {
            let last_tick = job.last_tick.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
            (name.to_owned(), json!({ "last_tick": last_tick, "late": job.is_late(now) }))
        })
        .collect();
    let mut body = json!({ "status": status, "odoo": odoo, "store": store, "jobs": jobs });
    if let Some(ends) = state.health.api_key_ends_soon(now) {
        body["api_key_expires"] = ends.date_naive().to_string().into();
    }
    (code, Json(body))
}
