//! What the service makes of what Odoo says of itself, and of its silence.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use sicantik_companion::app::App;
use sicantik_companion::health::OdooHealth;
use sicantik_companion::jobs::take_orders::take_orders;
use sicantik_companion::net::rpc_client;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::{API_KEY, Failure, FakeOdoo, How};
use crate::office::{choose_tls, settings};
use crate::paired;

const QUEUED: &str = "sync.run.queued";

#[tokio::test]
async fn a_neutralised_copy_is_left_alone_until_it_is_one_no_more() {
    let odoo = FakeOdoo::spawn().await;
    let order = odoo.state().order("types", settings("http://perizinan.example"));
    odoo.state().facts.insert("neutralized".to_owned(), true.into());
    let (app, shutdown) = serve(&odoo);
    odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > 3).await;
    assert_eq!(app.health.odoo(), Some(OdooHealth::Failed("odoo_neutralized")));
    assert_eq!((odoo.count("sync.run.claim"), odoo.state().run(&order).state.as_str()), (0, "queued"));
    odoo.state().facts.clear();
    odoo.until(|state| state.calls.iter().any(|call| call.method == "sync.run.claim")).await;
    shutdown.cancel();
}

#[tokio::test]
async fn the_end_of_the_api_key_is_known_from_the_queue() {
    let odoo = FakeOdoo::spawn().await;
    #[expect(clippy::disallowed_methods, reason = "the worker of this story has the machine's clock")]
    let now = Utc::now();
    let ends = (now + TimeDelta::days(10)).format("%Y-%m-%d %H:%M:%S").to_string();
    odoo.state().facts.insert("api_key_expires".to_owned(), ends.into());
    let (app, shutdown) = serve(&odoo);
    odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > 1).await;
    assert!(app.health.api_key_ends_soon(now).is_some());
    shutdown.cancel();
}

#[test]
fn what_lasts_is_said_once() {
    let health = sicantik_companion::health::Health::default();
    let failed = OdooHealth::Failed("odoo_neutralized");
    let reached = OdooHealth::Reached("u".to_owned());
    let news = [&failed, &failed, &reached, &reached, &failed].map(|heard| health.set_odoo(heard.clone()));
    assert_eq!(news, [true, false, true, false, true]);
}

#[tokio::test]
async fn the_service_says_what_lasts_once_and_lives_while_odoo_is_silent() {
    choose_tls();
    // Takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let odoo = format!("http://{}", silent.local_addr().expect("an address"));
    let mut worker = Process::serve(&odoo);
    let http = rpc_client(Duration::from_secs(10), Vec::new()).expect("a client");
    let get = async |path: &str| {
        let response = http.get(format!("http://{}{path}", worker.address)).send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a body"))
    };
    assert_eq!(get("/healthz").await, (200, r#"{"status":"ok"}"#.to_owned()));
    assert_eq!(get("/readyz").await, (200, r#"{"odoo":"not_asked_yet","status":"degraded","store":"ok"}"#.to_owned()));
    worker.end();

    let odoo = FakeOdoo::spawn().await;
    odoo.fail([Failure::of(QUEUED, How::Status(502))]);
    let mut worker = Process::serve(&odoo.url());
    odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > 2).await;
    let log = worker.end();
    assert_eq!(log.matches("Odoo could not be asked for orders").count(), 1, "{log}");
    assert!(!log.contains(API_KEY));
}

fn serve(odoo: &FakeOdoo) -> (Arc<App>, CancellationToken) {
    choose_tls();
    let app = Arc::new(App::new(paired::config(odoo, "worker.poll_seconds = 1")).expect("an app"));
    let shutdown = CancellationToken::new();
    tokio::spawn(take_orders(Arc::clone(&app), shutdown.clone()));
    (app, shutdown)
}

/// `sicantik serve` as a process of its own.
struct Process {
    child: std::process::Child,
    lines: BufReader<std::process::ChildStderr>,
    address: String,
    _store: TempDir,
}

impl Process {
    fn serve(odoo: &str) -> Self {
        let (folder, store) = crate::store::place();
        let store = store.to_string();
        let variables = [
            ("ODOO__URL", odoo),
            ("ODOO__DATABASE", "contoh"),
            ("ODOO__API_KEY", API_KEY),
            ("HTTP__LISTEN", "127.0.0.1:0"),
            ("WORKER__POLL_SECONDS", "1"),
            ("LOG__FORMAT", "json"),
            ("STORE__URL", &store),
        ];
        let mut child = Command::new(env!("CARGO_BIN_EXE_sicantik"))
            .arg("serve")
            .envs(variables.map(|(name, value)| (format!("SICANTIK__{name}"), value)))
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut lines = BufReader::new(child.stderr.take().expect("its log"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("a line");
        let first: serde_json::Value = serde_json::from_str(&first).expect("JSON");
        let address = first["fields"]["http.listen"].as_str().expect("an address").to_owned();
        Self { child, lines, address, _store: folder }
    }

    /// Ends it and gives what else it logged.
    fn end(&mut self) -> String {
        self.child.kill().expect("it runs");
        let mut log = String::new();
        std::io::Read::read_to_string(&mut self.lines, &mut log).expect("text");
        self.child.wait().expect("it ended");
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended unless the story failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
