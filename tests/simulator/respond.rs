//! From an answer to HTTP: the headers that SICANTIK sends, the time that the query takes, and faults laid over it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};

use super::answer::{Answer, HTML};
use super::calls::Underway;
use super::faults::{Kind, Rule};
use super::options::Options;

/// How long a hung call hangs unless told, in milliseconds.
const HANG_MS: u64 = 600_000;

/// How long a broken body waits before the socket closes, so that its first half has left.
const BEFORE_RESET: Duration = Duration::from_millis(20);

const WARNING: &[u8] =
    b"<br />\n<b>Warning</b>:  A non-numeric value encountered in <b>api.php</b> on line <b>212</b><br />\n";

/// The time that this answer takes.
pub fn time_of(options: &Options, answer: &Answer) -> Duration {
    if answer.is_detail {
        return Duration::from_millis(options.detail_ms);
    }
    let rows = u64::try_from(answer.rows).unwrap_or(u64::MAX);
    Duration::from_millis(options.query_ms) + Duration::from_micros(options.row_us.saturating_mul(rows))
}

/// Waits and answers, with the fault if there is one.
pub async fn send(mut answer: Answer, fault: Option<Rule>, time: Duration, call: Underway) -> Response<Body> {
    let mut retry_after = None;
    let mut reset = false;
    if let Some(rule) = fault {
        call.faulted(rule.fault.name());
        if rule.fault == Kind::Hang {
            tokio::time::sleep(Duration::from_millis(rule.hang_ms.unwrap_or(HANG_MS))).await;
        }
        retry_after = rule.retry_after;
        reset = rule.fault == Kind::Reset;
        spoil(&mut answer, &rule);
    }
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
    call.answered(answer.status, answer.rows);
    let length = answer.body.len();
    let body = if reset { Body::from_stream(Broken::new(answer.body)) } else { Body::from(answer.body) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    headers.insert("cache-control", HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    headers.insert("pragma", HeaderValue::from_static("no-cache"));
    headers.insert("expires", HeaderValue::from_static("0"));
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if reset {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    response
}

fn spoil(answer: &mut Answer, rule: &Rule) {
    let page = |status| Answer::html(status, "An Error Was Encountered", "The service is temporarily unavailable.");
    match rule.fault {
        Kind::Status => *answer = page(rule.status.unwrap_or(503)),
        Kind::Html => *answer = page(rule.status.unwrap_or(200)),
        Kind::Empty => *answer = Answer { status: 200, ..Answer::nothing() },
        Kind::Truncate => answer.body.truncate(answer.body.len() / 2),
        Kind::GarbageBefore => answer.body = [WARNING, &answer.body].concat(),
        Kind::Bom => answer.body = [b"\xEF\xBB\xBF", answer.body.as_slice()].concat(),
        Kind::WrongContentType => answer.content_type = HTML,
        Kind::NotJson => answer.body = b"Server sedang sibuk, silakan coba lagi. {".to_vec(),
        Kind::Hang | Kind::Reset => {}
    }
}

/// A body that gives its first half and then fails, at which the server closes the socket.
struct Broken {
    first: Option<Bytes>,
    wait: Pin<Box<tokio::time::Sleep>>,
}

impl Broken {
    fn new(mut body: Vec<u8>) -> Self {
        body.truncate(body.len() / 2);
        Self { first: Some(body.into()), wait: Box::pin(tokio::time::sleep(BEFORE_RESET)) }
    }
}

impl futures_core::Stream for Broken {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        self.wait.as_mut().poll(context).map(|()| Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}
