//! A lease is obeyed by its holder: whoever could not renew it in time has stopped before another begins.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use sicantik_companion::app::App;
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::jobs::take_orders::take_orders;
use sicantik_companion::sicantik::endpoint;
use sicantik_companion::sync::{self, StopReason};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::{Failure, How, State};
use crate::office::{Office, WORKER, choose_tls, fault, settings, sink_with, until};
use crate::simulator::{Kind, Options, Rule};
use crate::worker_config;

const REPORT: &str = "sync.run.report";
const FINISH: &str = "sync.run.finish";
const QUEUED: &str = "sync.run.queued";

/// As short as Odoo lets it be.
const SHORT: Duration = Duration::from_secs(5);

/// Longer than any story.
const SILENCE: Duration = Duration::from_millis(SILENCE_MS);
const SILENCE_MS: u64 = 3_600_000;

/// Calls a second that are allowed where they are counted.
const RATE: usize = 5;

#[tokio::test]
async fn a_worker_that_is_cut_off_from_odoo_stops_before_another_begins() {
    let office = Office::open(Options { permits: 3_000, max_page_rows: 20, ..Options::default() }).await;
    let slow = polite(&office);
    let uuid = office.odoo.state().order("compare", slow);
    let first = Worker::start(&office, "");
    office.odoo.until(|state| is(state, &uuid, "claimed")).await;
    until(|| office.sicantik.calls().len() > 3).await;
    let token = office.odoo.state().run(&uuid).token.clone();
    // Its requests hang; those of the second worker, which signs in later, would too: so they fail by token.
    office.odoo.state().cut_off = Some(token.clone());
    let cut = office.odoo.state().calls.len();
    let second = Worker::start(&office, "worker.poll_seconds = 1");
    office.odoo.until(|state| state.runs.iter().any(|run| run.uuid == uuid && run.token != token)).await;
    let taken_over = office.sicantik.calls().len();
    // The second one has read some pages.
    until(|| office.sicantik.calls().len() > taken_over + 15).await;

    let late = |state: &State| {
        state.calls[cut..].iter().filter(|call| call.arguments.to_string().contains(&token) && call.taken).count()
    };
    assert_eq!(late(&office.odoo.state()), 0, "nothing of the first one was taken");
    let times: Vec<u64> = office.sicantik.calls().iter().map(|call| call.at_us / 1_000).collect();
    // One that arrives late may stand beside those of the next second; two workers at once would be twice as many.
    assert!(most_in_a_second(&times) <= RATE + 1, "{times:?}");
    assert!(times.windows(2).any(|pair| pair[1] - pair[0] >= 1_000), "between the two nobody asks: {times:?}");
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn a_run_whose_lease_could_not_be_renewed_sends_nothing_more() {
    let office = Office::with_permits(400).await;
    office.sicantik.set_faults(vec![hang(endpoint::ISSUED, 1_000)]);
    office.odoo.fail([Failure::of(REPORT, How::Status(503))]);
    let run = office.claim_for(&office.order(RunKind::Permits), SHORT).await;
    office.sicantik.set_faults(vec![hang(endpoint::ISSUED, SILENCE_MS)]);
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::LeaseLost);
    assert_eq!(end.error.map(|error| error.code()), Some("lease_lost"));
    assert_eq!(run.stop.reason(), Some(StopReason::LeaseLost));
    assert_eq!(office.odoo.count(FINISH), 0);

    let (asked, told) = (office.sicantik.calls().len(), office.odoo.state().calls.len());
    office.sicantik.set_faults(Vec::new());
    office.odoo.fail([]);
    // Whatever still holds on to the run is refused before it sends.
    assert_eq!(run.source.issued_page(0, 10).await.expect_err("refused").code(), "lease_lost");
    let lease = &run.order.lease;
    assert_eq!(run.sink.upsert_permits(lease, &[]).await.expect_err("refused").code(), "lease_lost");
    assert_eq!(run.sink.report(lease, &end.report).await.expect_err("refused").code(), "lease_lost");
    assert_eq!((office.sicantik.calls().len(), office.odoo.state().calls.len()), (asked, told));
}

#[tokio::test]
async fn tries_of_a_call_end_with_the_lease() {
    let office = Office::with_permits(50).await;
    let run = office.claim_for(&office.order(RunKind::Permits), SHORT).await;
    office.odoo.fail([Failure::of("*", How::ComeAgain(503, "2"))]);
    let begun = Instant::now();
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::LeaseLost);
    assert!(begun.elapsed() < SILENCE);
    let told = office.odoo.state().calls.len();
    let retries = tokio::time::timeout(SHORT, office.odoo.until(|state| state.calls.len() > told)).await;
    assert!(retries.is_err(), "nothing comes afterwards");
}

#[tokio::test]
async fn a_look_for_orders_that_hangs_holds_back_no_renewal() {
    let office = Office::with_permits(10).await;
    office.odoo.fail([Failure::of(QUEUED, How::Slow(SILENCE))]);
    let run = office.claim_for(&office.order(RunKind::Types), SHORT).await;
    let look = tokio::spawn({
        let sink = Arc::clone(&run.sink);
        async move { sink.queued(WORKER, "0").await }
    });
    until(|| office.odoo.count(QUEUED) > 0).await;
    assert!(!run.sink.report(&run.order.lease, &run.progress.peek()).await.expect("accepted"));
    let error = look.await.expect("no panic").expect_err("given up in time");
    assert_eq!(error.code(), "odoo_unknown_outcome");
}

#[tokio::test]
async fn a_report_that_hangs_is_given_up_in_time_to_renew_the_lease() {
    let office = Office::with_permits(10).await;
    office.odoo.fail([Failure::of(REPORT, How::Slow(SILENCE)).times(1)]);
    office.sicantik.set_faults(vec![Rule { times: 1, ..hang(endpoint::TYPES, 7_000) }]);
    let run = office.claim_for(&office.order(RunKind::Types), SHORT).await;
    assert_eq!(sync::execute(&run).await.state, RunState::Done);
    let mut state = office.odoo.state();
    assert_eq!((state.run(&run.order.lease.uuid).attempts, state.types.len()), (1, 89));
}

#[tokio::test]
async fn a_report_that_odoo_refuses_for_good_is_neither_repeated_nor_in_the_way() {
    let office = Office::with_permits(10).await;
    office.odoo.fail([Failure::of(REPORT, How::Exception("odoo.exceptions.UserError", "No.")).times(1)]);
    office.sicantik.set_faults(vec![Rule { times: 1, ..hang(endpoint::TYPES, 6_000) }]);
    let run = office.claim_for(&office.order(RunKind::Types), SHORT).await;
    run.progress.note(sicantik_companion::domain::Issue {
        key: "1".to_owned(),
        code: "bad_row".to_owned(),
        message: "A row that Odoo cannot take.".to_owned(),
        values: sicantik_companion::domain::MessageArgs::new(),
        permit_id: None,
    });
    assert_eq!(sync::execute(&run).await.state, RunState::Done);
    let reports = office.odoo.calls(REPORT);
    let with_issues =
        reports.iter().filter(|call| call.arguments["reports"][0]["issues"] != Value::from(Vec::<u8>::new()));
    assert_eq!(with_issues.count(), 1, "told once");
    assert!((2..=6).contains(&reports.len()), "only as often as the lease wants it: {}", reports.len());
}

#[tokio::test]
async fn an_end_that_odoo_refuses_is_told_without_what_may_be_refused() {
    let office = Office::with_permits(10).await;
    office.odoo.fail([Failure::of(FINISH, How::Exception("odoo.exceptions.UserError", "No.")).times(1)]);
    let run = office.run(RunKind::Types).await;
    assert_eq!(sync::execute(&run).await.state, RunState::Done);
    assert_eq!(office.odoo.state().run(&run.order.lease.uuid).state, "done");
}

#[tokio::test]
async fn a_run_that_is_alive_is_not_claimed_again_by_its_own_worker() {
    let office = Office::with_permits(50).await;
    office.sicantik.set_faults(vec![hang(endpoint::ISSUED, SILENCE_MS)]);
    let uuid = office.order(RunKind::Permits);
    let worker = Worker::start(&office, "worker.poll_seconds = 1");
    office.odoo.until(|state| is(state, &uuid, "claimed")).await;
    office.odoo.state().end_leases();
    let asked = office.odoo.count(QUEUED);
    office.odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > asked + 2).await;
    assert_eq!(office.odoo.count("sync.run.claim"), 1);
    assert_eq!(office.odoo.state().run(&uuid).attempts, 1);
    worker.stop().await;
}

#[tokio::test]
async fn a_kind_of_run_that_the_worker_does_not_know_is_left_alone_and_the_rest_goes_on() {
    let office = Office::with_permits(10).await;
    let newer = office.odoo.state().order("documents", polite(&office));
    let known = office.order(RunKind::Types);
    let worker = Worker::start(&office, "");
    office.odoo.until(|state| is(state, &known, "done")).await;
    assert!(is(&office.odoo.state(), &newer, "queued"));
    worker.stop().await;
}

#[tokio::test]
async fn a_status_of_permits_that_the_worker_does_not_know_is_nobodys_to_mark() {
    let office = Office::with_permits(120).await;
    assert_eq!(sync::execute(&office.run(RunKind::Permits).await).await.state, RunState::Done);
    for permit in office.odoo.state().permits.values_mut() {
        permit.status = Some("suspended");
    }
    let run = office.run(RunKind::Compare).await;
    assert_eq!(sync::execute(&run).await.state, RunState::Done);
}

#[tokio::test]
async fn all_is_limited_like_the_rest_and_says_what_it_has_read() {
    let office = Office::with_permits(80).await;
    let mut run = office.run(RunKind::All).await;
    run.order.limit = 5;
    let end = sync::execute(&run).await;
    assert!((1..=5).contains(&office.odoo.state().permits.len()), "{:?}", end.report);
    let read = office.odoo.state().run(&run.order.lease.uuid).figures["read"].clone();
    assert_eq!(read, serde_json::json!(["expiry", "permits", "types"]));

    let office = Office::with_permits(80).await;
    office.sicantik.set_faults(vec![Rule { status: Some(500), ..fault(endpoint::ISSUED, Kind::Status, 0) }]);
    let run = office.run(RunKind::All).await;
    assert_eq!(sync::execute(&run).await.state, RunState::Partial);
    let read = office.odoo.state().run(&run.order.lease.uuid).figures["read"].clone();
    assert_eq!(read, serde_json::json!(["types"]), "nothing of the list was read");
}

#[tokio::test]
async fn a_late_renewal_brings_no_lease_back() {
    let office = Office::with_permits(1).await;
    let uuid = office.order(RunKind::Types);
    let short = sink_with(&office.odoo, |options| options.lease = SHORT);
    let run = short.claim(&[uuid], WORKER, SHORT).await.expect("a claim").runs.remove(0);
    run.lease.ended().await;
    run.lease.renewed(Instant::now());
    assert!(!run.lease.is_held());
    let fresh = sink_with(&office.odoo, |_| {}).queued(WORKER, "0").await.expect("a queue");
    assert!(fresh.runs.is_empty(), "the holder stops while Odoo still counts");
}

fn polite(office: &Office) -> Value {
    let mut polite = settings(&office.sicantik.base_url());
    polite["rate_per_second"] = RATE.into();
    polite
}

fn hang(endpoint: &str, hang_ms: u64) -> Rule {
    Rule { hang_ms: Some(hang_ms), ..fault(endpoint, Kind::Hang, 0) }
}

fn is(state: &State, uuid: &str, expected: &str) -> bool {
    state.runs.iter().any(|run| run.uuid == uuid && run.state == expected)
}

fn most_in_a_second(times: &[u64]) -> usize {
    let within = |from: u64| times.iter().filter(|at| (from..from + 1_000).contains(*at)).count();
    times.iter().map(|from| within(*from)).max().unwrap_or_default()
}

/// A service with a short lease.
struct Worker {
    shutdown: CancellationToken,
    job: JoinHandle<()>,
}

impl Worker {
    fn start(office: &Office, lines: &str) -> Self {
        choose_tls();
        let lines = format!("worker.lease_seconds = 5\nodoo.retry_seconds = 60\nworker.poll_seconds = 3600\n{lines}");
        let app = Arc::new(App::new(worker_config::config(&office.odoo, &lines)).expect("an app"));
        let shutdown = CancellationToken::new();
        let job = tokio::spawn(take_orders(app, shutdown.clone()));
        Self { shutdown, job }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.job.await.expect("no panic");
    }
}
