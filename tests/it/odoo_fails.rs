//! An Odoo that fails in the middle of a run: what is sent again, what is sent in pieces, what is given up.
//! Each story is told of both protocols: JSON-RPC of Odoo 18 and JSON-2 of Odoo 19.

use std::sync::Arc;
use std::time::Duration;

use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::net::{Retry, Retryable};
use sicantik_companion::odoo::Report;
use sicantik_companion::sync::{self, RunEnd};

use crate::expected;
use crate::fake_odoo::{Failure, How};
use crate::office::{LEASE, Office, QUICK, WORKER, fault, sink, sink_with, source_with};
use crate::simulator::{Kind, Rule};

/// Without and with JSON-2.
const VERSIONS: [u32; 2] = [18, 19];

const LOGIN: &str = "authenticate";
const REPORT: &str = "sync.run.report";
const FINISH: &str = "sync.run.finish";
const UPSERT: &str = "permit.upsert_batch";

/// So long the worker waits for an answer where one comes too late.
const IN_TIME: Duration = Duration::from_secs(3);
const TOO_LATE: Duration = Duration::from_mins(1);

fn transient_failures() -> Vec<How> {
    let mut failures: Vec<How> = [408, 429, 500, 502, 503, 504].map(How::Status).into();
    failures.extend([How::ResetBefore, How::ResetAfter, How::SlowAfter(TOO_LATE)]);
    let exceptions = ["SerializationFailure", "DeadlockDetected", "LockNotAvailable"];
    failures.extend(exceptions.map(|name| How::Exception(name, "could not obtain lock on row")));
    failures.push(How::Exception("psycopg2.errors.SerializationFailure", "could not serialize access"));
    failures.push(How::Exception("psycopg2.OperationalError", "server closed the connection unexpectedly"));
    failures
}

#[tokio::test]
async fn rows_are_sent_again_until_they_land_and_land_once() {
    for version in VERSIONS {
        for how in transient_failures() {
            let office = office_of(version, 60).await;
            office.odoo.fail([Failure::of(UPSERT, how.clone()).times(2)]);
            let end = permits_within(&office, if matches!(how, How::SlowAfter(_)) { IN_TIME } else { TOO_LATE }).await;
            assert_eq!(end.state, RunState::Done, "{how:?}: {:?}", end.error);
            assert_eq!(office.odoo.count(UPSERT), 3, "{how:?}");
            let state = office.odoo.state();
            assert_eq!(state.permits.len(), 60, "{how:?}");
            assert!(state.permits.values().all(|permit| permit.writes == 1), "{how:?}");
        }
    }
}

#[tokio::test]
async fn every_other_call_is_sent_again_as_well() {
    for version in VERSIONS {
        let methods = [LOGIN, REPORT, FINISH, "permit.type.upsert_batch", "permit.due_details", "permit.apply_details"];
        for how in [How::Status(502), How::ResetBefore, How::ResetAfter] {
            for method in methods.into_iter().filter(|&method| version == 18 || method != LOGIN) {
                let office = office_of(version, 12).await;
                let mut run = office.run(RunKind::All).await;
                run.sink = Arc::new(sink(&office.odoo)); // which signs in anew
                office.odoo.fail([Failure::of(method, how.clone()).times(1)]);
                let end = sync::execute(&run).await;
                assert_eq!(end.state, RunState::Done, "{method} {how:?}: {:?}", end.error);
                let mut state = office.odoo.state();
                let run = state.run(&run.order.lease.uuid);
                assert_eq!((run.state.as_str(), run.issues.len()), ("done", 0), "{method} {how:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_asked_for_again_and_given_to_no_other() {
    for version in VERSIONS {
        let office = office_of(version, 1).await;
        let uuid = [office.order(RunKind::Permits)];
        let sink = sink(&office.odoo);
        office.odoo.fail([Failure::of("sync.run.claim", How::ResetAfter).times(1)]);
        let claim = sink.claim(&uuid, WORKER, LEASE).await.expect("an answer");
        assert_eq!((claim.runs.len(), office.odoo.count("sync.run.claim")), (1, 2));
        assert!(sink.queued(WORKER, "0").await.expect("a queue").runs.is_empty());
        let other = sink.claim(&uuid, "another", LEASE).await.expect("an answer");
        assert_eq!((other.runs.len(), other.refused[0].code.as_str()), (0, "leased"));
        sink.report(&claim.runs[0].lease, &Report::default()).await.expect("its token is the last one");
    }
}

#[tokio::test]
async fn a_proxy_that_takes_only_small_bodies_gets_halves() {
    for version in VERSIONS {
        const LIMIT: usize = 100_000;
        let office = office_of(version, 900).await;
        office.odoo.fail([Failure::of(UPSERT, How::LargerThan(LIMIT))]);
        let end = permits(&office).await;
        assert_eq!((end.state, end.report.failed), (RunState::Done, 0), "{:?}", end.error);
        assert_eq!((end.report.created, end.report.done), (900, 900));
        let calls = office.odoo.calls(UPSERT);
        assert!(calls.iter().all(|call| call.taken == (call.bytes <= LIMIT)));
        let refused = calls.iter().filter(|call| !call.taken).count();
        assert!((1..=6).contains(&refused), "{refused} of {} were too large: the size is learnt", calls.len());
    }
}

#[tokio::test]
async fn a_permit_that_is_too_large_by_itself_is_an_issue() {
    for version in VERSIONS {
        let office = office_of(version, 8).await;
        office.odoo.fail([Failure::of(UPSERT, How::LargerThan(300))]);
        let run = office.run(RunKind::Permits).await;
        let end = sync::execute(&run).await;
        assert_eq!((end.state, end.report.failed), (RunState::Partial, 8));
        let mut state = office.odoo.state();
        assert_eq!(state.run(&run.order.lease.uuid).issue_codes(), ["row_too_large"; 8]);
    }
}

#[tokio::test]
async fn a_row_that_odoo_refuses_is_an_issue_and_the_rest_lands() {
    for version in VERSIONS {
        let office = office_of(version, 60).await;
        let refused = expected::permits(&office.sicantik).into_keys().nth(30).expect("a permit");
        office.odoo.state().refuse_rows_with = Some(refused.clone());
        let run = office.run(RunKind::Permits).await;
        let end = sync::execute(&run).await;
        assert_eq!((end.state, end.report.created, end.report.failed), (RunState::Partial, 59, 1));

        let mut state = office.odoo.state();
        let run = state.run(&run.order.lease.uuid);
        assert_eq!(run.state, "partial");
        let issue = &run.issues[0];
        assert_eq!((issue["code"].as_str(), run.issues.len()), (Some("invalid"), 1));
        assert_eq!(issue["key"].as_str(), Some(refused.replace('\u{1f}', " ").as_str()), "for people to read");
    }
}

#[tokio::test]
async fn what_odoo_refuses_as_a_whole_ends_the_run_at_once() {
    for version in VERSIONS {
        let refusals = [
            (How::Exception("odoo.exceptions.UserError", "The addon is too old."), "odoo_refused"),
            (How::Exception("builtins.AttributeError", "no method upsert_batch"), "odoo_refused"),
            (How::Exception("odoo.exceptions.AccessError", "You are not allowed."), "odoo_denied"),
            (How::Exception("odoo.exceptions.AccessDenied", "Access Denied"), "odoo_denied"),
            (How::Page, "odoo_wrong_address"),
            (How::Status(404), "odoo_gone"),
            (How::Status(405), "odoo_wrong_address"),
            (How::Status(401), "odoo_blocked"),
            (How::Status(403), "odoo_blocked"),
        ];
        for (how, code) in refusals {
            let office = office_of(version, 60).await;
            office.odoo.fail([Failure::of(UPSERT, how.clone())]);
            let run = office.run(RunKind::Permits).await;
            let end = sync::execute(&run).await;
            assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Failed, Some(code)), "{how:?}");
            assert_eq!(office.odoo.count(UPSERT), 1, "{how:?}: asking again would not help");
            let mut state = office.odoo.state();
            let run = state.run(&run.order.lease.uuid);
            assert_eq!((run.state.as_str(), run.figures["error_code"].as_str()), ("failed", Some(code)), "{how:?}");
            assert!(run.figures["error_message"].as_str().is_some_and(|text| !text.contains("Traceback")), "{how:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_midway_leaves_a_partial_run() {
    for version in VERSIONS {
        let office = office_of(version, 900).await;
        let denied = How::Exception("odoo.exceptions.AccessDenied", "Access Denied");
        office.odoo.fail([Failure::of(UPSERT, denied).after(1)]);
        let end = permits(&office).await;
        assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Partial, Some("odoo_denied")));
        assert_eq!((office.odoo.state().permits.len(), end.report.created), (500, 500));
    }
}

#[tokio::test]
async fn two_batches_travel_at_once_and_no_more() {
    for version in VERSIONS {
        let office = office_of(version, 5_000).await;
        // The first batches go alone, as long as each brings a type that none had before.
        let fifth = Failure::of(UPSERT, How::Together(2)).after(4).times(1);
        office.odoo.fail([fifth, Failure::of(UPSERT, How::Slow(Duration::from_millis(200)))]);
        assert_eq!(permits(&office).await.state, RunState::Done);
        let calls = office.odoo.calls(UPSERT);
        assert_eq!(calls.iter().map(|call| call.at_once).max(), Some(2), "of {}", calls.len());
    }
}

#[tokio::test]
async fn a_wrong_key_is_tried_once() {
    for (version, knock) in [(18, LOGIN), (19, "sync.run.queued")] {
        let office = office_of(version, 1).await;
        let sink = sink_with(&office.odoo, |options| options.api_key = "wrong".into());
        let error = sink.queued("worker", "0").await.expect_err("denied");
        assert_eq!((error.code(), office.odoo.count(knock)), ("odoo_denied", 1));
        assert_eq!(office.odoo.state().calls.len(), 1);
        assert!(error.to_string().contains("Pair the worker again"), "{error}");
        assert!(!format!("{error} {error:?}").contains("wrong\""));
    }
}

#[tokio::test]
async fn who_stands_before_odoo_is_named_and_pairing_is_not_the_remedy() {
    for (version, knock) in [(18, LOGIN), (19, "sync.run.queued")] {
        for status in [401, 403] {
            let office = office_of(version, 1).await;
            office.odoo.fail([Failure::of(knock, How::Status(status))]);
            let error = sink_with(&office.odoo, |_| ()).queued("worker", "0").await.expect_err("blocked");
            let said = error.to_string();
            assert_eq!((error.code(), office.odoo.count(knock)), ("odoo_blocked", 1), "{version} {status}");
            assert!(said.contains(&format!("status {status}")) && said.contains("before Odoo"), "{said}");
            assert!(!said.contains("Pair") && !said.contains("key"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_revoked_during_a_run_is_not_tried_again_and_again() {
    // Odoo closes a login for a minute after five wrong keys.
    let office = Office::with_permits(60).await;
    let mut run = office.run(RunKind::All).await;
    let options = sicantik_companion::sicantik::ClientOptions {
        timeout: Duration::from_mins(10),
        ..crate::office::options(&office.sicantik.base_url())
    };
    run.source = Arc::new(source_with(&options));
    let silence = Rule { hang_ms: Some(5_000), ..fault("jenisperizinanlist", Kind::Hang, 1) };
    office.sicantik.set_faults(vec![silence]);
    office.odoo.state().revoked = true;
    let end = sync::execute(&run).await;
    assert_eq!(end.error.map(|error| error.code()), Some("odoo_denied"));
    let knocks: Vec<_> = office.odoo.state().calls.iter().skip(2).map(|call| call.method.clone()).collect();
    assert_eq!(knocks, [REPORT, "permit.type.upsert_batch", FINISH], "each knocks once");
}

#[tokio::test]
async fn the_pause_that_a_proxy_before_odoo_asks_for_is_kept() {
    for version in VERSIONS {
        let office = office_of(version, 1).await;
        let sink = sink(&office.odoo);
        for (status, when, pause) in [(429, "7", 7), (503, "7.0", 7), (503, "Thu, 01 Jan 1970 00:00:00 GMT", 0)] {
            office.odoo.fail([Failure::of("sync.run.queued", How::ComeAgain(status, when)).times(1)]);
            let error = sink.queued(WORKER, "0").await.expect_err("away");
            assert_eq!(error.code(), "odoo_unavailable", "{error}");
            assert_eq!(error.retry(), Retry::After(Duration::from_secs(pause)), "{version} {status} {when}");
        }
        office.odoo.fail([Failure::of("sync.run.queued", How::ComeAgain(413, "7")).times(1)]);
        assert_eq!(sink.queued(WORKER, "0").await.expect_err("too large").code(), "odoo_too_large");
    }
}

#[tokio::test]
async fn another_database_behind_the_address_is_refused() {
    for version in VERSIONS {
        let office = office_of(version, 1).await;
        let sink = sink_with(&office.odoo, |options| options.database_uuid = Some("another".to_owned()));
        assert_eq!(sink.queued("worker", "0").await.expect_err("refused").code(), "odoo_wrong_database");
    }
}

#[tokio::test]
async fn an_odoo_that_stays_away_ends_the_run_which_is_taken_up_again_later() {
    for version in VERSIONS {
        let office = office_of(version, 60).await;
        let run = office.run(RunKind::Permits).await;
        office.odoo.fail([Failure::of("*", How::Status(502))]);
        let end = sync::execute(&run).await;
        assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::LeaseLost, Some("odoo_unavailable")));
        assert_eq!(office.odoo.count(UPSERT), QUICK.tries as usize);
        office.odoo.fail([]);
        let mut state = office.odoo.state();
        assert_eq!(state.run(&run.order.lease.uuid).state, "claimed", "until its lease ends");
    }
}

#[tokio::test]
async fn waiting_runs_are_asked_for_once_because_the_worker_polls_anyway() {
    for version in VERSIONS {
        let office = office_of(version, 1).await;
        let sink = sink(&office.odoo);
        office.odoo.fail([Failure::of("sync.run.queued", How::Status(502))]);
        assert_eq!(sink.queued("worker", "0").await.expect_err("away").code(), "odoo_unavailable");
        assert_eq!(office.odoo.count("sync.run.queued"), 1);
    }
}

async fn office_of(version: u32, permits: usize) -> Office {
    let office = Office::with_permits(permits).await;
    office.odoo.state().version = version;
    office
}

async fn permits(office: &Office) -> RunEnd {
    permits_within(office, Duration::from_secs(30)).await
}

/// A run of permits with a client that waits so long for an answer.
async fn permits_within(office: &Office, timeout: Duration) -> RunEnd {
    let mut run = office.run(RunKind::Permits).await;
    run.sink = Arc::new(sink_with(&office.odoo, |options| {
        options.timeout = timeout;
    }));
    sync::execute(&run).await
}
