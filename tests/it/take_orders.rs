//! The service itself: it finds orders, does them, and hands them back when it is told to end.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use sicantik_companion::app::App;
use sicantik_companion::config::Config;
use sicantik_companion::domain::RunKind;
use sicantik_companion::health::OdooHealth;
use sicantik_companion::jobs::take_orders::take_orders;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::{API_KEY, DATABASE, DATABASE_UUID, Failure, How, LOGIN, State};
use crate::office::{Office, choose_tls, settings};
use crate::simulator::Options;

/// How often the worker looks by itself where a story waits for it.
const SOON: u64 = 1;

/// Where none does: a hook, or the end of a run, is enough.
const NEVER: u64 = 3_600;

const QUEUED: &str = "sync.run.queued";

#[tokio::test]
async fn waiting_orders_are_done_at_the_start_and_later_ones_at_a_hook() {
    let office = Office::with_permits(60).await;
    let first = [office.order(RunKind::Types), office.order(RunKind::Permits)];
    let worker = Worker::start(&office, DATABASE_UUID);
    office.odoo.until(|state| first.iter().all(|uuid| is(state, uuid, "done"))).await;
    assert_eq!(worker.app.health.odoo(), Some(OdooHealth::Reached(DATABASE_UUID.to_owned())));

    let later = office.order(RunKind::Probe);
    worker.app.wake.notify_one();
    office.odoo.until(|state| is(state, &later, "done")).await;
    worker.stop().await;
    assert_eq!(office.odoo.count("authenticate"), 1, "one sign-in is enough");
}

#[tokio::test]
async fn an_order_whose_hook_was_lost_is_found_at_the_next_poll() {
    let office = Office::with_permits(5).await;
    let worker = Worker::polling(&office, DATABASE_UUID, SOON);
    office.odoo.until(|state| state.calls.iter().any(|call| call.method == QUEUED)).await;
    let order = office.order(RunKind::Types);
    office.odoo.until(|state| is(state, &order, "done")).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_that_is_told_to_end_hands_its_runs_back() {
    let office = Office::open(Options { permits: 100, query_ms: 60_000, ..Options::default() }).await;
    let orders = [office.order(RunKind::Permits), office.order(RunKind::Types)];
    let worker = Worker::start(&office, DATABASE_UUID);
    office.odoo.until(|state| orders.iter().all(|uuid| is(state, uuid, "claimed"))).await;
    worker.stop().await;
    {
        let state = office.odoo.state();
        for run in &state.runs {
            assert_eq!((run.state.as_str(), run.figures.get("error_code")), ("queued", None), "{}", run.kind);
        }
    }
    // The next worker goes on from there.
    office.sicantik.set(&serde_json::json!({ "query_ms": 0 })).expect("a setting");
    let next = Worker::start(&office, DATABASE_UUID);
    office.odoo.until(|state| orders.iter().all(|uuid| is(state, uuid, "done"))).await;
    next.stop().await;
    assert_eq!(office.odoo.state().permits.len(), 100);
    assert!(office.odoo.state().runs.iter().all(|run| run.attempts == 2));
}

#[tokio::test]
async fn an_order_with_an_address_that_cannot_be_used_fails_at_once() {
    let office = Office::with_permits(1).await;
    let order = office.odoo.state().order("permits", settings("perizinan.example"));
    let worker = Worker::start(&office, DATABASE_UUID);
    office.odoo.until(|state| is(state, &order, "failed")).await;
    worker.stop().await;
    let figures = office.odoo.state().run(&order).figures.clone();
    assert_eq!(figures["error_code"], "sicantik_bad_address");
    assert!(figures["error_message"].as_str().is_some_and(|text| text.contains("the API URL cannot be used")));
}

#[tokio::test]
async fn a_worker_touches_no_other_database_than_its_own() {
    let office = Office::with_permits(1).await;
    let order = office.order(RunKind::Permits);
    let worker = Worker::start(&office, "99999999-2222-3333-4444-555555555555");
    let health = Arc::clone(&worker.app.health);
    // What is still on its way at a stop is not waited for.
    while health.odoo().is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.stop().await;
    assert_eq!(health.odoo(), Some(OdooHealth::Failed("odoo_wrong_database")));
    assert_eq!(office.odoo.count("sync.run.claim"), 0);
    assert_eq!(office.odoo.state().run(&order).state, "queued");
}

#[tokio::test]
async fn an_odoo_that_is_away_is_asked_again_at_the_next_poll() {
    let office = Office::with_permits(5).await;
    let order = office.order(RunKind::Types);
    office.odoo.fail([Failure::of("*", How::Status(502)).times(1)]);
    let worker = Worker::polling(&office, DATABASE_UUID, SOON);
    office.odoo.until(|state| !state.calls.is_empty()).await;
    office.odoo.until(|state| is(state, &order, "done")).await;
    assert_eq!(worker.app.health.odoo(), Some(OdooHealth::Reached(DATABASE_UUID.to_owned())));
    worker.stop().await;
}

#[tokio::test]
async fn a_hook_is_enough_to_stop_a_run_that_a_person_cancelled() {
    // The list hangs, and reports do not come through: only the queue tells.
    let office = Office::open(Options { permits: 100, query_ms: 3_600_000, ..Options::default() }).await;
    let order = office.order(RunKind::Permits);
    office.odoo.fail([Failure::of("sync.run.report", How::Status(503))]);
    let worker = Worker::start(&office, DATABASE_UUID);
    office.odoo.until(|state| is(state, &order, "claimed")).await;
    let asked = office.odoo.count(QUEUED);
    office.odoo.state().run(&order).cancel = true;
    worker.app.wake.notify_one();
    office.odoo.until(|state| is(state, &order, "cancelled")).await;
    assert_eq!(office.odoo.count(QUEUED), asked + 1, "asked once, for the hook");

    // Nothing is left stuck: the next order is taken up.
    office.sicantik.set(&serde_json::json!({ "query_ms": 0 })).expect("a setting");
    let next = office.order(RunKind::Types);
    worker.app.wake.notify_one();
    office.odoo.until(|state| is(state, &next, "done")).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_comparison_that_was_ordered_in_odoo_is_done_too() {
    let office = Office::with_permits(40).await;
    let order = office.order(RunKind::Compare);
    let worker = Worker::start(&office, DATABASE_UUID);
    office.odoo.until(|state| is(state, &order, "partial")).await;
    worker.stop().await;
    let mut state = office.odoo.state();
    assert_eq!(state.run(&order).issue_codes(), ["only_in_sicantik"; 40]);
    assert!(state.permits.is_empty());
}

#[tokio::test]
async fn of_two_workers_each_order_is_done_by_one() {
    let office = Office::with_permits(150).await;
    let orders = [RunKind::Permits, RunKind::Types, RunKind::Probe].map(|kind| office.order(kind));
    let workers = [Worker::start(&office, DATABASE_UUID), Worker::start(&office, DATABASE_UUID)];
    office.odoo.until(|state| orders.iter().all(|uuid| is(state, uuid, "done"))).await;
    for worker in workers {
        worker.stop().await;
    }
    let state = office.odoo.state();
    assert!(state.runs.iter().all(|run| run.attempts == 1));
    assert!(state.permits.len() == 150 && state.permits.values().all(|permit| permit.writes == 1));
}

fn is(state: &State, uuid: &str, expected: &str) -> bool {
    state.runs.iter().any(|run| run.uuid == uuid && run.state == expected)
}

/// A worker that takes orders.
struct Worker {
    app: Arc<App>,
    shutdown: CancellationToken,
    job: JoinHandle<()>,
}

impl Worker {
    fn start(office: &Office, paired_with: &str) -> Self {
        Self::polling(office, paired_with, NEVER)
    }

    fn polling(office: &Office, paired_with: &str, poll_seconds: u64) -> Self {
        choose_tls();
        let app = Arc::new(App::new(config(office, paired_with, poll_seconds)).expect("an app"));
        let shutdown = CancellationToken::new();
        let job = tokio::spawn(take_orders(Arc::clone(&app), shutdown.clone()));
        Self { app, shutdown, job }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.job.await.expect("no panic");
    }
}

fn config(office: &Office, paired_with: &str, poll_seconds: u64) -> Config {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    let url = office.odoo.url();
    write!(
        file,
        "[odoo]\nurl = {url:?}\ndatabase = {DATABASE:?}\ndatabase_uuid = {paired_with:?}\nlogin = {LOGIN:?}\n\
         api_key = {API_KEY:?}\nretry_seconds = 1\n[worker]\nname = \"kantor\"\npoll_seconds = {poll_seconds}\n\
         [sicantik]\nallowed_hosts = [\"127.0.0.1\"]\n"
    )
    .expect("written");
    Config::load(Some(file.path())).expect("a configuration")
}
