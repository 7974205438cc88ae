//! Permits that leave the list are marked, and the mark goes when they come back; but only a pass that read
//! everything may say so.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sync::{self, Run};

use crate::canned_source::Scripted;
use crate::expected;
use crate::fake_odoo::{Failure, How};
use crate::office::{Office, fault, source};
use crate::simulator::{Kind, Options, Rule};

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
    let all = rows(4_100);
    sync_rows(&office, &all).await;
    assert_eq!(read_rows(&office, &all[4_099..]).await.0, RunState::Partial, "too many to believe it at once");
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
}

#[tokio::test]
async fn a_list_that_suddenly_shrinks_marks_nothing_and_says_so() {
    let office = Office::with_permits(1).await;
    let all = rows(2_000);
    sync_rows(&office, &all).await;
    let (state, uuid) = read_rows(&office, &all[1_999..]).await;
    assert_eq!((state, office.odoo.count(MARK), missing(&office)), (RunState::Partial, 0, set(&[])));
    let run = office.odoo.state().run(&uuid).clone();
    assert_eq!((run.issue_codes(), run.figure("failed")), (vec!["list_shrank"], 0));
    let sentence = run.issues[0]["message"].as_str().expect("a sentence");
    assert!(
        sentence.contains("lacks 1999 of the 2000 permits") && sentence.contains("Mark Missing Permits"),
        "{sentence}"
    );

    // The list is whole again: nothing has happened, and nothing is kept.
    sync_rows(&office, &all).await;
    assert_eq!((office.odoo.count(MARK), &office.odoo.state().settings["unlisted"]["count"]), (0, &json!(0)));
    assert_eq!(read_rows(&office, &all[1_999..]).await.0, RunState::Partial, "it begins anew");
}

#[tokio::test]
async fn the_second_pass_that_misses_the_same_permits_marks_them() {
    let office = Office::with_permits(1).await;
    let all = rows(300);
    sync_rows(&office, &all).await;
    for lacking in [150, 200] {
        let (state, _) = read_rows(&office, &all[lacking..]).await;
        assert_eq!((state, office.odoo.count(MARK)), (RunState::Partial, 0), "it lacks {lacking}, not those of before");
    }
    // New permits beside it do not matter.
    let mut again = all[200..].to_vec();
    again.push(row("90001", "503/90001", "IZIN A"));
    sync_rows(&office, &again).await;
    assert_eq!(missing(&office).len(), 200);
    assert_eq!(office.odoo.state().settings["unlisted"]["count"], 0, "nothing waits any more");
}

#[tokio::test]
async fn a_person_who_has_looked_lets_as_many_be_marked_and_no_more() {
    let office = Office::with_permits(1).await;
    let all = rows(300);
    sync_rows(&office, &all).await;
    read_rows(&office, &all[150..]).await;
    office.odoo.state().settings["unlisted"]["confirmed"] = true.into();
    let (state, _) = read_rows(&office, &all[299..]).await;
    assert_eq!((state, missing(&office).len()), (RunState::Partial, 0), "nobody has agreed to 299");

    read_rows(&office, &all[150..]).await;
    office.odoo.state().settings["unlisted"]["confirmed"] = true.into();
    sync_rows(&office, &all[140..]).await;
    assert_eq!(missing(&office).len(), 140);
}

#[tokio::test]
async fn a_run_that_is_killed_while_it_marks_marks_the_rest_when_it_is_taken_up_again() {
    let office = Office::with_permits(1).await;
    let all = rows(4_100);
    sync_rows(&office, &all).await;
    read_rows(&office, &all[4_099..]).await;
    let list = Scripted::list(all[4_099..].to_vec(), usize::MAX).await;
    let run = run_against(&office, &list).await;
    let uuid = run.order.lease.uuid.clone();
    let killed = tokio::spawn(async move { sync::execute(&run).await });
    office.odoo.until(|state| state.permits.values().any(|permit| permit.missing)).await;
    killed.abort();
    let _ = killed.await;
    let marked = missing(&office).len();

    office.odoo.state().run(&uuid).state = "queued".to_owned();
    let run = Run { source: Arc::new(source(&list.url())), ..office.claim(&uuid).await };
    let end = sync::execute(&run).await;
    assert_eq!((end.state, missing(&office).len()), (RunState::Done, 4_099), "{marked} were marked before");
}

#[tokio::test]
async fn a_run_that_is_killed_before_its_end_is_no_second_pass() {
    let office = Office::with_permits(1).await;
    let all = rows(300);
    sync_rows(&office, &all).await;
    let list = Scripted::list(all[299..].to_vec(), usize::MAX).await;
    let run = run_against(&office, &list).await;
    let uuid = run.order.lease.uuid.clone();
    office.odoo.fail([Failure::of("sync.run.finish", How::Status(503))]);
    sync::execute(&run).await;
    office.odoo.fail([]);
    office.odoo.state().run(&uuid).state = "queued".to_owned();
    let run = Run { source: Arc::new(source(&list.url())), ..office.claim(&uuid).await };
    assert_eq!(sync::execute(&run).await.state, RunState::Partial, "one run alone never decides");
    assert_eq!(missing(&office), set(&[]));
}

#[tokio::test]
async fn a_pass_with_a_row_that_nothing_names_marks_nothing() {
    for spoil in [json!({ "pendaftaran_id": "" }), json!({ "pendaftaran_id": "0" }), json!({ "pendaftaran_id": null })]
    {
        let office = Office::with_permits(1).await;
        let all = rows(3);
        sync_rows(&office, &all).await;
        let mut unnamed = all.clone();
        unnamed[1]["pendaftaran_id"] = spoil["pendaftaran_id"].clone();
        let (state, uuid) = read_rows(&office, &unnamed).await;
        assert_eq!((state, missing(&office)), (RunState::Partial, set(&[])), "{spoil}");
        assert_eq!(office.odoo.state().run(&uuid).issue_codes(), ["registration_missing"]);
    }
    // A column that was renamed: each row is told, no permit is marked.
    let office = Office::with_permits(1).await;
    let all = rows(3);
    sync_rows(&office, &all).await;
    let renamed: Vec<Value> = all
        .iter()
        .map(|row| json!({ "id_pendaftaran": row["pendaftaran_id"], "n_perizinan": row["n_perizinan"] }))
        .collect();
    let (state, uuid) = read_rows(&office, &renamed).await;
    assert_eq!((state, missing(&office)), (RunState::Partial, set(&[])));
    let issues = office.odoo.state().run(&uuid).issues.clone();
    let keys: Vec<_> = issues.iter().filter_map(|issue| issue["key"].as_str()).collect();
    assert_eq!(keys, ["row 1", "row 2", "row 3"], "rows that look the same are told each");
}

#[tokio::test]
async fn a_server_that_sends_numbers_in_place_of_texts_makes_no_permit_twice_and_is_told() {
    let office = Office::with_permits(1).await;
    let text = |at: usize, number: &str| row(&format!("{at:05}07701072099"), number, "IZIN A");
    let all = [text(1, "503/1"), text(2, "0005031"), text(3, "12E3"), text(4, "503.10"), text(5, "-")];
    sync_rows(&office, &all).await;
    let before: BTreeSet<String> = office.odoo.state().permits.keys().cloned().collect();

    let mut numbers = all.to_vec();
    for (at, number) in [json!("503/1"), json!(5031), json!(12000.0), json!(503.1), json!(0)].into_iter().enumerate() {
        numbers[at]["pendaftaran_id"] = json!((at + 1) * 100_000_000_000 + 7_701_072_099);
        numbers[at]["no_surat"] = number;
    }
    let (state, uuid) = read_rows(&office, &numbers).await;
    assert_eq!((state, missing(&office)), (RunState::Partial, set(&[])));
    assert_eq!(office.odoo.state().run(&uuid).issue_codes(), ["numbers_for_texts"], "once, however many there are");
    let after: BTreeSet<String> = office.odoo.state().permits.keys().cloned().collect();
    assert_eq!(after, before);

    // A number that was rounded names nothing, and from its absence nothing follows.
    numbers[0]["pendaftaran_id"] = json!(1.077_010_72e14);
    let (state, uuid) = read_rows(&office, &numbers).await;
    assert_eq!((state, missing(&office)), (RunState::Partial, set(&[])));
    let mut odoo = office.odoo.state();
    let codes: BTreeSet<&str> = odoo.run(&uuid).issue_codes().into_iter().collect();
    assert_eq!(codes, BTreeSet::from(["numbers_for_texts", "registration_missing"]));
}

#[tokio::test]
async fn an_error_in_the_place_of_a_page_is_no_page_and_marks_nothing() {
    let errors = [
        r#"{"status":false,"message":"Too many connections"}"#,
        "<xml><status/><message>Too many connections</message></xml>",
        r#"{"status":false,"message":"Too many connections","data":[]}"#,
        "[null]",
        "{}",
    ];
    for error in errors {
        // At the first page, in the middle, on every page.
        for (failing, state) in [
            (0..1, RunState::Done),
            (1..3, RunState::Done),
            (3..usize::MAX, RunState::Partial),
            (0..usize::MAX, RunState::Failed),
        ] {
            let office = Office::with_permits(1).await;
            sync_rows(&office, &rows(250)).await;
            let list = Scripted::list_with(rows(250), 100, failing.clone(), error).await;
            let end = sync::execute(&run_against(&office, &list).await).await;
            assert_eq!(end.state, state, "{error} at {failing:?}: {:?}", end.error);
            assert_eq!(missing(&office), set(&[]), "{error} at {failing:?}");
        }
    }
}

async fn sync_permits(office: &Office) -> String {
    let run = office.run(RunKind::Permits).await;
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);
    run.order.lease.uuid
}

/// A permits run against a list of just these rows.
async fn sync_rows(office: &Office, rows: &[Value]) {
    let (state, uuid) = read_rows(office, rows).await;
    let issues = office.odoo.state().run(&uuid).issues.clone();
    assert_eq!(state, RunState::Done, "{issues:?}");
}

/// The same, however it ends; with the run's uuid.
async fn read_rows(office: &Office, rows: &[Value]) -> (RunState, String) {
    let list = Scripted::list(rows.to_vec(), usize::MAX).await;
    let run = run_against(office, &list).await;
    (sync::execute(&run).await.state, run.order.lease.uuid)
}

async fn run_against(office: &Office, list: &Scripted) -> Run {
    office.odoo.state().settings["api_url"] = list.url().into();
    let run = office.run(RunKind::Permits).await;
    Run { source: Arc::new(source(&list.url())), ..run }
}

/// So many permits, as a list has them.
fn rows(permits: usize) -> Vec<Value> {
    (1..=permits).map(|at| row(&format!("{at:05}"), &format!("503/{at}"), "IZIN A")).collect()
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
    expected::permits(&office.sicantik).keys().map(|identity| shown(identity)).collect()
}

fn shown(identity: &str) -> String {
    identity.replace('\u{1f}', " ")
}

fn set(identities: &[&str]) -> BTreeSet<String> {
    identities.iter().map(|identity| (*identity).to_owned()).collect()
}
