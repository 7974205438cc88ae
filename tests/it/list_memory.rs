//! What one pass over the list teaches the next, by the worker's store; and that its loss costs speed, nothing else.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use sicantik_companion::config::StoreAddress;
use sicantik_companion::domain::{PassStats, RunKind, RunState};
use sicantik_companion::store::Store;
use sicantik_companion::sync::{self, ListMemory, Run};

use crate::expected;
use crate::office::{Office, fault};
use crate::postgres;
use crate::process::{Process, command, run};
use crate::simulator::{Kind, Options, Rule};
use crate::store::{address, both, order, patient, patient_service, place, stranger};

const LIST: &str = "listpermohonanterbit";

/// The page that is longer than a list of 600.
const WHOLE: usize = 1_600;

/// A list that takes longer than this is polled by its newest page.
const SLOW: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_whole_pass_teaches_the_next_one_in_both_databases() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let office = Office::with_permits(600).await;
        let store = patient(&address).await;
        assert_eq!(read(&office, Some(&store), RunKind::Permits).await[0], "100", "{address}");
        let known = memory(&office, Some(&store)).recall().await;
        assert_eq!(known.page_size, WHOLE, "{address}");
        assert!(known.took > Duration::ZERO, "{known:?}");
        drop(store);

        let restarted = patient(&address).await;
        assert_eq!(read(&office, Some(&restarted), RunKind::Permits).await[0], "1600", "{address}");
    }
}

#[tokio::test]
async fn a_comparison_teaches_and_learns_and_a_dry_run_only_learns() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let office = Office::with_permits(600).await;
    assert_eq!(sync::execute(&office.run(RunKind::Permits).await).await.state, RunState::Done);
    assert_eq!(read(&office, Some(&store), RunKind::Preview).await[0], "100");
    assert_eq!(read(&office, Some(&store), RunKind::Compare).await[0], "100", "the dry run taught nothing");
    for kind in [RunKind::Preview, RunKind::Compare] {
        assert_eq!(read(&office, Some(&store), kind).await[0], "1600", "{kind:?}");
    }
}

#[tokio::test]
async fn a_bad_row_does_not_keep_the_size_of_a_page_from_being_learnt() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let office = Office::with_permits(300).await;
    let spoilt = expected::permits(&office.sicantik).into_values().next().expect("a permit");
    let contains = spoilt["registration_number"].as_str().map(str::to_owned);
    office.sicantik.set_faults(vec![Rule { contains, ..fault(LIST, Kind::Status, 0) }]);
    let run = remembering(&office, Some(&store), RunKind::Permits).await;
    assert_eq!(sync::execute(&run).await.state, RunState::Partial);
    let known = memory(&office, Some(&store)).recall().await;
    assert!(known.page_size > 0 && known.took > Duration::ZERO, "{known:?}");
}

#[tokio::test]
async fn a_pass_that_is_not_whole_teaches_nothing() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let office = Office::open(Options { permits: 900, max_page_rows: 200, ..Options::default() }).await;
    let uuid = office.order(RunKind::Permits);
    office.odoo.state().run(&uuid).limit = 50;
    let limited = Run { memory: memory(&office, Some(&store)), ..office.claim(&uuid).await };
    assert_eq!(sync::execute(&limited).await.state, RunState::Done);

    // The source breaks down in the middle of the walk, and for good.
    office.sicantik.set_faults(vec![Rule { after: 4, ..fault(LIST, Kind::Status, 0) }]);
    let broken = remembering(&office, Some(&store), RunKind::Permits).await;
    assert_eq!(sync::execute(&broken).await.state, RunState::Partial);
    assert_eq!(memory(&office, Some(&store)).recall().await, PassStats::default());
}

#[tokio::test]
async fn an_office_whose_list_takes_long_is_polled_by_its_newest_page() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let office = Office::with_permits(900).await;
    read(&office, None, RunKind::Permits).await;
    office.sicantik.issue(3);
    office.sicantik.remove(30);

    let limits = poll(&office, &store, SLOW, false).await;
    assert_eq!(limits, ["400"], "one page of the size that was learnt");
    assert_eq!(office.odoo.state().runs[1].figure("created"), 3);
    assert_eq!(missing(&office), 0, "it claims nothing about the others");

    for (took, full) in [(SLOW, true), (Duration::from_millis(9_999), false), (Duration::ZERO, false)] {
        let limits = poll(&office, &store, took, full).await;
        assert!(limits.len() > 1, "{took:?}, full: {full}: {limits:?}");
    }
    assert!(missing(&office) >= 30, "a full pass finds them");
}

/// A permits run after a pass that took this long; gives the limits of the pages that were asked for.
async fn poll(office: &Office, store: &Store, took: Duration, full: bool) -> Vec<String> {
    let known = PassStats { page_size: 400, took };
    store.keep_pass_stats(&office.sicantik.base_url(), known).await.expect("kept");
    let uuid = office.order(RunKind::Permits);
    office.odoo.state().run(&uuid).full = full;
    let run = Run { memory: memory(office, Some(store)), ..office.claim(&uuid).await };
    limits_of(office, &run).await
}

#[tokio::test]
async fn a_worker_whose_store_is_lost_learns_anew_and_finds_every_permit() {
    let office = Office::with_permits(600).await;
    let (_folder, address) = place();
    let store = patient(&address).await;
    read(&office, Some(&store), RunKind::Permits).await;
    office.odoo.state().permits.clear();

    let (_other_folder, empty) = place();
    let empty = patient(&empty).await;
    assert_eq!(read(&office, Some(&empty), RunKind::Permits).await[0], "100");
    assert_eq!(memory(&office, Some(&empty)).recall().await.page_size, WHOLE);
    assert_eq!(in_odoo(&office), in_sicantik(&office));
}

#[tokio::test]
async fn workers_with_different_stores_find_the_same_permits() {
    let office = Office::with_permits(600).await;
    let ((_folder, slow), (_other_folder, new)) = (place(), place());
    let (slow, new) = (patient(&slow).await, patient(&new).await);
    // One knows a slow list and looks at its newest page only; the other one knows nothing and reads it all.
    assert_eq!(poll(&office, &slow, SLOW, false).await, ["400"]);
    assert!(in_odoo(&office).len() < 600);
    read(&office, Some(&new), RunKind::Permits).await;
    assert_eq!(in_odoo(&office), in_sicantik(&office));

    office.sicantik.issue(7);
    assert_eq!(poll(&office, &slow, SLOW, false).await, ["400"]);
    assert_eq!(in_odoo(&office), in_sicantik(&office));
    assert_eq!(memory(&office, Some(&new)).recall().await.page_size, WHOLE, "each has its own");
}

#[tokio::test]
async fn a_size_that_is_no_good_any_more_costs_a_call_and_is_learnt_anew() {
    let (_folder, address) = place();
    let store = patient(&address).await;
    let office = Office::with_permits(600).await;
    office.sicantik.set_faults(vec![Rule { above_limit: Some(400), ..fault(LIST, Kind::Status, 0) }]);
    for known in [
        PassStats { page_size: usize::MAX, took: Duration::ZERO },
        PassStats { page_size: 0, took: Duration::MAX },
        PassStats { page_size: 1, took: Duration::ZERO },
    ] {
        office.odoo.state().permits.clear();
        store.keep_pass_stats(&office.sicantik.base_url(), known).await.expect("kept");
        read(&office, Some(&store), RunKind::Permits).await;
        assert_eq!(in_odoo(&office), in_sicantik(&office), "{known:?}");
    }
}

#[tokio::test]
async fn a_store_that_fails_under_a_run_fails_no_run() {
    let (_folder, address) = place();
    let StoreAddress::Sqlite(file) = &address else { unreachable!("a file was asked for") };
    let store = patient(&address).await;
    std::fs::remove_file(file).expect("removed");
    let office = Office::with_permits(150).await;
    read(&office, Some(&store), RunKind::Permits).await;
    assert_eq!(in_odoo(&office), in_sicantik(&office));
    assert!(!store.works(), "and that is seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_begins_with_what_it_learnt() {
    let office = Office::with_permits(600).await;
    let _worker = Process::serve(&office.odoo.url());
    for first in ["100", "1600"] {
        office.sicantik.clear_calls();
        let uuid = office.order(RunKind::Permits);
        office.odoo.until(|state| state.runs.iter().any(|run| run.uuid == uuid && run.state == "done")).await;
        assert_eq!(limits(&office)[0], first);
    }
}

const READING: [&[&str]; 3] = [&["run", "permits"], &["compare"], &["run", "permits", "--dry-run"]];

#[tokio::test(flavor = "multi_thread")]
async fn a_command_knows_what_the_service_beside_it_has_learnt() {
    let (_folder, file) = place();
    for store in [Some(file.to_string()), postgres::database().await].into_iter().flatten() {
        let office = Office::with_permits(300).await;
        let service = patient_service(&address(&store)).await;
        let known = PassStats { page_size: 1_000, took: Duration::ZERO };
        let at = office.sicantik.base_url();
        let no_odoo = [("SICANTIK__ODOO__URL", ""), ("SICANTIK__ODOO__DATABASE", "")];
        for arguments in READING {
            service.keep_pass_stats(&at, known).await.expect("kept");
            assert_eq!(first_page(&office, &store, arguments, &[]).await, "1000", "{arguments:?}");
        }
        assert_eq!(first_page(&office, &store, READING[2], &no_odoo).await, "1000", "without Odoo");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_teaches_the_service_and_a_dry_run_does_not() {
    let office = Office::with_permits(300).await;
    let (_folder, address) = place();
    let service = patient_service(&address).await;
    let known = async || service.pass_stats(&office.sicantik.base_url()).await.expect("an answer");
    first_page(&office, &address.to_string(), READING[2], &[]).await;
    assert_eq!(known().await, None);
    first_page(&office, &address.to_string(), READING[0], &[]).await;
    assert_eq!(known().await.expect("a pass").page_size, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_goes_without_a_store_that_it_cannot_look_into_and_makes_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (text, newer, older) = (made(&folder, "text"), made(&folder, "newer"), made(&folder, "older"));
    std::fs::write(&text, "no database at all, but long enough to be read as the head of one, 100 bytes and some more")
        .expect("written");
    for (file, statement) in [
        (&newer, "INSERT INTO _sqlx_migrations VALUES (9999, 'to come', '2027-01-01', TRUE, x'00', 1)"),
        (&older, "DELETE FROM _sqlx_migrations WHERE version > 3; DROP TABLE list_passes"),
    ] {
        let address = StoreAddress::Sqlite(file.clone());
        patient(&address).await;
        order(&mut stranger(&address).await, statement).await;
    }
    let missing = made(&folder, "missing");
    let files = [&missing, &folder.path().join("nowhere/store.db"), &folder.path().to_owned(), &text, &newer, &older];
    let away = "postgres://sicantik:rahasia-contoh@127.0.0.1:1/sicantik".to_owned();
    let office = Office::with_permits(30).await;
    for url in files.iter().map(|file| format!("sqlite:{}", file.display())).chain([away]) {
        for arguments in READING {
            assert_eq!(first_page(&office, &url, arguments, &[]).await, "100", "{url}: {arguments:?}");
        }
    }
    assert!(!missing.exists(), "a command makes no store");
}

/// The limit of the first page that a command asks for; it must end well.
async fn first_page(office: &Office, store: &str, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    office.sicantik.clear_calls();
    let mut command = command(office, arguments);
    let done = run(command.env("SICANTIK__STORE__URL", store).envs(variables.iter().copied())).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    // A comparison finds differences.
    let expected: &[i32] = if arguments[0] == "compare" { &[0, 3] } else { &[0] };
    assert!(done.status.code().is_some_and(|code| expected.contains(&code)), "{store}: {arguments:?}: {said}");
    assert!(!said.contains("ERROR"), "{store}: {said}");
    limits(office)[0].clone()
}

fn made(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(format!("{name}.db"))
}

fn memory(office: &Office, store: Option<&Store>) -> ListMemory {
    ListMemory::of(store.cloned(), &office.sicantik.base_url())
}

async fn remembering(office: &Office, store: Option<&Store>, kind: RunKind) -> Run {
    Run { memory: memory(office, store), ..office.run(kind).await }
}

/// A run of this kind; gives the limits of the pages that were asked for.
async fn read(office: &Office, store: Option<&Store>, kind: RunKind) -> Vec<String> {
    let run = remembering(office, store, kind).await;
    limits_of(office, &run).await
}

async fn limits_of(office: &Office, run: &Run) -> Vec<String> {
    office.sicantik.clear_calls();
    let end = sync::execute(run).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);
    limits(office)
}

fn limits(office: &Office) -> Vec<String> {
    let calls = office.sicantik.calls();
    calls.iter().filter(|call| call.endpoint == LIST).map(|call| call.params["limit"].clone()).collect()
}

fn in_odoo(office: &Office) -> BTreeSet<String> {
    office.odoo.state().permits.keys().cloned().collect()
}

fn in_sicantik(office: &Office) -> BTreeSet<String> {
    expected::permits(&office.sicantik).into_keys().collect()
}

fn missing(office: &Office) -> usize {
    office.odoo.state().permits.values().filter(|permit| permit.missing).count()
}
