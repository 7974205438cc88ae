//! The forms and dialects of the API: found out by asking, once in a client's life.

use std::collections::BTreeSet;

use serde_json::json;
use sicantik_companion::domain::{Message, PermitNumber, RegistrationNumber, RunKind, RunState};
use sicantik_companion::sync::list_pass::ListPass;
use sicantik_companion::sync::{self, Finding};

use crate::expected;
use crate::office::{LIMITS, Office, fault, source, spawn};
use crate::simulator::{Dialect, Kind, Options, Running};

#[tokio::test]
async fn a_server_that_reads_no_path_is_asked_by_query() {
    let sicantik = spawn(Options { permits: 300, query_only: true, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    assert_eq!(client.issued_page(0, 20).await.expect("a page").received, 20);
    assert_eq!(client.calls(), 2, "by path, then by query");
    assert_eq!(client.issued_page(20, 20).await.expect("a page").received, 20);
    assert_eq!(client.calls(), 3, "which is remembered");
    assert_reads_everything(&sicantik, &sicantik.base_url()).await;
}

#[tokio::test]
async fn a_server_that_reads_the_path_is_not_asked_otherwise_when_it_fails_later() {
    let sicantik = spawn(Options { permits: 300, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    client.issued_page(0, 20).await.expect("a page");
    sicantik.set_faults(vec![fault("*", Kind::Html, 1)]);
    client.issued_page(20, 20).await.expect("a page");
    let calls = sicantik.calls();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call.endpoint == "listpermohonanterbit"), "{calls:?}");
}

#[tokio::test]
async fn an_offset_of_0_that_is_refused_is_written_00() {
    let sicantik = spawn(Options { permits: 300, zero_refused: true, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    for _ in 0..2 {
        assert_eq!(client.issued_page(0, 20).await.expect("a page").received, 20);
    }
    let offsets: Vec<String> = sicantik.calls().iter().map(|call| call.params["offset"].clone()).collect();
    assert_eq!(offsets, ["0", "00", "00"]);
    assert_reads_everything(&sicantik, &sicantik.base_url()).await;
}

#[tokio::test]
async fn the_second_dialect_is_read_by_its_address_or_found_in_its_folder() {
    let options = Options { permits: 300, seed: 3, dialect: Dialect::Simple, ..Options::default() };
    let sicantik = spawn(options).await;
    without_bad_bytes(&sicantik);
    let script = sicantik.base_url();
    let folder = script.trim_end_matches("/api_simple.php").to_owned();
    for url in [&script, &folder] {
        let client = source(url);
        assert_eq!(client.type_count().await.expect("an answer"), None, "it counts permits, not types");
        let types = client.permit_types().await.expect("types");
        assert_eq!(types.len(), 90, "{url}");
        assert_reads_everything(&sicantik, url).await;
    }
    let asked: BTreeSet<String> = sicantik.calls().into_iter().map(|call| call.endpoint).collect();
    assert!(asked.contains("listpermohonanterbit") && asked.contains("jenisperizinanlist"), "{asked:?}");
}

#[tokio::test]
async fn the_second_dialect_has_no_details_and_says_so() {
    let sicantik = spawn(Options { permits: 30, dialect: Dialect::Simple, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let registration = RegistrationNumber::parse("0000107701072099").expect("a registration");
    let number = PermitNumber::parse("503/0001/CTH/2099").expect("a number");
    let error = client.detail(&registration, &number).await.expect_err("no such call");
    assert_eq!((error.code(), client.calls()), ("sicantik_no_such_call", 0), "never \"no data\"");
}

#[tokio::test]
async fn the_probe_says_what_it_found_in_a_few_calls() {
    let stories: [(Options, &[&str]); 5] = [
        (
            Options::default(),
            &[
                "in XML",
                "no expiry dates",
                "90 permit types",
                "Pages of 500 rows come whole",
                "in the path",
                "Plain HTTP",
            ],
        ),
        (Options { no_xml: true, permits: 40, ..Options::default() }, &["in JSON", "The whole list has"]),
        (
            Options { list_has_expiry: true, max_page_rows: 150, ..Options::default() },
            &["carries expiry dates", "cuts pages at 150 rows"],
        ),
        (Options { query_only: true, zero_refused: true, ..Options::default() }, &["in the query", "written 00"]),
        (
            Options { permits: 40, dialect: Dialect::Simple, ..Options::default() },
            &["simple API", "does not say how many permit types", "detail of a permit cannot be read"],
        ),
    ];
    for (options, expected) in stories {
        let office = Office::open(options).await;
        let run = office.run(RunKind::Probe).await;
        let end = sync::execute(&run).await;
        assert_eq!(end.state, RunState::Done, "{:?}", end.error);
        let Finding::Probe(probe) = end.finding else { panic!("no probe") };
        let said = in_lines(&probe.findings);
        for words in expected {
            assert!(said.contains(words), "{words:?} is missing:\n{said}");
        }
        assert!(run.source.calls() <= 8, "{} calls", run.source.calls());
        assert!(probe.columns.iter().any(|column| column == "no_surat"), "{:?}", probe.columns);
    }
}

#[tokio::test]
async fn the_probe_counts_what_is_odd_in_the_newest_rows() {
    let row = |name: &str, number: &str| json!({ "pendaftaran_id": "0000107701072099", "n_pemohon": name, "n_perizinan": "IZIN A", "no_surat": number });
    let mut rows = vec![row("A", "503/1"), row("0", "503/2"), row("B", "-"), row("C", "0")];
    rows[0]["pendaftaran_id"] = json!(107_701_072_099_u64);
    let sicantik = crate::canned_source::Scripted::list(rows, 100).await;
    let office = Office::with_permits(1).await;
    let mut run = office.run(RunKind::Probe).await;
    let mut options = crate::office::options(&sicantik.url());
    options.access.own_address = true;
    run.source = std::sync::Arc::new(crate::office::source_with(&options));
    let end = sync::execute(&run).await;
    let Finding::Probe(probe) = end.finding else { panic!("{:?}", end.error) };
    let said = in_lines(&probe.findings);
    for odd in [
        "Newest 4 rows, applicant missing: 1.",
        "Newest 4 rows, number missing: 2.",
        "Newest 4 rows, numbers for texts: 1.",
    ] {
        assert!(said.contains(odd), "{said}");
    }
}

fn in_lines(remarks: &[Message]) -> String {
    remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A page of the second dialect with a byte that is not UTF-8 is empty; that is another story.
fn without_bad_bytes(sicantik: &Running) {
    let lossy =
        |sicantik: &Running| sicantik.rows().as_array().is_some_and(|rows| rows.iter().any(|row| row["lossy"] == true));
    for seed in 1..50 {
        sicantik.set(&json!({ "seed": seed })).expect("a seed");
        if !lossy(sicantik) {
            return;
        }
    }
    panic!("every world has such bytes");
}

async fn assert_reads_everything(sicantik: &Running, url: &str) {
    let client = source(url);
    let mut pass = ListPass::new(&client, LIMITS, 0);
    let mut found = BTreeSet::new();
    while let Some(step) = pass.next().await.expect("a page") {
        found.extend(step.permits.iter().map(|permit| permit.identity().to_owned()));
    }
    let all: BTreeSet<String> = expected::permits(sicantik).into_keys().collect();
    assert_eq!(all.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "{url}");
    assert!(pass.outcome().complete, "{url}");
}
