//! Permits that leave the list are marked, and the mark goes when they come back; but only a pass that read
//! everything may say so.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sync::{self, Run};

use crate::office::{Office, fault, settings, source};
use crate::scripted::Scripted;
use crate::simulator::{Kind, Options, Rule};
use crate::truth;

const LIST: &str = "listpermohonanterbit";
const KEYS: &str = "permit.keys";
const MARK: &str = "permit.mark_missing";

/// Rows and keys that one call may carry.
const MAX_ROWS: usize = 2_000;

#[tokio::test]
async fn permits_that_left_the_list_are_marked_once_whatever_the_server_gives_at_once() {
    for max_page_rows in [0, 200] {
        let office = Office::open(Options { permits: 900, max_page_rows, ..Options::default() }).await;
        sync_permits(&office).await;
        assert_eq!((office.odoo.count(KEYS), office.odoo.count(MARK)), (1, 0), "nothing is missing");

        let before = identities(&office);
        office.sicantik.remove(12);
        let after = identities(&office);
        let gone: BTreeSet<String> = before.difference(&after).cloned().collect();
        assert!(gone.len() >= 12, "{}", gone.len());
        let run = sync_permits(&office).await;
        assert_eq!(missing(&office), gone, "pages of {max_page_rows}");
        let message = format!("Permits that are not in SICANTIK's list any more: {}.", gone.len());
        assert_eq!(office.odoo.state().run(&run).figures["remarks"][0]["message"], message);

        sync_permits(&office).await;
        assert_eq!(office.odoo.count(MARK), 1, "a second pass writes nothing");
        assert_eq!(missing(&office), gone);
    }
}

#[tokio::test]
async fn a_permit_that_comes_back_loses_its_mark() {
    let office = Office::with_permits(1).await;
    let both = [row("00001", "503/1", "IZIN A"), row("00002", "503/2", "IZIN A")];
    sync_rows(&office, &both).await;
    sync_rows(&office, &both[..1]).await;
    assert_eq!(missing(&office), set(&["N 00002 503/2"]));
    sync_rows(&office, &both).await;
    assert_eq!(missing(&office), set(&[]));
    assert_eq!(office.odoo.count(MARK), 2);
}

#[tokio::test]
async fn a_permit_is_known_by_the_rules_of_its_identity() {
    let office = Office::with_permits(1).await;
    let drafts = [
        row("00001", "-", "IZIN A"),
        row("00002", "503/2", "IZIN A"),
        row("00003", "503/3", "IZIN A"),
        row("00004", "503/4", "IZIN A"),
        row("00005", "-", "IZIN LAMA"),
    ];
    sync_rows(&office, &drafts).await;
    let later = [
        row("00001", "503/1", "IZIN A"),  // got its number
        row("00002", "-", "IZIN A"),      // lost it again
        row("00003", "-", "IZIN B"),      // another permit of that application; 503/3 is gone
        row("00004", "503/4 ", "izin a"), // spelt differently
        row("00005", "-", "IZIN BARU"),   // the type was renamed: a new draft, and the old one is missing
    ];
    sync_rows(&office, &later).await;
    assert_eq!(missing(&office), set(&["N 00003 503/3", "T 00005 IZIN LAMA"]));
    let known: BTreeSet<String> = office.odoo.state().permits.keys().map(|identity| shown(identity)).collect();
    let expected = ["N 00001 503/1", "N 00002 503/2", "N 00003 503/3", "N 00004 503/4", "T 00003 IZIN B"];
    assert_eq!(known, set(&[&expected[..], &["T 00005 IZIN BARU", "T 00005 IZIN LAMA"]].concat()));
}

#[tokio::test]
async fn what_people_have_closed_is_not_missing() {
    let office = Office::with_permits(1).await;
    let all: Vec<Value> =
        (1..=4).map(|row_no| row(&format!("0000{row_no}"), &format!("503/{row_no}"), "IZIN A")).collect();
    sync_rows(&office, &all).await;
    for (identity, status) in [("N\u{1f}00002\u{1f}503/2", "cancelled"), ("N\u{1f}00003\u{1f}503/3", "renewed")] {
        office.odoo.state().permits.get_mut(identity).expect("a permit").status = Some(status);
    }
    sync_rows(&office, &all[..1]).await;
    assert_eq!(missing(&office), set(&["N 00004 503/4"]));
}

#[tokio::test]
async fn many_permits_are_asked_for_and_marked_in_pages() {
    let office = Office::with_permits(1).await;
    let all: Vec<Value> = (1..=4_100).map(|at| row(&format!("{at:05}"), &format!("503/{at}"), "IZIN A")).collect();
    sync_rows(&office, &all).await;
    sync_rows(&office, &all[4_099..]).await;
    assert_eq!(missing(&office).len(), 4_099);
    let counts = |call: &Value| ["missing", "seen"].map(|list| call[list].as_array().expect("a list").len());
    let marked: Vec<usize> = office.odoo.calls(MARK).iter().map(|call| counts(&call.arguments).iter().sum()).collect();
    assert_eq!(marked, [MAX_ROWS, MAX_ROWS, 99]);
}

#[tokio::test]
async fn a_pass_that_did_not_read_everything_marks_nothing() {
    let office = Office::open(Options { permits: 900, max_page_rows: 200, ..Options::default() }).await;
    sync_permits(&office).await;
    office.sicantik.remove(40);
    let (keys, marks) = (office.odoo.count(KEYS), office.odoo.count(MARK));

    let limited = office.order(RunKind::Permits);
    office.odoo.state().run(&limited).limit = 50;
    let end = sync::execute(&office.claim(&limited).await).await;
    assert_eq!(end.state, RunState::Done);

    // The source breaks down in the middle of the walk, and for good.
    office.sicantik.set_faults(vec![Rule { after: 4, ..fault(LIST, Kind::Status, 0) }]);
    let end = sync::execute(&office.run(RunKind::Permits).await).await;
    assert_eq!(end.state, RunState::Partial);
    assert_eq!((office.odoo.count(KEYS), office.odoo.count(MARK)), (keys, marks));
    assert_eq!(missing(&office), set(&[]));
    let state = office.odoo.state();
    assert!(state.runs[1..].iter().all(|run| !run.figures.contains_key("learnt")), "nor does it teach anything");
}

#[tokio::test]
async fn a_complete_pass_teaches_the_next_one() {
    let office = Office::with_permits(600).await;
    let run = sync_permits(&office).await;
    let learnt = office.odoo.state().run(&run).figures["learnt"].clone();
    assert_eq!(learnt["page_size"], 1_600, "the page that was longer than the list");
    assert!(learnt["seconds"].as_f64().is_some_and(|seconds| (0.0..60.0).contains(&seconds)), "{learnt}");
}

#[tokio::test]
async fn an_office_whose_list_takes_long_is_polled_by_its_newest_page() {
    let office = Office::with_permits(900).await;
    sync_permits(&office).await;
    office.sicantik.issue(3);
    office.sicantik.remove(30);

    let limits = poll(&office, 10.0, false).await;
    assert_eq!(limits, ["400"], "one page of the size that was learnt");
    assert_eq!(office.odoo.state().runs[1].figure("created"), 3);
    assert_eq!((office.odoo.count(KEYS), missing(&office)), (1, set(&[])), "it claims nothing about the others");

    for (seconds, full) in [(10.0, true), (9.9, false), (0.0, false)] {
        let limits = poll(&office, seconds, full).await;
        assert!(limits.len() > 1, "{seconds} s, full: {full}: {limits:?}");
    }
    assert!(missing(&office).len() >= 30, "a full pass finds them");
}

/// A permits run after a pass that took this long; gives the limits of the pages that were asked for.
async fn poll(office: &Office, full_pass_seconds: f64, full: bool) -> Vec<String> {
    let uuid = office.order(RunKind::Permits);
    {
        let mut odoo = office.odoo.state();
        let run = odoo.run(&uuid);
        run.full = full;
        run.settings["learnt_page_size"] = 400.into();
        run.settings["full_pass_seconds"] = full_pass_seconds.into();
    }
    office.sicantik.clear_calls();
    assert_eq!(sync::execute(&office.claim(&uuid).await).await.state, RunState::Done);
    office.sicantik.calls().iter().map(|call| call.params["limit"].clone()).collect()
}

async fn sync_permits(office: &Office) -> String {
    let run = office.run(RunKind::Permits).await;
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);
    run.order.uuid
}

/// A permits run against a list of just these rows.
async fn sync_rows(office: &Office, rows: &[Value]) {
    let list = Scripted::list(rows.to_vec(), usize::MAX).await;
    office.odoo.state().settings = settings(&list.url());
    let run = office.run(RunKind::Permits).await;
    let run = Run { source: Arc::new(source(&list.url())), ..run };
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);
}

fn row(registration: &str, number: &str, permit_type: &str) -> Value {
    json!({
        "pendaftaran_id": registration, "n_pemohon": "PEMOHON CONTOH", "n_perizinan": permit_type, "no_surat": number,
    })
}

/// Identities of the marked permits, readable.
fn missing(office: &Office) -> BTreeSet<String> {
    let state = office.odoo.state();
    let marked = state.permits.iter().filter(|(_, permit)| permit.missing);
    marked.map(|(identity, _)| shown(identity)).collect()
}

/// Of all permits that the list can show.
fn identities(office: &Office) -> BTreeSet<String> {
    truth::permits(&office.sicantik).keys().map(|identity| shown(identity)).collect()
}

fn shown(identity: &str) -> String {
    identity.replace('\u{1f}', " ")
}

fn set(identities: &[&str]) -> BTreeSet<String> {
    identities.iter().map(|identity| (*identity).to_owned()).collect()
}
