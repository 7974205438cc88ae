//! Types that people have merged in Odoo: SICANTIK lists permits under the old names, the worker brings them as
//! permits of the type that remains, and finds nothing to do where that is so already.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sync::{self, Finding, Run};

use crate::canned_source::Scripted;
use crate::fake_odoo::{PermitRecord, RunRecord, State};
use crate::office::{Office, settings, source};
use crate::simulator::Options;

const OLD: &str = "IZIN OPTIKAL";
const REMAINING: &str = "IZIN OPTIK";

#[tokio::test]
async fn an_old_name_brings_permits_of_the_type_that_remains() {
    let rows = [
        row("00001", "503/1", "Izin Optikal"),
        row("00002", "-", OLD),
        row("00003", "-", OLD), // one draft under two names
        row("00003", "-", REMAINING),
        row("00004", "-", OLD), // the past of the permit that has its number by now
        row("00004", "503/4", REMAINING),
        row("00005", "503/5", OLD),
        row("00005", "503/5", REMAINING),
        row("00005", "503/5", "IZIN A"),
    ];
    for largest in [usize::MAX, 3] {
        let plain = Scripted::list(rows.to_vec(), largest).await;
        ended(&Office::with_permits(1).await, &plain, settings(&plain.url())).await;
        let calls = plain.asked().await.len();
        let office = Office::with_permits(1).await;
        for unchanged in [0, 5] {
            let list = Scripted::list(rows.to_vec(), largest).await;
            let run = ended(&office, &list, merged(&list)).await;
            assert_eq!(list.asked().await.len(), calls, "two names of one permit are two rows: none is looked for");
            assert_eq!((run.figure("total"), run.figure("unchanged")), (5, unchanged), "pages of {largest}");
        }
        let found: Vec<String> = office.odoo.state().permits.values().map(|permit| described(&permit.row)).collect();
        let expected = [
            "N 00001 503/1: IZIN OPTIK",
            "N 00004 503/4: IZIN OPTIK",
            "N 00005 503/5: IZIN A, IZIN OPTIK",
            "T 00002 IZIN OPTIK: IZIN OPTIK",
            "T 00003 IZIN OPTIK: IZIN OPTIK",
        ];
        assert_eq!(found, expected, "pages of {largest}");
    }
}

#[tokio::test]
async fn after_a_merge_a_pass_writes_nothing_and_nothing_differs() {
    let office = Office::with_permits(900).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let (old, remaining) = most_used_types(&office);
    merge_in_odoo(&mut office.odoo.state(), &old, &remaining);
    let (state, found) = compared(&office).await;
    assert_eq!(state, RunState::Partial, "a worker that knows nothing of the merge finds {found}");

    let named = json!({ "name": remaining, "key": remaining });
    office.odoo.state().settings["type_aliases"] = json!({ old: named });
    for max_page_rows in [0, 200] {
        office.sicantik.set(&json!({ "max_page_rows": max_page_rows })).expect("a setting");
        assert_eq!(compared(&office).await, (RunState::Done, 0), "pages of {max_page_rows}");
        let before = writes(&office);
        assert_eq!(sync::execute(&office.run(RunKind::Permits).await).await.state, RunState::Done);
        assert_eq!(writes(&office), before, "pages of {max_page_rows}");
        assert!(office.odoo.state().permits.values().all(|permit| !permit.missing));
    }
}

#[tokio::test]
async fn a_merged_type_is_left_out_of_the_list_of_types() {
    let office = Office::open(Options { permits: 1, ..Options::default() }).await;
    sync::execute(&office.run(RunKind::Types).await).await;
    let before = office.odoo.state().types.clone();
    let keys: Vec<&String> = before.keys().take(2).collect();
    let named = json!({ "name": keys[1], "key": keys[1] });
    office.odoo.state().settings["type_aliases"] = json!({ keys[0]: named });

    sync::execute(&office.run(RunKind::Types).await).await;
    let calls = office.odoo.calls("permit.type.upsert_batch");
    let sent = calls.last().expect("a call").arguments["rows"].as_array().expect("rows").clone();
    let sent: BTreeSet<&str> = sent.iter().filter_map(|row| row["name_key"].as_str()).collect();
    let expected: BTreeSet<&str> = before.keys().filter(|key| *key != keys[0]).map(String::as_str).collect();
    assert_eq!(sent, expected);
    let state = office.odoo.state();
    let run = state.runs.last().expect("a run");
    assert_eq!((run.figure("total"), run.figure("unchanged")), (88, 88), "the code of the other one stays as it was");
}

/// Settings of an office where `OLD` was merged.
fn merged(list: &Scripted) -> Value {
    let mut settings = settings(&list.url());
    settings["type_aliases"] = json!({ OLD: { "name": "Izin Optik", "key": REMAINING } });
    settings
}

async fn ended(office: &Office, list: &Scripted, settings: Value) -> RunRecord {
    office.odoo.state().settings = settings;
    let run = office.run(RunKind::Permits).await;
    let run = Run { source: Arc::new(source(&list.url())), ..run };
    let end = sync::execute(&run).await;
    assert_eq!(end.state, RunState::Done, "{:?}", end.error);
    office.odoo.state().run(&run.order.lease.uuid).clone()
}

/// How a comparison ends, and how many differences it tells.
async fn compared(office: &Office) -> (RunState, usize) {
    let end = sync::execute(&office.run(RunKind::Compare).await).await;
    match end.finding {
        Finding::Comparison(found) => (end.state, found.differences.len()),
        other => panic!("{other:?}: {:?}", end.error),
    }
}

/// What the addon does when a person merges: permits get the type that remains, unnumbered ones the identity that
/// goes with it, and what is one permit by now becomes one record.
fn merge_in_odoo(odoo: &mut State, old: &str, remaining: &str) {
    let permits = std::mem::take(&mut odoo.permits);
    let (drafts, numbered): (Vec<_>, Vec<_>) =
        permits.into_values().partition(|permit| permit.row["permit_number"].is_null());
    let covered: BTreeSet<String> = numbered
        .into_iter()
        .map(|permit| retyped(permit, old, remaining))
        .flat_map(|permit| {
            let identity = text(&permit.row["identity"]);
            let registration = text(&permit.row["registration_number"]);
            let types = types_of(&permit.row);
            odoo.permits.insert(identity, permit);
            types.into_iter().map(move |key| format!("T\u{1f}{registration}\u{1f}{key}"))
        })
        .collect();
    for mut permit in drafts.into_iter().map(|permit| retyped(permit, old, remaining)) {
        let identity = text(&permit.row["identity"]).replace(&format!("\u{1f}{old}"), &format!("\u{1f}{remaining}"));
        permit.row["identity"] = identity.clone().into();
        if !covered.contains(&identity) {
            odoo.permits.entry(identity).or_insert(permit);
        }
    }
}

fn retyped(mut permit: PermitRecord, old: &str, remaining: &str) -> PermitRecord {
    let mut types = types_of(&permit.row);
    if types.iter().any(|key| key == old) {
        types.retain(|key| key != old && key != remaining);
        types.insert(0, remaining.to_owned());
        let named: Vec<Value> = types.iter().map(|key| json!({ "name": key, "key": key })).collect();
        permit.row["permit_type"] = named[0].clone();
        permit.row["further_types"] = named[1..].into();
    }
    permit
}

/// The two keys that most permits have.
fn most_used_types(office: &Office) -> (String, String) {
    let mut counts = BTreeMap::<String, usize>::new();
    for permit in office.odoo.state().permits.values() {
        for key in types_of(&permit.row) {
            *counts.entry(key).or_default() += 1;
        }
    }
    let mut keys: Vec<_> = counts.into_iter().map(|(key, count)| (count, key)).collect();
    keys.sort_unstable();
    let mut most = || keys.pop().expect("a type").1;
    (most(), most())
}

/// Keys of all types of a row, the main one first.
fn types_of(row: &Value) -> Vec<String> {
    let further = row["further_types"].as_array().into_iter().flatten();
    std::iter::once(&row["permit_type"])
        .chain(further)
        .filter_map(|named| Some(named["key"].as_str()?.into()))
        .collect()
}

/// Writes of every permit.
fn writes(office: &Office) -> Vec<(i64, usize)> {
    office.odoo.state().permits.values().map(|permit| (permit.id, permit.writes)).collect()
}

fn row(registration: &str, number: &str, permit_type: &str) -> Value {
    json!({
        "pendaftaran_id": registration, "n_pemohon": "PEMOHON CONTOH", "n_perizinan": permit_type, "no_surat": number,
    })
}

/// The identity and the keys of all types.
fn described(row: &Value) -> String {
    let types: BTreeSet<String> = types_of(row).into_iter().collect();
    format!("{}: {}", text(&row["identity"]).replace('\u{1f}', " "), Vec::from_iter(types).join(", "))
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
