//! Documents at their public addresses: Odoo says who may have what, at each request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::json;
use sicantik_companion::http::public::{Documents, Public, router};
use sicantik_companion::http::serve::{PUBLIC, serve};
use sicantik_companion::net::rpc_client;
use sicantik_companion::telemetry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::archive::Archive;
use super::keeps::FIRST;
use super::sealed::{Sealed, hash_of, pdf_of};
use crate::fake_odoo::{Failure, FakeOdoo, How};
use crate::logs::Logs;
use crate::office::sink_with;

const TOKEN: &str = "Kx0-_Ab3dEfGhIjKlMnOpQrStUvWxYz0123456789ab";
const OTHER: &str = "Zz0-_Ab3dEfGhIjKlMnOpQrStUvWxYz0123456789ab";
const ASKED: &str = "document.handed_out";
const NAME: &str = "DOC_2026_00001-1.pdf";

/// An office that hands out one document.
struct Street {
    archive: Archive,
    odoo: FakeOdoo,
    document: Vec<u8>,
    base: String,
    http: reqwest::Client,
    stop: CancellationToken,
}

impl Street {
    async fn open() -> Self {
        let (archive, odoo, document) = (Archive::on_a_file().await, FakeOdoo::spawn().await, pdf_of(300_000));
        archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
        let sink = sink_with(&odoo, |options| options.timeout = Duration::from_secs(2));
        let proxies = Arc::from(["127.0.0.1/32".parse().expect("a network")]);
        let documents = Documents::new(Arc::clone(&archive.files), Arc::new(sink), proxies);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, public) = (CancellationToken::new(), Public { webhooks: None, documents: Some(documents) });
        tokio::spawn(serve(listener, router(public), PUBLIC, stop.clone()));
        let http = rpc_client(Duration::from_mins(1), Vec::new()).expect("a client");
        let street = Self { archive, odoo, document, base, http, stop };
        street.say("ready");
        street
    }

    /// From now on Odoo says this of the address.
    fn say(&self, state: &str) {
        let hash = hash_of(&self.document);
        let said =
            json!({ "state": state, "version": FIRST, "name": NAME, "size": self.document.len(), "sha256": hash });
        self.odoo.state().addresses.insert(hash_of(TOKEN.as_bytes()), said);
    }

    async fn call(&self, method: Method, token: &str, client: &str) -> Response {
        let request = self.http.request(method, format!("{}/documents/{token}", self.base));
        request.header("X-Forwarded-For", client).send().await.expect("an answer")
    }

    async fn get(&self, token: &str) -> Response {
        self.call(Method::GET, token, "203.0.113.1").await
    }

    async fn status(&self, client: &str) -> u16 {
        self.call(Method::HEAD, TOKEN, client).await.status().as_u16()
    }
}

impl Drop for Street {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Everything that a stranger can compare: status, headers and body.
async fn whole(answer: Response) -> (u16, BTreeMap<String, String>, String) {
    let status = answer.status().as_u16();
    let headers = answer.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned())).collect();
    (status, headers, answer.text().await.expect("a body"))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_address_gets_the_document() {
    let street = Street::open().await;
    let answer = street.get(TOKEN).await;
    assert_eq!(answer.status(), 200);
    let head = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    let expected = [
        ("content-type", "application/pdf"),
        ("content-length", "300000"),
        ("content-disposition", "inline; filename=\"DOC_2026_00001-1.pdf\""),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex, nofollow"),
    ];
    for (name, value) in expected {
        assert_eq!(head(name), value, "{name}");
    }
    assert!(head("content-security-policy").starts_with("default-src 'none'"));
    assert!(answer.bytes().await.expect("a body") == street.document);

    let answer = street.call(Method::HEAD, TOKEN, "203.0.113.1").await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["content-length"]), (200, &"300000".parse().expect("one")));
    assert!(answer.bytes().await.expect("a body").is_empty());
    assert_eq!(street.call(Method::POST, TOKEN, "203.0.113.1").await.status(), 405);
    // Odoo is asked each time, and hears the hash alone.
    let calls = street.odoo.calls(ASKED);
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| !call.arguments.to_string().contains(TOKEN)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_address_any_more_is_as_what_never_was() {
    let street = Street::open().await;
    assert_eq!(street.get(TOKEN).await.status(), 200);
    // It is taken back.
    street.odoo.state().addresses.clear();
    let taken_back = whole(street.get(TOKEN).await).await;
    assert_eq!(taken_back.0, 404);
    let asked = street.odoo.calls(ASKED).len();
    let too_long = "a".repeat(5_000);
    for (token, asks) in [
        (OTHER, 1),
        ("short", 0),
        (&too_long, 0),
        ("%ff%fe", 0),
        ("..%2f..%2fetc%2fpasswd", 0),
        ("%3Cscript%3E", 0),
        (&TOKEN.replace('K', "."), 0),
    ] {
        let before = street.odoo.calls(ASKED).len();
        assert_eq!(whole(street.get(token).await).await, taken_back, "{token}");
        assert_eq!(street.odoo.calls(ASKED).len() - before, asks, "{token}");
    }
    assert_eq!(street.odoo.calls(ASKED).len(), asked + 1);
    let (_, headers, page) = taken_back;
    assert!(page.contains("lang=\"id\"") && page.find("Dokumen tidak ditemukan") < page.find("Document not found"));
    assert!(
        !page.contains("http") && !page.contains("<script") && !page.contains("src="),
        "nothing comes from elsewhere"
    );
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    // A worker that keeps no documents says the same.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serve(listener, router(Public::default()), PUBLIC, street.stop.clone()));
    let answer = street.http.get(format!("{base}/documents/{TOKEN}")).send().await.expect("an answer");
    assert_eq!(whole(answer).await.2, page);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_office_alone_has_says_so_and_nothing_else() {
    let street = Street::open().await;
    let mut pages = Vec::new();
    for state in ["cancelled", "expired", "renewed", "withdrawn", "draft", "unpublished", "new in a later addon"] {
        street.say(state);
        let (status, _, page) = whole(street.get(TOKEN).await).await;
        assert_eq!(status, 410, "{state}");
        pages.push(page);
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "nobody learns why");
    assert!(pages[0].contains("di kantor perizinan") && !pages[0].contains("DOC_"), "{}", pages[0]);
    street.say("ready");
    assert_eq!(street.get(TOKEN).await.status(), 200, "nothing was kept of it");
    // Its bytes are gone: the office has to act, and the applicant goes there.
    std::fs::remove_file(&street.archive.objects()[0]).expect("removed");
    assert_eq!(street.get(TOKEN).await.status(), 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_something_is_away_it_is_to_be_asked_again() {
    let street = Street::open().await;
    for how in [
        How::Status(502),
        How::ResetBefore,
        How::SlowAfter(Duration::from_secs(20)),
        How::Page,
        How::Exception("odoo.exceptions.AccessError", "no"),
        How::Exception("builtins.AttributeError", "an addon that is too old"),
    ] {
        street.odoo.fail([Failure::of(ASKED, how.clone())]);
        let before = street.odoo.calls(ASKED).len();
        let (status, headers, page) = whole(street.get(TOKEN).await).await;
        assert_eq!(status, 503, "{how:?}");
        assert!(headers.contains_key("retry-after") && page.contains("coba lagi"), "{how:?}");
        assert_eq!(street.odoo.calls(ASKED).len() - before, 1, "one try: {how:?}");
    }
    street.odoo.fail([]);
    assert_eq!(street.get(TOKEN).await.status(), 200);
    std::fs::rename(&street.archive.folder, street.archive.home.join("away")).expect("moved");
    assert_eq!(street.get(TOKEN).await.status(), 503);
    std::fs::rename(street.archive.home.join("away"), &street.archive.folder).expect("moved");
    assert_eq!(street.get(TOKEN).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_waits_and_the_others_do_not() {
    let street = Street::open().await;
    let mut given = 0;
    // Many addresses of one customer are one.
    while given < 200 && street.status(&format!("2001:db8::{given:x}")).await == 200 {
        given += 1;
    }
    assert!((60..120).contains(&given), "{given}");
    let (status, headers, page) = whole(street.call(Method::GET, TOKEN, "2001:db8::1:1").await).await;
    assert_eq!(status, 429);
    assert!(headers.contains_key("retry-after") && page.contains("Too many requests"));
    assert_eq!(street.call(Method::GET, "short", "2001:db8::1").await.status(), 404, "that costs nobody anything");
    assert_eq!((street.status("2001:db8:0:1::1").await, street.status("203.0.113.9").await), (200, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_are_asked_for_at_once() {
    let street = Arc::new(Street::open().await);
    street.odoo.fail([Failure::of(ASKED, How::Slow(Duration::from_secs(1)))]);
    let asks = (0..40).map(|number| {
        let street = Arc::clone(&street);
        tokio::spawn(async move { street.status(&format!("203.0.113.{number}")).await })
    });
    let mut statuses = Vec::new();
    for ask in asks.collect::<Vec<_>>() {
        statuses.push(ask.await.expect("asked"));
    }
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&200) && statuses.contains(&503), "{statuses:?}");
    assert!(street.odoo.calls(ASKED).iter().all(|call| call.at_once <= 8));
}

#[tokio::test]
async fn the_token_stands_in_no_log_and_no_figure() {
    let logs = Logs::default();
    let filter = telemetry::filter("trace").expect("a filter");
    let lines = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(logs.clone()).finish();
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(lines);
    let exporter = sicantik_companion::metrics::Exporter::of_process().expect("an exporter");
    let street = Box::pin(Street::open()).await;
    assert_eq!(street.get(TOKEN).await.status(), 200);
    assert_eq!(street.get(OTHER).await.status(), 404);
    street.odoo.fail([Failure::of(ASKED, How::Status(502))]);
    assert_eq!(street.get(TOKEN).await.status(), 503);
    street.odoo.fail([]);
    std::fs::remove_file(&street.archive.objects()[0]).expect("removed");
    assert_eq!(street.get(TOKEN).await.status(), 410);
    drop(guard);
    let (text, figures) = (logs.text(), exporter.text());
    assert!(text.contains("could not be given") && text.contains(FIRST), "what is wrong is said");
    // The story's own client writes what it calls; everything else is the worker.
    let of_worker: Vec<&str> = text.lines().filter(|line| !line.contains("\"target\":\"reqwest")).collect();
    for secret in [TOKEN, OTHER] {
        assert!(!figures.contains(secret));
        let found = of_worker.iter().find(|line| line.contains(secret));
        assert!(found.is_none(), "{found:?}");
    }
    for result in ["given", "unknown", "not_now", "lost"] {
        assert!(figures.contains(&format!("sicantik_documents_handed_out_total{{result=\"{result}\"}}")), "{figures}");
    }
}
