//! A SICANTIK that says what it is told, word for word, for answers that the simulator never gives.

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A server with a script.
pub struct Scripted(MockServer);

impl Scripted {
    /// Says one thing only.
    pub async fn always(status: u16, body: &str) -> Self {
        Self::template(ResponseTemplate::new(status).set_body_raw(body, "text/html")).await
    }

    pub async fn template(answer: ResponseTemplate) -> Self {
        Self::responder(answer).await
    }

    /// A list of these rows in this order, in JSON, at most `largest` at a time; no data for anything else.
    pub async fn list(rows: Vec<Value>, largest: usize) -> Self {
        Self::responder(List { rows, largest }).await
    }

    /// The address that a client is configured with.
    pub fn url(&self) -> String {
        format!("{}/backoffice/api", self.0.uri())
    }

    /// The paths and queries asked for.
    pub async fn asked(&self) -> Vec<String> {
        let requests = self.0.received_requests().await.unwrap_or_default();
        requests.iter().map(|request| request.url[url::Position::BeforePath..].to_owned()).collect()
    }

    /// The API keys that came with the calls.
    pub async fn keys(&self) -> Vec<Option<String>> {
        let requests = self.0.received_requests().await.unwrap_or_default();
        let key = |request: &Request| Some(request.headers.get("x-api-key")?.to_str().ok()?.to_owned());
        requests.iter().map(key).collect()
    }

    async fn responder(answer: impl Respond + 'static) -> Self {
        crate::office::choose_tls();
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self(server)
    }
}

struct List {
    rows: Vec<Value>,
    largest: usize,
}

impl Respond for List {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let segments: Vec<&str> = request.url.path_segments().expect("a path").collect();
        if !segments.contains(&"limit") {
            return ResponseTemplate::new(404).set_body_json(json!({ "error": "Tidak ada data.." }));
        }
        let number = |name| {
            let at = segments.iter().position(|segment| *segment == name).expect("a parameter");
            segments[at + 1].parse::<usize>().expect("a number")
        };
        let page: Vec<&Value> =
            self.rows.iter().skip(number("offset")).take(number("limit").min(self.largest)).collect();
        ResponseTemplate::new(200).set_body_json(page)
    }
}
