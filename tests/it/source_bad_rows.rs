//! A row that spoils every page that it stands on: it is found, told and walked past. A server that is down is
//! no bad row.

use std::collections::BTreeSet;

use serde_json::json;
use sicantik_companion::domain::{Issue, ListRow, RunKind, RunState};
use sicantik_companion::sicantik::{ClientOptions, SicantikError};
use sicantik_companion::sync;
use sicantik_companion::sync::list_pass::{ListPass, Outcome};

use crate::expected;
use crate::office::{LIMITS, ONCE, Office, fault, options, source, source_with, spawn};
use crate::simulator::{Kind, Options, Rule, Running};

const LIST: &str = "listpermohonanterbit";

#[tokio::test]
async fn a_bad_row_is_found_told_and_walked_past_wherever_it_stands() {
    for (kind, at) in [(Kind::Status, 0), (Kind::Empty, 3), (Kind::Truncate, 250), (Kind::Html, 599)] {
        let sicantik = spawn(Options { permits: 600, ..Options::default() }).await;
        let bad = spoil(&sicantik, kind, at).await;
        let read = read(&sicantik).await.unwrap_or_else(|error| panic!("{kind:?} at {at}: {error}"));
        assert_bad_rows(&read, 1, &format!("{kind:?} at {at}"));
        let missed: Vec<String> =
            expected::permits(&sicantik).into_keys().filter(|identity| !read.found.contains(identity)).collect();
        assert!(missed.iter().all(|identity| identity.contains(&bad)), "{kind:?} at {at}: {missed:?}");
        assert!(!read.outcome.complete, "a row was not read");
        assert!(read.calls < 80, "{kind:?} at {at}: {} calls", read.calls);
    }
}

#[tokio::test]
async fn a_page_of_a_json_server_is_empty_for_one_bad_byte_and_read_all_the_same() {
    let sicantik = spawn(Options { permits: 1_500, no_xml: true, ..Options::default() }).await;
    let bad = spoiled_by_bytes(&sicantik);
    assert!(bad > 0, "the world has such names");
    let read = read(&sicantik).await.expect("the rest of the list");
    assert_bad_rows(&read, bad, "json");
    let missed = expected::permits(&sicantik).into_keys().filter(|identity| !read.found.contains(identity)).count();
    assert!(missed <= bad, "{missed} missed for {bad} bad rows");
}

#[tokio::test]
async fn a_run_past_a_bad_row_ends_as_partial_and_says_where() {
    let office = Office::with_permits(300).await;
    spoil(&office.sicantik, Kind::Status, 120).await;
    let run = office.run(RunKind::Permits).await;
    let end = sync::execute(&run).await;
    assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Partial, None));
    let mut state = office.odoo.state();
    assert!(state.permits.len() >= 295, "{}", state.permits.len());
    let issues = &state.run(&run.order.lease.uuid).issues;
    assert_eq!(issues.iter().map(|issue| &issue["code"]).collect::<Vec<_>>(), [&json!("bad_row")]);
}

#[tokio::test]
async fn a_server_that_is_down_is_no_bad_row() {
    for after in [0, 1, 4, 9] {
        let sicantik = spawn(Options { permits: 600, max_page_rows: 100, ..Options::default() }).await;
        sicantik.set_faults(vec![Rule { after, ..fault(LIST, Kind::Status, 0) }]);
        let client = source(&sicantik.base_url());
        let mut pass = ListPass::new(&client, LIMITS, 0);
        let mut refused = Vec::new();
        let error = loop {
            match pass.next().await {
                Ok(step) => refused.extend(step.expect("no end").refused),
                Err(error) => break error,
            }
        };
        assert_eq!((error.code(), refused.len()), ("sicantik_unavailable", 0), "after {after}");
        assert!(!pass.outcome().complete);
    }
}

#[tokio::test]
async fn a_server_that_goes_down_while_a_bad_row_is_looked_for_is_no_bad_row_either() {
    let sicantik = spawn(Options { permits: 600, ..Options::default() }).await;
    let contains = Some(registration(&sicantik, 250).await);
    let bad = Rule { contains, ..fault(LIST, Kind::Status, 0) };
    // Some forty calls find it; before that the server goes.
    sicantik.set_faults(vec![bad, Rule { after: 14, ..fault(LIST, Kind::Status, 0) }]);
    let error = read(&sicantik).await.expect_err("an outage");
    assert_eq!(error.code(), "sicantik_unavailable");
}

#[derive(Debug)]
struct Read {
    found: BTreeSet<String>,
    refused: Vec<Issue>,
    outcome: Outcome,
    calls: u64,
}

async fn read(sicantik: &Running) -> Result<Read, SicantikError> {
    // Without second tries: the calls are those of the search alone.
    let client = source_with(&ClientOptions { retry: ONCE, ..options(&sicantik.base_url()) });
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let (mut found, mut refused) = (BTreeSet::new(), Vec::new());
    while let Some(step) = pass.next().await? {
        found.extend(step.permits.iter().map(|permit| permit.identity().to_owned()));
        refused.extend(step.refused);
    }
    Ok(Read { found, refused, outcome: pass.outcome(), calls: client.calls() })
}

/// A row of equal date may be met at two places, because each query orders them anew.
fn assert_bad_rows(read: &Read, rows: usize, story: &str) {
    let codes: BTreeSet<&str> = read.refused.iter().map(|issue| issue.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["bad_row"]), "{story}");
    assert!((1..=rows * 2).contains(&read.refused.len()), "{story}: {:?}", read.refused);
    assert!(read.refused.iter().all(|issue| issue.message.contains("correct it in SICANTIK")), "{story}");
}

/// Every answer that holds one application fails.
async fn spoil(sicantik: &Running, kind: Kind, at: usize) -> String {
    let contains = registration(sicantik, at).await;
    sicantik.set_faults(vec![Rule { contains: Some(contains.clone()), ..fault(LIST, kind, 0) }]);
    contains
}

/// Of the first application with one row, about so far behind the beginning of the list.
async fn registration(sicantik: &Running, at: usize) -> String {
    let rows = source(&sicantik.base_url()).issued_page(0, 5_000).await.expect("the list").rows;
    let single = |row: &&ListRow| rows.iter().filter(|other| other.registration == row.registration).count() == 1;
    let near = rows[at..].iter().find(single).or_else(|| rows[..at].iter().rfind(single));
    near.expect("a row").registration.as_str().to_owned()
}

fn spoiled_by_bytes(sicantik: &Running) -> usize {
    let rows = sicantik.rows();
    rows.as_array().expect("rows").iter().filter(|row| row["lossy"] == true).count()
}
