//! The plumbing under the calls: one call, its tries, whose database answers. The calls themselves stand in one
//! file a subject. Every method of the addon may be called twice with the same effect.

use std::path::PathBuf;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::clock::Clock;
use crate::config::Protocol;
use crate::net::RetryPolicy;
use crate::orders::Lease;

use super::holder::by_holder;
use super::key_names::KeyNames;
use super::settings::ServerInfo;
use super::transport::Transport;
use super::{OdooError, names};

/// A call, as the log names it.
const WHAT: &str = "the call to Odoo";

/// A call about runs is small. One that takes longer than this has failed, so that the next try still renews the
/// lease in time; of a shorter lease it is a third.
const RUNS_TIMEOUT: Duration = Duration::from_secs(20);

/// A call about runs waits so long for the one before it, which may hang.
const TURN: Duration = Duration::from_millis(500);

/// Which Odoo, and as whom.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Address, without a path.
    pub url: Url,
    pub database: String,
    /// The uuid of the database that the worker was paired with; `None` = any.
    pub database_uuid: Option<String>,
    /// The worker's own user.
    pub login: String,
    pub api_key: SecretString,
    /// The newest key of hooks, to tell Odoo which one is in use.
    pub hook_key: Option<SecretString>,
    /// A file of further authorities, in PEM: those of an office's own certificates.
    pub ca_file: Option<PathBuf>,
    /// Time of day, for pauses that are asked for by date.
    pub clock: Arc<dyn Clock>,
    /// How Odoo is spoken to.
    pub protocol: Protocol,
    pub timeout: Duration,
    /// How long leases last: calls about runs are given up in time to renew them.
    pub lease: Duration,
    /// When to try again.
    pub retry: RetryPolicy,
}

/// A client of one Odoo database.
#[derive(Debug)]
pub struct Client {
    transport: Transport,
    key_names: std::sync::Mutex<KeyNames>,
    retry: RetryPolicy,
    paired_with: Option<String>,
    runs_timeout: Duration,
    /// Calls about runs go one at a time where they can: they meet on the same rows in Odoo, and the one that comes
    /// second would have to be repeated there. Held for one try; whoever has waited long enough goes without.
    about_runs: Mutex<()>,
}

impl Client {
    /// A client; nothing is sent yet.
    pub fn new(options: ClientOptions) -> Result<Self, OdooError> {
        let key_names = KeyNames::new(&options.api_key, options.hook_key.as_ref()).into();
        let (retry, paired_with) = (options.retry, options.database_uuid.clone());
        let runs_timeout = RUNS_TIMEOUT.min(options.lease / 3).min(options.timeout);
        let (transport, about_runs) = (Transport::new(options)?, Mutex::default());
        Ok(Self { transport, key_names, retry, paired_with, runs_timeout, about_runs })
    }

    /// Odoo's version, and the protocol that is spoken with it.
    pub async fn version(&self) -> Result<(String, &'static str), OdooError> {
        self.transport.describe().await
    }

    /// From now on Odoo is told that secrets are sealed to this key, base64 of an uncompressed point on P-256, or
    /// nothing of it. Whether that is news.
    pub fn tell_public_key(&self, public_key: Option<String>) -> bool {
        let mut names = self.key_names();
        let is_news = names.public_key != public_key;
        names.public_key = public_key;
        is_news
    }

    /// From now on Odoo is told that the internet reaches the public listener so; empty = not at all.
    pub fn tell_public_address(&self, address: String) {
        self.key_names().public_address = Some(address);
    }

    pub(super) fn introduction(&self, worker: &str, version: &str) -> Value {
        json!({ "worker": worker, "version": version, "keys": *self.key_names() })
    }

    fn key_names(&self) -> MutexGuard<'_, KeyNames> {
        self.key_names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database is the paired one, and no copy for tests.
    pub(super) async fn check(&self, server: &ServerInfo) -> Result<(), OdooError> {
        self.transport.heard(&server.odoo_version).await;
        match &self.paired_with {
            _ if server.neutralized => Err(OdooError::Neutralized),
            Some(paired) if *paired != server.database_uuid => {
                Err(OdooError::WrongDatabase { found: server.database_uuid.clone() })
            }
            _ => Ok(()),
        }
    }

    /// A call that may be repeated, as every method may; the arguments are encoded once, however often it is tried.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        let arguments = encoded(model, method, &arguments)?;
        self.retry.repeat_idempotent(WHAT, || self.attempt(model, method, &arguments)).await
    }

    /// A call that is tried once and given up soon, because its caller asks again anyway and others wait for it.
    pub(super) async fn call_once<T: DeserializeOwned>(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        let arguments = encoded(model, method, &arguments)?;
        let call = self.attempt(model, method, &arguments);
        timeout(self.runs_timeout, call).await.unwrap_or(Err(OdooError::UnknownOutcome))
    }

    /// A call by the holder of a lease, which may be repeated: no try leaves when it has ended.
    pub(super) async fn call_by_holder<T: DeserializeOwned>(
        &self,
        lease: &Lease,
        model: &'static str,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        let arguments = encoded(model, method, &by_holder(lease, arguments))?;
        let attempt = async || {
            held(lease)?;
            self.attempt(model, method, &arguments).await
        };
        self.retry.repeat_idempotent(WHAT, attempt).await
    }

    /// A call about runs, with the moment before the try that was answered: leases count from there.
    pub(super) async fn call_about_runs<T: DeserializeOwned>(
        &self,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<(T, Instant), OdooError> {
        let arguments = encoded(names::RUN, method, &arguments)?;
        let attempt = async || {
            let asked = Instant::now();
            Ok((self.attempt_about_runs(method, &arguments).await?, asked))
        };
        self.retry.repeat_idempotent(WHAT, attempt).await
    }

    /// The same, tried once.
    pub(super) async fn call_about_runs_once<T: DeserializeOwned>(
        &self,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        self.attempt_about_runs(method, &encoded(names::RUN, method, &arguments)?).await
    }

    /// The end of a run, which only the holder of its lease may tell.
    pub(super) async fn call_about_held_run<T: DeserializeOwned>(
        &self,
        lease: &Lease,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        let arguments = encoded(names::RUN, method, &arguments)?;
        let attempt = async || {
            held(lease)?;
            self.attempt_about_runs(method, &arguments).await
        };
        self.retry.repeat_idempotent(WHAT, attempt).await
    }

    /// One try of any call about runs: all of them pass here, one at a time unless one hangs.
    async fn attempt_about_runs<T: DeserializeOwned>(
        &self,
        method: &'static str,
        arguments: &RawValue,
    ) -> Result<T, OdooError> {
        let call = async {
            let _turn = timeout(TURN, self.about_runs.lock()).await;
            self.attempt(names::RUN, method, arguments).await
        };
        timeout(self.runs_timeout, call).await.unwrap_or(Err(OdooError::UnknownOutcome))
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: &RawValue,
    ) -> Result<T, OdooError> {
        let answer = self.transport.call(model, method, arguments).await?;
        serde_json::from_value(answer).map_err(|error| OdooError::Refused {
            method: format!("{model}.{method}"),
            name: "unexpected answer".to_owned(),
            // The error itself would quote the answer.
            message: format!("{:?} error; the addon and the worker may be of different versions", error.classify()),
        })
    }
}

/// Whether calls for this order may still leave.
fn held(lease: &Lease) -> Result<(), OdooError> {
    if lease.is_held() { Ok(()) } else { Err(OdooError::LeaseLost) }
}

fn encoded(model: &str, method: &str, arguments: &impl Serialize) -> Result<Box<RawValue>, OdooError> {
    to_raw_value(arguments).map_err(|error| OdooError::Refused {
        method: format!("{model}.{method}"),
        name: "arguments that are no JSON".to_owned(),
        message: format!("{:?} error", error.classify()),
    })
}
