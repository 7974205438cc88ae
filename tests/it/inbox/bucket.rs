//! The inbox in a bucket: a stand-in S3 that keeps what it is given, and in which others put files meanwhile.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::config::{InboxPlace, S3Place};
use sicantik_companion::inbox::{Inbox, Looked};
use tokio::net::TcpListener;

use super::{QUICK, inbox_at};
use crate::fake_odoo::FakeOdoo;
use crate::files::archive::Archive;
use crate::files::sealed::{hash_of, pdf_of};

#[derive(Default)]
struct Inside {
    /// By their names in the inbox.
    objects: BTreeMap<String, Bytes>,
    /// Right after this was answered somebody puts that in place of the file.
    meanwhile: Option<(After, Bytes)>,
    /// Method and end of the name of what is refused.
    refused: Vec<(Method, &'static str)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    List,
    Read,
}

const FILE: &str = "izin.pdf";

impl Inside {
    fn come(&mut self, after: After) {
        if let Some((_, newer)) = self.meanwhile.take_if(|(of, _)| *of == after) {
            self.objects.insert(FILE.to_owned(), newer);
        }
    }

    fn list(&self, folder: &str) -> Response {
        let mut found = String::new();
        for (name, bytes) in &self.objects {
            if name.strip_prefix(folder).is_some_and(|name| !name.contains('/')) {
                let (size, tag) = (bytes.len(), tag(bytes));
                write!(
                    found,
                    "<Contents><Key>kantor/masuk/{name}</Key><LastModified>2026-01-01T00:00:00.123Z</LastModified>\
                     <ETag>{tag}</ETag><Size>{size}</Size></Contents>"
                )
                .expect("written");
            }
        }
        format!("<ListBucketResult>{found}</ListBucketResult>").into_response()
    }

    fn delete(&mut self, asked: &str) -> Response {
        let keys = asked.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        let deleted: Vec<String> = keys
            .map(|key| {
                self.objects.remove(key.strip_prefix("kantor/masuk/").expect("of the inbox"));
                format!("<Deleted><Key>{key}</Key></Deleted>")
            })
            .collect();
        format!("<DeleteResult>{}</DeleteResult>", deleted.concat()).into_response()
    }
}

fn tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..8].iter().fold(String::new(), |tag, byte| format!("{tag}{byte:02x}"))
}

fn plain(text: &str) -> String {
    url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes()).next().expect("a text").0.into_owned()
}

fn refusal(status: StatusCode, code: &str, name: &str) -> Response {
    let body = format!("<Error><Code>{code}</Code><Message>As documented</Message><Key>{name}</Key></Error>");
    (status, [("content-type", "application/xml")], body).into_response()
}

#[derive(Clone, Default)]
struct StandIn(Arc<Mutex<Inside>>);

async fn answer(State(it): State<StandIn>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut inside = it.inside();
    if uri.path() == "/dokumen" {
        let query = uri.query().unwrap_or_default();
        if query == "delete" {
            return inside.delete(&String::from_utf8_lossy(&body));
        }
        let prefix =
            url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "prefix").expect("a prefix").1;
        let found = inside.list(prefix.strip_prefix("kantor/masuk/").expect("of the inbox"));
        inside.come(After::List);
        return found;
    }
    let name = plain(uri.path().strip_prefix("/dokumen/kantor/masuk/").expect("of the inbox"));
    if inside.refused.iter().any(|(asked, of)| *asked == method && name.ends_with(of)) {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequest", &name);
    }
    let given = match headers.get("x-amz-copy-source") {
        Some(from) => {
            let from = plain(from.to_str().expect("text"));
            inside.objects.get(from.rsplit_once("masuk/").expect("of the inbox").1).cloned()
        }
        None if method == Method::PUT => Some(body),
        None => inside.objects.get(&name).cloned(),
    };
    let Some(bytes) = given else { return refusal(StatusCode::NOT_FOUND, "NoSuchKey", &name) };
    if method == Method::PUT {
        if headers.contains_key("if-none-match") && inside.objects.contains_key(&name) {
            return refusal(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", &name);
        }
        inside.objects.insert(name, bytes.clone());
    }
    if method == Method::GET {
        inside.come(After::Read);
    }
    let tag = format!("\"{}\"", tag(&bytes));
    let facts = [("etag", tag.as_str()), ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")];
    if headers.contains_key("x-amz-copy-source") {
        return (facts, format!("<CopyObjectResult><ETag>{tag}</ETag></CopyObjectResult>")).into_response();
    }
    if method == Method::PUT { facts.into_response() } else { (facts, bytes).into_response() }
}

impl StandIn {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("sound")
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        self.inside().objects.insert(name.to_owned(), Bytes::copy_from_slice(bytes));
    }

    /// What lies in the folders of an outcome, without their days.
    fn taken(&self, outcome: &str) -> BTreeMap<String, Bytes> {
        let of = |name: &str| {
            name.strip_prefix(outcome)?.strip_prefix('/')?.split_once('/').map(|(_, name)| name.to_owned())
        };
        self.inside().objects.iter().filter_map(|(name, bytes)| Some((of(name)?, bytes.clone()))).collect()
    }

    fn lying(&self) -> Vec<String> {
        self.inside().objects.keys().filter(|name| !name.contains('/')).cloned().collect()
    }
}

struct Story {
    bucket: StandIn,
    inbox: Inbox,
    odoo: FakeOdoo,
    /// Its folder goes with it.
    _archive: Archive,
}

impl Story {
    async fn begin() -> Self {
        let (archive, odoo, bucket) = (Archive::on_a_file().await, FakeOdoo::spawn().await, StandIn::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(bucket.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let place = InboxPlace::S3(S3Place {
            bucket: "dokumen".to_owned(),
            endpoint: Some(endpoint.parse().expect("an address")),
            region: "us-east-1".to_owned(),
            prefix: "kantor/masuk".to_owned(),
            ca_file: None,
            access_key: "AKCONTOH".to_owned(),
            secret_key: "rahasia-contoh".into(),
        });
        let inbox = inbox_at(&place, &archive.files, &odoo, QUICK);
        Self { bucket, inbox, odoo, _archive: archive }
    }

    async fn look(&self) -> Looked {
        self.inbox.look().await.expect("a look")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_anew_while_it_is_taken_is_read_anew() {
    for (after, offered) in [(After::List, 1), (After::Read, 2)] {
        let story = Story::begin().await;
        let older = pdf_of(1000);
        let newer = String::from_utf8(older.clone()).expect("text").replace("BUDI", "BUDA").into_bytes();
        assert_eq!(newer.len(), older.len());
        story.bucket.put(FILE, &older);
        story.bucket.inside().meanwhile = Some((after, newer.clone().into()));
        assert_eq!(story.look().await.waiting, 1);
        assert_eq!(story.bucket.lying(), [FILE], "{after:?}: nobody has read it");
        assert!(story.bucket.taken("imported").is_empty(), "{after:?}");
        assert_eq!(story.look().await.imported, 1, "{after:?}");
        assert_eq!(story.bucket.lying(), [""; 0], "{after:?}");
        assert_eq!(story.bucket.taken("imported")[FILE], newer);
        let arrivals = story.odoo.state().arrivals.clone();
        assert_eq!(arrivals.len(), offered, "{after:?}");
        assert!(arrivals.values().any(|arrival| arrival.sha256 == hash_of(&newer)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_cannot_be_read_or_moved_holds_up_no_other() {
    let story = Story::begin().await;
    for at in 1..=3 {
        story.bucket.put(&format!("izin {at}.pdf"), &pdf_of(1000 + at));
    }
    story.bucket.inside().refused = vec![(Method::GET, "izin 1.pdf"), (Method::PUT, "/izin 2.pdf")];
    let looked = story.look().await;
    assert_eq!((looked.waiting, looked.passed_over, looked.imported), (3, 2, 1));
    assert_eq!(story.bucket.lying(), ["izin 1.pdf", "izin 2.pdf"]);
    assert_eq!(story.look().await, Looked { waiting: 2, ..Looked::default() }, "they rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_has_no_name_of_a_file() {
    let story = Story::begin().await;
    story.bucket.put("Budi\u{7f}.pdf", &pdf_of(1000));
    let error = story.inbox.look().await.expect_err("it is no name").to_string();
    assert!(error.contains("do not agree") && !error.contains("Budi"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_is_written_over_nothing() {
    for (lying, name) in [("punya kantor", "izin (2).pdf"), ("Demikian.\n", FILE)] {
        let story = Story::begin().await;
        story.bucket.put(FILE, &pdf_of(1000));
        story.bucket.put(&format!("imported/{}/izin.pdf.txt", SystemClock.now().date_naive()), lying.as_bytes());
        assert_eq!(story.look().await.imported, 1);
        let taken = story.bucket.taken("imported");
        assert_eq!(taken["izin.pdf.txt"], lying);
        assert!(taken.contains_key(name) && taken[&format!("{name}.txt")] == "Demikian.\n", "{:?}", taken.keys());
    }
}
