//! Told to end, the process ends: whatever hangs, and with its runs handed back where Odoo answers.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::lifecycle::DEADLINE;
use sicantik_companion::sync::{self, StopReason};

use crate::fake_odoo::{Failure, FakeOdoo, How, State};
use crate::office::Office;
use crate::process::Process;
use crate::simulator::Options;

/// Longer than any story.
const NEVER: Duration = Duration::from_hours(1);

#[tokio::test]
async fn half_a_request_holds_nobody_up() {
    let odoo = FakeOdoo::spawn().await;
    let now = sicantik_companion::clock::Clock::now(&sicantik_companion::clock::SystemClock).timestamp();
    let head = format!(
        "POST /hooks/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Sicantik-Timestamp: {now}\r\n\
         X-Sicantik-Nonce: {}\r\nX-Sicantik-Signature: v1={}\r\n\r\nhalf",
        "0".repeat(32),
        "0".repeat(64)
    );
    for part in ["", "GET /healthz HTTP/1.1\r\nHost: x\r\n", &head] {
        let mut worker = Process::serve(&odoo.url());
        let mut client = TcpStream::connect(&worker.address).expect("connected");
        client.write_all(part.as_bytes()).expect("sent");
        worker.tell();
        let (status, log) = worker.ended();
        assert!(status.success() && log.contains("the worker is down"), "{part:?}: {status} {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odoo_that_takes_calls_and_does_not_answer_holds_nobody_up() {
    for step in ["sync.run.queued", "sync.run.claim", "sync.run.report", "sync.run.finish"] {
        let office = Office::open(Options { permits: 100, query_ms: 3_600_000, ..Options::default() }).await;
        let order = office.order(RunKind::Permits);
        office.odoo.fail([Failure::of(step, How::SlowAfter(NEVER))]);
        let mut worker = Process::serve(&office.odoo.url());
        let reached = if step == "sync.run.finish" { "sync.run.report" } else { step };
        office.odoo.until(|state| state.calls.iter().any(|call| call.method == reached)).await;
        worker.tell();
        let (status, log) = worker.ended();
        assert!(status.success() && log.contains("the worker is down"), "{step}: {status} {log}");
        if step == "sync.run.report" {
            assert_eq!(office.odoo.state().run(&order).state, "queued", "handed back beside the hanging report");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_and_an_end_that_hang_at_once_hold_nobody_up_longer_than_one_of_them() {
    let office = Office::open(Options { permits: 100, query_ms: 3_600_000, ..Options::default() }).await;
    office.order(RunKind::Permits);
    let mut worker = Process::serve(&office.odoo.url());
    office.odoo.until(|state| state.calls.iter().any(|call| call.method == "sync.run.report")).await;
    let hanging = ["sync.run.claim", "sync.run.finish"];
    office.odoo.fail(hanging.map(|step| Failure::of(step, How::SlowAfter(NEVER))));
    office.order(RunKind::Types);
    let claims = |state: &State| state.calls.iter().filter(|call| call.method == "sync.run.claim").count();
    office.odoo.until(|state| claims(state) == 2).await;
    worker.tell();
    let (status, log) = worker.ended();
    assert!(status.success() && log.contains("could not be handed back"), "{status} {log}");
}

#[test]
fn a_port_that_is_silent_holds_nobody_up() {
    // Not even the version is told.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let odoo = format!("http://{}", silent.local_addr().expect("an address"));
    let commands = ["serve", "run types", "run permits --dry-run", "compare", "doctor"];
    for command in commands {
        let mut worker = Process::start(&odoo, &format!("exec \"$0\" {command}"));
        let _held = silent.accept().expect("it knocks");
        worker.tell();
        let (_, log) = worker.ended();
        assert!(log.contains("told to end"), "{command}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_a_command_at_once() {
    for command in ["run types", "run types --dry-run", "compare"] {
        let office = Office::with_permits(1).await;
        // The answer may be a claim, so that one signal is not enough.
        office.odoo.fail([Failure::of("sync.run.order", How::SlowAfter(NEVER))]);
        let mut worker = Process::start(&office.odoo.url(), &format!("exec \"$0\" {command}"));
        office.odoo.until(|state| state.calls.iter().any(|call| call.method == "sync.run.order")).await;
        worker.tell();
        worker.until_logged("told to end");
        worker.tell();
        let (status, log) = worker.ended();
        assert!(!status.success() && log.contains("told a second time"), "{command}: {log}");
    }
}

#[tokio::test]
async fn what_was_answered_reaches_odoo_at_a_stop() {
    let office = Office::with_permits(60).await;
    assert_eq!(sync::execute(&office.run(RunKind::Permits).await).await.state, RunState::Done);
    // Applying waits until a batch is full or a second has passed; the stop comes before.
    let run = office.run(RunKind::Expiry).await;
    let stop = async {
        while run.source.calls() < 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        run.stop.now(StopReason::Shutdown);
    };
    let (end, ()) = tokio::join!(sync::execute(&run), stop);
    assert_eq!(end.state, RunState::Queued);
    let in_flight = 4;
    let asked = usize::try_from(run.source.calls()).expect("few");
    let brought = usize::try_from(end.report.done).expect("few");
    // A permit costs one call or two.
    assert!(brought >= (asked / 2).saturating_sub(in_flight) && brought > 0, "{brought} of {asked} calls");
}

#[test]
fn the_unit_waits_longer_than_the_worker_takes_and_keeps_no_core() {
    let unit = include_str!("../../config/deploy/sicantik.service");
    let value = |name: &str| {
        let mut lines = unit.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        lines.next().unwrap_or_else(|| panic!("{name}")).to_owned()
    };
    let patience: u64 = value("TimeoutStopSec").parse().expect("seconds");
    assert!(Duration::from_secs(patience) > DEADLINE + Duration::from_secs(5), "{patience} s");
    assert_eq!((value("LimitCORE"), value("UMask")), ("0".to_owned(), "0077".to_owned()));
    assert!(value("ExecStart").ends_with("/sicantik serve"));
}
