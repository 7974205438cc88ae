//! A stand-in S3 of one bucket, which answers as Amazon's documentation says and fails as it is told; what the place of
//! documents makes of that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use sicantik_companion::config::{FilesPlace, S3Place};
use sicantik_companion::files::{Place, Safety};
use tokio::net::TcpListener;

use super::archive::{Archive, files};
use crate::fake_odoo::DATABASE_UUID;

/// A failure after which the object is there all the same.
const STORED: &str = "InternalError";

/// What is asked of the bucket itself, and the answer.
type Told = (&'static str, u16, &'static str);

#[derive(Default)]
struct Inside {
    objects: BTreeMap<String, Bytes>,
    /// Status and code, of the next answers.
    faults: Vec<(u16, &'static str)>,
    /// How many answers were faults.
    failed: usize,
    told: Vec<Told>,
}

impl Inside {
    /// Several at once, as the worker asks for one, too.
    fn delete(&mut self, asked: &str) -> Response {
        let keys = asked.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
        let deleted: Vec<String> = keys
            .map(|key| {
                self.objects.remove(&format!("/dokumen/{key}")).expect("it was there");
                format!("<Deleted><Key>{key}</Key></Deleted>")
            })
            .collect();
        format!("<DeleteResult>{}</DeleteResult>", deleted.concat()).into_response()
    }
}

#[derive(Clone, Default)]
struct StandIn(Arc<Mutex<Inside>>);

impl StandIn {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("sound")
    }

    async fn serve(&self) -> Place {
        Place::open(&self.serve_place().await).expect("a place")
    }

    /// Serves it, and says what leads there.
    async fn serve_place(&self) -> FilesPlace {
        crate::office::choose_tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        FilesPlace::S3(S3Place {
            bucket: "dokumen".to_owned(),
            endpoint: Some(endpoint.parse().expect("an address")),
            region: "us-east-1".to_owned(),
            prefix: "kantor".to_owned(),
            ca_file: None,
            access_key: "AKCONTOH".to_owned(),
            secret_key: "rahasia-contoh".into(),
        })
    }

    fn fail(&self, times: usize, status: u16, code: &'static str) {
        self.inside().faults = vec![(status, code); times];
        self.inside().failed = 0;
    }

    async fn say_of_itself(&self, told: Vec<Told>) -> Safety {
        self.inside().told = told;
        self.serve().await.safety().await
    }
}

fn refusal(status: u16, code: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>As documented</Message>\
         <RequestId>4442587FB7D0A2F9</RequestId></Error>"
    );
    (StatusCode::from_u16(status).expect("a status"), [("content-type", "application/xml")], body).into_response()
}

async fn answer(State(it): State<StandIn>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let signature = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=AKCONTOH/"), "{method} {uri} {signature}");
    let mut inside = it.inside();
    if let Some(query) = uri.query() {
        assert_eq!(uri.path(), "/dokumen", "the bucket is asked");
        if query == "delete" {
            return inside.delete(&String::from_utf8_lossy(&body));
        }
        let found = inside.told.iter().find(|(asked, ..)| *asked == query);
        let (_, status, text) = found.copied().unwrap_or(("", 501, "NotImplemented"));
        if status != 200 {
            return refusal(status, text);
        }
        return text.into_response();
    }
    let key = uri.path().to_owned();
    assert!(key.starts_with("/dokumen/kantor/"), "{key}");
    if let Some((status, code)) = inside.faults.pop() {
        inside.failed += 1;
        if code == STORED {
            inside.objects.insert(key, body);
        }
        return refusal(status, code);
    }
    let tag = [("etag", "\"1\""), ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")];
    match method {
        Method::PUT if inside.objects.contains_key(&key) => refusal(412, "PreconditionFailed"),
        Method::PUT => {
            inside.objects.insert(key, body);
            tag.into_response()
        }
        _ => match inside.objects.get(&key) {
            Some(bytes) => (tag, bytes.clone()).into_response(),
            None => refusal(404, "NoSuchKey"),
        },
    }
}

async fn put(place: &Place) -> Result<(), String> {
    place.put("ab/contoh", vec![Bytes::from_static(b"sealed")]).await.map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_too_much_to_do_is_asked_again_and_then_it_is_said() {
    let bucket = StandIn::default();
    let place = bucket.serve().await;
    bucket.fail(2, 503, "SlowDown");
    put(&place).await.expect("put at the third try");
    assert_eq!(bucket.inside().failed, 2);
    bucket.fail(20, 503, "SlowDown");
    let said = put(&place).await.expect_err("never");
    assert!(said.contains("the bucket dokumen cannot be used") && said.contains("(SlowDown)"), "{said}");
    assert_eq!(bucket.inside().failed, 5, "once, and four times more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_is_no_fault() {
    let bucket = StandIn::default();
    let place = bucket.serve().await;
    put(&place).await.expect("put");
    put(&place).await.expect("it was put by the earlier try");
    assert_eq!(bucket.inside().objects.len(), 1);
    bucket.inside().objects.clear();
    bucket.fail(1, 500, STORED);
    put(&place).await.expect("the second try finds what the first one left");
    assert_eq!(bucket.inside().objects.len(), 1);
    // An earlier try that S3 still works at may yet come to nothing.
    bucket.inside().objects.clear();
    bucket.fail(1, 409, "ConditionalRequestConflict");
    let said = put(&place).await.expect_err("nothing is there");
    assert!(said.contains("still works at an earlier try"), "{said}");
    put(&place).await.expect("put");
    let cut = place.put("ab/contoh", vec![Bytes::from_static(b"seal")]).await;
    cut.expect_err("other bytes lie there");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_names_what_to_do() {
    let bucket = StandIn::default();
    let place = bucket.serve().await;
    for (status, code, words) in [
        (403, "RequestTimeTooSkewed", "set them (timedatectl)"),
        (403, "InvalidAccessKeyId", "does not know the key of files.s3_access_key"),
        (403, "SignatureDoesNotMatch", "files.s3_secret_key is not the secret"),
        (400, "ExpiredToken", "has ended"),
        (404, "NoSuchBucket", "correct files.s3_bucket"),
        (403, "QuotaExceeded", "quota"),
        (403, "AccessDenied", "it refuses the worker"),
        (400, "RequestTimeout", "waited in vain"),
    ] {
        bucket.fail(1, status, code);
        let said = put(&place).await.expect_err(code);
        assert!(said.contains(words), "{code}: {said}");
        assert!(!said.contains("rahasia-contoh"), "{said}");
    }
    bucket.fail(1, 403, "RequestTimeTooSkewed");
    assert!(place.try_out().await.expect_err("refused").to_string().contains("timedatectl"));
    bucket.inside().faults.clear();
    place.try_out().await.expect("it works");
    assert!(bucket.inside().objects.is_empty(), "what was put there to try is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_storage_hears_why_a_bucket_is_away() {
    let bucket = StandIn::default();
    let archive = Archive::on_a_file().await;
    let files = files(&archive.store, &archive.vault, &bucket.serve_place().await, DATABASE_UUID);
    let told = files.storage().await.expect("told");
    assert_eq!((told.away, told.is_bucket, told.room), (None, true, None));
    assert!(told.address.starts_with("http://127.0.0.1:") && told.address.ends_with("/dokumen/kantor"));
    for (status, code, words) in [
        (404, "NoSuchBucket", "correct files.s3_bucket"),
        (403, "RequestTimeTooSkewed", "timedatectl"),
        (403, "AccessDenied", "it refuses the worker"),
    ] {
        bucket.fail(1, status, code);
        let away = files.storage().await.expect("told").away.expect(code);
        assert!(away.contains(words), "{code}: {away}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_protects_a_bucket_is_on_off_or_not_told() {
    const ON: &str = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status>\
                      <MfaDelete>Disabled</MfaDelete></VersioningConfiguration>";
    const LOCK: &str = "<ObjectLockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><ObjectLockEnabled>\
                        Enabled</ObjectLockEnabled></ObjectLockConfiguration>";
    const NEVER: &str = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>";
    const SUSPENDED: &str = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    const NO_LOCK: &str = "ObjectLockConfigurationNotFoundError";
    let (versions, lock) = ("versioning", "object-lock");
    for (told, versioning, object_lock) in [
        (vec![(versions, 200, ON), (lock, 200, LOCK)], Some(true), Some(true)),
        (vec![(versions, 200, NEVER), (lock, 404, NO_LOCK)], Some(false), Some(false)),
        (vec![(versions, 200, SUSPENDED), (lock, 404, "NoSuchBucket")], Some(false), None),
        (vec![(versions, 403, "AccessDenied"), (lock, 403, "AccessDenied")], None, None),
        (vec![], None, None),
    ] {
        let found = StandIn::default().say_of_itself(told.clone()).await;
        assert_eq!(found, Safety { versioning, object_lock }, "{told:?}");
    }
}
