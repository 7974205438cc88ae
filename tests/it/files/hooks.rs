//! Documents over the internal listener: signed, sealed on the way in, streamed on the way out.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use sicantik_companion::clock::FixedClock;
use sicantik_companion::http::serve::{INTERNAL, serve};
use sicantik_companion::http::{Internal, Signatures, router, sign_hash};
use sicantik_companion::metrics::Exporter;
use sicantik_companion::net::rpc_client;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::archive::Archive;
use super::keeps::FIRST;
use super::sealed::{Sealed, hash_of, pdf_of};
use crate::fake_odoo::DATABASE_UUID;
use crate::listener::{KEY, NOW};
use crate::store::now;

/// The worker's listener, with documents.
struct Door {
    base: String,
    http: reqwest::Client,
    stop: CancellationToken,
}

impl Door {
    async fn of(archive: &Archive) -> Self {
        let clock = Arc::new(FixedClock(now()));
        let state = Internal {
            signatures: Signatures::new(vec![KEY.into()], Some(DATABASE_UUID), clock, archive.store.clone()),
            wake: Arc::default(),
            files: Some(Arc::clone(&archive.files)),
            health: Arc::default(),
            exporter: Exporter::of_process().expect("an exporter"),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, router(state), INTERNAL, stop.clone()));
        let http = rpc_client(Duration::from_mins(1), Vec::new()).expect("a client");
        Self { base, http, stop }
    }

    async fn call(&self, method: Method, version: &str, body: Vec<u8>) -> reqwest::Response {
        self.ask(method, &format!("/hooks/v1/documents/{version}"), body).await
    }

    async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> reqwest::Response {
        let (timestamp, nonce) = (NOW.to_string(), format!("{:032x}", fastrand::u128(..)));
        let hash = hash_of(&body);
        let signature = sign_hash(&KEY.into(), method.as_str(), path, &timestamp, &nonce, &hash, Some(DATABASE_UUID))
            .expect("signed");
        let headers = [
            ("X-Sicantik-Timestamp", timestamp.as_str()),
            ("X-Sicantik-Nonce", &nonce),
            ("X-Sicantik-Signature", &signature),
            ("X-Sicantik-Content-SHA256", &hash),
            ("X-Sicantik-Database", DATABASE_UUID),
        ];
        let request = self.http.request(method, format!("{}{path}", self.base)).body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.expect("an answer")
    }

    async fn put(&self, version: &str, body: Vec<u8>) -> (u16, Value) {
        let answer = self.call(Method::PUT, version, body).await;
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn code(&self, version: &str) -> (u16, Value) {
        let answer = self.call(Method::GET, version, Vec::new()).await;
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.expect("JSON")["code"].take())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_in_and_out() {
    let archive = Archive::on_a_file().await;
    let (door, document) = (Door::of(&archive).await, pdf_of(300_000));
    let body = Sealed::of(FIRST, &document).body(&archive.public_key().await);
    let (status, answer) = door.put(FIRST, body.clone()).await;
    assert_eq!((status, &answer["status"], &answer["pages"]), (201, &"kept".into(), &1.into()), "{answer}");
    assert_eq!((&answer["sha256"], &answer["size"]), (&hash_of(&document).into(), &300_000.into()));
    assert_eq!(door.put(FIRST, body).await.0, 200, "asked again, as after an answer that was lost");

    let answer = door.call(Method::GET, FIRST, Vec::new()).await;
    assert_eq!(answer.status(), 200);
    let head = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!((head("content-type"), head("content-length")), ("application/pdf".to_owned(), "300000".to_owned()));
    assert_eq!(head("x-sicantik-sha256"), hash_of(&document));
    assert!(answer.bytes().await.expect("a body") == document);
    let figures = door.http.get(format!("{}/metrics", door.base)).send().await.expect("an answer").text().await;
    let figures = figures.expect("text");
    for series in [
        "sicantik_document_uploads_total{result=\"kept\"}",
        "sicantik_document_uploads_total{result=\"known\"}",
        "sicantik_document_downloads_total{result=\"given\"}",
        "sicantik_document_bytes_total{direction=\"out\"}",
        "sicantik_document_look_duration_seconds_count",
    ] {
        assert!(figures.contains(series), "{series} is missing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_status_and_code() {
    let archive = Archive::on_a_file().await;
    let (door, key) = (Door::of(&archive).await, archive.public_key().await);
    let document = pdf_of(200_000);
    let sealed = Sealed::of(FIRST, &document);
    assert_eq!(door.code(FIRST).await, (404, "unknown_document".into()));
    let other_key = sicantik_companion::secrets::MasterKey::generate().public_key();
    let other_key = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, other_key).expect("base64");
    let largest = usize::try_from(super::archive::LARGEST).expect("fits");
    for (body, status, code) in [
        (sealed.body(&key)[..100_000].to_vec(), 400, "malformed"),
        (sealed.body(&other_key), 409, "other_key"),
        (sealed.clone().saying("size", largest + 1).body(&key), 413, "too_large"),
        (Sealed::of(FIRST, &vec![0; largest + 1]).body(&key), 413, "too_large"),
        (vec![0; largest + 100_000], 400, "malformed"),
        (Sealed::of(FIRST, b"no document").body(&key), 422, "not_pdf"),
    ] {
        let (found, answer) = door.put(FIRST, body).await;
        assert_eq!((found, &answer["code"]), (status, &code.into()), "{answer}");
    }
    assert_eq!(door.put(FIRST, sealed.body(&key)).await.0, 201);
    let (status, answer) = door.put(FIRST, Sealed::of(FIRST, &pdf_of(1_000)).body(&key)).await;
    assert_eq!((status, &answer["code"]), (409, &"other_content".into()));
    std::fs::remove_file(&archive.objects()[0]).expect("removed");
    assert_eq!(door.code(FIRST).await, (410, "missing".into()));
    std::fs::rename(&archive.folder, archive.home.join("away")).expect("moved");
    assert_eq!(door.code(FIRST).await, (503, "files_unavailable".into()));
    let (status, answer) = door.put("eeeeeeee-0000-4000-8000-000000000002", sealed.body(&key)).await;
    assert_eq!((status, &answer["code"]), (400, &"malformed".into()), "for another version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_was_altered_ends_before_its_end() {
    let archive = Archive::on_a_file().await;
    let (door, document) = (Door::of(&archive).await, pdf_of(500_000));
    archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
    let object = archive.objects().remove(0);
    let mut bytes = std::fs::read(&object).expect("read");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&object, bytes).expect("written");
    let answer = door.call(Method::GET, FIRST, Vec::new()).await;
    assert_eq!(answer.status(), 200, "the first pieces are sound");
    answer.bytes().await.expect_err("the whole is not had");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_erased_once_and_for_all() {
    let archive = Archive::on_a_file().await;
    let (door, document) = (Door::of(&archive).await, pdf_of(1_000));
    let body = Sealed::of(FIRST, &document).body(&archive.public_key().await);
    let erase = async || door.call(Method::DELETE, FIRST, Vec::new()).await.status().as_u16();
    assert_eq!(erase().await, 404);
    assert_eq!(door.put(FIRST, body.clone()).await.0, 201);
    assert_eq!((erase().await, erase().await), (204, 204));
    assert_eq!(door.code(FIRST).await, (410, "erased".into()));
    let (status, answer) = door.put(FIRST, body).await;
    assert_eq!((status, &answer["code"]), (409, &"erased".into()));
    std::fs::rename(&archive.folder, archive.home.join("away")).expect("moved");
    assert_eq!(erase().await, 503, "nobody sees whether anything is left");
    std::fs::rename(archive.home.join("away"), &archive.folder).expect("moved");
    assert_eq!(erase().await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_documents_are_kept_is_told_to_our_odoo() {
    let archive = Archive::on_a_file().await;
    let door = Door::of(&archive).await;
    archive.send(&Sealed::of(FIRST, &pdf_of(5_000))).await.expect("kept");
    let answer = door.ask(Method::GET, "/hooks/v1/storage", Vec::new()).await;
    assert_eq!(answer.status(), 200);
    let told: Value = answer.json().await.expect("JSON");
    assert_eq!((&told["kind"], &told["state"], &told["reason"]), (&"folder".into(), &"ready".into(), &Value::Null));
    assert_eq!(told["name"], archive.folder.display().to_string());
    assert_eq!((&told["documents"], &told["versions"], &told["bytes"]), (&1.into(), &1.into(), &5_000.into()));
    assert_eq!(
        (&told["largest_mib"], &told["versioning"], &told["object_lock"]),
        (&4.into(), &Value::Null, &Value::Null)
    );
    assert!(told["free_bytes"].as_u64() <= told["total_bytes"].as_u64() && told["total_bytes"].as_u64() > Some(0));
    std::fs::rename(&archive.folder, archive.home.join("away")).expect("moved");
    let told: Value = door.ask(Method::GET, "/hooks/v1/storage", Vec::new()).await.json().await.expect("JSON");
    assert_eq!(told["state"], "away");
    assert!(told["reason"].as_str().expect("why").contains("mount it"), "{told}");
    let unsigned = door.http.get(format!("{}/hooks/v1/storage", door.base)).send().await.expect("an answer");
    assert_eq!(unsigned.status(), 401);
}
