//! The accept loop of every listener: how many may be connected, how long they may take, and when it ends. A client
//! that is slow, silent or many takes nothing from the rest of the worker.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::connections::{Answer, Doing, Open, STALLED, State, Watched};
use crate::metrics;

/// After an error of `accept`, which is a lack of something; nobody is served by asking again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Whoever takes an answer may do so for this long once the listener is told to stop: the worker has a few seconds more.
const FAREWELL: Duration = Duration::from_secs(10);

/// Of one connection, for its head and what comes with it.
const BUFFER_BYTES: usize = 16 * 1024;

/// Who is at the other end of the connection: among what comes with a request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// What a listener grants.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How the listener is called.
    pub name: &'static str,
    /// Connections at once. One more, and the oldest that has not sent a whole request gives way.
    pub connections: usize,
    /// Until the head of a request is there, also the next one of a connection.
    pub head: Duration,
    /// From the head to the answer.
    pub request: Duration,
    /// The same of a document, whose path begins so: it may be large, and others may be before it.
    pub documents: Option<(&'static str, Duration)>,
}

impl Limits {
    /// How long a request of this path may take.
    fn time_for(&self, path: &str) -> Duration {
        let documents = self.documents.filter(|(start, _)| path.starts_with(start));
        documents.map_or(self.request, |(_, time)| time)
    }
}

/// Odoo sends one small request at a time, or a document, and Prometheus and a service manager ask now and then.
pub const INTERNAL: Limits = Limits {
    name: "internal",
    connections: 64,
    head: Duration::from_secs(5),
    request: Duration::from_secs(10),
    documents: Some(("/hooks/v1/documents/", Duration::from_mins(2))),
};

/// A proxy keeps connections open for many people.
pub const PUBLIC: Limits = Limits {
    name: "public",
    connections: 256,
    head: Duration::from_secs(10),
    request: Duration::from_secs(30),
    documents: None,
};

/// Serves until `stop`: then nobody new is let in, whoever has not sent a whole request goes, and the others get their
/// answers.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let mut serving = Serving { limits, open: Arc::default(), tasks: JoinSet::new() };
    let admit = async {
        loop {
            let (stream, peer) = serving.accept(&listener).await;
            serving.make_room().await;
            let connection = Connection { state: serving.open.admit(), open: Arc::clone(&serving.open), peer };
            serving.tasks.spawn(connection.serve(stream, router.clone(), limits, stop.clone()));
        }
    };
    tokio::select! {
        () = admit => {}
        () = stop.cancelled() => {}
    }
    drop(listener);
    while serving.tasks.join_next().await.is_some() {}
}

struct Serving {
    limits: Limits,
    open: Arc<Open>,
    tasks: JoinSet<()>,
}

impl Serving {
    async fn accept(&mut self, listener: &TcpListener) -> (TcpStream, SocketAddr) {
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok(accepted) => return accepted,
                    Err(error) => {
                        tracing::debug!(%error, listener = self.limits.name, "a connection could not be taken");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(_) = self.tasks.join_next() => {}
            }
        }
    }

    /// Returns when there is room for one more.
    async fn make_room(&mut self) {
        while self.tasks.len() >= self.limits.connections {
            let mut changed = pin!(self.open.changed.notified());
            changed.as_mut().enable();
            if self.open.oldest_gives_way() {
                metrics::connection_dropped(self.limits.name, "full");
            }
            tokio::select! {
                _ = self.tasks.join_next() => {}
                // All had sent whole requests; one is answered now.
                () = changed => {}
                () = tokio::time::sleep(STALLED) => {}
            }
        }
    }
}

/// One of them; leaves the list when it is dropped.
struct Connection {
    state: Arc<State>,
    open: Arc<Open>,
    peer: SocketAddr,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.leave(&self.state);
    }
}

impl Connection {
    async fn serve(self, stream: TcpStream, router: Router, limits: Limits, stop: CancellationToken) {
        let router = TowerToHyperService::new(router);
        let service = service_fn(|request| self.answer(&router, request, limits));
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(BUFFER_BYTES);
        let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            biased;
            // A client that breaks off, or sends no HTTP, is nothing to tell.
            _ = served.as_mut() => return,
            () = self.state.gives_way.cancelled() => return,
            () = stop.cancelled() => {}
        }
        if !matches!(self.state.doing(), Doing::Waits(_)) {
            served.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(limits.request.min(FAREWELL), served).await;
        }
    }

    /// Answers one request, in time.
    async fn answer(
        &self,
        router: &TowerToHyperService<Router>,
        request: Request<Incoming>,
        limits: Limits,
    ) -> Result<Response<Body>, Infallible> {
        if request.body().is_end_stream() {
            self.state.does(Doing::IsAnswered);
        }
        let time = limits.time_for(request.uri().path());
        let mut request = request.map(|body| Body::new(Watched { body, state: Arc::clone(&self.state) }));
        request.extensions_mut().insert(Peer(self.peer.ip()));
        let Ok(answer) = tokio::time::timeout(time, router.call(request)).await else {
            metrics::connection_dropped(limits.name, "late");
            return Ok(self.until_its_end(too_late()));
        };
        answer.map(|answer| self.until_its_end(answer))
    }

    /// A connection is answering until the last byte of its answer is taken.
    fn until_its_end(&self, answer: Response<Body>) -> Response<Body> {
        self.state.does(Doing::Streams(Instant::now()));
        let (state, open) = (Arc::clone(&self.state), Arc::clone(&self.open));
        answer.map(|body| Body::new(Answer { body, state, open }))
    }
}

fn too_late() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
