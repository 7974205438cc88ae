//! Reading 12,000 permits: all of them, within the calls that an office grants.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use sicantik_companion::domain::ListedPermit;
use sicantik_companion::sync::list_pass::{ListLimits, ListPass, Outcome};

use crate::expected;
use crate::office::{LIMITS, source, spawn};
use crate::simulator::{Options, Running};

const MANY: usize = 12_000;

/// The longest page of the server that cuts them.
const CUT: usize = 500;

#[tokio::test]
async fn a_first_pass_costs_twelve_calls_at_most_and_a_later_one_three() {
    let sicantik = spawn(Options { permits: MANY, query_ms: 200, row_us: 10, ..Options::default() }).await;
    let (calls, outcome) = reads_everything(&sicantik, LIMITS).await;
    assert!(calls <= 12 && outcome.complete, "{calls} calls, {outcome:?}");
    assert!(outcome.took >= Duration::from_millis(200 * calls), "{outcome:?}");

    let (later, again) = reads_everything(&sicantik, ListLimits { learnt_page: outcome.page_size, ..LIMITS }).await;
    assert!(later <= 3 && again.complete, "{later} calls, {again:?}");
    assert_eq!(again.page_size, outcome.page_size);
    println!("{calls} calls at first, {later} later");
}

#[tokio::test]
async fn a_server_that_cuts_its_pages_costs_sixty_calls_at_most_and_hides_nothing() {
    for seed in [1, 2] {
        cut_pages_hide_nothing(seed).await;
    }
}

/// `cargo test --release --test it -- --ignored a_hundred_offices --nocapture`: some minutes.
#[tokio::test]
#[ignore = "takes minutes; two offices of the hundred are read in every run of the suite"]
async fn a_hundred_offices_hide_nothing_behind_cut_pages() {
    let mut most = 0;
    for seed in 1..=100 {
        most = most.max(cut_pages_hide_nothing(seed).await);
    }
    println!("at most {most} calls");
}

async fn cut_pages_hide_nothing(seed: u64) -> u64 {
    let sicantik = spawn(Options { permits: MANY, seed, max_page_rows: CUT, ..Options::default() }).await;
    let (first, outcome) = reads_everything(&sicantik, LIMITS).await;
    assert_eq!((outcome.complete, outcome.page_size), (true, CUT), "seed {seed}");
    let learnt = ListLimits { learnt_page: outcome.page_size, ..LIMITS };
    let (later, outcome) = reads_everything(&sicantik, learnt).await;
    assert_eq!((outcome.complete, outcome.page_size), (true, CUT), "seed {seed}");
    println!("seed {seed}: {first} calls, then {later}");
    assert!(first <= 60 && later <= 60, "seed {seed}: {first} calls, then {later}");
    first.max(later)
}

#[tokio::test]
async fn days_that_are_larger_than_a_page_are_told_as_not_complete_or_read_to_the_last_row() {
    // About twelve applications a day: pages of ten rows never hold one whole.
    let sicantik = spawn(Options { permits: 300, max_page_rows: 10, ..Options::default() }).await;
    let (found, outcome) = read(&sicantik, LIMITS).await;
    let all: BTreeSet<String> = expected::permits(&sicantik).into_keys().collect();
    assert!(!outcome.complete || all.is_subset(&found), "{outcome:?}: {} of {}", found.len(), all.len());
}

#[tokio::test]
async fn a_learnt_size_that_fails_is_forgotten() {
    let sicantik = spawn(Options { permits: 700, ..Options::default() }).await;
    let too_large = crate::simulator::Rule {
        above_limit: Some(1600),
        ..crate::office::fault("listpermohonanterbit", crate::simulator::Kind::Status, 0)
    };
    sicantik.set_faults(vec![too_large]);
    let (_, outcome) = reads_everything(&sicantik, ListLimits { learnt_page: 20_000, ..LIMITS }).await;
    assert_eq!((outcome.complete, outcome.page_size), (true, 1600));
}

#[tokio::test]
async fn a_learnt_size_never_exceeds_the_largest() {
    let sicantik = spawn(Options { permits: 700, ..Options::default() }).await;
    let limits = ListLimits { learnt_page: 20_000, largest_page: 300, ..LIMITS };
    let (_, outcome) = reads_everything(&sicantik, limits).await;
    assert_eq!(outcome.page_size, 300);
    let largest = sicantik.calls().iter().filter_map(|call| call.params.get("limit")?.parse::<usize>().ok()).max();
    assert_eq!(largest, Some(300));
}

#[tokio::test]
async fn rows_that_leave_during_the_walk_forbid_to_call_it_complete() {
    let sicantik = spawn(Options { permits: 900, max_page_rows: 100, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    for _ in 0..4 {
        pass.next().await.expect("a page").expect("not the end");
    }
    sicantik.remove(200);
    while pass.next().await.expect("a page").is_some() {}
    assert!(!pass.outcome().complete);
}

#[tokio::test]
async fn a_limited_pass_is_never_complete() {
    let sicantik = spawn(Options { permits: 50, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    for limit in [10, 1_000] {
        let mut pass = ListPass::new(&client, LIMITS, limit);
        while pass.next().await.expect("a page").is_some() {}
        assert!(!pass.outcome().complete, "{limit}");
    }
}

#[tokio::test]
async fn a_limit_above_the_largest_page_is_read_in_several() {
    let sicantik = spawn(Options { permits: 500, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let mut pass = ListPass::new(&client, ListLimits { largest_page: 100, ..LIMITS }, 250);
    let mut found = 0;
    while let Some(step) = pass.next().await.expect("a page") {
        found += step.permits.len();
    }
    assert!((200..=250).contains(&found), "{found}");
    let calls = sicantik.calls();
    let end = |call: &crate::simulator::Call| -> Option<usize> {
        Some(call.params.get("offset")?.parse::<usize>().ok()? + call.params.get("limit")?.parse::<usize>().ok()?)
    };
    assert_eq!(calls.iter().filter_map(end).max(), Some(250), "and nothing behind it is asked for");
}

#[tokio::test]
async fn permits_are_handed_on_in_pieces() {
    let sicantik = spawn(Options { permits: 2_500, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let mut pieces = Vec::new();
    while let Some(step) = pass.next().await.expect("a page") {
        assert!(step.permits.iter().all(ListedPermit::is_complete));
        pieces.push(step.permits.len());
    }
    assert_eq!(pieces, [1_000, 1_000, 500]);
}

#[tokio::test]
async fn a_server_that_gives_the_same_page_for_ever_is_told() {
    let rows: Vec<_> = (0..100)
        .map(|row| json!({ "pendaftaran_id": format!("{row:05}07701072099"), "no_surat": format!("503/{row}") }))
        .collect();
    let always = wiremock::ResponseTemplate::new(200).set_body_json(rows);
    let sicantik = crate::canned_source::Scripted::template(always).await;
    let client = source(&sicantik.url());
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let error = loop {
        match pass.next().await {
            Ok(step) => assert!(step.is_some(), "this is no end"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), "sicantik_repeating");
    assert!(client.calls() < 12 && !pass.outcome().complete, "{} calls", client.calls());
}

/// Asserts that nothing was missed.
async fn reads_everything(sicantik: &Running, limits: ListLimits) -> (u64, Outcome) {
    sicantik.clear_calls();
    let (found, outcome) = read(sicantik, limits).await;
    let missed: Vec<_> = expected::permits(sicantik).into_keys().filter(|identity| !found.contains(identity)).collect();
    assert!(missed.is_empty(), "{} missed: {missed:?}", missed.len());
    let calls = sicantik.calls().iter().filter(|call| call.endpoint == "listpermohonanterbit").count();
    (calls as u64, outcome)
}

async fn read(sicantik: &Running, limits: ListLimits) -> (BTreeSet<String>, Outcome) {
    let client = source(&sicantik.base_url());
    let mut pass = ListPass::new(&client, limits, 0);
    let mut found = BTreeSet::new();
    while let Some(step) = pass.next().await.expect("a page") {
        found.extend(step.permits.iter().map(|permit| permit.identity().to_owned()));
    }
    (found, pass.outcome())
}
