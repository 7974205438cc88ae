//! The worker's own listener, and what Odoo sends to it.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sicantik_companion::clock::FixedClock;
use sicantik_companion::config::StoreAddress;
use sicantik_companion::health::Health;
use sicantik_companion::http::serve::{INTERNAL, Limits, serve};
use sicantik_companion::http::{Internal, Signatures, router};
use sicantik_companion::metrics::Exporter;
use sicantik_companion::net::rpc_client;
use sicantik_companion::store::Store;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::fake_odoo::DATABASE_UUID;
use crate::store::{patient, place};

pub const KEY: &str = "contoh-kunci-hook-0123456789abcdef";
pub const PREVIOUS_KEY: &str = "contoh-kunci-lama-0123456789abcdef";
pub const NONCE: &str = "00112233445566778899aabbccddeeff";
pub const BODY: &str = r#"{"database_uuid":"11111111-2222-3333-4444-555555555555","run_uuid":"66666666-7777-8888-9999-000000000000","login":"operator"}"#;

/// 2026-01-01 00:00:00 UTC.
pub const NOW: i64 = 1_767_225_600;

/// What Odoo sends.
#[derive(Debug, Clone)]
pub struct Hook {
    pub path: &'static str,
    pub timestamp: Option<String>,
    pub nonce: Option<String>,
    pub signature: Option<String>,
    pub body: String,
}

impl Hook {
    pub fn signed() -> Self {
        Self::signed_with(KEY, NOW, NONCE, BODY)
    }

    pub fn signed_with(key: &str, timestamp: i64, nonce: &str, body: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length");
        let signed = format!("v1\nPOST\n/hooks/v1/runs\n{timestamp}\n{nonce}\n{:x}", Sha256::digest(body));
        mac.update(signed.as_bytes());
        Self {
            path: "/hooks/v1/runs",
            timestamp: Some(timestamp.to_string()),
            nonce: Some(nonce.to_owned()),
            signature: Some(format!("v1={:x}", mac.finalize().into_bytes())),
            body: body.to_owned(),
        }
    }
}

/// The worker's internal listener, where it is always the same second.
pub struct Listener {
    base: String,
    wake: Arc<Notify>,
    pub health: Arc<Health>,
    http: reqwest::Client,
    /// Where its store is.
    pub store: StoreAddress,
    folder: TempDir,
    serving: JoinHandle<()>,
}

impl Listener {
    pub async fn spawn(keys: &[&str]) -> Self {
        Self::spawn_with(keys, INTERNAL).await
    }

    pub async fn spawn_with(keys: &[&str], limits: Limits) -> Self {
        let (folder, address) = place();
        let store = patient(&address).await;
        Self::spawn_in(folder, address, store, keys, limits).await
    }

    /// With a store that waits no longer than a service's does, for a story in which it does not answer.
    pub async fn spawn_hasty(keys: &[&str]) -> Self {
        let (folder, address) = place();
        let store = Store::open(&address).await.expect("a store");
        Self::spawn_in(folder, address, store, keys, INTERNAL).await
    }

    /// A worker that is killed, and started again.
    pub async fn restart(self, keys: &[&str]) -> Self {
        self.serving.abort();
        let store = patient(&self.store).await;
        Self::spawn_in(self.folder, self.store, store, keys, INTERNAL).await
    }

    async fn spawn_in(folder: TempDir, address: StoreAddress, store: Store, keys: &[&str], limits: Limits) -> Self {
        crate::office::choose_tls();
        let (wake, health) = (Arc::<Notify>::default(), Arc::<Health>::default());
        let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(NOW);
        let keys = keys.iter().map(|key| (*key).into()).collect();
        let clock = Arc::new(FixedClock(now));
        let exporter = Exporter::of_process().expect("an exporter");
        let (bell, told) = (Arc::clone(&wake), Arc::clone(&health));
        let signatures = Signatures::new(keys, Some(DATABASE_UUID), clock, store);
        let state = Internal { signatures, wake: bell, files: None, health: told, exporter };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let serving = tokio::spawn(serve(listener, router(state), limits, CancellationToken::new()));
        let http = rpc_client(Duration::from_secs(10), Vec::new()).expect("a client");
        Self { base, wake, health, http, store: address, folder, serving }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub async fn receive(&self, hook: &Hook) -> (u16, Value) {
        let mut request = self.http.post(format!("{}{}", self.base, hook.path)).body(hook.body.clone());
        let headers = [("timestamp", &hook.timestamp), ("nonce", &hook.nonce), ("signature", &hook.signature)];
        for (name, value) in headers {
            if let Some(value) = value {
                request = request.header(format!("X-Sicantik-{name}"), value);
            }
        }
        read(request).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(self.http.get(format!("{}{path}", self.base))).await
    }

    pub async fn status(&self, method: Method, path: &str) -> u16 {
        let request = self.http.request(method, format!("{}{path}", self.base));
        request.send().await.expect("an answer").status().as_u16()
    }

    pub async fn refuses(&self, hook: &Hook, status: u16, code: &str) {
        let (found, body) = self.receive(hook).await;
        assert_eq!((found, body["code"].as_str()), (status, Some(code)), "{:?}", hook.timestamp);
        assert!(body["message"].as_str().is_some_and(|message| !message.contains(KEY)));
        assert!(!self.was_woken(), "{code}");
    }

    /// Whether the bell rang since the last time.
    pub fn was_woken(&self) -> bool {
        let mut rung = std::pin::pin!(self.wake.notified());
        rung.as_mut().enable()
    }
}

async fn read(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let text = response.text().await.expect("a body");
    (status.as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
