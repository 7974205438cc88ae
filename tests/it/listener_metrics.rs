//! What the internal listener tells: metrics, the description of itself, readiness.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::http::Method;
use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use sicantik_companion::domain::{MessageState, RunKind, RunState};
use sicantik_companion::health::OdooHealth;
use sicantik_companion::http::{document, routes};
use sicantik_companion::{metrics, sync};

use crate::fake_odoo::DATABASE_UUID;
use crate::listener::{Hook, KEY, Listener, NOW};
use crate::office::Office;

const DOCUMENTED: &str = include_str!("../../docs/metrics.md");
const ALERTS: &str = include_str!("../../config/deploy/prometheus-rules.yaml");

#[tokio::test]
async fn every_metric_is_documented_and_the_reverse() {
    let worker = Listener::spawn(&[KEY]).await;
    touch_everything();
    let text = metrics_of(&worker).await;
    let kinds = read(&text).kinds;
    let rows = DOCUMENTED.lines().filter_map(|line| line.strip_prefix("| `sicantik_"));
    let documented: BTreeMap<String, String> = rows
        .map(|row| {
            let mut cells = row.split('|').map(|cell| cell.trim().trim_matches('`'));
            (format!("sicantik_{}", cells.next().expect("a name")), cells.next().expect("a type").to_owned())
        })
        .collect();
    assert_eq!(kinds, documented);
}

/// A name that nobody counts under is no error of Prometheus': its alert would never come.
#[test]
fn every_alert_asks_for_figures_that_there_are() {
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut asked = 0;
    for (place, _) in ALERTS.match_indices("sicantik_") {
        let rest = &ALERTS[place..];
        let (name, rest) = rest.split_at(rest.find(|letter| !is_of_a_name(letter)).expect("an end"));
        let row = DOCUMENTED.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("there is no {name}"));
        let label = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(label, _)| label);
        if let Some((label, words)) = label.and_then(|label| label.split_once('=')) {
            assert!(row.contains(&format!("`{label}`")), "{name} has no {label}");
            for word in words.trim_matches(['~', '"']).split('|') {
                assert!(row.contains(&format!("`{word}`")), "{name} is never {word}");
            }
        }
        asked += 1;
    }
    assert!(asked > 10, "{asked}");
}

#[tokio::test]
async fn a_run_and_a_hook_are_counted() {
    let worker = Listener::spawn(&[KEY]).await;
    let before = read(&metrics_of(&worker).await);
    let office = Office::with_permits(30).await;
    office.odoo.state().version = 19;
    assert_eq!(sync::execute(&office.run(RunKind::Types).await).await.state, RunState::Done);
    assert_eq!(worker.receive(&Hook::signed()).await.0, 202);
    assert_eq!(worker.receive(&Hook::signed()).await.0, 409);
    let after = read(&metrics_of(&worker).await);
    // Other stories are counted at the same time.
    for series in [
        r#"sicantik_runs_total{kind="types",state="done"}"#,
        r#"sicantik_rows_total{kind="types",outcome="created"}"#,
        r#"sicantik_source_calls_total{endpoint="jenisPerizinanList",outcome="ok"}"#,
        r#"sicantik_source_call_duration_seconds_bucket{endpoint="jenisPerizinanList",le="+Inf"}"#,
        r#"sicantik_odoo_calls_total{protocol="json2",method="sicantik.permit.type.upsert_batch",outcome="ok"}"#,
        r#"sicantik_odoo_call_duration_seconds_count{method="sicantik.permit.type.upsert_batch"}"#,
        r#"sicantik_hooks_total{result="accepted"}"#,
        r#"sicantik_hooks_total{result="replayed"}"#,
    ] {
        let count = |figures: &Figures| figures.values.get(series).copied().unwrap_or_default();
        assert!(count(&after) >= count(&before) + 1.0, "{series}: {} then {}", count(&before), count(&after));
    }
    let last = after.values[r#"sicantik_run_last_success_timestamp_seconds{kind="types"}"#];
    assert!(last > 1_700_000_000.0, "{last} is no present time");
}

#[tokio::test]
async fn every_route_is_described_and_the_reverse() {
    let worker = Listener::spawn(&[KEY]).await;
    let description = worker.get("/openapi.json").await.1;
    assert_eq!(description, serde_json::to_value(document()).expect("JSON"), "both ways tell the same");
    let described = description["paths"].as_object().expect("paths");
    let served: BTreeSet<&str> = routes().iter().map(|(path, _)| *path).collect();
    assert_eq!(described.keys().map(String::as_str).collect::<BTreeSet<_>>(), served);
    for (path, operations) in described {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let is_described = operations.get(method.as_str().to_lowercase()).is_some();
            let status = worker.status(method.clone(), path).await;
            assert_eq!(status != 405, is_described, "{method} {path} answers {status}");
        }
    }
}

#[test]
fn the_description_is_as_it_was() {
    let mut description = serde_json::to_value(document()).expect("JSON");
    description["info"]["version"] = "(of the package)".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&description).expect("JSON"));
}

#[tokio::test]
async fn readiness_tells_of_a_key_that_ends_soon() {
    let worker = Listener::spawn(&[KEY]).await;
    worker.health.set_odoo(OdooHealth::Reached(DATABASE_UUID.to_owned()));
    let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(NOW);
    for (days, told) in [(31, Value::Null), (30, "2026-01-31".into()), (-1, "2025-12-31".into())] {
        worker.health.note_api_key(Some(now + TimeDelta::days(days)), now);
        assert_eq!(worker.get("/readyz").await.1["api_key_expires"], told, "{days} days");
    }
}

fn touch_everything() {
    let took = Duration::from_millis(20);
    metrics::message(MessageState::Accepted);
    metrics::inbox_file("imported");
    metrics::inbox_waiting(1);
    metrics::message_event("kept");
    metrics::document_handed_out("given");
    metrics::messages_waiting(1, Some(DateTime::UNIX_EPOCH));
    metrics::accounts_held(1);
    metrics::run_ended(RunKind::Probe, RunState::Done, &[("created", 0)]);
    metrics::source_call("jumlahPerizinan", None, took);
    metrics::odoo_call("json2", "sicantik.sync.run.queued", None, took);
    metrics::odoo_up(true);
    metrics::api_key_ends(DateTime::UNIX_EPOCH);
    metrics::hook("accepted");
    metrics::document_came("kept", 9);
    metrics::document_asked("given");
    metrics::document_went(9);
    metrics::document_looked_into(took);
    metrics::documents_kept(1, 1, 9);
    metrics::storage(true, Some((1, 2)));
    metrics::job_ticked("take_orders", DateTime::UNIX_EPOCH);
    metrics::connection_dropped("internal", "full");
}

async fn metrics_of(worker: &Listener) -> String {
    let (status, text) = worker.get("/metrics").await;
    assert_eq!(status, 200);
    text.as_str().expect("text").to_owned()
}

struct Figures {
    /// Name to type.
    kinds: BTreeMap<String, String>,
    /// Name with labels to value.
    values: BTreeMap<String, f64>,
}

/// Reads Prometheus' text form, and refuses what is none.
fn read(text: &str) -> Figures {
    let mut helped = BTreeSet::new();
    let (mut kinds, mut values) = (BTreeMap::new(), BTreeMap::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, sentence) = help.split_once(' ').expect("a sentence");
            assert!(sentence.ends_with('.'), "{line}");
            helped.insert(name.to_owned());
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a type");
            assert!(matches!(kind, "counter" | "gauge" | "histogram"), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            kinds.insert(name.to_owned(), kind.to_owned());
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let name = series.split('{').next().expect("a name");
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            assert!(kinds.contains_key(base) || kinds.contains_key(name), "{line} has no TYPE");
            values.insert(series.to_owned(), value.parse().expect("a number"));
        }
    }
    assert_eq!(helped, kinds.keys().cloned().collect(), "HELP for each, and TYPE for each");
    Figures { kinds, values }
}
