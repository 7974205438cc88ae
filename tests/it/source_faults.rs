//! A SICANTIK that fails: what is tried again, how often, and what is said when nothing helps.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sicantik_companion::domain::{PermitNumber, RegistrationNumber};
use sicantik_companion::net::{RateLimit, RetryPolicy};
use sicantik_companion::sicantik::{Client, ClientOptions, SicantikError, endpoint};

use tokio::task::JoinSet;

use crate::canned_source::Scripted;
use crate::office::{self, fault, source, source_with, spawn};
use crate::simulator::{Kind, Options, Rule, Running};

/// What a broken server, proxy or network does, and how many calls it costs when it does so once.
const FAULTS: [(Kind, Option<u16>, u64); 14] = [
    (Kind::Status, Some(500), 2),
    (Kind::Status, Some(502), 2),
    (Kind::Status, Some(503), 2),
    (Kind::Status, Some(504), 2),
    (Kind::Status, Some(429), 2),
    (Kind::Empty, None, 2),
    (Kind::Html, None, 2),
    (Kind::Hang, None, 2),
    (Kind::Reset, None, 2),
    (Kind::Truncate, None, 2),
    (Kind::NotJson, None, 2),
    // Ugly, but readable.
    (Kind::GarbageBefore, None, 1),
    (Kind::Bom, None, 1),
    (Kind::WrongContentType, None, 1),
];

/// Shorter than a hanging server, longer than any other answer takes on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(3);

#[tokio::test]
async fn a_fault_that_passes_is_not_noticed() {
    for no_xml in [false, true] {
        let sicantik = spawn(Options { permits: 60, no_xml, ..Options::default() }).await;
        for (kind, status, calls) in FAULTS {
            let client = impatient(&sicantik);
            sicantik.set_faults(vec![Rule { status, ..fault(endpoint::ISSUED, kind, 1) }]);
            let page = client.issued_page(0, 20).await.unwrap_or_else(|error| panic!("{kind:?} {status:?}: {error}"));
            assert_eq!((page.rows.len(), client.calls()), (20, calls), "{kind:?} {status:?}, json: {no_xml}");
        }
    }
}

#[tokio::test]
async fn every_endpoint_is_tried_again() {
    let sicantik = spawn(Options { permits: 60, ..Options::default() }).await;
    let (registration, number) = numbered_permit(&sicantik);
    sicantik.set_faults(vec![
        fault(endpoint::TYPE_COUNT, Kind::Empty, 1),
        fault(endpoint::TYPES, Kind::Html, 2),
        fault(endpoint::DETAIL_BY_NUMBER, Kind::Reset, 1),
        fault(endpoint::DETAIL_BY_CODE, Kind::Truncate, 1),
    ]);
    let client = impatient(&sicantik);
    assert_eq!(client.type_count().await.expect("a count"), Some(90));
    assert_eq!(client.permit_types().await.expect("types").len(), 90);
    client.detail(&registration, &number).await.expect("an answer");
    let faulted: Vec<_> = sicantik.calls().iter().filter_map(|call| call.fault).collect();
    assert_eq!(faulted, ["empty", "html", "html", "reset"], "the code is not asked for when the number is found");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_by_endpoint_with_their_times_and_errors() {
    let sicantik = spawn(Options { permits: 60, query_ms: 40, ..Options::default() }).await;
    // One a second: the calls after the first wait for their place, and that is no time of SICANTIK's.
    let client =
        Client::new(&office::options(&sicantik.base_url()), Arc::new(RateLimit::per_second(1.0))).expect("a client");
    let begun = Instant::now();
    sicantik.set_faults(vec![fault(endpoint::TYPES, Kind::Empty, 2)]);
    client.type_count().await.expect("a count");
    client.permit_types().await.expect("types at the third try");

    let [types, count] = client.calls_by_endpoint().try_into().expect("two endpoints");
    assert_eq!((types.endpoint, types.calls, types.failed), (endpoint::TYPES, 3, 2));
    assert_eq!(types.error_codes, [("sicantik_unavailable", 2)].into());
    assert_eq!((count.endpoint, count.calls, count.failed), (endpoint::TYPE_COUNT, 1, 0));
    assert!(count.error_codes.is_empty(), "{count:?}");
    assert_eq!(client.calls(), 4);
    assert!(types.slowest >= Duration::from_millis(40) && types.total >= types.slowest, "{types:?}");
    assert!(types.total < begun.elapsed() / 2, "they waited most of the time: {types:?}");
}

#[tokio::test]
async fn a_fault_that_stays_is_told_with_a_code_after_some_tries() {
    let mut broken = Vec::new();
    for (kind, status, _) in FAULTS.into_iter().filter(|(_, _, calls)| *calls > 1) {
        let sicantik = spawn(Options { permits: 60, ..Options::default() }).await;
        sicantik.set_faults(vec![Rule { status, ..fault(endpoint::ISSUED, kind, 0) }]);
        // At the beginning, in the middle, and where the list would end.
        let clients = [0, 20, 1_000].map(|offset| (offset, impatient(&sicantik)));
        broken.push((format!("{kind:?} {status:?}"), sicantik, clients));
    }
    let mut tries = JoinSet::new();
    for (name, sicantik, clients) in broken {
        let sicantik = Arc::new(sicantik);
        for (offset, client) in clients {
            let (name, sicantik) = (format!("{name} at {offset}"), Arc::clone(&sicantik));
            tries.spawn(async move {
                let error = client.issued_page(offset, 20).await.expect_err("an error, not an end");
                drop(sicantik);
                (name, offset, error.code(), client.calls())
            });
        }
    }
    for (name, offset, code, calls) in tries.join_all().await {
        assert!(offset > 60 || (code == "sicantik_unavailable" && calls >= 2), "{name}: {code} after {calls} calls");
    }
}

#[tokio::test]
async fn the_pause_that_the_server_asks_for_is_kept() {
    let story = async |status| {
        let sicantik = spawn(Options { permits: 60, ..Options::default() }).await;
        let rule = fault(endpoint::ISSUED, Kind::Status, 1);
        sicantik.set_faults(vec![Rule { status: Some(status), retry_after: Some(1), ..rule }]);
        let client = impatient(&sicantik);
        let begun = Instant::now();
        client.issued_page(0, 20).await.expect("a page");
        assert_eq!(client.calls(), 2);
        assert!(begun.elapsed() >= Duration::from_secs(1), "{status}: {:?}", begun.elapsed());
    };
    tokio::join!(story(429), story(503));
}

#[tokio::test]
async fn a_server_that_asks_for_patience_for_ever_is_given_up() {
    let story = async |seconds| {
        let sicantik = spawn(Options { permits: 60, ..Options::default() }).await;
        sicantik.set_faults(vec![Rule { retry_after: Some(seconds), ..fault(endpoint::ISSUED, Kind::Status, 0) }]);
        let client = impatient(&sicantik);
        let error = client.issued_page(0, 20).await.expect_err("an error");
        assert_eq!(error.code(), "sicantik_unavailable", "Retry-After: {seconds}");
        assert_eq!(client.calls(), u64::from(SOME_TRIES.tries), "Retry-After: {seconds}");
    };
    tokio::join!(story(0), story(1));
}

#[tokio::test]
async fn a_machine_that_does_not_listen_is_tried_again() {
    let sicantik = spawn(Options { permits: 10, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    sicantik.shutdown().await;
    let error = client.issued_page(0, 20).await.expect_err("an error");
    assert_eq!(error.code(), "sicantik_unavailable");
    assert!(error.to_string().contains("no connection"), "{error}");
    assert!(client.calls() > 2, "{} calls", client.calls());
}

#[tokio::test]
async fn a_status_that_passes_is_not_noticed_and_one_that_stays_is_no_wrong_address() {
    let sicantik = spawn(Options { permits: 60, ..Options::default() }).await;
    for status in [202, 206, 402, 405, 406, 409, 410, 415, 418, 421, 423, 444, 499] {
        let client = impatient(&sicantik);
        sicantik.set_faults(vec![Rule { status: Some(status), ..fault(endpoint::ISSUED, Kind::Status, 2) }]);
        let page = client.issued_page(0, 20).await.unwrap_or_else(|error| panic!("{status}: {error}"));
        assert_eq!(page.rows.len(), 20, "{status}");
    }
    for status in [204, 304, 406] {
        let always = Scripted::always(status, "").await;
        let client = source_with(&ClientOptions { retry: SOME_TRIES, ..office::options(&always.url()) });
        let error = client.issued_page(0, 20).await.expect_err("an error");
        assert_eq!((error.code(), client.calls()), ("sicantik_unavailable", 5), "{status}");
        assert!(error.to_string().contains("check the API URL"), "{error}");
    }
}

#[tokio::test]
async fn what_will_not_change_is_asked_once() {
    // A wrong address is asked in each of the three forms of the API, once in a client's life.
    let cases = [
        (401, "", "sicantik_refused", 1),
        (403, "<html><body>Forbidden</body></html>", "sicantik_refused", 1),
        (403, "{\"status\":0,\"error\":\"Invalid API Key.\"}", "sicantik_refused", 1),
        (200, "<xml><status>0</status><error>Invalid API Key.</error></xml>", "sicantik_refused", 1),
        (404, "<html><body>Not Found</body></html>", "sicantik_wrong_address", 3),
        (404, "<xml><error>Unknown method.</error></xml>", "sicantik_wrong_address", 3),
        (400, "{\"error\":\"Invalid endpoint\",\"available\":[]}", "sicantik_wrong_address", 3),
    ];
    for (status, body, code, calls) in cases {
        let sicantik = Scripted::always(status, body).await;
        let client = source(&sicantik.url());
        for more in 0..2 {
            let error = client.issued_page(20, 20).await.expect_err("an error");
            assert_eq!((error.code(), client.calls()), (code, calls + more), "{status} {body:?}");
        }
    }
}

#[test]
fn an_address_that_cannot_be_used_is_said_before_anything_is_sent() {
    office::choose_tls();
    for url in ["", "perizinan.example", "ftp://perizinan.example/api", "http://", "https://user:rahasia@host/api"] {
        let options = office::options(url);
        let rate = Arc::new(RateLimit::per_second(1.0));
        let error: SicantikError = Client::new(&options, rate).expect_err("refused");
        assert_eq!(error.code(), "sicantik_bad_address", "{url}");
        assert!(!format!("{error} {error:?}").contains("rahasia"), "{error}");
    }
}

fn impatient(sicantik: &Running) -> Client {
    source_with(&options(sicantik))
}

const SOME_TRIES: RetryPolicy = RetryPolicy { tries: 3, ..office::QUICK };

fn options(sicantik: &Running) -> ClientOptions {
    ClientOptions { timeout: TIMEOUT, retry: SOME_TRIES, ..office::options(&sicantik.base_url()) }
}

/// A permit that the first of the two look-ups finds.
fn numbered_permit(sicantik: &Running) -> (RegistrationNumber, PermitNumber) {
    let truth = sicantik.truth();
    let permits = truth["permits"].as_array().expect("permits");
    let permit = permits.iter().find(|permit| permit["detail_by"] == "number").expect("one");
    let text = |name: &str| permit[name].as_str().expect("text");
    let registration = RegistrationNumber::parse(text("registration_number")).expect("a registration");
    (registration, PermitNumber::parse(text("permit_number")).expect("a number"))
}
