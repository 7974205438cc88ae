//! Details, one call a permit: the right row of several, at the speed that the office allows.

use std::collections::BTreeMap;

use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sync::{self};

use crate::expected;
use crate::office::Office;
use crate::simulator::Options;

#[tokio::test]
async fn of_several_rows_the_permit_s_own_one_is_taken() {
    let office = Office::with_permits(600).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.sicantik.clear_calls();
    let end = sync::execute(&office.run(RunKind::Expiry).await).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);

    let state = office.odoo.state();
    let mut told = BTreeMap::<&str, usize>::new();
    for (identity, permit) in expected::permits(&office.sicantik) {
        let Some(found) = state.permits[&identity].detail.as_ref() else {
            assert!(permit["permit_number"].is_null(), "{identity}: only a number can be asked for");
            continue;
        };
        let outcome = found["outcome"].as_str().expect("an outcome");
        *told.entry(outcome).or_default() += 1;
        if permit["detail"].is_null() {
            assert!(outcome == "no_data" || !expected::is_spelt_tidily(&permit), "{identity}: {found}");
            continue;
        }
        let detail = &found["detail"];
        assert_eq!(outcome, "found", "{identity}");
        for date in ["expiry_date", "issue_date"] {
            assert_eq!(detail[date], permit[date], "{identity}: {date}");
        }
        let endpoint = if permit["detail_by"] == "number" { "cekperizinanizin" } else { "cekperizinan" };
        assert!(detail["endpoint"] == endpoint || !expected::is_spelt_tidily(&permit), "{identity}: {detail}");
    }
    println!("{told:?}");
    assert!(told["no_data"] > 100 && told["found"] > 300, "{told:?}");
    let several = office.sicantik.calls().iter().filter(|call| call.rows > 1).count();
    assert!(several > 20, "{several} answers had several rows");
}

#[tokio::test]
async fn a_limit_asks_for_so_many_permits_and_no_more() {
    let office = Office::with_permits(200).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let mut run = office.run(RunKind::Expiry).await;
    run.order.limit = 7;
    assert_eq!(sync::execute(&run).await.report.done, 7);
    assert_eq!(office.odoo.state().permits.values().filter(|permit| permit.detail.is_some()).count(), 7);
}

#[tokio::test]
async fn a_detail_that_odoo_refuses_is_asked_for_once_and_its_issue_names_the_permit() {
    let office = Office::with_permits(60).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let (identity, permit) = expected::permits(&office.sicantik)
        .into_iter()
        .find(|(_, permit)| permit["detail_by"] == "number")
        .expect("one");
    office.odoo.state().refuse_rows_with = Some(identity.clone());
    let run = office.run(RunKind::Expiry).await;
    let end = sync::execute(&run).await;
    assert_eq!((end.state, end.report.failed), (RunState::Partial, 1), "{:?}", end.error);

    let mut state = office.odoo.state();
    let id = state.permits[&identity].id;
    let [issue] = <[_; 1]>::try_from(state.run(&run.order.lease.uuid).issues.clone()).expect("one issue");
    assert_eq!((&issue["key"], &issue["code"]), (&permit["permit_number"], &"constraint".into()));
    assert_eq!(issue["permit_id"], id);
    let numbered = state.permits.values().filter(|permit| permit.row["permit_number"].is_string()).count();
    assert_eq!(end.report.done, numbered as u64, "nothing was asked for twice");
}

#[tokio::test]
async fn permits_that_nothing_can_name_are_told_each_and_the_others_are_asked() {
    let office = Office::with_permits(200).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    // More than Odoo gives at once, and the first in its order.
    let mut unusable = 0;
    for permit in office.odoo.state().permits.values_mut().filter(|permit| permit.id <= 150) {
        if permit.row["permit_number"].is_string() {
            permit.row["permit_number"] = "503/.../YYY/KK".into();
            unusable += 1;
        }
    }
    let run = office.run(RunKind::Expiry).await;
    let end = sync::execute(&run).await;
    assert_eq!((end.state, end.report.failed), (RunState::Partial, unusable), "{:?}", end.error);
    let mut state = office.odoo.state();
    assert!(state.permits.values().filter(|permit| permit.id > 150).any(|permit| permit.detail.is_some()));
    let numbered = state.permits.values().filter(|permit| permit.row["permit_number"].is_string()).count() as u64;
    assert_eq!((end.report.done, end.report.total), (numbered, numbered));
    let told = state.run(&run.order.lease.uuid).issues.clone();
    assert_eq!(told.len() as u64, unusable);
    assert!(told.iter().all(|issue| issue["code"] == "number_unusable" && issue["permit_id"].is_i64()), "{told:?}");
}

#[tokio::test]
async fn at_most_four_calls_are_under_way() {
    let office = Office::open(Options { permits: 30, detail_ms: 500, ..Options::default() }).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.sicantik.clear_calls();
    sync::execute(&office.run(RunKind::Expiry).await).await;
    let at_once = office.sicantik.calls().iter().map(|call| call.in_flight).max();
    assert_eq!(at_once, Some(4), "all four are used, and no more");
}
