//! The shapes that Odoo receives, word for word. A change here is a change in the addon and in
//! `docs/interfaces.md`, in the same commit.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::Value;
use sicantik_companion::domain::{
    DataFlags, DetailResult, EndpointCalls, Flag, Issue, ListRow, ListedPermit, Message, NamedKey, PermitDetail,
    PermitGrouper, PermitNumber, PermitType, RegistrationNumber, RunKind, RunState, SourceDate,
};
use sicantik_companion::odoo::{Client, Finish, NewRun, Probe, Report, Waiting};
use sicantik_companion::orders::ClaimedRun;

use crate::fake_odoo::FakeOdoo;
use crate::office::{LEASE, WORKER, settings, sink};

#[tokio::test]
async fn permits_as_they_are_sent() {
    let (odoo, client, order) = claimed().await;
    client.upsert_permits(&order.lease, &permits()).await.expect("landed");
    insta::assert_snapshot!(sent(&odoo, "permit.upsert_batch"));
}

#[tokio::test]
async fn permit_types_as_they_are_sent() {
    let (odoo, client, order) = claimed().await;
    let named = |name, code: &str, group: Option<&str>, processing_days| PermitType {
        name: NamedKey::parse(name).expect("a name"),
        code: code.to_owned(),
        group: group.map(str::to_owned),
        processing_days,
    };
    let types = [
        named("Izin  Praktik Bidan", "23", Some("Perizinan Kesehatan"), Some(7)),
        named("IZIN REKLAME", "29", None, None),
    ];
    client.upsert_types(&order.lease, &types).await.expect("landed");
    insta::assert_snapshot!(sent(&odoo, "permit.type.upsert_batch"));
}

#[tokio::test]
async fn details_as_they_are_sent() {
    let (odoo, client, order) = claimed().await;
    client.upsert_permits(&order.lease, &permits()).await.expect("landed");
    let failed = DetailResult::Failed { code: "sicantik_unavailable", message: "SICANTIK did not answer".to_owned() };
    let results = [(1, DetailResult::Found(Box::new(detail()))), (2, DetailResult::NoData), (3, failed)];
    client.apply_details(&order.lease, &results).await.expect("applied");
    insta::assert_snapshot!(sent(&odoo, "permit.apply_details"));
}

#[tokio::test]
async fn what_is_due_as_it_is_asked_for() {
    let (odoo, client, order) = claimed().await;
    client.due_details(&order.lease, 100, &[4, 7]).await.expect("an answer");
    insta::assert_snapshot!(sent(&odoo, "permit.due_details"));
}

#[tokio::test]
async fn what_is_missing_as_it_is_asked_for_and_told() {
    let (odoo, client, order) = claimed().await;
    let asked = client.keys(&order.lease, 40, 2_000, true).await.expect("a page");
    assert_eq!((asked.permits.len(), asked.last), (0, 0));
    client.mark_missing(&order.lease, &[4, 7], &[12]).await.expect("marked");
    let methods = ["permit.keys", "permit.mark_missing"];
    let asked: Vec<String> = methods.map(|method| format!("{method} {}", sent(&odoo, method))).into();
    insta::assert_snapshot!(asked.join("\n"));
}

#[tokio::test]
async fn progress_as_it_is_told() {
    let (odoo, client, order) = claimed().await;
    assert!(!client.report(&order.lease, &report()).await.expect("accepted"), "nobody cancelled it");
    insta::assert_snapshot!(sent(&odoo, "sync.run.report"));
}

#[tokio::test]
async fn the_end_of_a_run_as_it_is_told() {
    let (odoo, client, order) = claimed().await;
    let finish = Finish {
        report: report(),
        state: RunState::Partial,
        remarks: vec![Message::plain("missing", "Permits left the list.")],
        error_code: Some("sicantik_unavailable"),
        error_message: Some("SICANTIK did not answer".to_owned()),
        probe: None,
        unlisted: None,
        read: vec!["types"],
    };
    client.finish(&order.lease, &finish).await.expect("accepted");
    client.finish(&order.lease, &finish).await.expect("and accepted once more");
    insta::assert_snapshot!(sent(&odoo, "sync.run.finish"));
}

#[tokio::test]
async fn the_end_of_a_probe_as_it_is_told() {
    let (odoo, client, order) = claimed().await;
    let probe = Probe {
        ok: true,
        latency_ms: 140,
        format: "xml".to_owned(),
        permit_types: Some(90),
        columns: ["pendaftaran_id", "n_pemohon", "n_perizinan", "no_surat", "num_rows"].map(str::to_owned).into(),
        has_expiry_column: false,
        findings: vec![Message::with("type_count", "SICANTIK counts 90 permit types.", [("count", &90)])],
        error_code: None,
        error_message: None,
    };
    let finish = Finish {
        report: Report { stage: "probe", api_calls: 2, ..Report::default() },
        state: RunState::Done,
        remarks: vec![Message::plain("missing", "Permits left the list.")],
        error_code: None,
        error_message: None,
        probe: Some(probe),
        unlisted: None,
        read: vec!["types"],
    };
    client.finish(&order.lease, &finish).await.expect("accepted");
    insta::assert_snapshot!(sent(&odoo, "sync.run.finish"));
}

#[tokio::test]
async fn orders_as_they_are_asked_for() {
    let (odoo, client, _) = claimed().await;
    client.queued(WORKER, "0.1.0").await.expect("a queue");
    let new = NewRun { config_id: 7, kind: RunKind::Expiry, limit: 20, full: true };
    let ordered = client.order(new, WORKER, LEASE).await.expect("a run");
    assert_eq!(ordered.claim.runs.iter().map(|order| order.id).collect::<Vec<_>>(), [ordered.id], "taken at once");
    client.configurations(WORKER, "0.1.0").await.expect("settings");
    let methods = ["sync.run.queued", "sync.run.claim", "sync.run.order", "config.worker_settings"];
    let asked: Vec<String> = methods.map(|method| format!("{method} {}", sent(&odoo, method))).into();
    insta::assert_snapshot!(asked.join("\n"));
}

#[tokio::test]
async fn every_key_that_is_sent_stands_in_the_contract() {
    let (odoo, client, order) = claimed().await;
    client.upsert_permits(&order.lease, &permits()).await.expect("landed");
    client.apply_details(&order.lease, &[(1, DetailResult::Found(Box::new(detail())))]).await.expect("applied");
    client.report(&order.lease, &report()).await.expect("accepted");
    client.keys(&order.lease, 0, 10, true).await.expect("a page");
    client.mark_missing(&order.lease, &[1], &[]).await.expect("marked");
    let contract = include_str!("../../docs/interfaces.md");
    let mut keys = BTreeSet::new();
    for call in &odoo.state().calls {
        collect_keys(&call.arguments, &mut keys);
    }
    assert!(keys.len() > 50, "{keys:?}");
    let unknown: Vec<_> = keys.iter().filter(|key| !contains_word(contract, key)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// An Odoo, a client of it, and an order that it has claimed.
async fn claimed() -> (FakeOdoo, Client, ClaimedRun) {
    let odoo = FakeOdoo::spawn().await;
    let client = sink(&odoo);
    let settings = settings("http://127.0.0.1/backoffice/api");
    odoo.state().settings = settings.clone();
    let uuid = odoo.state().order("all", settings);
    let claim = client.claim(&[uuid], WORKER, LEASE).await.expect("a claim");
    let order = claim.runs.into_iter().next().expect("an order");
    assert_eq!((order.kind, order.settings.timeout), (RunKind::All, Duration::from_secs(30)));
    (odoo, client, order)
}

/// The arguments of the last call of a method.
fn sent(odoo: &FakeOdoo, method: &str) -> String {
    let call = odoo.calls(method).pop().expect("a call");
    serde_json::to_string_pretty(&call.arguments).expect("JSON")
}

/// One permit with everything, one without anything, one of a list that carries the expiry date.
fn permits() -> Vec<ListedPermit> {
    let mut rows = vec![
        row("0000107701072099", "503/0001/Cth/DPM-PTSP/2099", "IZIN CONTOH A", "PEMOHON SATU"),
        row("0000107701072099", "503/0001/CTH/DPM-PTSP/2099", "Izin  Contoh B", "Pemohon Dua"),
        row("00012", "503/0002/CTH/YYY/KK", "", "0"),
        row("00013/077/01/07/2025", "503/0003", "IZIN CONTOH A", "PEMOHON TIGA"),
    ];
    rows[3].expiry = Some(SourceDate::parse("2099-07-08"));
    let mut grouper = PermitGrouper::new(true);
    for row in rows {
        grouper.add(row);
    }
    grouper.finish()
}

fn row(registration: &str, number: &str, permit_type: &str, applicant: &str) -> ListRow {
    let mut flags = DataFlags::default();
    let number = PermitNumber::parse(number).map_err(|flag| flags.add(flag, "no_surat", number)).ok();
    ListRow {
        registration: RegistrationNumber::parse(registration).expect("a registration"),
        number,
        permit_type: NamedKey::parse(permit_type),
        applicant: NamedKey::parse(applicant),
        expiry: None,
        flags,
    }
}

fn detail() -> PermitDetail {
    let day = |year| NaiveDate::from_ymd_opt(year, 7, 8);
    let text = |text: &str| Some(text.to_owned());
    let mut flags = DataFlags::default();
    flags.add(Flag::DateOutOfRange, "d_tgl_berdiri", "0001-01-01");
    PermitDetail {
        expiry_date: day(2099),
        issue_date: day(2095),
        received_date: None,
        applicant_address: text("JL. CONTOH 1"),
        applicant_phone: text("(0628) 000"),
        company_name: text("PT CONTOH"),
        company_npwp: None,
        company_address: text("JL. CONTOH 2"),
        company_phone: None,
        company_founded: None,
        district: text("KEC CONTOH"),
        village: text("DESA CONTOH"),
        regency: text("KAB CONTOH"),
        province: text("PROV CONTOH"),
        endpoint: "cekperizinanizin",
        flags,
    }
}

fn calls() -> EndpointCalls {
    let mut calls = EndpointCalls::none("cekperizinanizin");
    calls.note(None, Duration::from_millis(120));
    calls.note(Some("sicantik_unavailable"), Duration::from_millis(480));
    calls
}

fn report() -> Report {
    let issue = |permit_id| Issue {
        key: "503/0001".to_owned(),
        code: "sicantik_unavailable".to_owned(),
        message: "SICANTIK did not answer".to_owned(),
        values: [("row", "17".to_owned())].into(),
        permit_id,
    };
    Report {
        stage: "expiry",
        total: 500,
        done: 120,
        created: 1,
        updated: 100,
        unchanged: 17,
        flagged: 5,
        failed: 2,
        api_calls: 150,
        rate: 9.5,
        eta_seconds: 40,
        issues: vec![issue(None), issue(Some(12))],
        api: vec![calls()],
        retry: Some(Waiting {
            attempt: 3,
            code: "sicantik_unavailable",
            message: "SICANTIK did not answer".to_owned(),
            seconds: 20,
        }),
    }
}

/// Columns of SICANTIK (in `raw`) and codes are values of ours, not keys.
fn collect_keys(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                keys.insert(key.clone());
                if key != "raw" && key != "error_codes" {
                    collect_keys(value, keys);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}
