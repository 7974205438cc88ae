//! Clients that are many, silent, slow or without an end take nothing from the rest of the worker.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use sicantik_companion::domain::RunKind;
use sicantik_companion::net::rpc_client;

use crate::office::{Office, choose_tls};
use crate::process::Process;

/// More than the worker may have files open.
const CROWD: usize = 1_100;

#[tokio::test(flavor = "multi_thread")]
async fn polls_runs_and_health_go_on_beside_a_thousand_silent_or_slow_clients() {
    choose_tls();
    let now = sicantik_companion::clock::Clock::now(&sicantik_companion::clock::SystemClock).timestamp();
    // Well formed and never ending: only the key would tell that it is not Odoo's.
    let endless = format!(
        "POST /hooks/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\nX-Sicantik-Timestamp: {now}\r\n\
         X-Sicantik-Nonce: {}\r\nX-Sicantik-Signature: v1={}\r\n\r\n",
        "0".repeat(32),
        "0".repeat(64)
    );
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
        let http = rpc_client(Duration::from_secs(30), Vec::new()).expect("a client");
        let health = http.get(format!("http://{}/healthz", worker.address)).send().await.expect("an answer");
        assert_eq!(health.status().as_u16(), 200);
        let order = office.order(RunKind::Types);
        office.odoo.until(|state| state.runs.iter().any(|run| run.uuid == order && run.state == "done")).await;
        let mut first = crowd.swap_remove(0);
        first.set_read_timeout(Some(Duration::from_mins(1))).expect("set");
        // The oldest gave way: an end, or a broken connection, and no waiting.
        let gone = first.read(&mut [0; 16]);
        assert!(
            gone.as_ref().map_or_else(|error| error.kind() == std::io::ErrorKind::ConnectionReset, |read| *read == 0),
            "{gone:?}"
        );
        worker.tell();
        let (status, log) = worker.ended();
        assert!(status.success() && log.contains("the worker is down"), "{log}");
    }
}

#[tokio::test]
async fn a_head_or_a_body_without_an_end_is_ended() {
    choose_tls();
    let office = Office::with_permits(1).await;
    let worker = Process::serve(&office.odoo.url());
    let mut slow = TcpStream::connect(&worker.address).expect("connected");
    slow.set_read_timeout(Some(Duration::from_mins(1))).expect("set");
    slow.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ").expect("sent");
    let ended = tokio::task::spawn_blocking(move || {
        let mut answer = Vec::new();
        let read = slow.read_to_end(&mut answer);
        (read.is_ok(), String::from_utf8_lossy(&answer).into_owned())
    });
    let (ended, answer) = ended.await.expect("read");
    assert!(ended && !answer.contains("200"), "{answer}");
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

/// The crowd stands in this process; its own limit may be as low as the worker's.
fn allow_many_files() {
    let pid = std::process::id().to_string();
    let raised = std::process::Command::new("prlimit").args(["--pid", &pid, "--nofile=8192:"]).status();
    assert!(raised.is_ok_and(|status| status.success()), "prlimit (util-linux) raises the limit of open files");
}
