//! A SICANTIK that fails in the middle of a run: what was read lands, and the run says how far it came.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::net::RetryPolicy;
use sicantik_companion::sicantik::{ClientOptions, endpoint};
use sicantik_companion::sync::{self, Run};

use crate::office::{Office, QUICK, fault, options, source_with};
use crate::simulator::{Kind, Options, Rule};

#[tokio::test]
async fn a_source_that_breaks_down_midway_leaves_a_partial_run() {
    // So many rows wait for a full batch when the source breaks down that nothing was sent yet.
    for pages in [4, 8, 12] {
        let office = Office::open(Options { permits: 900, max_page_rows: 100, ..Options::default() }).await;
        office.sicantik.set_faults(vec![Rule { after: pages, ..fault(endpoint::ISSUED, Kind::Status, 0) }]);
        let run = office.run(RunKind::Permits).await;
        let end = sync::execute(&run).await;
        assert_eq!(end.state, RunState::Partial, "{pages} pages: {:?}", end.error);

        let mut state = office.odoo.state();
        let landed = state.permits.len();
        let run = state.run(&run.order.lease.uuid);
        assert_eq!((run.state.as_str(), run.figures["error_code"].as_str()), ("partial", Some("sicantik_unavailable")));
        assert!(landed > 100 && landed < 900, "{pages} pages: {landed}");
        assert_eq!(run.figure("done"), run.figure("total"), "{pages} pages: what was read has landed");
    }
}

#[tokio::test]
async fn a_source_that_is_down_from_the_start_leaves_a_failed_run() {
    for kind in [RunKind::Types, RunKind::Permits, RunKind::All] {
        let office = Office::with_permits(60).await;
        office.sicantik.set_faults(vec![fault("*", Kind::Status, 0)]);
        let run = office.run(kind).await;
        let end = sync::execute(&run).await;
        assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Failed, Some("sicantik_unavailable")));
        let mut state = office.odoo.state();
        let run = state.run(&run.order.lease.uuid);
        assert_eq!(run.state, "failed");
        let message = run.figures["error_message"].as_str().expect("a sentence");
        assert!(message.contains("did not answer") && message.contains("503"), "{message}");
    }
}

#[tokio::test]
async fn while_a_source_is_down_odoo_hears_of_each_try_and_of_the_next_one() {
    let office = Office::with_permits(60).await;
    office.sicantik.set_faults(vec![fault("*", Kind::Status, 0)]);
    let run = office.run(RunKind::Permits).await;
    let pause = Duration::from_millis(400);
    let retry = RetryPolicy { first: pause, longest: pause, tries: u32::MAX, ..QUICK };
    let options = ClientOptions { retry, ..options(&office.sicantik.base_url()) };
    let run = Run { source: Arc::new(source_with(&options)), ..run };
    let uuid = run.order.lease.uuid.clone();
    let heals = async {
        let tried = |figures: &Map<String, Value>| figures.get("retry").and_then(|retry| retry["attempt"].as_u64());
        office.odoo.until(|state| state.runs.iter().any(|run| tried(&run.figures) >= Some(2))).await;
        assert!(office.odoo.state().run(&uuid).figure("api_calls") >= 2, "calls that fail are counted as they happen");
        let retry = office.odoo.state().run(&uuid).figures["retry"].clone();
        assert_eq!(retry["code"], "sicantik_unavailable");
        assert!(retry["message"].as_str().is_some_and(|message| message.contains("503")), "{retry}");
        assert!(retry["seconds"].as_u64().is_some_and(|seconds| seconds <= 1), "{retry}");
        office.sicantik.set_faults(Vec::new());
    };
    let (end, ()) = tokio::join!(sync::execute(&run), heals);
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);
    assert_eq!(office.odoo.state().run(&uuid).figures.get("retry"), None, "nothing is waited for any more");
}

#[tokio::test]
async fn an_empty_list_fails_the_run_and_touches_nothing() {
    let office = Office::with_permits(60).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.sicantik.remove(60);
    let end = sync::execute(&office.run(RunKind::Permits).await).await;
    assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Failed, Some("sicantik_empty_list")));
    assert_eq!(office.odoo.state().permits.len(), 60);
}

#[tokio::test]
async fn a_probe_of_a_source_that_is_down_says_what_to_do() {
    let office = Office::with_permits(60).await;
    office.sicantik.set_faults(vec![fault("*", Kind::Status, 0)]);
    let run = office.run(RunKind::Probe).await;
    assert_eq!(sync::execute(&run).await.state, RunState::Failed);
    let mut state = office.odoo.state();
    let figures = &state.run(&run.order.lease.uuid).figures;
    assert_eq!((&figures["state"], &figures["error_code"]), (&"failed".into(), &"sicantik_unavailable".into()));
    assert_eq!((&figures["probe"]["ok"], &figures["probe"]["error_code"]), (&false.into(), &figures["error_code"]));
}

#[tokio::test]
async fn one_detail_that_fails_is_an_issue_of_its_permit_and_the_rest_is_asked() {
    let office = Office::with_permits(60).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let unlucky = truth_with_detail(&office);
    // A proxy may dislike a number for good.
    for (status, code) in [(500, "sicantik_unavailable"), (403, "sicantik_refused")] {
        let rule = fault(endpoint::DETAIL_BY_NUMBER, Kind::Status, 0);
        office.sicantik.set_faults(vec![Rule { status: Some(status), contains: Some(unlucky.clone()), ..rule }]);
        let run = office.run(RunKind::Expiry).await;
        let end = sync::execute(&run).await;
        assert_eq!((end.state, end.report.failed), (RunState::Partial, 1), "{:?}", end.error);

        let mut state = office.odoo.state();
        let [issue] = <[_; 1]>::try_from(state.run(&run.order.lease.uuid).issues.clone()).expect("told once");
        let permit =
            state.permits.values().find(|permit| permit.row["registration_number"] == unlucky).expect("a permit");
        assert_eq!((&issue["code"], &issue["permit_id"]), (&code.into(), &permit.id.into()));
        assert_eq!(permit.detail, None);
        let numbered = state.permits.values().filter(|permit| permit.row["permit_number"].is_string()).count();
        assert_eq!(state.permits.values().filter(|permit| permit.detail.is_some()).count(), numbered - 1);
    }
}

#[tokio::test]
async fn five_details_in_a_row_that_fail_end_the_run_and_what_was_answered_lands() {
    let office = Office::with_permits(120).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let details = [endpoint::DETAIL_BY_NUMBER, endpoint::DETAIL_BY_CODE];
    office.sicantik.set_faults(details.map(|it| Rule { after: 15, ..fault(it, Kind::Status, 0) }).into());
    office.sicantik.clear_calls();
    let run = office.run(RunKind::Expiry).await;
    let end = sync::execute(&run).await;
    assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Partial, Some("sicantik_unavailable")));

    let mut state = office.odoo.state();
    let answered = state.permits.values().filter(|permit| permit.detail.is_some()).count();
    assert!((10..=30).contains(&answered), "{answered}");
    let codes = state.run(&run.order.lease.uuid).issue_codes().len();
    assert!((4..=7).contains(&codes), "{codes} failures were told, the last one as the end of the run");
    let good = office.sicantik.calls().iter().filter(|call| call.fault.is_none()).count();
    assert!(good <= 30, "{good}: nobody goes on asking");
}

/// The registration of a permit that the look-up by number finds alone.
fn truth_with_detail(office: &Office) -> String {
    let truth = office.sicantik.truth();
    let permits = truth["permits"].as_array().expect("permits");
    let alone = |registration: &Value| {
        permits.iter().filter(|permit| permit["registration_number"] == *registration).count() == 1
    };
    let permit = permits
        .iter()
        .find(|permit| permit["detail_by"] == "number" && alone(&permit["registration_number"]))
        .expect("a permit");
    permit["registration_number"].as_str().expect("text").to_owned()
}
