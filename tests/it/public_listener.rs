//! The public listener: for citizens, off until it is set, and a house of its own. Nothing of the internal one is to be
//! had there, and whatever comes there takes nothing from the rest of the worker.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Method;
use axum::routing::get;
use futures_util::stream::pending;
use serde_json::Value;
use sicantik_companion::domain::RunKind;
use sicantik_companion::http::public::Public;
use sicantik_companion::http::serve::{Limits, PUBLIC, serve};
use sicantik_companion::http::{public, routes};
use sicantik_companion::lifecycle::DEADLINE;
use sicantik_companion::net::rpc_client;
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::FakeOdoo;
use crate::limits::{allow_many_files, health};
use crate::listener::Hook;
use crate::office::{Office, choose_tls, until};
use crate::process::Process;

const ANY_PORT: &str = "127.0.0.1:0";

/// Longer than any story.
const NEVER: Duration = Duration::from_hours(1);

/// Longer than any answer.
const PATIENCE: Duration = Duration::from_mins(1);

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn it_is_off_until_it_is_set() {
    let odoo = FakeOdoo::spawn().await;
    let mut worker = Process::serve(&odoo.url());
    // Whoever asks for orders has begun all that it begins.
    odoo.until(|state| state.calls.iter().any(|call| call.method == "sync.run.queued")).await;
    worker.tell();
    let (_, log) = worker.ended();
    assert!(!log.contains("public.listen"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_another_program_has_is_named() {
    let odoo = FakeOdoo::spawn().await;
    let other = TcpListener::bind(ANY_PORT).expect("a free port");
    let taken = other.local_addr().expect("an address").to_string();
    let (status, log) = start(&odoo.url(), &taken).ended();
    assert!(!status.success() && log.contains(&format!("public.listen = {taken} cannot be listened on")), "{log}");
}

#[tokio::test]
async fn it_answers_its_health_and_nothing_of_the_internal_listener() {
    choose_tls();
    let (stop, address) = started();
    let http = rpc_client(PATIENCE, Vec::new()).expect("a client");
    let status = async |method: Method, path: &str| {
        let answer = http.request(method, format!("http://{address}{path}")).send().await;
        answer.expect("an answer").status().as_u16()
    };
    assert_eq!(health(&address.to_string()).await, 200);
    assert_eq!((status(Method::POST, "/healthz").await, status(Method::GET, "/").await), (405, 404));

    // Both have these two, each its own.
    let shared = ["/healthz", "/openapi.json"];
    let internal: Vec<&str> = routes().iter().map(|(path, _)| *path).filter(|path| !shared.contains(path)).collect();
    assert!(["/hooks/v1/runs", "/metrics", "/readyz"].iter().all(|path| internal.contains(path)), "{internal:?}");
    for path in internal {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            assert_eq!(status(method.clone(), path).await, 404, "{method} {path}");
        }
    }
    // However well it is signed.
    let hook = Hook::signed();
    let signed = http.post(format!("http://{address}{}", hook.path)).body(hook.body);
    let signed = [("Timestamp", hook.timestamp), ("Nonce", hook.nonce), ("Signature", hook.signature)]
        .into_iter()
        .fold(signed, |request, (name, value)| request.header(format!("X-Sicantik-{name}"), value.expect("signed")));
    assert_eq!(signed.send().await.expect("an answer").status().as_u16(), 404);
    stop.cancel();
}

#[tokio::test]
async fn every_route_is_described_and_the_reverse() {
    choose_tls();
    let (stop, address) = started();
    let http = rpc_client(PATIENCE, Vec::new()).expect("a client");
    let ask = async |method: Method, path: &str| {
        let answer = http.request(method, format!("http://{address}{path}")).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    };
    let described = serde_json::to_value(public::document()).expect("JSON");
    let told: Value = serde_json::from_str(&ask(Method::GET, "/openapi.json").await.1).expect("JSON");
    assert_eq!(told, described, "both ways tell the same");
    let paths = described["paths"].as_object().expect("paths");
    let served: BTreeSet<&str> = public::routes().iter().map(|(path, _)| *path).collect();
    assert_eq!(paths.keys().map(String::as_str).collect::<BTreeSet<_>>(), served);
    for (path, operations) in paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let is_described = operations.get(method.as_str().to_lowercase()).is_some();
            let (status, _) = ask(method.clone(), path).await;
            assert_eq!(status != 405, is_described, "{method} {path} answers {status}");
        }
    }
    stop.cancel();
}

#[test]
fn the_description_is_as_it_was() {
    let mut description = serde_json::to_value(public::document()).expect("JSON");
    description["info"]["version"] = "(of the package)".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&description).expect("JSON"));
}

#[tokio::test]
async fn it_answers_while_the_thread_of_the_sync_is_busy() {
    let (stop, address) = started();
    // This blocks the only thread of the story, as a large page does with that of the worker.
    let answer = ask(address);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_as_its_cap_are_connected_and_for_one_more_the_oldest_goes() {
    let listener = tokio::net::TcpListener::bind(ANY_PORT).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    // Nobody goes for being slow.
    let patient = Limits { head: NEVER, request: NEVER, ..PUBLIC };
    let serving = tokio::spawn(serve(listener, public::router(Public::default()), patient, CancellationToken::new()));
    let mut crowd: Vec<TcpStream> =
        (0..PUBLIC.connections).map(|_| TcpStream::connect(address).expect("connected")).collect();
    let answer = tokio::task::spawn_blocking(move || ask(address)).await.expect("asked");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    let mut oldest = crowd.remove(0);
    oldest.set_read_timeout(Some(PATIENCE)).expect("set");
    assert_eq!(oldest.read(&mut [0; 16]).expect("an end"), 0);
    for client in &mut crowd {
        client.set_nonblocking(true).expect("set");
        assert_eq!(client.read(&mut [0; 16]).expect_err("it waits").kind(), ErrorKind::WouldBlock);
    }
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_and_says_so_whoever_is_connected() {
    let stop = CancellationToken::new();
    let (address, ended) =
        public::start(ANY_PORT.parse().expect("an address"), Public::default(), stop.clone()).expect("started");
    let mut client = TcpStream::connect(address).expect("connected");
    client.write_all(b"GET /healthz HTTP/1.1\r\n").expect("sent");
    assert_eq!(health(&address.to_string()).await, 200);
    stop.cancel();
    tokio::time::timeout(PATIENCE, ended).await.expect("it ends");
    // A child of another story has what this process had open until it is a program of its own, a moment later.
    let gone = until(|| TcpStream::connect(address).is_err());
    tokio::time::timeout(PATIENCE, gone).await.expect("nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_in_time_whoever_takes_a_document_slowly() {
    let listener = tokio::net::TcpListener::bind(ANY_PORT).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let endless = || async { Body::from_stream(pending::<Result<&'static str, std::io::Error>>()) };
    let (stop, router) = (CancellationToken::new(), Router::new().route("/healthz", get(endless)));
    let serving = tokio::spawn(serve(listener, router, PUBLIC, stop.clone()));
    let mut client = TcpStream::connect(address).expect("connected");
    client.set_read_timeout(Some(PATIENCE)).expect("set");
    client.write_all(HEALTH).expect("sent");
    client.read_exact(&mut [0; 12]).expect("a head");
    stop.cancel();
    tokio::time::timeout(DEADLINE, serving).await.expect("it ends before the worker gives up").expect("ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_with_the_service_whoever_is_connected() {
    let odoo = FakeOdoo::spawn().await;
    for part in ["", "GET /healthz HTTP/1.1\r\nHost: x\r\n"] {
        let mut worker = start(&odoo.url(), ANY_PORT);
        let address = worker.logged("public.listen");
        assert_eq!(health(&address).await, 200);
        let mut client = TcpStream::connect(&address).expect("connected");
        client.write_all(part.as_bytes()).expect("sent");
        worker.tell();
        let (status, log) = worker.ended();
        assert!(status.success() && log.contains("the worker is down"), "{part:?}: {status} {log}");
        assert!(!log.contains("not everything ended in time"), "{part:?}: {log}");
        assert!(TcpStream::connect(&address).is_err(), "nobody listens any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_and_runs_go_on_while_it_is_flooded_with_silent_clients() {
    choose_tls();
    allow_many_files();
    let office = Office::with_permits(30).await;
    let mut worker = start(&office.odoo.url(), ANY_PORT);
    let (internal, public) = (worker.logged("internal.listen"), worker.logged("public.listen"));
    let _crowd: Vec<TcpStream> =
        (0..2 * PUBLIC.connections + 100).map(|_| TcpStream::connect(&public).expect("connected")).collect();
    assert_eq!((health(&internal).await, health(&public).await), (200, 200));
    let order = office.order(RunKind::Permits);
    office.odoo.until(|state| state.runs.iter().any(|run| run.uuid == order && run.state == "done")).await;

    let http = rpc_client(PATIENCE, Vec::new()).expect("a client");
    let metrics = http.get(format!("http://{internal}/metrics")).send().await.expect("an answer");
    let metrics = metrics.text().await.expect("a body");
    let full = |listener: &str| {
        metrics.contains(&format!("sicantik_connections_dropped_total{{listener=\"{listener}\",reason=\"full\"}}"))
    };
    assert_eq!((full("public"), full("internal")), (true, false), "each has a cap of its own");
    worker.tell();
    let (status, log) = worker.ended();
    assert!(status.success() && log.contains("the worker is down"), "{log}");
}

/// Listens in this process until it is told to stop.
fn started() -> (CancellationToken, SocketAddr) {
    let stop = CancellationToken::new();
    let (address, _ended) =
        public::start(ANY_PORT.parse().expect("an address"), Public::default(), stop.clone()).expect("started");
    (stop, address)
}

/// `sicantik serve` with a public listener.
fn start(odoo: &str, public: &str) -> Process {
    Process::start(odoo, &format!("export SICANTIK__PUBLIC__LISTEN={public}; exec \"$0\" serve"))
}

/// Asks for the health, and waits for the answer on this thread.
fn ask(address: SocketAddr) -> String {
    let mut client = TcpStream::connect(address).expect("connected");
    client.set_read_timeout(Some(PATIENCE)).expect("set");
    client.write_all(HEALTH).expect("sent");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("an answer");
    answer
}
