//! `/_admin`: truth, rows, calls, changes, settings, faults (JSON). Not part of the imitated server; never logged as a call.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::change::{self, What};
use super::faults::Rule;

type Refused = (StatusCode, String);

/// How many things are to change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    count: usize,
}

/// What is to change, in how many permits.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    what: What,
    count: usize,
}

/// Rules that replace those in force.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    rules: Vec<Rule>,
}

/// The administration's routes.
pub fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/truth",
            get(|State(s): State<Arc<Shared>>| async move { ([(CONTENT_TYPE, "application/json")], s.truth_text()) }),
        )
        .route("/rows", get(|State(s): State<Arc<Shared>>| async move { Json(s.rows()) }))
        .route("/calls", get(|State(s): State<Arc<Shared>>| async move { Json(s.calls.all()) }).delete(clear_calls))
        .route("/change", post(change_some))
        .route("/issue", post(issue))
        .route("/number", post(number))
        .route("/remove", post(remove))
        .route("/settings", get(settings).post(set_settings))
        .route("/faults", get(faults).post(set_faults).delete(clear_faults))
        .route("/shutdown", post(shutdown))
}

async fn clear_calls(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.calls.clear();
    StatusCode::NO_CONTENT
}

async fn change_some(State(shared): State<Arc<Shared>>, Json(order): Json<Change>) -> Json<Value> {
    Json(json!({ "changed": change::change(&mut shared.world_mut(), order.what, order.count) }))
}

async fn issue(State(shared): State<Arc<Shared>>, Json(order): Json<Count>) -> Json<Value> {
    Json(json!({ "changed": change::issue(&mut shared.world_mut(), order.count) }))
}

async fn number(State(shared): State<Arc<Shared>>, Json(order): Json<Count>) -> Json<Value> {
    Json(json!({ "changed": change::number(&mut shared.world_mut(), order.count) }))
}

async fn remove(State(shared): State<Arc<Shared>>, Json(order): Json<Count>) -> Json<Value> {
    Json(json!({ "changed": change::remove(&mut shared.world_mut(), order.count) }))
}

async fn settings(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!(&*shared.options()))
}

async fn set_settings(State(shared): State<Arc<Shared>>, Json(given): Json<Value>) -> Result<Json<Value>, Refused> {
    shared.set(&given).map(Json).map_err(|error| (StatusCode::BAD_REQUEST, error))
}

async fn faults(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(shared.faults.describe())
}

async fn set_faults(State(shared): State<Arc<Shared>>, Json(given): Json<Rules>) -> Json<Value> {
    shared.faults.set(given.rules);
    Json(shared.faults.describe())
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.faults.set(Vec::new());
    StatusCode::NO_CONTENT
}

async fn shutdown(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.stop.send_replace(true);
    StatusCode::NO_CONTENT
}
