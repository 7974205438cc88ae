//! A signed body of any size: its head is judged before the body is asked for, and the body against its hash while it is
//! read. No handler of the worker takes one yet, so the stories have a small one.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use sicantik_companion::clock::FixedClock;
use sicantik_companion::http::serve::{INTERNAL, Limits, serve};
use sicantik_companion::http::{Signatures, SignedStream, sign_hash};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::DATABASE_UUID;
use crate::listener::{KEY, NONCE, NOW, PREVIOUS_KEY};
use crate::store::{now, patient, place};

const PATH: &str = "/hooks/v1/documents";

/// What the handler takes at most.
const LARGEST: usize = 4 * 1024 * 1024;

/// Longer than any answer.
const PATIENCE: Duration = Duration::from_mins(1);

const OTHER_DATABASE: &str = "99999999-2222-3333-4444-555555555555";

#[tokio::test]
async fn a_large_body_is_handed_on_piece_by_piece_and_proven_at_its_end() {
    let room = Room::open().await;
    let document: Vec<u8> = (0..LARGEST).map(|at| (at % 251).to_le_bytes()[0]).collect();
    for (nonce, framing) in [("1", Framing::Length), ("2", Framing::Chunks)] {
        let upload = Upload { nonce: nonce.repeat(32), ..Upload::of(&document) };
        assert_eq!(room.send(&upload, framing, &document).await, 200);
        let taken = room.end().await.expect("taken");
        assert_eq!(taken.hash, hash_of(&document));
        assert!(taken.pieces > 10 && taken.largest < LARGEST / 2, "{} pieces", taken.pieces);
    }
    // An empty one is a body, too.
    let upload = Upload { nonce: "3".repeat(32), ..Upload::of(b"") };
    assert_eq!(room.send(&upload, Framing::Length, b"").await, 200);
    assert_eq!(room.end().await.expect("taken").pieces, 0);
}

#[tokio::test]
async fn the_head_is_judged_before_the_body_is_asked_for() {
    let room = Room::open().await;
    let good = Upload::of(b"a document");
    let refused = [
        (Upload { key: "another-key-0123456789", ..good.clone() }, 401, "unsigned"),
        (Upload { signed_hash: Some(hash_of(b"another")), ..good.clone() }, 401, "unsigned"),
        (Upload { signed_database: Some(OTHER_DATABASE), ..good.clone() }, 401, "unsigned"),
        (Upload { without: "X-Sicantik-Content-SHA256", ..good.clone() }, 401, "unsigned"),
        (Upload { without: "X-Sicantik-Database", ..good.clone() }, 401, "unsigned"),
        (Upload { without: "X-Sicantik-Nonce", ..good.clone() }, 401, "unsigned"),
        (Upload { without: "X-Sicantik-Signature", ..good.clone() }, 401, "unsigned"),
        (Upload { timestamp: NOW - 301, ..good.clone() }, 401, "stale"),
        (Upload { timestamp: NOW + 301, ..good.clone() }, 401, "stale"),
        (Upload { database: OTHER_DATABASE, ..good.clone() }, 403, "wrong_database"),
        (Upload { path: "/hooks/v1/documents?a=b", ..good.clone() }, 400, "query"),
    ];
    for (upload, status, code) in refused {
        let answer = room.knock(&upload, 10).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{upload:?}: {answer}");
        assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{upload:?}: {answer}");
    }
    assert!(room.ends.lock().await.is_empty(), "no handler was called");
    let asked = room.knock(&good, 10).await;
    assert!(asked.starts_with("HTTP/1.1 100 "), "{asked}");
}

#[tokio::test]
async fn another_body_than_was_signed_is_refused_at_its_end() {
    let room = Room::open().await;
    for (nonce, framing, body) in [
        ("1", Framing::Length, "a dokument"),
        ("2", Framing::Chunks, "a dokument"),
        ("3", Framing::Chunks, "a document and more"),
        ("4", Framing::Chunks, "a doc"),
        ("5", Framing::Length, ""),
    ] {
        let upload = Upload { nonce: nonce.repeat(32), ..Upload::of(b"a document") };
        assert_eq!(room.send(&upload, framing, body.as_bytes()).await, 401, "{body}");
        assert_eq!(room.end().await.expect_err("refused"), 401, "{body}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let room = Room::open().await;
    let upload = Upload::of(b"a document");
    let mut client = TcpStream::connect(&room.address).await.expect("connected");
    client.write_all(upload.head("Content-Length: 10").as_bytes()).await.expect("sent");
    client.write_all(b"a docu").await.expect("sent");
    client.shutdown().await.expect("half closed");
    assert_eq!(room.end().await.expect_err("refused"), 401);
}

#[tokio::test]
async fn a_body_that_is_longer_than_is_taken_is_cut() {
    let room = Room::open().await;
    // Its head tells: nothing of it is asked for.
    let upload = Upload::of(b"");
    let answer = room.knock(&upload, LARGEST + 1).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(room.end().await.expect_err("refused"), 413);

    // Its head tells nothing: it is read until it is too long, and never to its end.
    let upload = Upload { nonce: "1".repeat(32), ..Upload::of(b"") };
    let mut client = TcpStream::connect(&room.address).await.expect("connected");
    client.write_all(upload.head("Transfer-Encoding: chunked").as_bytes()).await.expect("sent");
    client.write_all(format!("{:x}\r\n", LARGEST + 1).as_bytes()).await.expect("sent");
    client.write_all(&vec![b'x'; LARGEST + 1]).await.expect("sent");
    assert!(read(&mut client).await.starts_with("HTTP/1.1 413 "));
    assert_eq!(room.end().await.expect_err("refused"), 413);
}

#[tokio::test]
async fn a_nonce_is_good_once_whatever_became_of_its_body() {
    let room = Room::open().await;
    let upload = Upload::of(b"a document");
    assert_eq!(room.send(&upload, Framing::Length, b"a document").await, 200);
    assert_eq!(room.send(&upload, Framing::Length, b"a document").await, 409);
    let upload = Upload { nonce: "1".repeat(32), ..upload };
    assert_eq!(room.send(&upload, Framing::Length, b"a dokument").await, 401);
    assert_eq!(room.send(&upload, Framing::Length, b"a document").await, 409);
}

#[tokio::test]
async fn both_keys_of_a_rotation_and_clocks_that_differ_a_little_are_good() {
    let room = Room::open().await;
    for (nonce, key, timestamp) in
        [("1", KEY, NOW), ("2", PREVIOUS_KEY, NOW), ("3", KEY, NOW - 300), ("4", KEY, NOW + 300)]
    {
        let upload = Upload { nonce: nonce.repeat(32), key, timestamp, ..Upload::of(b"a document") };
        assert_eq!(room.send(&upload, Framing::Length, b"a document").await, 200, "{nonce}");
    }
}

#[test]
fn the_stories_sign_as_the_worker_does() {
    let upload = Upload::of(b"a document");
    let timestamp = NOW.to_string();
    let signed = sign_hash(&KEY.into(), "PUT", PATH, &timestamp, NONCE, &upload.hash, Some(DATABASE_UUID));
    assert_eq!(signed, Some(upload.signature()));
}

/// What became of a body.
#[derive(Debug)]
struct Taken {
    hash: String,
    pieces: usize,
    /// Bytes of the largest piece.
    largest: usize,
}

/// A listener with a handler that reads signed streams.
struct Room {
    address: String,
    /// How each body that the handler saw ended: or the status of its refusal.
    ends: Mutex<mpsc::UnboundedReceiver<Result<Taken, u16>>>,
    stop: CancellationToken,
    _store: TempDir,
}

#[derive(Clone)]
struct Touched {
    signatures: Signatures,
    ends: mpsc::UnboundedSender<Result<Taken, u16>>,
}

impl FromRef<Touched> for Signatures {
    fn from_ref(touched: &Touched) -> Self {
        touched.signatures.clone()
    }
}

async fn take(State(touched): State<Touched>, mut body: SignedStream) -> Response {
    let (mut digest, mut pieces, mut largest) = (Sha256::new(), 0, 0);
    loop {
        match body.next(LARGEST as u64).await {
            Ok(Some(piece)) => {
                digest.update(&piece);
                (pieces, largest) = (pieces + 1, piece.len().max(largest));
            }
            Ok(None) => {
                let hash = format!("{:x}", digest.finalize());
                touched.ends.send(Ok(Taken { hash, pieces, largest })).expect("the story listens");
                return StatusCode::OK.into_response();
            }
            Err(error) => {
                let refused = error.into_response();
                touched.ends.send(Err(refused.status().as_u16())).expect("the story listens");
                return refused;
            }
        }
    }
}

impl Room {
    async fn open() -> Self {
        let (folder, address) = place();
        let store = patient(&address).await;
        let keys = vec![KEY.into(), PREVIOUS_KEY.into()];
        let signatures = Signatures::new(keys, Some(DATABASE_UUID), Arc::new(FixedClock(now())), store);
        let (sender, ends) = mpsc::unbounded_channel();
        let router = Router::new().route(PATH, put(take)).with_state(Touched { signatures, ends: sender });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, router, Limits { request: PATIENCE, ..INTERNAL }, stop.clone()));
        Self { address, ends: Mutex::new(ends), stop, _store: folder }
    }

    /// Sends head and body; gives the status.
    async fn send(&self, upload: &Upload, framing: Framing, body: &[u8]) -> u16 {
        let mut client = TcpStream::connect(&self.address).await.expect("connected");
        let (mut reading, mut writing) = client.split();
        let sent = async {
            match framing {
                Framing::Length => {
                    writing.write_all(upload.head(&format!("Content-Length: {}", body.len())).as_bytes()).await?;
                    writing.write_all(body).await
                }
                Framing::Chunks => {
                    writing.write_all(upload.head("Transfer-Encoding: chunked").as_bytes()).await?;
                    for piece in body.chunks(10_000) {
                        writing.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await?;
                        writing.write_all(piece).await?;
                        writing.write_all(b"\r\n").await?;
                    }
                    writing.write_all(b"0\r\n\r\n").await
                }
            }
        };
        // A refusal may come before all is sent.
        let (_, answer) = tokio::join!(sent, read(&mut reading));
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no status: {answer}"))
    }

    /// Sends a head only, and waits until the body is asked for or refused; gives what came.
    async fn knock(&self, upload: &Upload, length: usize) -> String {
        let mut client = TcpStream::connect(&self.address).await.expect("connected");
        let head = upload.head(&format!("Content-Length: {length}\r\nExpect: 100-continue"));
        client.write_all(head.as_bytes()).await.expect("sent");
        read(&mut client).await
    }

    /// How the next body ended.
    async fn end(&self) -> Result<Taken, u16> {
        let next = async { self.ends.lock().await.recv().await };
        tokio::time::timeout(PATIENCE, next).await.expect("a body ends").expect("the handler is there")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// How the length of a body is told.
#[derive(Clone, Copy)]
enum Framing {
    Length,
    Chunks,
}

/// What a sender says of its body.
#[derive(Debug, Clone)]
struct Upload {
    path: &'static str,
    key: &'static str,
    timestamp: i64,
    nonce: String,
    hash: String,
    database: &'static str,
    /// What is signed instead.
    signed_hash: Option<String>,
    signed_database: Option<&'static str>,
    /// A header that is left out.
    without: &'static str,
}

impl Upload {
    fn of(body: &[u8]) -> Self {
        Self {
            path: PATH,
            key: KEY,
            timestamp: NOW,
            nonce: NONCE.to_owned(),
            hash: hash_of(body),
            database: DATABASE_UUID,
            signed_hash: None,
            signed_database: None,
            without: "(nothing)",
        }
    }

    /// In the words of `docs/interfaces.md`.
    fn signature(&self) -> String {
        let Self { path, timestamp, nonce, .. } = self;
        let (hash, database) =
            (self.signed_hash.as_ref().unwrap_or(&self.hash), self.signed_database.unwrap_or(self.database));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()).expect("any length");
        mac.update(format!("v1\nPUT\n{path}\n{timestamp}\n{nonce}\n{hash}\n{database}").as_bytes());
        format!("v1={:x}", mac.finalize().into_bytes())
    }

    fn head(&self, framing: &str) -> String {
        let headers = [
            ("X-Sicantik-Timestamp", self.timestamp.to_string()),
            ("X-Sicantik-Nonce", self.nonce.clone()),
            ("X-Sicantik-Content-SHA256", self.hash.clone()),
            ("X-Sicantik-Database", self.database.to_owned()),
            ("X-Sicantik-Signature", self.signature()),
        ];
        let given = headers.iter().filter(|(name, _)| *name != self.without);
        let lines: String = given.flat_map(|(name, value)| [*name, ": ", value.as_str(), "\r\n"]).collect();
        format!("PUT {} HTTP/1.1\r\nHost: x\r\n{lines}{framing}\r\n\r\n", self.path)
    }
}

fn hash_of(body: &[u8]) -> String {
    format!("{:x}", Sha256::digest(body))
}

/// What comes first: a head, with its body where they come together.
async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut answer = vec![0; 4096];
    let came = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await.expect("an answer");
    String::from_utf8_lossy(&answer[..came.expect("an answer")]).into_owned()
}
