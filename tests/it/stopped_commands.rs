//! A command that reads SICANTIK and is told to end: it ends soon, and nobody waits for what it had claimed.

use std::net::TcpListener;

use sicantik_companion::domain::RunKind;

use crate::fake_odoo::FakeOdoo;
use crate::office::Office;
use crate::process::Process;
use crate::simulator::Options;

/// What the log says where the first signal was not enough.
const LATE: &str = "not everything ended in time";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_claimed_is_free_again_though_sicantik_hangs() {
    for (command, signal, left_as) in [
        ("compare", "TERM", "queued"),
        ("compare", "INT", "queued"),
        ("compare --details 5", "INT", "queued"),
        // Nobody else would do it.
        ("run permits --dry-run", "TERM", "cancelled"),
        ("run permits --dry-run", "INT", "cancelled"),
        ("run types --dry-run", "TERM", "cancelled"),
        ("run expiry --dry-run", "TERM", "cancelled"),
        ("run all --dry-run", "INT", "cancelled"),
        ("run probe --dry-run", "TERM", "cancelled"),
    ] {
        let office = Office::open(Options { permits: 100, query_ms: 3_600_000, ..Options::default() }).await;
        let mut worker = Process::start(&office.odoo.url(), &format!("exec \"$0\" {command}"));
        office.odoo.until(|state| state.calls.iter().any(|call| call.method == "sync.run.report")).await;
        worker.tell_by(signal);
        let (status, log) = worker.ended();
        assert!(log.contains("told to end") && !log.contains(LATE), "{command}: {log}");
        assert_eq!(status.code(), Some(1), "{command}: {log}");
        let state = office.odoo.state();
        let left: Vec<&str> = state.runs.iter().map(|run| run.state.as_str()).collect();
        assert_eq!(left, [left_as], "{command}");
    }
}

#[test]
fn a_dry_run_without_odoo_has_nothing_to_hand_back_and_ends() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/backoffice/api", silent.local_addr().expect("an address"));
    for signal in ["TERM", "INT"] {
        let line = format!("export SICANTIK__SICANTIK__URL={url}; exec \"$0\" run permits --dry-run");
        let mut worker = Process::start("", &line);
        let _held = silent.accept().expect("it knocks");
        worker.tell_by(signal);
        let (status, log) = worker.ended();
        assert!(log.contains("told to end before it was done") && !log.contains(LATE), "{signal}: {log}");
        assert_eq!(status.code(), Some(1), "{signal}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_another_worker_ends_and_takes_nothing() {
    for (command, kind, looks) in [
        ("compare", RunKind::Compare, "sync.run.status"),
        ("run permits", RunKind::Permits, "sync.run.status"),
        ("run permits --dry-run", RunKind::Preview, "sync.run.order"),
    ] {
        let office = Office::with_permits(10).await;
        let other = office.run(kind).await;
        let mut worker = Process::start(&office.odoo.url(), &format!("exec \"$0\" {command}"));
        office.odoo.until(|state| state.calls.iter().filter(|call| call.method == looks).count() > 1).await;
        worker.tell();
        let (status, log) = worker.ended();
        assert!(log.contains("told to end before it was done") && !log.contains(LATE), "{command}: {log}");
        assert_eq!(status.code(), Some(1), "{command}: {log}");
        assert_eq!(
            office.odoo.state().run(&other.order.lease.uuid).state,
            "claimed",
            "{command}: the other one has it"
        );
    }
}

#[tokio::test]
async fn a_command_that_odoo_does_not_answer_ends_while_it_has_nothing() {
    let odoo = FakeOdoo::spawn().await;
    odoo.fail([crate::fake_odoo::Failure::of(
        "config.worker_settings",
        crate::fake_odoo::How::SlowAfter(std::time::Duration::from_hours(1)),
    )]);
    for command in ["compare", "run permits --dry-run"] {
        let asked = odoo.count("config.worker_settings");
        let mut worker = Process::start(&odoo.url(), &format!("exec \"$0\" {command}"));
        odoo.until(|state| state.calls.iter().filter(|call| call.method == "config.worker_settings").count() > asked)
            .await;
        worker.tell();
        let (_, log) = tokio::task::spawn_blocking(move || worker.ended()).await.expect("ended");
        assert!(log.contains("told to end before it was done") && !log.contains(LATE), "{command}: {log}");
    }
}
