//! `/jsonrpc` as Odoo serves it: status 200 for everything, exceptions by name.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::failures::How;
use super::{API_KEY, Call, DATABASE, LOGIN, Shared, State};

/// An exception of Odoo's: its name and message.
pub(super) struct Exception(pub(super) &'static str, pub(super) String);

const UID: i64 = 7;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().route("/jsonrpc", post(answer)).layer(DefaultBodyLimit::disable()).with_state(shared)
}

async fn answer(Extract(shared): Extract<Arc<Shared>>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).expect("JSON");
    let mut call = read(&request["params"], body.len());
    let (at, how) = {
        let mut state = shared.state();
        let under_way = state.under_way.entry(call.method.clone()).or_default();
        *under_way += 1;
        call.at_once = *under_way;
        state.calls.push(call.clone());
        (state.calls.len() - 1, state.failures.pick(&call.method, call.bytes))
    };
    let before = match how {
        Some(How::Status(status)) => Some(page(status)),
        Some(How::LargerThan(_)) => Some(page(413)),
        Some(How::Page) => Some(page(200)),
        Some(How::ResetBefore) => Some(torn()),
        Some(How::Exception(name, message)) => Some(error(&request, &Exception(name, message.to_owned()))),
        Some(How::Slow(time)) => {
            tokio::time::sleep(time).await;
            None
        }
        _ => None,
    };
    let response = before.unwrap_or_else(|| work(&shared, &request, &call, at));
    shared.state().under_way.entry(call.method.clone()).and_modify(|calls| *calls -= 1);
    shared.changed.notify_waiters();
    match how {
        Some(How::ResetAfter) => torn(),
        Some(How::SlowAfter(time)) => {
            tokio::time::sleep(time).await;
            response
        }
        _ => response,
    }
}

fn work(shared: &Shared, request: &Value, call: &Call, at: usize) -> Response {
    let mut state = shared.state();
    match state.dispatch(&request["params"], call) {
        Ok(result) => {
            state.calls[at].taken = true;
            Json(json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })).into_response()
        }
        Err(exception) => error(request, &exception),
    }
}

fn read(params: &Value, bytes: usize) -> Call {
    let text = |at: usize| params["args"][at].as_str().unwrap_or_default();
    let (method, arguments) = match params["service"].as_str() {
        Some("object") => {
            (format!("{}.{}", text(3).trim_start_matches("sicantik."), text(4)), params["args"][6].clone())
        }
        _ => (params["method"].as_str().unwrap_or_default().to_owned(), Value::Null),
    };
    Call { method, at: Instant::now(), arguments, bytes, at_once: 0, taken: false }
}

impl State {
    fn dispatch(&mut self, params: &Value, call: &Call) -> Result<Value, Exception> {
        let args = &params["args"];
        assert_eq!(args[0], DATABASE);
        if call.method == "authenticate" {
            let known = args[1] == LOGIN && args[2] == API_KEY && !self.revoked;
            return Ok(if known { UID.into() } else { false.into() });
        }
        if args[1] != UID || args[2] != API_KEY || self.revoked {
            return Err(Exception("odoo.exceptions.AccessDenied", "Access Denied".to_owned()));
        }
        assert_eq!(args[5], json!([]), "arguments are named");
        let arguments = &call.arguments;
        match call.method.as_str() {
            "sync.run.order" => Ok(self.order_by_command(arguments)),
            "sync.run.queued" => Ok(self.queued()),
            "sync.run.claim" => Ok(self.claim(arguments)),
            "sync.run.report" => Ok(self.report(arguments)),
            "sync.run.finish" => Ok(self.finish(arguments)),
            "permit.type.upsert_batch" => self.upsert_types(arguments),
            "permit.upsert_batch" => self.upsert_permits(arguments),
            "permit.due_details" => self.due_details(arguments),
            "permit.apply_details" => self.apply_details(arguments),
            "permit.keys" => self.keys(arguments),
            "permit.mark_missing" => self.mark_missing(arguments),
            other => Err(Exception("builtins.AttributeError", format!("no method {other}"))),
        }
    }
}

/// With a traceback, as Odoo sends it.
fn error(request: &Value, exception: &Exception) -> Response {
    let Exception(name, message) = exception;
    let data = json!({
        "name": name,
        "message": message,
        "arguments": [message],
        "context": {},
        "debug": format!("Traceback (most recent call last):\n  File \"/odoo/http.py\", line 1\n{name}: {message}\n"),
    });
    let error = json!({ "code": 200, "message": "Odoo Server Error", "data": data });
    Json(json!({ "jsonrpc": "2.0", "id": request["id"], "error": error })).into_response()
}

fn page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::CONTENT_TYPE, "text/html")], "<html><body><h1>nginx</h1></body></html>").into_response()
}

/// An answer that breaks off in the middle.
fn torn() -> Response {
    let half =
        Torn { half: Some(Bytes::from_static(b"{\"jsonrpc\":")), wait: Box::pin(tokio::time::sleep(BEFORE_TEAR)) };
    ([(header::CONTENT_LENGTH, "1000")], Body::from_stream(half)).into_response()
}

/// So that the first half has left.
const BEFORE_TEAR: Duration = Duration::from_millis(2);

struct Torn {
    half: Option<Bytes>,
    wait: Pin<Box<tokio::time::Sleep>>,
}

impl futures_core::Stream for Torn {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(half)));
        }
        self.wait.as_mut().poll(context).map(|()| Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}
