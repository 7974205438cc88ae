//! Runs from their claim to their end, when all goes well and when people or other workers interfere.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sicantik::{ClientOptions, endpoint};
use sicantik_companion::sync::{self, Run};
use tokio::time::Instant;

use crate::expected;
use crate::fake_odoo::{Failure, How};
use crate::office::{LEASE, Office, WORKER, fault, options, sink, source_with};
use crate::simulator::{Kind, Options, Rule};

/// Longer than any story.
const SILENCE_MS: u64 = 3_600_000;

/// Renewed within two seconds.
const SHORT_LEASE: Duration = Duration::from_secs(5);

const REPORT: &str = "sync.run.report";
const FINISH: &str = "sync.run.finish";
const UPSERT: &str = "permit.upsert_batch";

#[tokio::test]
async fn everything_is_brought_types_then_permits_then_details() {
    let office = Office::with_permits(120).await;
    let run = office.run(RunKind::All).await;
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);

    let permits = expected::permits(&office.sicantik);
    let mut state = office.odoo.state();
    assert_eq!((state.permits.len(), permits.len(), state.types.len()), (120, 120, 89), "twins are one type");
    for (identity, permit) in permits.iter().filter(|(_, permit)| permit["permit_number"].is_string()) {
        let found = state.permits[identity].detail.clone().expect("a detail");
        let outcome = if permit["detail"].is_null() { "no_data" } else { "found" };
        if outcome == "found" || expected::is_spelt_tidily(permit) {
            assert_eq!((&found["outcome"], &found["detail"]["expiry_date"]), (&outcome.into(), &permit["expiry_date"]));
        }
    }
    let order: Vec<&str> =
        state.calls.iter().map(|call| call.method.as_str()).filter(|m| m.contains("batch")).collect();
    assert_eq!(order, ["permit.type.upsert_batch", UPSERT]);
    let run = state.run(&run.order.lease.uuid);
    assert_eq!((run.state.as_str(), run.figure("failed"), run.issues.len()), ("done", 0, 0));
    assert_eq!(run.figure("api_calls"), office.sicantik.calls().len() as u64);
    let api = run.figures["api"].as_array().expect("calls by endpoint");
    assert_eq!(api.iter().filter_map(|calls| calls["calls"].as_u64()).sum::<u64>(), run.figure("api_calls"));
    for calls in api {
        let received = office.sicantik.calls().into_iter().filter(|call| call.endpoint == endpoint_of(calls)).count();
        assert_eq!(calls["calls"], received, "{calls}");
    }
}

/// As the simulator writes it down.
fn endpoint_of(calls: &Value) -> String {
    calls["endpoint"].as_str().expect("text").to_lowercase()
}

#[tokio::test]
async fn a_permit_that_two_pages_name_counts_once() {
    for seed in 1..=5 {
        let options = Options { permits: 800, seed, max_page_rows: 100, ..Options::default() };
        let office = Office::open(options).await;
        let run = office.run(RunKind::Permits).await;
        assert_eq!(sync::execute(&run).await.state, RunState::Done);
        let permits = expected::permits(&office.sicantik).len() as u64;
        let mut state = office.odoo.state();
        let figures = state.run(&run.order.lease.uuid);
        assert_eq!((figures.figure("done"), figures.figure("total")), (permits, permits), "seed {seed}");
    }
}

#[tokio::test]
async fn a_second_run_writes_nothing() {
    let office = Office::with_permits(700).await;
    for unchanged in [0, 700] {
        let run = office.run(RunKind::Permits).await;
        assert_eq!(sync::execute(&run).await.state, RunState::Done);
        let mut state = office.odoo.state();
        let figures = state.run(&run.order.lease.uuid);
        assert_eq!((figures.figure("created"), figures.figure("unchanged")), (700 - unchanged, unchanged));
        assert_eq!((figures.figure("done"), figures.figure("total")), (700, 700));
        assert!(state.permits.values().all(|permit| permit.writes == 1));
    }
}

#[tokio::test]
async fn a_lease_is_renewed_while_nothing_moves() {
    let office = Office::with_permits(10).await;
    let run = with_silent_source(&office).await;
    tokio::select! {
        end = sync::execute(&run) => panic!("its source never answers: {end:?}"),
        () = office.odoo.until(|state| state.calls.iter().filter(|call| call.method == REPORT).count() > 3) => {}
    }
    let told: Vec<Value> =
        office.odoo.calls(REPORT).iter().map(|call| call.arguments["reports"][0]["done"].clone()).collect();
    assert!(told.iter().all(|done| *done == 0), "{told:?}");
}

#[tokio::test]
async fn progress_is_told_once_a_second_and_no_more() {
    let options = Options { permits: 900, max_page_rows: 100, query_ms: 300, ..Options::default() };
    let office = Office::open(options).await;
    let run = office.run(RunKind::Permits).await;
    let begun = Instant::now();
    assert_eq!(sync::execute(&run).await.state, RunState::Done);

    let reports = office.odoo.calls(REPORT);
    // The first one comes at once. A slow machine has more seconds, not more reports in each.
    let most = usize::try_from(begun.elapsed().as_secs()).expect("seconds") + 1;
    assert!((3..=most).contains(&reports.len()), "{} reports, at most {most}", reports.len());
    let totals: Vec<u64> =
        reports.iter().map(|call| call.arguments["reports"][0]["total"].as_u64().expect("a total")).collect();
    assert!(totals.is_sorted() && totals.last() > totals.first(), "{totals:?}");
}

#[tokio::test]
async fn a_run_that_a_person_cancels_ends_as_cancelled() {
    let office = Office::with_permits(200).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    // The details behind the first hundred never come.
    let silence = |endpoint| Rule { after: 100, hang_ms: Some(SILENCE_MS), ..fault(endpoint, Kind::Hang, 0) };
    office.sicantik.set_faults([endpoint::DETAIL_BY_NUMBER, endpoint::DETAIL_BY_CODE].map(silence).into());
    let run = Arc::new(office.run(RunKind::Expiry).await);
    let work = tokio::spawn({
        let run = Arc::clone(&run);
        async move { sync::execute(&run).await }
    });
    office.odoo.until(|state| state.permits.values().any(|permit| permit.detail.is_some())).await;
    office.odoo.state().run(&run.order.lease.uuid).cancel = true;
    let end = work.await.expect("an end");

    assert_eq!(end.state, RunState::Cancelled);
    let mut state = office.odoo.state();
    let run = state.run(&run.order.lease.uuid);
    assert_eq!((run.state.as_str(), run.figures.get("error_code")), ("cancelled", None));
    let asked = state.permits.values().filter(|permit| permit.detail.is_some()).count();
    assert!(asked >= 1, "{asked} were done before");
    assert_eq!(state.calls.last().map(|call| call.method.as_str()), Some(FINISH), "nothing comes behind the end");
}

#[tokio::test]
async fn a_run_that_another_worker_took_ends_in_silence_when_its_report_is_refused() {
    let office = Office::with_permits(10).await;
    let run = with_silent_source(&office).await;
    let (end, ()) = tokio::join!(sync::execute(&run), async {
        office.odoo.until(|state| !state.calls.is_empty()).await;
        office.odoo.state().take_over(&run.order.lease.uuid);
    });
    assert_eq!(end.state, RunState::LeaseLost);
    let state = office.odoo.state();
    assert!(state.types.is_empty());
    assert_eq!(state.calls.iter().filter(|call| call.method == FINISH).count(), 0, "the run is not ours to end");
    assert_eq!(state.runs[0].state, "claimed", "by the other one");
}

#[tokio::test]
async fn a_run_that_another_worker_took_ends_in_silence_when_its_rows_are_refused() {
    let office = Office::with_permits(700).await;
    // Reports do not come through, so the rows are the first to be refused.
    office.odoo.fail([Failure::of(REPORT, How::Status(503))]);
    let run = office.run(RunKind::Permits).await;
    office.odoo.state().take_over(&run.order.lease.uuid);
    let end = sync::execute(&run).await;
    assert_eq!(end.error.map(|error| error.code()), Some("lease_lost"));
    assert_eq!((office.odoo.count(UPSERT), office.odoo.count(FINISH)), (1, 0));
    assert!(office.odoo.state().permits.is_empty());
}

#[tokio::test]
async fn a_killed_worker_s_run_is_taken_up_again_and_the_first_one_writes_nothing_more() {
    let office = Office::with_permits(150).await;
    let first = office.run(RunKind::Permits).await;
    let uuid = first.order.lease.uuid.clone();
    let other = sink(&office.odoo);
    assert!(other.queued("worker/2", "0").await.expect("a queue").runs.is_empty(), "it is leased");
    office.odoo.state().end_leases();

    let waiting = other.queued("worker/2", "0").await.expect("a queue").runs;
    assert_eq!(waiting.len(), 1);
    let claim = other.claim(std::slice::from_ref(&uuid), "worker/2", LEASE).await.expect("a claim");
    let order = claim.runs.into_iter().next().expect("an order");
    let second = Run { order, ..office.run(RunKind::Types).await };
    assert_eq!(sync::execute(&second).await.state, RunState::Done);

    let before = office.odoo.state().permits.clone();
    assert_eq!(before.len(), 150);
    sync::execute(&first).await;
    let mut state = office.odoo.state();
    assert!(state.permits.values().all(|permit| permit.writes == 1));
    let run = state.run(&uuid);
    assert_eq!((run.state.as_str(), run.attempts), ("done", 2));
    let old_token = Value::from(first.order.lease.token.expose_secret());
    let taken = state.calls.iter().filter(|call| call.taken && call.arguments["token"] == old_token).count();
    assert_eq!(taken, 0);
}

#[tokio::test]
async fn a_worker_takes_only_what_is_open() {
    let office = Office::with_permits(1).await;
    let uuid = office.order(RunKind::Permits);
    let sink = sink(&office.odoo);
    let claim = sink.claim(&[uuid.clone(), "unknown".to_owned()], WORKER, LEASE).await.expect("a claim");
    assert_eq!((claim.runs.len(), claim.refused.len()), (1, 1));
    assert_eq!((claim.refused[0].key.as_str(), claim.refused[0].code.as_str()), ("unknown", "unknown"));
    let other = sink.claim(&[uuid], "another", LEASE).await.expect("a claim");
    assert_eq!((other.runs.len(), other.refused[0].code.as_str()), (0, "leased"));
}

/// The run with a SICANTIK that never answers, and a lease that is soon to be renewed.
async fn with_silent_source(office: &Office) -> Run {
    let run = office.claim_for(&office.order(RunKind::Types), SHORT_LEASE).await;
    office.sicantik.set_faults(vec![Rule { hang_ms: Some(SILENCE_MS), ..fault(endpoint::TYPES, Kind::Hang, 0) }]);
    let options = ClientOptions { timeout: Duration::from_millis(SILENCE_MS), ..options(&office.sicantik.base_url()) };
    Run { source: Arc::new(source_with(&options)), ..run }
}
