//! `/metrics` and the statistics in Odoo are one counting: whatever becomes of a call, both say the same of it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use sicantik_companion::domain::RunKind;
use sicantik_companion::sicantik::{BROKEN_OFF, endpoint};

use crate::fake_odoo::State;
use crate::office::{Office, fault, until};
use crate::process::Process;
use crate::simulator::{Kind, Options, Rule};

/// Longer than any story.
const SILENCE_MS: u64 = 3_600_000;

const CALLS: &str = "sicantik_source_calls_total";
const SECONDS: &str = "sicantik_source_call_duration_seconds";

/// Against hanging only.
const PATIENCE: Duration = Duration::from_mins(2);

/// Details are asked for by so many at once.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn odoo_and_the_metrics_are_told_the_same_of_every_call() {
    let office = Office::open(Options { permits: 90, max_page_rows: 50, ..Options::default() }).await;
    office.odoo.state().settings["timeout_seconds"] = 1.into();
    let worker = Process::serve(&office.odoo.url());

    office.sicantik.set_faults(vec![fault(endpoint::TYPES, Kind::Empty, 2)]);
    ended(&office, &office.order(RunKind::Types), "done").await;
    // The list ends by a 404 and a page times out.
    office.sicantik.set_faults(vec![
        fault(endpoint::ISSUED, Kind::Status, 1),
        Rule { after: 1, ..fault(endpoint::ISSUED, Kind::Hang, 1) },
    ]);
    ended(&office, &office.order(RunKind::Permits), "done").await;
    office.sicantik.set_faults(vec![Rule { status: Some(403), ..fault(endpoint::TYPE_COUNT, Kind::Status, 0) }]);
    ended(&office, &office.order(RunKind::Probe), "failed").await;

    // A person cancels while calls are under way.
    office.odoo.state().settings["timeout_seconds"] = 300.into();
    let hang = Rule { hang_ms: Some(SILENCE_MS), ..fault("*", Kind::Hang, 0) };
    office.sicantik.set_faults(vec![hang]);
    office.sicantik.clear_calls();
    let cancelled = office.order(RunKind::Expiry);
    let asked = until(|| office.sicantik.calls().len() >= AT_ONCE);
    tokio::time::timeout(PATIENCE, asked).await.expect("they are asked");
    office.odoo.state().run(&cancelled).cancel = true;
    ended(&office, &cancelled, "cancelled").await;
    office.odoo.state().settings["timeout_seconds"] = 1.into();
    office.sicantik.set_faults(vec![
        fault(endpoint::DETAIL_BY_NUMBER, Kind::Hang, 1),
        fault(endpoint::DETAIL_BY_NUMBER, Kind::Reset, 2),
        fault(endpoint::DETAIL_BY_CODE, Kind::Html, 1),
    ]);
    ended(&office, &office.order(RunKind::Expiry), "done").await;

    let metrics = worker.get("/metrics");
    let (told, millis) = told_to_odoo(&office.odoo.state());
    assert_eq!(told, series(&metrics, CALLS));
    let counted = |endpoint, outcome| told.get(&name(endpoint, outcome)).copied().unwrap_or_default();
    assert_eq!(counted(endpoint::TYPES, "sicantik_unavailable"), 2);
    assert_eq!(counted(endpoint::ISSUED, "sicantik_unavailable"), 2);
    assert_eq!(counted(endpoint::TYPE_COUNT, "sicantik_refused"), 1);
    assert_eq!(counted(endpoint::DETAIL_BY_NUMBER, BROKEN_OFF), AT_ONCE as u64);
    assert!(counted(endpoint::DETAIL_BY_CODE, "ok") > 0, "{told:?}");

    // Odoo has whole milliseconds of each run.
    for (endpoint, millis) in millis {
        let sum = value(&metrics, &format!("{SECONDS}_sum{{endpoint=\"{endpoint}\"}}")) * 1_000.0;
        let runs = u32::try_from(office.odoo.state().runs.len()).expect("few");
        assert!((-0.001..f64::from(runs)).contains(&(sum - millis)), "{endpoint}: {sum} and {millis}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_that_arrives_is_counted() {
    let office = Office::open(Options { permits: 40, ..Options::default() }).await;
    let worker = Process::serve(&office.odoo.url());
    ended(&office, &office.order(RunKind::All), "done").await;
    let (told, _) = told_to_odoo(&office.odoo.state());
    assert_eq!(told.values().sum::<u64>(), office.sicantik.calls().len() as u64);
    assert_eq!(told, series(&worker.get("/metrics"), CALLS));
}

async fn ended(office: &Office, uuid: &str, expected: &str) {
    let is_over = |state: &State| {
        let run = state.runs.iter().find(|run| run.uuid == uuid).expect("a run");
        !["queued", "claimed"].contains(&run.state.as_str())
    };
    office.odoo.until(is_over).await;
    let run = office.odoo.state().run(uuid).clone();
    assert_eq!(run.state, expected, "{:?}", run.figures);
}

/// As the metrics call it.
fn name(endpoint: &str, outcome: &str) -> String {
    format!("{CALLS}{{endpoint=\"{endpoint}\",outcome=\"{outcome}\"}}")
}

/// The calls of all runs as their ends told them, by the names of the metrics; and their milliseconds by endpoint.
fn told_to_odoo(state: &State) -> (BTreeMap<String, u64>, BTreeMap<String, f64>) {
    let (mut calls, mut millis) = (BTreeMap::new(), BTreeMap::new());
    for run in &state.runs {
        let api = run.figures["api"].as_array().expect("calls by endpoint");
        let number = |item: &Value, name: &str| item[name].as_u64().expect("a number");
        assert_eq!(run.figure("api_calls"), api.iter().map(|item| number(item, "calls")).sum::<u64>(), "{api:?}");
        for item in api {
            let endpoint = item["endpoint"].as_str().expect("text");
            let mut outcomes = item["error_codes"].as_object().expect("codes").clone();
            let failed: u64 = outcomes.values().filter_map(Value::as_u64).sum();
            assert_eq!(failed, number(item, "failed"), "{item}");
            outcomes.insert("ok".to_owned(), json!(number(item, "calls") - failed));
            for (outcome, count) in outcomes.iter().filter(|(_, count)| **count != 0) {
                *calls.entry(name(endpoint, outcome)).or_default() += count.as_u64().expect("a number");
            }
            let told = u32::try_from(number(item, "total_ms")).expect("a short time");
            *millis.entry(endpoint.to_owned()).or_default() += f64::from(told);
        }
    }
    (calls, millis)
}

/// The values of a counter by their series.
fn series(metrics: &str, counter: &str) -> BTreeMap<String, u64> {
    let lines = metrics.lines().filter_map(|line| line.rsplit_once(' '));
    let of_counter = lines.filter(|(series, _)| series.starts_with(&format!("{counter}{{")));
    of_counter.map(|(series, value)| (series.to_owned(), value.parse().expect("a count"))).collect()
}

fn value(metrics: &str, series: &str) -> f64 {
    let mut lines = metrics.lines().filter_map(|line| line.rsplit_once(' '));
    let (_, value) = lines.find(|(name, _)| *name == series).unwrap_or_else(|| panic!("{series}"));
    value.parse().expect("a number")
}
