//! SICANTIK against Odoo, permit by permit: what is equal says nothing, and every difference is told with both
//! values.

use std::collections::BTreeMap;
use std::process::Output;
use std::sync::Arc;

use serde_json::{Value, json};
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sync::compare::{Comparing, Comparison, Difference};
use sicantik_companion::sync::{self, Finding, Run};

use crate::canned_source::Scripted;
use crate::expected;
use crate::fake_odoo::{FakeOdoo, PermitRecord};
use crate::office::{Office, fault, source};
use crate::process::sicantik;
use crate::simulator::{Kind, Options, Rule, What};

const ALL: Comparing = Comparing { details: 0, keep: usize::MAX };

#[tokio::test]
async fn after_a_sync_nothing_differs_whatever_the_server_gives_at_once() {
    let office = Office::with_permits(900).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    for max_page_rows in [0, 200] {
        office.sicantik.set(&json!({ "max_page_rows": max_page_rows })).expect("a setting");
        let before = writes(&office.odoo);
        let (state, found) = compare(&office, ALL).await;
        assert_eq!(found.differences, [], "pages of {max_page_rows}");
        assert_eq!((state, found.complete, found.listed), (RunState::Done, true, 900));
        assert_eq!(writes(&office.odoo), before, "a comparison changes nothing");
        let message = office.odoo.state().runs.last().expect("a run").figures["remarks"][0]["message"].clone();
        assert_eq!(message, "Odoo is as SICANTIK says: 900 permits.");
    }
}

#[tokio::test]
async fn every_difference_is_told_with_both_values() {
    let office = Office::with_permits(400).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let numbered = numbered(&office.odoo);
    let [lost, spelt, renamed, typed] = [0, 1, 2, 3].map(|at| numbered[at].clone());
    let invented = "N\u{1f}0000107701072099\u{1f}503/NOWHERE";
    {
        let permits = &mut office.odoo.state().permits;
        let mut extra = permits.remove(&lost).expect("a permit");
        extra.row["identity"] = invented.into();
        extra.row["registration_number"] = "0000107701072099".into();
        extra.row["permit_number"] = "503/NOWHERE".into();
        permits.insert(invented.to_owned(), extra);
        change(permits, &spelt, "permit_number", &"503/lain".into());
        change(permits, &renamed, "applicant", &json!({ "name": "Orang Lain", "key": "ORANG LAIN" }));
        change(permits, &typed, "registered_month", &"1999-01-01".into());
    }
    let (state, found) = compare(&office, ALL).await;
    assert_eq!((state, found.listed), (RunState::Partial, 400));
    assert_eq!((found.only_in_sicantik, found.only_in_odoo, found.differing), (1, 1, 3));

    let told = by_code(&found);
    assert_eq!(identity_of(told["only_in_sicantik"][0]), lost);
    assert_eq!(
        told["only_in_odoo"][0].to_string().split(" (").next(),
        Some("0000107701072099 503/NOWHERE: only in Odoo")
    );
    let fields: BTreeMap<&str, &Difference> = told["differs"]
        .iter()
        .map(|difference| (difference.field.as_ref().expect("a field").field, *difference))
        .collect();
    assert_eq!(fields.keys().copied().collect::<Vec<_>>(), ["applicants", "permit_number", "registered_month"]);
    assert_eq!(fields["permit_number"].field.as_ref().expect("a field").odoo.as_deref(), Some("503/lain"));
    assert!(fields["applicants"].to_string().ends_with(" / Odoo ORANG LAIN"), "{}", fields["applicants"]);
    assert!(fields["registered_month"].to_string().ends_with(" / Odoo 1999-01-01"));

    let state = office.odoo.state();
    let run = state.runs.last().expect("a run");
    let mut codes = run.issue_codes();
    codes.sort_unstable();
    assert_eq!(codes, ["differs", "differs", "differs", "only_in_odoo", "only_in_sicantik"]);
    assert_eq!((run.state.as_str(), run.figure("failed"), run.figure("unchanged")), ("partial", 0, 396));
    let sentence = "400 permits: 1 only in SICANTIK, 1 only in Odoo, 3 with differences, 0 unreadable rows.";
    assert_eq!(run.figures["remarks"][0]["message"], sentence);
}

#[tokio::test]
async fn what_people_closed_and_what_is_marked_is_no_difference() {
    let office = Office::with_permits(300).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.sicantik.remove(6);
    let gone: Vec<String> = {
        let listed = expected::permits(&office.sicantik);
        office.odoo.state().permits.keys().filter(|identity| !listed.contains_key(*identity)).cloned().collect()
    };
    {
        let permits = &mut office.odoo.state().permits;
        permits.get_mut(&gone[0]).expect("a permit").missing = true;
        permits.get_mut(&gone[1]).expect("a permit").status = Some("cancelled");
        permits.get_mut(&gone[2]).expect("a permit").status = Some("renewed");
    }
    let (_, found) = compare(&office, ALL).await;
    assert_eq!((found.only_in_odoo, found.differences.len()), (gone.len() - 3, gone.len() - 3));

    // A permit that is there again is no difference either; a run would take its mark.
    office.odoo.state().permits.values_mut().for_each(|permit| permit.missing = true);
    let (state, found) = compare(&office, ALL).await;
    assert_eq!((state, found.seen_again), (RunState::Done, found.listed));
}

#[tokio::test]
async fn a_number_that_came_is_a_difference_of_the_permit_and_not_another_permit() {
    let office = Office::with_permits(400).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let given = office.sicantik.number(4).len();
    let (_, found) = compare(&office, ALL).await;
    assert_eq!((found.only_in_sicantik, found.only_in_odoo, found.differing), (0, 0, given));
    let numbers: Vec<_> =
        found.differences.iter().filter_map(|one| one.field.as_ref()).filter(|f| f.field == "permit_number").collect();
    assert_eq!(numbers.len(), given);
    assert!(numbers.iter().all(|number| number.odoo.is_none() && number.sicantik.is_some()));

    sync::execute(&office.run(RunKind::Permits).await).await;
    assert_eq!(compare(&office, ALL).await.0, RunState::Done);
}

#[tokio::test]
async fn a_permit_whose_rows_stand_on_several_pages_counts_once() {
    let office = Office::with_permits(1).await;
    let rows = [
        row("00001", "-", "PEMOHON SATU"),
        row("00002", "503/2", "PEMOHON SATU"),
        row("00001", "503/1", "PEMOHON SATU"),
        row("00001", "503/1", "PEMOHON DUA"),
    ];
    let (state, found) = compare_with(&office, &rows, 1).await;
    assert_eq!((state, found.listed, found.only_in_sicantik), (RunState::Partial, 2, 2), "{:?}", found.differences);
    assert_eq!(found.differences.len(), 2);
}

#[tokio::test]
async fn a_row_that_lost_its_number_is_no_difference() {
    let office = Office::with_permits(1).await;
    let [before, after] = ["503/1", "-"].map(|number| [row("00001", number, "PEMOHON SATU")]);
    let list = Scripted::list(before.to_vec(), 10).await;
    let run = Run { source: Arc::new(source(&list.url())), ..office.run(RunKind::Permits).await };
    sync::execute(&run).await;
    let (state, found) = compare_with(&office, &after, 10).await;
    assert_eq!((state, found.differences), (RunState::Done, vec![]), "the addon leaves such a row alone");
}

#[tokio::test]
async fn the_expiry_date_of_the_list_is_compared_where_the_list_has_it() {
    let office = Office::open(Options { permits: 300, list_has_expiry: true, ..Options::default() }).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    assert_eq!(compare(&office, ALL).await.0, RunState::Done);
    let with_date = with_expiry(&office.odoo);
    change(&mut office.odoo.state().permits, &with_date, "expiry_date", &"2001-02-03".into());
    let (_, found) = compare(&office, ALL).await;
    let field = found.differences[0].field.as_ref().expect("a field");
    assert_eq!((found.differences.len(), field.field, field.odoo.as_deref()), (1, "expiry_date", Some("2001-02-03")));
}

#[tokio::test]
async fn details_are_asked_for_when_that_is_wanted_and_their_expiry_date_is_compared() {
    let office = Office::with_permits(200).await;
    sync::execute(&office.run(RunKind::All).await).await;
    let (state, found) = compare(&office, Comparing { details: 1_000, ..ALL }).await;
    let numbered = numbered(&office.odoo).len();
    assert_eq!((state, found.details), (RunState::Done, numbered), "{:?}", found.differences);

    let changed = office.sicantik.change(What::Expiry, 5).len();
    let (_, found) = compare(&office, Comparing { details: 1_000, ..ALL }).await;
    assert!(found.differing >= changed, "{} of {changed}", found.differing);
    assert!(found.differences.iter().all(|one| one.field.as_ref().is_some_and(|field| field.field == "expiry_date")));
    office.sicantik.clear_calls();
    assert_eq!(compare(&office, Comparing { details: 7, ..ALL }).await.1.details, 7);
    let asked = office.sicantik.calls().iter().filter(|call| call.endpoint.starts_with("cekperizinan")).count();
    assert!((7..=14).contains(&asked), "{asked}: one or two calls each");
}

#[tokio::test]
async fn the_first_five_hundred_differences_are_told_in_odoo_and_all_are_counted() {
    let office = Office::with_permits(2_600).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let named = json!({ "name": "Orang Lain", "key": "ORANG LAIN" });
    office.odoo.state().permits.values_mut().for_each(|permit| permit.row["applicant"] = named.clone());
    let (_, found) = compare(&office, Comparing::default()).await;
    assert_eq!((found.differing, found.differences.len()), (2_600, 500));
    assert_eq!(office.odoo.state().runs.last().expect("a run").issues.len(), 500);
}

#[tokio::test]
async fn a_source_that_fails_midway_proves_no_difference() {
    let office = Office::open(Options { permits: 900, max_page_rows: 200, ..Options::default() }).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.sicantik.set_faults(vec![Rule { after: 4, ..fault("listpermohonanterbit", Kind::Status, 0) }]);
    let end = sync::execute(&office.run(RunKind::Compare).await).await;
    assert_eq!((end.state, end.error.map(|error| error.code())), (RunState::Failed, Some("sicantik_unavailable")));
    assert!(matches!(end.finding, Finding::None));
    assert_eq!(office.odoo.state().runs.last().expect("a run").issue_codes(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_tells_the_differences_and_their_number_as_its_exit_code() {
    let office = Office::with_permits(300).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    let equal = sicantik(&office, &["compare"]).await;
    assert_eq!(
        (equal.status.code(), lines(&equal)),
        (Some(0), vec!["Odoo is as SICANTIK says: 300 permits.".to_owned()])
    );

    let lost = numbered(&office.odoo)[0].clone();
    office.odoo.state().permits.remove(&lost);
    let different = sicantik(&office, &["compare"]).await;
    let said = lines(&different);
    assert_eq!((different.status.code(), said.len()), (Some(3), 2), "{said:?}");
    assert!(said[0].contains("only in SICANTIK"), "{said:?}");

    let told = sicantik(&office, &["compare", "--json"]).await;
    let told: Value = serde_json::from_slice(&told.stdout).expect("one object of JSON");
    assert_eq!((&told["state"], &told["comparison"]["only_in_sicantik"]), (&"partial".into(), &1.into()));
    assert_eq!(told["comparison"]["differences"][0]["code"], "only_in_sicantik");

    office.sicantik.set_faults(vec![fault("listpermohonanterbit", Kind::Status, 0)]);
    let failed = sicantik(&office, &["compare"]).await;
    assert_eq!((failed.status.code(), lines(&failed).len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("SICANTIK did not answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_a_run_would_change_and_changes_nothing() {
    let office = Office::with_permits(300).await;
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.sicantik.issue(25);
    let gone = office.sicantik.remove(3).len();
    let before = writes(&office.odoo);
    let dry = sicantik(&office, &["run", "permits", "--dry-run"]).await;
    let said = lines(&dry);
    assert_eq!(dry.status.code(), Some(0), "{said:?}");
    assert!(said[0].starts_with("a run would create "), "{said:?}");
    assert_eq!(said.len(), 22, "a sentence, the first twenty, and how many more: {said:?}");

    let told = sicantik(&office, &["run", "permits", "--dry-run", "--json"]).await;
    let told: Value = serde_json::from_slice(&told.stdout).expect("one object of JSON");
    let found = &told["comparison"];
    assert!(found["only_in_odoo"].as_u64().is_some_and(|count| count >= gone as u64), "{found}");
    assert_eq!(writes(&office.odoo), before);
    assert_eq!(office.odoo.count("permit.mark_missing"), 0);

    // The run that follows does just that.
    let end = sync::execute(&office.run(RunKind::Permits).await).await;
    assert_eq!(
        (Some(end.report.created), Some(end.report.updated)),
        (found["only_in_sicantik"].as_u64(), found["differing"].as_u64())
    );
    let missing = office.odoo.state().permits.values().filter(|permit| permit.missing).count();
    assert_eq!(Some(missing as u64), found["only_in_odoo"].as_u64());
}

async fn compare(office: &Office, comparing: Comparing) -> (RunState, Comparison) {
    result_of(&Run { comparing, ..office.run(RunKind::Compare).await }).await
}

/// Against a list of just these rows, at most `largest` at a time.
async fn compare_with(office: &Office, rows: &[Value], largest: usize) -> (RunState, Comparison) {
    let list = Scripted::list(rows.to_vec(), largest).await;
    result_of(&Run { source: Arc::new(source(&list.url())), ..office.run(RunKind::Compare).await }).await
}

async fn result_of(run: &Run) -> (RunState, Comparison) {
    let end = sync::execute(run).await;
    match end.finding {
        Finding::Comparison(comparison) => (end.state, comparison),
        other => panic!("{other:?}: {:?}", end.error),
    }
}

fn row(registration: &str, number: &str, applicant: &str) -> Value {
    json!({ "pendaftaran_id": registration, "n_pemohon": applicant, "n_perizinan": "IZIN A", "no_surat": number })
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn by_code(found: &Comparison) -> BTreeMap<&str, Vec<&Difference>> {
    let mut told = BTreeMap::<&str, Vec<&Difference>>::new();
    for difference in &found.differences {
        told.entry(difference.code).or_default().push(difference);
    }
    told
}

fn identity_of(difference: &Difference) -> String {
    let number = difference.permit_number.as_deref().expect("a number");
    let number = sicantik_companion::domain::PermitNumber::parse(number).expect("a real one");
    format!("N\u{1f}{}\u{1f}{}", difference.registration_number, number.folded())
}

/// Writes of every permit.
fn writes(odoo: &FakeOdoo) -> Vec<(i64, usize)> {
    odoo.state().permits.values().map(|permit| (permit.id, permit.writes)).collect()
}

/// Identities of permits with a number.
fn numbered(odoo: &FakeOdoo) -> Vec<String> {
    odoo.state().permits.keys().filter(|identity| identity.starts_with('N')).cloned().collect()
}

fn with_expiry(odoo: &FakeOdoo) -> String {
    let state = odoo.state();
    let mut dated = state.permits.iter().filter(|(_, permit)| permit.row["expiry_date"].is_string());
    dated.next().expect("one with a date").0.clone()
}

fn change(permits: &mut BTreeMap<String, PermitRecord>, identity: &str, field: &str, value: &Value) {
    permits.get_mut(identity).expect("a permit").row[field] = value.clone();
}
