//! Clients that are many, silent, slow or without an end take nothing from the rest of the worker.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use sicantik_companion::domain::RunKind;
use sicantik_companion::http::serve::{INTERNAL, Limits};
use sicantik_companion::net::rpc_client;

use crate::listener::{KEY, Listener, NOW};
use crate::office::{Office, choose_tls};
use crate::process::Process;

/// More than the worker may have files open.
const CROWD: usize = 1_100;

/// Longer than any answer of a worker that is not stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// Among so many a client may be turned away, and asks again.
const ATTEMPTS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn polls_runs_and_health_go_on_beside_a_thousand_silent_or_slow_clients() {
    choose_tls();
    let now = sicantik_companion::clock::Clock::now(&sicantik_companion::clock::SystemClock).timestamp();
    let endless = endless_hook(now, "Content-Length: 60000");
    allow_many_files();
    for part in ["", "GET /healthz HTTP/1.1\r\nX-Slow: ", &endless] {
        let office = Office::with_permits(30).await;
        let mut worker = Process::serve(&office.odoo.url());
        let mut crowd: Vec<TcpStream> = (0..CROWD)
            .map(|_| {
                let mut client = TcpStream::connect(&worker.address).expect("connected");
                // Whoever came early may have given way already.
                let _ = client.write_all(part.as_bytes());
                client
            })
            .collect();
        // Slow ones send a byte now and then.
        for client in &mut crowd {
            let _ = client.write_all(if part.is_empty() { b"" } else { b"x" });
        }
        assert_eq!(health(&worker.address).await, 200);
        let order = office.order(RunKind::Types);
        office.odoo.until(|state| state.runs.iter().any(|run| run.uuid == order && run.state == "done")).await;
        let mut first = crowd.swap_remove(0);
        first.set_read_timeout(Some(PATIENCE)).expect("set");
        // The oldest gave way: an end, or a broken connection, and no waiting.
        let gone = first.read(&mut [0; 16]);
        assert!(
            gone.as_ref().map_or_else(|error| error.kind() == ErrorKind::ConnectionReset, |read| *read == 0),
            "{gone:?}"
        );
        worker.tell();
        let (status, log) = worker.ended();
        assert!(status.success() && log.contains("the worker is down"), "{log}");
    }
}

#[tokio::test]
async fn a_head_without_an_end_is_ended() {
    choose_tls();
    let office = Office::with_permits(1).await;
    let worker = Process::serve(&office.odoo.url());
    let mut slow = TcpStream::connect(&worker.address).expect("connected");
    slow.set_read_timeout(Some(PATIENCE)).expect("set");
    slow.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ").expect("sent");
    let ended = tokio::task::spawn_blocking(move || {
        let mut answer = Vec::new();
        let read = slow.read_to_end(&mut answer);
        (read.is_ok(), String::from_utf8_lossy(&answer).into_owned())
    });
    let (ended, answer) = ended.await.expect("read");
    assert!(ended && !answer.contains("200"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_an_end_gets_408_and_its_connection_ends() {
    // Less than the worker grants, so that the story is short; a piece comes ten times in this time.
    let limits = Limits { request: Duration::from_secs(1), ..INTERNAL };
    let pause = Duration::from_millis(100);
    let worker = Listener::spawn_with(&[KEY], limits).await;
    for (framing, piece) in
        [("Transfer-Encoding: chunked", "1\r\nx\r\n"), ("Content-Length: 60000", "x"), ("Content-Length: 60000", "")]
    {
        let mut client = TcpStream::connect(worker.address()).expect("connected");
        client.set_read_timeout(Some(PATIENCE)).expect("set");
        client.write_all(endless_hook(NOW, framing).as_bytes()).expect("sent");
        let mut sending = client.try_clone().expect("the other half");
        let sender = std::thread::spawn(move || {
            while !piece.is_empty() && sending.write_all(piece.as_bytes()).is_ok() {
                std::thread::sleep(pause);
            }
        });
        let (answer, end) = tokio::task::spawn_blocking(move || read_to_end(&mut client)).await.expect("read");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{framing}: {answer:?} {end:?}");
        // What it goes on to send is refused: an end, or a broken connection, and no waiting.
        assert!(matches!(end, None | Some(ErrorKind::ConnectionReset)), "{framing}: {end:?}");
        sender.join().expect("it was hung up on");
    }
    assert_eq!(health(worker.address()).await, 200);
    assert!(!worker.was_woken());
}

#[tokio::test]
async fn refused_hooks_fill_no_log() {
    choose_tls();
    let office = Office::with_permits(1).await;
    let mut worker = Process::serve(&office.odoo.url());
    let http = rpc_client(Duration::from_secs(30), Vec::new()).expect("a client");
    for _ in 0..50 {
        let refused = http.post(format!("http://{}/hooks/v1/runs", worker.address)).body("{}").send().await;
        assert_eq!(refused.expect("an answer").status().as_u16(), 401);
    }
    worker.tell();
    let (_, log) = worker.ended();
    // Once a minute, and the loop above takes less than that on any machine that is not stuck.
    assert!((1..=3).contains(&log.matches("hooks were refused").count()), "{log}");
}

/// Well formed and never ending: only the key would tell that it is not Odoo's.
fn endless_hook(timestamp: i64, framing: &str) -> String {
    format!(
        "POST /hooks/v1/runs HTTP/1.1\r\nHost: x\r\n{framing}\r\nX-Sicantik-Timestamp: {timestamp}\r\n\
         X-Sicantik-Nonce: {}\r\nX-Sicantik-Signature: v1={}\r\n\r\n",
        "0".repeat(32),
        "0".repeat(64)
    )
}

/// All that comes, and the error with which it ends, if any.
fn read_to_end(client: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut answer = Vec::new();
    let end = client.read_to_end(&mut answer).err().map(|error| error.kind());
    (String::from_utf8_lossy(&answer).into_owned(), end)
}

/// The status of a listener's health. Whoever is turned away asks again; a listener that hangs has failed.
pub async fn health(address: &str) -> u16 {
    choose_tls();
    let http = rpc_client(PATIENCE, Vec::new()).expect("a client");
    for _ in 0..ATTEMPTS {
        match http.get(format!("http://{address}/healthz")).send().await {
            Ok(answer) => return answer.status().as_u16(),
            Err(error) => assert!(!error.is_timeout() || error.is_connect(), "it hangs: {error}"),
        }
    }
    panic!("{address} answers nobody");
}

/// The crowd stands in this process; its own limit may be as low as the worker's.
pub fn allow_many_files() {
    let pid = std::process::id().to_string();
    let raised = std::process::Command::new("prlimit").args(["--pid", &pid, "--nofile=8192:"]).status();
    assert!(raised.is_ok_and(|status| status.success()), "prlimit (util-linux) raises the limit of open files");
}
