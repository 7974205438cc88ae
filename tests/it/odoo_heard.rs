//! What the service makes of what Odoo says of itself, and of its silence.

use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use sicantik_companion::app::App;
use sicantik_companion::health::OdooHealth;
use sicantik_companion::jobs::take_orders::take_orders;
use sicantik_companion::net::rpc_client;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::{API_KEY, Failure, FakeOdoo, How};
use crate::office::{choose_tls, settings};
use crate::process::Process;
use crate::worker_config;

const QUEUED: &str = "sync.run.queued";

#[tokio::test]
async fn a_neutralised_copy_is_left_alone_until_it_is_one_no_more() {
    let odoo = FakeOdoo::spawn().await;
    let order = odoo.state().order("types", settings("http://perizinan.example"));
    odoo.state().facts.insert("neutralized".to_owned(), true.into());
    let (app, shutdown) = serve(&odoo);
    odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > 3).await;
    assert_eq!(app.health.odoo(), Some(OdooHealth::Failed("odoo_neutralized")));
    assert_eq!((odoo.count("sync.run.claim"), odoo.state().run(&order).state.as_str()), (0, "queued"));
    odoo.state().facts.clear();
    odoo.until(|state| state.calls.iter().any(|call| call.method == "sync.run.claim")).await;
    shutdown.cancel();
}

#[tokio::test]
async fn the_end_of_the_api_key_is_known_from_the_queue() {
    let odoo = FakeOdoo::spawn().await;
    #[expect(clippy::disallowed_methods, reason = "the worker of this story has the machine's clock")]
    let now = Utc::now();
    let ends = (now + TimeDelta::days(10)).format("%Y-%m-%d %H:%M:%S").to_string();
    odoo.state().facts.insert("api_key_expires".to_owned(), ends.into());
    let (app, shutdown) = serve(&odoo);
    odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > 1).await;
    assert!(app.health.api_key_ends_soon(now).is_some());
    shutdown.cancel();
}

#[test]
fn what_lasts_is_said_once() {
    let health = sicantik_companion::health::Health::default();
    let failed = OdooHealth::Failed("odoo_neutralized");
    let reached = OdooHealth::Reached("u".to_owned());
    let news = [&failed, &failed, &reached, &reached, &failed].map(|heard| health.set_odoo(heard.clone()));
    assert_eq!(news, [true, false, true, false, true]);
}

#[tokio::test]
async fn a_look_for_orders_that_hangs_shows_in_readiness() {
    choose_tls();
    let odoo = FakeOdoo::spawn().await;
    odoo.fail([Failure::of(QUEUED, How::SlowAfter(Duration::from_hours(1)))]);
    let worker = Process::serve(&odoo.url());
    let http = rpc_client(Duration::from_secs(10), Vec::new()).expect("a client");
    let shows = async {
        loop {
            let response = http.get(format!("http://{}/readyz", worker.address)).send().await.expect("an answer");
            let ready = response.text().await.expect("a body");
            if ready.contains(r#""take_orders":{"last_tick":null,"late":true}"#) {
                return assert!(ready.contains(r#""status":"degraded""#), "{ready}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), shows).await.expect("it shows");
}

#[tokio::test]
async fn the_service_says_what_lasts_once_and_lives_while_odoo_is_silent() {
    choose_tls();
    // Takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let odoo = format!("http://{}", silent.local_addr().expect("an address"));
    let mut worker = Process::serve(&odoo);
    let http = rpc_client(Duration::from_secs(10), Vec::new()).expect("a client");
    let get = async |path: &str| {
        let response = http.get(format!("http://{}{path}", worker.address)).send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a body"))
    };
    assert_eq!(get("/healthz").await, (200, r#"{"status":"ok"}"#.to_owned()));
    let (status, ready) = get("/readyz").await;
    assert!(
        status == 200 && ready.contains(r#""odoo":"not_asked_yet""#) && ready.contains(r#""status":"degraded""#),
        "{ready}"
    );
    worker.kill();

    let odoo = FakeOdoo::spawn().await;
    odoo.fail([Failure::of(QUEUED, How::Status(502))]);
    let mut worker = Process::serve(&odoo.url());
    odoo.until(|state| state.calls.iter().filter(|call| call.method == QUEUED).count() > 2).await;
    let log = worker.kill();
    assert_eq!(log.matches("Odoo could not be asked for orders").count(), 1, "{log}");
    assert!(!log.contains(API_KEY));
}

fn serve(odoo: &FakeOdoo) -> (Arc<App>, CancellationToken) {
    choose_tls();
    let app = Arc::new(App::new(worker_config::config(odoo, "worker.poll_seconds = 1")).expect("an app"));
    let shutdown = CancellationToken::new();
    tokio::spawn(take_orders(Arc::clone(&app), shutdown.clone()));
    (app, shutdown)
}
