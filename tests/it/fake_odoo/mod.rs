//! An Odoo with the addon, as far as the worker can tell: it keeps runs, leases, permits and details, and
//! fails on demand in ways that a real Odoo cannot easily be brought to. What the addon does with the rows
//! is tested on a real Odoo (`tests/odoo`); here a row is new, changed or unchanged by its hash.

pub mod arrivals;
mod failures;
pub mod messages;
mod orders;
mod permits;
pub mod rpc;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub use failures::{Failure, How};
pub use orders::RunRecord;
pub use permits::PermitRecord;

/// What the worker must know to be let in.
pub const DATABASE: &str = "contoh";
pub const DATABASE_UUID: &str = "11111111-2222-3333-4444-555555555555";
pub const LOGIN: &str = "sicantik_worker";
pub const API_KEY: &str = "kunci-api-0123456789abcdef0123456789abcdef";

/// A story in which nothing happens for so long has failed.
const PATIENCE: Duration = Duration::from_mins(5);

/// An Odoo that listens until it is dropped.
pub struct FakeOdoo {
    addr: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

/// The database, and a log of calls.
#[derive(Default)]
pub struct State {
    /// 18 speaks JSON-RPC only; 19 JSON-2, too.
    pub version: u32,
    /// The addon `rpc` was uninstalled.
    pub rpc_is_gone: bool,
    /// How often the version was asked for at `/web/version`.
    pub versions_asked: usize,
    /// What Odoo says of itself, beside its uuid and version.
    pub facts: Map<String, Value>,
    /// What `worker_settings` says of the active configurations.
    pub configs: Vec<Value>,
    pub runs: Vec<RunRecord>,
    /// Messages that people are told; there is the addon for them where there are accounts.
    pub messages: Vec<messages::MessageRecord>,
    pub accounts: Vec<Value>,
    /// Every report of accounts.
    pub account_reports: Vec<Value>,
    /// Messages of which Odoo has heard nothing for hours.
    pub ask: Vec<Value>,
    /// What else providers told.
    pub heard: Vec<Value>,
    /// Files of the inbox.
    pub arrivals: arrivals::Arrivals,
    /// What is said of public addresses, by the hash of their tokens.
    pub addresses: BTreeMap<String, Value>,
    /// By identity.
    pub permits: BTreeMap<String, PermitRecord>,
    /// By key.
    pub types: BTreeMap<String, Value>,
    /// Identities (or a part of them) that a constraint refuses.
    pub refuse_rows_with: Option<String>,
    /// Every call that arrived, in order.
    pub calls: Vec<Call>,
    /// The key was revoked: nobody is let in.
    pub revoked: bool,
    /// Calls with this token never arrive: their sender is cut off, though it does not know.
    pub cut_off: Option<String>,
    /// The active configuration, for what commands order.
    pub settings: Value,
    failures: failures::Failures,
    under_way: BTreeMap<String, usize>,
    last_token: u64,
    last_permit: i64,
}

/// One call of the worker.
#[derive(Clone, Debug)]
pub struct Call {
    /// Model and method without `sicantik.`, such as `sync.run.report`; or `authenticate`.
    pub method: String,
    /// `jsonrpc` or `json2`.
    pub protocol: &'static str,
    /// Its arguments.
    pub arguments: Value,
    /// Size of the request.
    pub bytes: usize,
    /// Calls of this method under way at the arrival, this one included.
    pub at_once: usize,
    /// Whether it changed, or could have changed, anything.
    pub taken: bool,
}

impl Call {
    fn new(method: String, arguments: Value, bytes: usize, protocol: &'static str) -> Self {
        Self { method, protocol, arguments, bytes, at_once: 0, taken: false }
    }
}

impl FakeOdoo {
    pub async fn spawn() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let shared = Arc::<Shared>::default();
        shared.state().version = 18;
        let router = rpc::router(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("it listens") });
        Self { addr, shared, server }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The database, to look at or to change.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }

    /// From now on these failures are in force, and no others.
    pub fn fail(&self, failures: impl IntoIterator<Item = Failure>) {
        self.state().failures.set(failures);
    }

    /// The calls of one method, in the order of their arrival.
    pub fn calls(&self, method: &str) -> Vec<Call> {
        self.state().calls.iter().filter(|call| call.method == method).cloned().collect()
    }

    /// How often each method was called.
    pub fn count(&self, method: &str) -> usize {
        self.calls(method).len()
    }

    /// Waits until a call has brought the database to this.
    pub async fn until(&self, reached: impl Fn(&State) -> bool) {
        self.shared.until(reached).await;
    }
}

impl Drop for FakeOdoo {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn until(&self, reached: impl Fn(&State) -> bool) {
        let wait = async {
            loop {
                let mut changed = std::pin::pin!(self.changed.notified());
                changed.as_mut().enable();
                if reached(&self.state()) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("the story goes on");
    }
}
