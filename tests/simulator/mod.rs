//! A SICANTIK server with made-up permits, for tests: it answers as the real one does (`docs/sicantik.md`),
//! bad habits included. `main.rs` makes it a program; integration tests take this file in by `#[path]` and call
//! [`spawn`]. Everything follows from the seed; nothing in it is a real person, number or place.

#![allow(dead_code, unreachable_pub, reason = "the program and the tests each use a part")]
#![allow(clippy::disallowed_methods, reason = "a test tool may read the clock itself")]

mod admin;
mod answer;
mod base64;
mod calls;
mod change;
mod db_value;
mod detail;
mod dialect_simple;
mod endpoints;
mod entities;
mod faults;
mod fixed_shares;
mod generate;
#[cfg(test)]
mod http_tests;
mod list;
mod living;
mod numbering;
mod oddities;
mod options;
mod request;
mod respond;
mod routes;
mod shape;
#[cfg(test)]
mod tests;
mod truth;
mod types;
mod wire_json;
mod wire_xml;
mod world;

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use calls::Call;
pub use change::What;
#[allow(unused_imports, reason = "as for dead code")]
pub use faults::{Kind, Rule};
pub use options::{Dialect, Options};
use world::World;

/// How long a shutdown waits for calls under way.
const GRACE: Duration = Duration::from_millis(500);

/// What all handlers share.
pub struct Shared {
    options: RwLock<Options>,
    world: RwLock<World>,
    /// Every call to the imitated server.
    pub calls: Arc<calls::Calls>,
    /// The faults in force.
    pub faults: faults::Faults,
    queries: AtomicU64,
    stop: watch::Sender<bool>,
}

/// A simulator that listens. It stops on [`Running::shutdown`] or when it is dropped.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// Makes the world and listens.
///
/// # Errors
/// The address cannot be bound.
pub async fn spawn(options: Options) -> std::io::Result<Running> {
    let listener = tokio::net::TcpListener::bind(&options.listen).await?;
    let addr = listener.local_addr()?;
    let shared = Arc::new(Shared::new(options));
    let mut stopped = shared.stop.subscribe();
    let service = axum::serve(listener, routes::router(Arc::clone(&shared))).with_graceful_shutdown(async move {
        // An error means that the sender is gone: time to stop as well.
        let _ = stopped.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(async move {
        if let Err(error) = service.await {
            eprintln!("simulator: {error}");
        }
    });
    Ok(Running { addr, shared, server })
}

impl Running {
    /// The address that a client is configured with.
    pub fn base_url(&self) -> String {
        let path = match self.shared.options().dialect {
            Dialect::Api => routes::API,
            Dialect::Simple => routes::SIMPLE,
        };
        format!("http://{}{path}", self.addr)
    }

    /// The address of the administration.
    pub fn admin_url(&self) -> String {
        format!("http://{}/_admin", self.addr)
    }

    /// As `GET /_admin/truth`.
    pub fn truth(&self) -> Value {
        self.shared.truth()
    }

    /// As `GET /_admin/rows`.
    pub fn rows(&self) -> Value {
        self.shared.rows()
    }

    /// As `GET /_admin/calls`.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls.all()
    }

    /// As `DELETE /_admin/calls`.
    pub fn clear_calls(&self) {
        self.shared.calls.clear();
    }

    /// As `POST /_admin/faults`; an empty list ends all faults.
    pub fn set_faults(&self, rules: Vec<Rule>) {
        self.shared.faults.set(rules);
    }

    /// As `POST /_admin/settings`.
    ///
    /// # Errors
    /// An unknown name or a wrong value, in words.
    pub fn set(&self, settings: &Value) -> Result<Value, String> {
        self.shared.set(settings)
    }

    /// As `POST /_admin/change`.
    pub fn change(&self, what: What, count: usize) -> Vec<Value> {
        change::change(&mut self.shared.world_mut(), what, count)
    }

    /// As `POST /_admin/issue`.
    pub fn issue(&self, count: usize) -> Vec<Value> {
        change::issue(&mut self.shared.world_mut(), count)
    }

    /// As `POST /_admin/number`.
    pub fn number(&self, count: usize) -> Vec<Value> {
        change::number(&mut self.shared.world_mut(), count)
    }

    /// As `POST /_admin/remove`.
    pub fn remove(&self, count: usize) -> Vec<Value> {
        change::remove(&mut self.shared.world_mut(), count)
    }

    /// Waits until `POST /_admin/shutdown`.
    pub async fn stopped(&self) {
        let _ = self.shared.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Stops listening; calls that hang are left behind after half a second.
    pub async fn shutdown(mut self) {
        self.shared.stop.send_replace(true);
        let _ = tokio::time::timeout(GRACE, &mut self.server).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
        self.server.abort();
    }
}

impl Shared {
    fn new(options: Options) -> Self {
        Self {
            world: RwLock::new(World::new(&options)),
            options: RwLock::new(options),
            calls: Arc::default(),
            faults: faults::Faults::default(),
            queries: AtomicU64::new(0),
            stop: watch::Sender::new(false),
        }
    }

    fn options(&self) -> RwLockReadGuard<'_, Options> {
        self.options.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn truth(&self) -> Value {
        truth::truth(&self.world(), &self.options())
    }

    fn truth_text(&self) -> String {
        truth::truth_text(&self.world(), &self.options())
    }

    fn rows(&self) -> Value {
        truth::rows(&self.world(), &self.options())
    }

    /// Lays the given settings over the present ones; another seed, size or day makes a new world.
    fn set(&self, given: &Value) -> Result<Value, String> {
        let present = self.options().clone();
        let mut merged = serde_json::to_value(&present).map_err(|error| error.to_string())?;
        let fields = given.as_object().ok_or("settings are an object")?;
        if let Some(all) = merged.as_object_mut() {
            all.extend(fields.clone());
        }
        let next: Options = serde_json::from_value(merged.clone()).map_err(|error| error.to_string())?;
        if (next.permits, next.seed, next.today) != (present.permits, present.seed, present.today) {
            let world = World::new(&next);
            *self.world_mut() = world;
        }
        *self.options.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(merged)
    }
}
