//! Reading the whole list: all of it, in few calls, whatever the server can give at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use sicantik_companion::domain::ListedPermit;
use sicantik_companion::sicantik::{Client, ClientOptions, SicantikError};
use sicantik_companion::sync::list_pass::{ListLimits, ListPass};

use crate::canned_source::Scripted;
use crate::expected;
use crate::office::{LIMITS, fault, options, source, source_with, spawn};
use crate::simulator::{Kind, Options, Rule};

/// A list of 2,000 permits may cost so many calls.
const FEW_CALLS: u64 = 12;

const LIST: &str = "listpermohonanterbit";

#[tokio::test]
async fn every_permit_is_found_in_few_calls() {
    for seed in 1..=10 {
        finds_everything(seed).await;
    }
}

#[tokio::test]
async fn every_permit_is_found_in_few_calls_in_other_offices_too() {
    for seed in 11..=20 {
        finds_everything(seed).await;
    }
}

/// First in one view; then where the server cuts its pages, at 500 rows or at 200.
async fn finds_everything(seed: u64) {
    let sicantik = spawn(Options { permits: 2_000, seed, ..Options::default() }).await;
    let permits = expected::permits(&sicantik);
    assert_eq!(permits.len(), 2_000);

    let client = source(&sicantik.base_url());
    let found = read(&client, LIMITS).await.expect("the whole list");
    assert_found(&permits, &found, &format!("seed {seed}"));
    assert!(found.iter().all(ListedPermit::is_complete));
    assert!(client.calls() <= FEW_CALLS, "{} calls", client.calls());

    let cut = if seed.is_multiple_of(2) { 500 } else { 200 };
    sicantik.set(&json!({ "max_page_rows": cut })).expect("a setting");
    let walker = source(&sicantik.base_url());
    let found = read(&walker, LIMITS).await.expect("the whole list");
    assert_found(&permits, &found, &format!("seed {seed}, pages of {cut}"));
    println!("seed {seed}: {} calls in one view, {} with pages of {cut}", client.calls(), walker.calls());
}

#[tokio::test]
async fn a_larger_page_that_fails_leaves_the_last_good_size() {
    let sicantik = spawn(Options { permits: 900, ..Options::default() }).await;
    sicantik.set_faults(vec![Rule { above_limit: Some(400), ..fault(LIST, Kind::Reset, 0) }]);
    let permits = read(&source(&sicantik.base_url()), LIMITS).await.expect("the whole list");
    assert_found(&expected::permits(&sicantik), &permits, "pages of 400");
    let limits: BTreeSet<String> = sicantik.calls().iter().map(|call| call.params["limit"].clone()).collect();
    assert_eq!(limits, ["1", "100", "1600", "400"].map(str::to_owned).into(), "and a look behind the end");
}

#[tokio::test]
async fn rows_that_take_their_time_keep_pages_small() {
    let sicantik = spawn(Options { permits: 300, row_us: 6_000, ..Options::default() }).await;
    let limits = ListLimits { page_time: Duration::from_secs(1), ..LIMITS };
    let found = read(&source(&sicantik.base_url()), limits).await.expect("the whole list");
    assert_found(&expected::permits(&sicantik), &found, "pages of 100");
    assert!(sicantik.calls().iter().all(|call| call.params["limit"].parse::<usize>().is_ok_and(|rows| rows <= 100)));
}

#[tokio::test]
async fn a_query_that_takes_its_time_asks_for_large_pages() {
    // As the real one is said to: the same time for a call, whatever its size.
    let sicantik = spawn(Options { permits: 2_000, query_ms: 1_000, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let found = read(&client, LIMITS).await.expect("the whole list");
    assert!(found.iter().all(ListedPermit::is_complete), "it came in one view");
    assert!(client.calls() <= FEW_CALLS, "{} calls", client.calls());
}

#[tokio::test]
async fn permits_that_come_and_go_during_the_walk_do_not_hide_others() {
    let sicantik = spawn(Options { permits: 900, max_page_rows: 100, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let mut permits = Vec::new();
    for _ in 0..4 {
        permits.extend(pass.next().await.expect("a page").expect("not the end").permits);
    }
    sicantik.remove(30);
    sicantik.issue(10);
    permits.extend(rest(&mut pass).await.expect("the rest"));
    let found: BTreeSet<&str> = permits.iter().map(ListedPermit::identity).collect();
    let missed = expected::permits(&sicantik).into_keys().filter(|identity| !found.contains(identity.as_str()));
    assert_eq!(missed.collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn a_limit_reads_the_newest_rows_and_no_more() {
    let sicantik = spawn(Options { permits: 300, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let permits = rest(&mut ListPass::new(&client, LIMITS, 20)).await.expect("some");
    assert!((1..=20).contains(&permits.len()), "{}", permits.len());
    assert!(!permits.iter().any(ListedPermit::is_complete), "other rows may name more applicants");
    assert_eq!(sicantik.calls().len(), 1);
}

#[tokio::test]
async fn an_empty_list_is_an_error_and_not_zero_permits() {
    let sicantik = spawn(Options { permits: 0, ..Options::default() }).await;
    let error = read(&source(&sicantik.base_url()), LIMITS).await.expect_err("an error");
    assert_eq!(error.code(), "sicantik_empty_list");

    // The other dialects of "nothing": an empty 404, an empty JSON list.
    for (status, body) in [(404, ""), (200, "[]"), (404, "{\"error\":\"Tidak ada data..\"}")] {
        let sicantik = Scripted::always(status, body).await;
        let error = read(&source(&sicantik.url()), LIMITS).await.expect_err("an error");
        assert_eq!(error.code(), "sicantik_empty_list", "{status} {body:?}");
    }
}

#[tokio::test]
async fn a_row_that_nothing_names_is_told_once_however_often_the_list_is_walked() {
    let mut rows: Vec<Value> = (0..35)
        .map(|row| json!({ "pendaftaran_id": format!("{row:05}07701072099"), "no_surat": format!("503/{row}"), "n_perizinan": "IZIN A" }))
        .collect();
    rows[17]["pendaftaran_id"] = "".into();
    let sicantik = Scripted::list(rows, 10).await;
    let client = source(&sicantik.url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let (mut permits, mut refused) = (Vec::new(), Vec::new());
    while let Some(step) = pass.next().await.expect("a page") {
        permits.extend(step.permits);
        refused.extend(step.refused);
    }
    assert_eq!(permits.len(), 34);
    let refused: Vec<_> = refused.iter().map(|issue| (issue.key.as_str(), issue.code.as_str())).collect();
    assert_eq!(refused, [("503/17", "registration_missing")]);
}

#[tokio::test]
async fn rows_without_any_number_are_told_each_and_once() {
    let named = |row: usize| json!({ "pendaftaran_id": format!("{row:05}"), "no_surat": format!("503/{row}"), "n_perizinan": "IZIN A" });
    let mut rows: Vec<Value> = (1..=35).map(named).collect();
    for row in [3, 17, 18] {
        rows[row] = json!({ "pendaftaran_id": "", "no_surat": "-", "n_perizinan": format!("IZIN {}", row / 17) });
    }
    let sicantik = Scripted::list(rows, 10).await;
    let client = source(&sicantik.url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let mut refused = Vec::new();
    while let Some(step) = pass.next().await.expect("a page") {
        refused.extend(step.refused.into_iter().map(|issue| issue.key));
    }
    assert_eq!(refused, ["-", "-", "-"], "a number that is a mark is shown as it stands");
    assert!(!pass.outcome().complete && pass.outcome().reached_end);
}

#[tokio::test]
async fn a_list_that_is_merely_long_is_not_called_one_page_for_ever() {
    let rows = (0..40).map(|row| json!({ "pendaftaran_id": format!("{row:05}"), "no_surat": format!("503/{row}") }));
    let sicantik = Scripted::list(rows.collect(), 5).await;
    let limits = ListLimits { most_pages: 6, ..LIMITS };
    let error = read(&source(&sicantik.url()), limits).await.expect_err("too many pages");
    assert_eq!(error.code(), "sicantik_too_many_pages");
    assert!(error.to_string().contains("after 6 pages") && error.to_string().contains("larger pages"), "{error}");
}

#[tokio::test]
async fn a_server_that_sends_its_whole_list_whatever_is_asked_is_known_at_its_first_page() {
    let sicantik = spawn(Options { permits: 700, ignores_limit: true, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let found = rest(&mut pass).await.expect("the whole list");
    assert_found(&expected::permits(&sicantik), &found, "in one view");
    assert!(found.iter().all(ListedPermit::is_complete), "it came in one view");
    assert_eq!((client.calls(), pass.outcome().complete, pass.outcome().page_size), (2, true, 100));

    // A limit is a limit all the same.
    let found = rest(&mut ListPass::new(&client, LIMITS, 20)).await.expect("some");
    assert!((1..=20).contains(&found.len()), "{}", found.len());
}

#[tokio::test]
async fn a_page_of_more_rows_than_the_largest_is_refused_by_the_name_of_the_setting() {
    let sicantik = spawn(Options { permits: 700, ignores_limit: true, ..Options::default() }).await;
    let client = source_with(&ClientOptions { largest_page: 500, ..options(&sicantik.base_url()) });
    let limits = ListLimits { largest_page: 500, ..LIMITS };
    for limit in [0, 20] {
        let mut pass = ListPass::new(&client, limits, limit);
        let error = rest(&mut pass).await.expect_err("too large");
        assert_eq!((error.code(), pass.outcome().complete), ("sicantik_page_too_large", false));
        let told = error.to_string();
        assert!(told.contains("more than 500 rows") && told.contains("sicantik.largest_page"), "{told}");
    }
    assert_eq!(client.calls(), 2, "it would be the same at each try");
}

#[tokio::test]
async fn a_list_in_an_envelope_is_read() {
    // The server sends the same whatever is asked: its whole list is more than a page.
    for permits in [101, 250] {
        let rows: Vec<Value> = (1..=permits)
            .map(|row| json!({ "pendaftaran_id": format!("{row:05}"), "no_surat": format!("503/{row}") }))
            .collect();
        let body = json!({ "status": true, "message": "OK", "data": rows }).to_string();
        let items = (1..=permits)
            .map(|row| format!("<item><pendaftaran_id>{row:05}</pendaftaran_id><no_surat>503/{row}</no_surat></item>"))
            .collect::<Vec<_>>()
            .concat();
        let xml = format!("<xml><status>1</status><data>{items}</data></xml>");
        for body in [body, xml] {
            let sicantik = Scripted::always(200, &body).await;
            let client = source(&sicantik.url());
            let permits_read = read(&client, LIMITS).await.expect("the list");
            assert_eq!((permits_read.len(), client.calls() <= 4), (permits, true), "{} calls", client.calls());
        }
    }
}

#[tokio::test]
async fn no_failure_is_ever_read_as_the_end_of_the_list() {
    let failures = [Kind::Status, Kind::Empty, Kind::Html, Kind::Reset, Kind::Truncate, Kind::NotJson];
    for kind in failures {
        let sicantik = spawn(Options { permits: 600, max_page_rows: 200, ..Options::default() }).await;
        // The first page, a larger one, the look behind it, and one page of the walk go well.
        sicantik.set_faults(vec![Rule { after: 4, ..fault(LIST, kind, 0) }]);
        let client = source(&sicantik.base_url());
        let error = read(&client, LIMITS).await.expect_err("an error");
        assert_eq!(error.code(), "sicantik_unavailable", "{kind:?}");
        assert!(client.calls() > 5, "{kind:?}: tried again");
    }
}

async fn read(client: &Client, limits: ListLimits) -> Result<Vec<ListedPermit>, SicantikError> {
    rest(&mut ListPass::new(client, limits, 0)).await
}

async fn rest(pass: &mut ListPass<'_>) -> Result<Vec<ListedPermit>, SicantikError> {
    let mut permits = Vec::new();
    while let Some(step) = pass.next().await? {
        permits.extend(step.permits);
    }
    Ok(permits)
}

/// Nothing is missed; nothing is made up. A permit's row without a number may come on an earlier page than
/// its row with one: the addon joins them.
fn assert_found(truth: &BTreeMap<String, Value>, permits: &[ListedPermit], story: &str) {
    let found: BTreeMap<&str, &ListedPermit> = permits.iter().map(|permit| (permit.identity(), permit)).collect();
    let missed: Vec<_> = truth.keys().filter(|identity| !found.contains_key(identity.as_str())).collect();
    assert!(missed.is_empty(), "{story}: {} missed: {missed:?}", missed.len());
    let numbered: BTreeSet<String> = permits
        .iter()
        .filter(|permit| permit.row().number.is_some())
        .map(|permit| permit.row().unnumbered_identity())
        .collect();
    for identity in found.keys().filter(|identity| !truth.contains_key(**identity)) {
        assert!(numbered.contains(*identity), "{story}: {identity} is no permit");
    }
}
