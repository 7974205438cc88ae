//! What Odoo serves to programs. 18: `/jsonrpc`, status 200 for everything, exceptions by name. 19: `/json/2`
//! beside it, with statuses, and `/web/version`.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State as Extract};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::failures::How;
use super::{API_KEY, Call, DATABASE, LOGIN, Shared, State};

/// An exception of Odoo's: its name and message.
pub(super) struct Exception(pub(super) &'static str, pub(super) String);

const UID: i64 = 7;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/web/version", get(web_version))
        .route("/jsonrpc", post(jsonrpc))
        .route("/json/2/{model}/{method}", post(json2))
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

/// How an answer is wrapped.
#[derive(Clone)]
enum Protocol {
    /// With the id of the request.
    JsonRpc(Value),
    Json2,
}

async fn web_version(Extract(shared): Extract<Arc<Shared>>) -> Response {
    let mut state = shared.state();
    state.versions_asked += 1;
    match state.failures.pick("version", 0) {
        Some(How::Status(status)) => page(status),
        _ if state.serves_json2() => {
            let version = state.version_text();
            Json(json!({ "version_info": [state.version, 0, 0, "final", 0, ""], "version": version })).into_response()
        }
        _ => page(404),
    }
}

async fn jsonrpc(Extract(shared): Extract<Arc<Shared>>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).expect("JSON");
    let protocol = Protocol::JsonRpc(request["id"].clone());
    let params = &request["params"];
    if shared.state().rpc_is_gone {
        return page(404);
    }
    if params["method"] == "version" {
        return result(&protocol, &json!({ "server_version": shared.state().version_text() }));
    }
    let text = |at: usize| params["args"][at].as_str().unwrap_or_default();
    let (method, arguments) = match params["service"].as_str() {
        Some("object") => (short_name(text(3), text(4)), params["args"][6].clone()),
        _ => (params["method"].as_str().unwrap_or_default().to_owned(), Value::Null),
    };
    let let_in = |state: &State| state.let_in_by_jsonrpc(params);
    answer(&shared, protocol, Call::new(method, arguments, body.len(), "jsonrpc"), let_in).await
}

async fn json2(
    Extract(shared): Extract<Arc<Shared>>,
    Path((model, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !shared.state().serves_json2() {
        return page(404);
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header("x-odoo-database") != DATABASE {
        let text = "<h1>Not Found</h1><p>No database is selected and the requested URL was not found.</p>";
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html")], text).into_response();
    }
    assert_eq!(header("content-type"), "application/json");
    let arguments: Value = serde_json::from_slice(&body).expect("JSON");
    let known = header("authorization") == format!("bearer {API_KEY}");
    let let_in = |state: &State| {
        let unknown = || Exception("werkzeug.exceptions.Unauthorized", "Invalid apikey".to_owned());
        if known && !state.revoked { Ok(None) } else { Err(unknown()) }
    };
    answer(&shared, Protocol::Json2, Call::new(short_name(&model, &method), arguments, body.len(), "json2"), let_in)
        .await
}

fn short_name(model: &str, method: &str) -> String {
    format!("{}.{method}", model.trim_start_matches("sicantik."))
}

async fn answer(
    shared: &Shared,
    protocol: Protocol,
    mut call: Call,
    let_in: impl Fn(&State) -> Result<Option<Value>, Exception>,
) -> Response {
    let (at, how) = {
        let mut state = shared.state();
        let under_way = state.under_way.entry(call.method.clone()).or_default();
        *under_way += 1;
        call.at_once = *under_way;
        state.calls.push(call.clone());
        (state.calls.len() - 1, state.failures.pick(&call.method, call.bytes))
    };
    shared.changed.notify_waiters();
    let is_cut_off =
        |state: &State| state.cut_off.as_ref().is_some_and(|token| call.arguments.to_string().contains(token));
    if is_cut_off(&shared.state()) {
        std::future::pending::<()>().await;
    }
    let before = match how {
        Some(How::Status(status)) => Some(page(status)),
        Some(How::ComeAgain(status, when)) => {
            let mut response = page(status);
            response.headers_mut().insert(header::RETRY_AFTER, when.parse().expect("a header"));
            Some(response)
        }
        Some(How::LargerThan(_)) => Some(page(413)),
        Some(How::Page) => Some(page(200)),
        Some(How::ResetBefore) => Some(torn()),
        Some(How::Exception(name, message)) => Some(error(&protocol, &Exception(name, message.to_owned()))),
        Some(How::Slow(time)) => {
            tokio::time::sleep(time).await;
            None
        }
        Some(How::Together(number)) => {
            shared.until(|state| state.under_way[&call.method] >= number).await;
            None
        }
        _ => None,
    };
    let response = before.unwrap_or_else(|| work(shared, &protocol, &call, at, &let_in));
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

fn work(
    shared: &Shared,
    protocol: &Protocol,
    call: &Call,
    at: usize,
    let_in: &impl Fn(&State) -> Result<Option<Value>, Exception>,
) -> Response {
    let mut state = shared.state();
    let outcome = match let_in(&state) {
        Ok(Some(signed_in)) => Ok(signed_in),
        Ok(None) => state.dispatch(call),
        Err(exception) => Err(exception),
    };
    match outcome {
        Ok(value) => {
            state.calls[at].taken = true;
            result(protocol, &value)
        }
        Err(exception) => error(protocol, &exception),
    }
}

impl State {
    fn serves_json2(&self) -> bool {
        self.version >= 19 && !self.rpc_is_gone
    }

    fn version_text(&self) -> String {
        format!("{}.0", self.version)
    }

    /// The answer to a sign-in; `None` = go on with the call.
    fn let_in_by_jsonrpc(&self, params: &Value) -> Result<Option<Value>, Exception> {
        let args = &params["args"];
        if args[0] != DATABASE {
            let message = format!("FATAL:  database {} does not exist", args[0]);
            return Err(Exception("psycopg2.OperationalError", message));
        }
        if params["method"] == "authenticate" {
            let known = args[1] == LOGIN && args[2] == API_KEY && !self.revoked;
            return Ok(Some(if known { UID.into() } else { false.into() }));
        }
        if args[1] != UID || args[2] != API_KEY || self.revoked {
            return Err(Exception("odoo.exceptions.AccessDenied", "Access Denied".to_owned()));
        }
        assert_eq!(args[5], json!([]), "arguments are named");
        Ok(None)
    }

    fn dispatch(&mut self, call: &Call) -> Result<Value, Exception> {
        let arguments = &call.arguments;
        match call.method.as_str() {
            "sync.run.order" => Ok(self.order_by_command(arguments)),
            "sync.run.queued" => Ok(self.queued()),
            "sync.run.claim" => Ok(self.claim(arguments)),
            "sync.run.report" => Ok(self.report(arguments)),
            "sync.run.status" => Ok(self.status(arguments)),
            "sync.run.finish" => Ok(self.finish(arguments)),
            "whatsapp.message.claim" => Ok(self.claim_messages(arguments)),
            "whatsapp.message.report" => Ok(self.report_messages(arguments)),
            "whatsapp.account.hear" => Ok(self.hear(arguments)),
            "whatsapp.account.report" => Ok(self.report_accounts(arguments)),
            "document.handed_out" => {
                let digest = arguments["token_sha256"].as_str().expect("a hash");
                Ok(self.addresses.get(digest).cloned().unwrap_or_else(|| json!({})))
            }
            "config.worker_settings" => Ok(self.worker_settings()),
            "permit.type.upsert_batch" => self.upsert_types(arguments),
            "permit.upsert_batch" => self.upsert_permits(arguments),
            "permit.due_details" => self.due_details(arguments),
            "permit.apply_details" => self.apply_details(arguments),
            "permit.keys" => self.keys(arguments),
            "permit.mark_missing" => self.mark_missing(arguments),
            inbox if inbox.starts_with("document.arrival.") => Ok(self.arrival(inbox, arguments)),
            other => Err(Exception("builtins.AttributeError", format!("no method {other}"))),
        }
    }
}

fn result(protocol: &Protocol, value: &Value) -> Response {
    match protocol {
        Protocol::JsonRpc(id) => Json(json!({ "jsonrpc": "2.0", "id": id, "result": value })).into_response(),
        Protocol::Json2 => Json(value).into_response(),
    }
}

/// With a traceback, as Odoo sends it.
fn error(protocol: &Protocol, exception: &Exception) -> Response {
    let Exception(name, message) = exception;
    let data = json!({
        "name": name,
        "message": message,
        "arguments": [message],
        "context": {},
        "debug": format!("Traceback (most recent call last):\n  File \"/odoo/http.py\", line 1\n{name}: {message}\n"),
    });
    match protocol {
        Protocol::JsonRpc(id) => {
            let error = json!({ "code": 200, "message": "Odoo Server Error", "data": data });
            Json(json!({ "jsonrpc": "2.0", "id": id, "error": error })).into_response()
        }
        Protocol::Json2 => (status_of(name), Json(data)).into_response(),
    }
}

/// As `odoo/exceptions.py` and werkzeug say.
fn status_of(name: &str) -> StatusCode {
    match name.rsplit('.').next() {
        Some("UserError" | "ValidationError") => StatusCode::UNPROCESSABLE_ENTITY,
        Some("AccessError" | "AccessDenied") => StatusCode::FORBIDDEN,
        Some("Unauthorized") => StatusCode::UNAUTHORIZED,
        Some("AttributeError" | "NotFound") => StatusCode::NOT_FOUND,
        Some("LockError") => StatusCode::CONFLICT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::CONTENT_TYPE, "text/html")], "<html><body><h1>nginx</h1></body></html>").into_response()
}

/// An answer that breaks off in the middle.
pub fn torn() -> Response {
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
