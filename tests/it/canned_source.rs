//! A SICANTIK that says what it is told, word for word, for answers that the simulator never gives.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
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
        Self::list_with(rows, largest, 0..0, "").await
    }

    /// The same, but the calls of these numbers are answered by `instead`, with status 200.
    pub async fn list_with(rows: Vec<Value>, largest: usize, failing: Range<usize>, instead: &str) -> Self {
        let (calls, instead) = (AtomicUsize::new(0), instead.to_owned());
        Self::responder(List { rows, largest, failing, instead, calls }).await
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
    failing: Range<usize>,
    instead: String,
    calls: AtomicUsize,
}

impl Respond for List {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if self.failing.contains(&self.calls.fetch_add(1, Ordering::Relaxed)) {
            return ResponseTemplate::new(200).set_body_raw(self.instead.as_str(), "text/html");
        }
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
        if page.is_empty() {
            return ResponseTemplate::new(404).set_body_json(json!({ "error": "Tidak ada data.." }));
        }
        ResponseTemplate::new(200).set_body_json(page)
    }
}

/// A server that answers on the socket itself, byte by byte as it is told: no library would send such heads.
pub struct Raw {
    addr: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Raw {
    /// `answer` gives the whole answer to a call with this head; the connection ends with it.
    pub async fn spawn(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        crate::office::choose_tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let (kept, answer) = (Arc::clone(&heads), Arc::new(answer));
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") {
                        if stream.read_line(&mut head).await.unwrap_or_default() == 0 {
                            return;
                        }
                    }
                    let bytes = answer(&head);
                    kept.lock().expect("not poisoned").push(head);
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { addr, heads, server }
    }

    pub fn url(&self) -> String {
        format!("http://{}/backoffice/api", self.addr)
    }

    /// The heads of the calls so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("not poisoned").clone()
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.server.abort();
    }
}
