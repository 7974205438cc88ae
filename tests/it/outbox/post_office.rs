//! An outbox to tell stories in: an Odoo that orders, a Meta that takes, and a store between them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use sicantik_companion::clock::Clock;
use sicantik_companion::config::{Providers, StoreAddress};
use sicantik_companion::domain::text::hex;
use sicantik_companion::http::public::{Places, Public, Webhooks, router};
use sicantik_companion::http::serve::{PUBLIC, serve};
use sicantik_companion::net::{Guard, HttpClient, HttpOptions, rpc_client};
use sicantik_companion::outbox::{Account, Journal, Next, Outbox, Parts};
use sicantik_companion::secrets::Vault;
use sicantik_companion::store::Store;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::meta::{Meta, TOKEN};
use crate::fake_odoo::messages::account;
use crate::fake_odoo::{DATABASE_UUID, FakeOdoo};
use crate::office::{ONCE, choose_tls, sink_with};
use crate::queue::Hands;
use crate::store::{both, patient};

pub const ACCOUNT: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
pub const APP_SECRET: &str = "rahasia-aplikasi-contoh";
pub const NUMBER: &str = "+628360100001";

/// All the parts, with one worker.
pub struct PostOffice {
    pub odoo: FakeOdoo,
    pub meta: Meta,
    pub clock: Arc<Hands>,
    pub store: Store,
    pub vault: Vault,
    pub folder: PathBuf,
    pub worker: Outbox,
    public: JoinHandle<()>,
    public_url: String,
    /// Lives as long as this.
    kept_folder: Option<Arc<TempDir>>,
}

impl PostOffice {
    /// One in each database that is there.
    pub async fn in_both() -> Vec<Self> {
        let (folder, addresses) = both().await;
        let folder = Arc::new(folder);
        let mut offices = Vec::new();
        for (at, address) in addresses.iter().enumerate() {
            let place = folder.path().join(at.to_string());
            std::fs::create_dir(&place).expect("a folder");
            let mut office = Self::open(&place, address).await;
            office.kept_folder = Some(Arc::clone(&folder));
            offices.push(office);
        }
        offices
    }

    /// The same on a file of its own.
    pub async fn in_a_file() -> Self {
        let (folder, address) = crate::store::place();
        let mut office = Self::open(folder.path(), &address).await;
        office.kept_folder = Some(Arc::new(folder));
        office
    }

    pub async fn open(folder: &Path, address: &StoreAddress) -> Self {
        choose_tls();
        let (odoo, clock) = (FakeOdoo::spawn().await, Hands::new());
        let meta = Meta::spawn(Arc::clone(&clock) as Arc<dyn Clock>).await;
        odoo.state().accounts = vec![account(ACCOUNT)];
        let store = patient(address).await.with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
        let key_file = folder.join("master.key");
        let vault = Vault::open(store.clone(), key_file, DATABASE_UUID).await.expect("a vault");
        set_secrets(&vault, ACCOUNT).await;
        let worker = worker(&odoo, &meta, &clock, &store, &vault, folder).await;
        let webhooks = Webhooks {
            store: store.clone(),
            vault: vault.clone(),
            database_uuid: DATABASE_UUID.into(),
            heard: Arc::clone(&worker.changed),
            places: Places::default(),
            proxies: Arc::default(),
            address: None,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let public_url = format!("http://{}", listener.local_addr().expect("an address"));
        let served = router(Public { webhooks: Some(webhooks), documents: None });
        let public = tokio::spawn(serve(listener, served, PUBLIC, CancellationToken::new()));
        let folder = folder.to_owned();
        Self { odoo, meta, clock, store, vault, folder, worker, public, public_url, kept_folder: None }
    }

    /// The worker after it was started anew.
    pub async fn start_anew(&mut self) {
        self.end_worker().await;
        let Self { odoo, meta, clock, store, vault, folder, .. } = &*self;
        self.worker = worker(odoo, meta, clock, store, vault, folder).await;
    }

    /// From now on the journal is another one's.
    pub async fn end_worker(&mut self) {
        self.worker = self.another(&format!("ended {}", fastrand::u64(..))).await;
    }

    /// A further worker on this store, with a journal in a folder of its own.
    pub async fn another(&self, name: &str) -> Outbox {
        let Self { odoo, meta, clock, store, vault, folder, .. } = self;
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        worker(odoo, meta, clock, store, vault, &folder).await
    }

    /// A further account works, too.
    pub async fn set_secrets(&self, account: &str) {
        set_secrets(&self.vault, account).await;
    }

    /// Odoo orders it.
    pub fn order(&self, key: &str, number: &str) -> String {
        self.odoo.state().order_message(ACCOUNT, key, number)
    }

    pub fn message(&self, uuid: &str) -> crate::fake_odoo::messages::MessageRecord {
        self.odoo.state().message(uuid).clone()
    }

    pub fn states(&self, uuid: &str) -> Vec<String> {
        self.message(uuid).states()
    }

    pub async fn account(&self) -> Account {
        self.worker.accounts().await.expect("accounts").swap_remove(0)
    }

    /// Takes in what waits and tells of it.
    pub async fn take_in(&self) {
        self.worker.take_in().await.expect("taken in");
    }

    /// Sends by each account until nothing may go out; how long that lasts.
    pub async fn send_all(&self) -> Option<Duration> {
        let mut wait = None;
        for account in self.worker.accounts().await.expect("accounts") {
            loop {
                match send_next(&self.worker, &account).await {
                    Next::Again => {}
                    Next::Wait(own) => break wait = [wait, own].into_iter().flatten().min(),
                }
            }
        }
        wait
    }

    /// Everything that a worker does by itself, once.
    pub async fn work(&self) {
        self.worker.hear().await.expect("heard");
        self.worker.settle().await.expect("settled");
        self.take_in().await;
        self.send_all().await;
        self.worker.settle().await.expect("settled");
        self.worker.tell().await.expect("told");
        self.worker.pass_on().await.expect("passed on");
    }

    /// Meta calls the webhook with these statuses, signed.
    pub async fn receipts(&self, statuses: &[Value]) -> StatusCode {
        self.webhook(&statuses_of("100000000000001", statuses)).await
    }

    pub async fn webhook(&self, body: &Value) -> StatusCode {
        let body = body.to_string().into_bytes();
        let signature = signature(&body, APP_SECRET);
        self.deliver(ACCOUNT, body, Some(&signature)).await
    }

    pub async fn deliver(&self, account: &str, body: Vec<u8>, signature: Option<&str>) -> StatusCode {
        let client = rpc_client(Duration::from_mins(1), Vec::new()).expect("a client");
        let mut request = client.post(format!("{}/webhooks/whatsapp/meta/{account}", self.public_url)).body(body);
        if let Some(signature) = signature {
            request = request.header("x-hub-signature-256", signature);
        }
        request.send().await.expect("an answer").status()
    }

    /// What the webhook answers to a question.
    pub async fn ask(&self, path_and_query: &str) -> (StatusCode, String) {
        let client = rpc_client(Duration::from_mins(1), Vec::new()).expect("a client");
        let answer = client.get(format!("{}{path_and_query}", self.public_url)).send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("text"))
    }
}

async fn set_secrets(vault: &Vault, account: &str) {
    for (name, secret) in [("token", TOKEN), ("app_secret", APP_SECRET)] {
        vault.set(&format!("whatsapp.{account}.{name}"), &secret.into()).await.expect("set");
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.public.abort();
    }
}

async fn worker(
    odoo: &FakeOdoo,
    meta: &Meta,
    clock: &Arc<Hands>,
    store: &Store,
    vault: &Vault,
    folder: &Path,
) -> Outbox {
    let guard = Guard { private: true, public: true };
    let timeout = Duration::from_mins(1);
    let http = HttpClient::new(HttpOptions { timeout, guard, authorities: Vec::new(), proxy: None }).expect("a client");
    let (journal, begun) = Journal::open(folder.join("sent.journal"), clock.now()).await.expect("a journal");
    let parts = Parts {
        store: store.clone(),
        vault: vault.clone(),
        odoo: Arc::new(sink_with(odoo, |options| options.retry = ONCE)),
        http: Arc::new(http),
        journal,
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        database_uuid: DATABASE_UUID.to_owned(),
        worker: "worker/1".to_owned(),
        providers: providers(&meta.url().parse().expect("an address")),
        public_address: None,
    };
    Outbox::open(parts, &begun).await.expect("an outbox")
}

/// All of them are played in one place.
fn providers(place: &Url) -> Providers {
    let place = || place.clone();
    Providers {
        meta: place(),
        meta_version: "v26.0".to_owned(),
        twilio: place(),
        twilio_content: place(),
        bird: Some(place()),
        vonage: place(),
    }
}

pub fn statuses_of(sender: &str, statuses: &[Value]) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "200000000000002", "changes": [{
        "field": "messages",
        "value": { "messaging_product": "whatsapp", "metadata": { "phone_number_id": sender }, "statuses": statuses },
    }] }] })
}

/// Without the telephone, as it may come.
pub fn status(id: &str, state: &str) -> Value {
    json!({ "id": id, "status": state, "timestamp": "1790000100", "pricing": { "category": "utility" } })
}

pub fn signature(body: &[u8], secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

/// Sends the next message of an account, and no further one.
pub async fn send_next(worker: &Outbox, account: &Account) -> Next {
    worker.send_some(account.clone(), || false).await.expect("sent")
}
