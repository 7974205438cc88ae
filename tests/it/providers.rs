//! What the tests of all providers share: a message, a server in a provider's place, and what came of it in one line.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use flate2::read::GzDecoder;
use serde_json::Value;
use sicantik_companion::clock::{Clock, FixedClock};
use sicantik_companion::net::{Guard, HttpClient, HttpOptions};
use sicantik_companion::whatsapp::{Document, Holds, Outcome, Outgoing, Parameters, Provider};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::office::choose_tls;
use crate::store::now;

pub const REFERENCE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// How many of each there are at least.
pub const CASES: usize = 500;

pub fn http(timeout: Duration) -> Arc<HttpClient> {
    choose_tls();
    let guard = Guard { private: true, public: true };
    Arc::new(HttpClient::new(HttpOptions { timeout, guard, authorities: Vec::new(), proxy: None }).expect("a client"))
}

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock(now()))
}

/// What differs from one message to the next.
pub struct Message<'a> {
    pub text: &'a str,
    pub button: Option<&'a str>,
    pub header: Option<Document<'a>>,
    pub receipts: Option<&'a str>,
}

impl<'a> Message<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, button: None, header: None, receipts: None }
    }
}

pub async fn send(account: &impl Provider, message: &Message<'_>) -> Outcome {
    let values = ["BUDI {{1}} 😀", "503/0001/CONTOH/2026"].map(str::to_owned);
    let parameters = Parameters::new(&values, 2, |_| false).expect("they fit");
    let Message { text, button, header, receipts } = *message;
    let to = "+6281200000000";
    let message =
        Outgoing { to, text, language: "id", parameters: &parameters, reference: REFERENCE, button, header, receipts };
    account.send(&message).await
}

/// A server in a provider's place, and an account there.
pub struct Stand<A> {
    pub server: MockServer,
    pub account: A,
    pub text: &'static str,
}

impl<A: Provider> Stand<A> {
    pub async fn start(text: &'static str, account: impl FnOnce(&str, Duration) -> A) -> Self {
        let server = MockServer::start().await;
        let account = account(&server.uri(), Duration::from_mins(1));
        Self { server, account, text }
    }

    /// What comes of a message that is answered with this.
    pub async fn answers(&self, answer: ResponseTemplate) -> Outcome {
        self.server.reset().await;
        Mock::given(method("POST")).respond_with(answer).expect(1..=2).mount(&self.server).await;
        send(&self.account, &Message::of(self.text)).await
    }
}

/// Two ways to have no answer, and how often it was sent until then.
pub async fn has_no_answer<A: Provider>(
    name: &str,
    text: &str,
    account: impl Fn(&str, Duration) -> A,
    accepted: ResponseTemplate,
    times: usize,
) {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let account_there = account(&format!("http://{address}"), Duration::from_mins(1));
    let outcome = send(&account_there, &Message::of(text)).await;
    assert_eq!(told(&outcome), format!("sender provider_down {name}_connection"));

    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(accepted.set_delay(Duration::from_mins(1))).mount(&server).await;
    let outcome = send(&account(&server.uri(), Duration::from_millis(300)), &Message::of(text)).await;
    assert_eq!(told(&outcome), format!("unknown no_answer {name}_connection"));
    assert_eq!(server.received_requests().await.expect("kept").len(), times, "it was taken");
}

pub fn told(outcome: &Outcome) -> String {
    let (holds, reason) = match outcome {
        Outcome::Accepted { .. } => return "accepted".to_owned(),
        Outcome::Later { holds, reason, .. } => (
            match holds {
                Holds::Message => "message",
                Holds::Recipient => "recipient",
                Holds::Text => "text",
                Holds::Sender => "sender",
                Holds::Account => "account",
            },
            reason,
        ),
        Outcome::Refused(reason) => ("-", reason),
        Outcome::Unknown(reason) => ("unknown", reason),
    };
    assert!(!reason.detail.contains("0000"), "a number of a person: {}", reason.detail);
    format!("{holds} {} {}", reason.why.code(), reason.code)
}

/// Seconds until another attempt.
pub fn pause(outcome: &Outcome) -> Option<u64> {
    match outcome {
        Outcome::Later { pause, .. } => pause.map(|pause: Duration| pause.as_secs()),
        other => panic!("{other:?}"),
    }
}

/// What a provider's own client made.
pub fn made(packed: &[u8]) -> Value {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).expect("text");
    serde_json::from_str(&text).expect("JSON")
}

pub fn cases<'a>(made: &'a Value, kind: &str) -> &'a [Value] {
    let cases = made[kind].as_array().expect("cases");
    assert!(cases.len() >= CASES, "{kind}: {}", cases.len());
    cases
}

pub fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().expect("text")
}

/// Sends what a case says.
pub async fn send_case(account: &impl Provider, case: &Value) -> Outcome {
    let values: Vec<String> = serde_json::from_value(case["values"].clone()).expect("values");
    let parameters = Parameters::new(&values, values.len(), |_| false).expect("they fit");
    let header = &case["header"];
    let message = Outgoing {
        to: text(case, "to"),
        text: text(case, "text"),
        language: text(case, "language"),
        parameters: &parameters,
        reference: text(case, "reference"),
        button: case["button"].as_str(),
        header: header.is_object().then(|| Document { link: text(header, "link"), name: text(header, "name") }),
        receipts: case["receipts"].as_str(),
    };
    account.send(&message).await
}
