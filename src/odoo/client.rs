//! The addon's methods, one function each. Every one may be called twice with the same effect.

use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

use crate::config::Protocol;
use crate::domain::{ListedPermit, Order, PermitDetail, PermitType, RunKind, Settings};
use crate::net::RetryPolicy;

use super::arguments::{encoded, with_rows, with_token};
use super::encode::{DetailRow, PermitRow, TypeRow};
use super::facts::{Facts, Introduction, Keys, SettingsAnswer};
use super::transport::Transport;
use super::wire::{
    Applied, Claim, ClaimAnswer, DueAnswer, Finish, Landed, OrderAnswer, Ordered, QueuedAnswer, Report, ReportAnswer,
    Waiting,
};
use super::wire_keys::{Due, HeldPage, KeysAnswer, Marked};
use super::{OdooError, names};

/// Which Odoo, and as whom.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Address, without a path.
    pub url: Url,
    /// Database.
    pub database: String,
    /// The uuid of the database that the worker was paired with; `None` = any.
    pub database_uuid: Option<String>,
    /// The worker's own user.
    pub login: String,
    /// Its API key.
    pub api_key: SecretString,
    /// The newest key of hooks, to tell Odoo which one is in use.
    pub hook_key: Option<SecretString>,
    /// How Odoo is spoken to.
    pub protocol: Protocol,
    /// Limit of one call.
    pub timeout: Duration,
    /// When to try again.
    pub retry: RetryPolicy,
}

/// A client of one Odoo database.
#[derive(Debug)]
pub struct Client {
    transport: Transport,
    keys: Keys,
    retry: RetryPolicy,
    paired_with: Option<String>,
    /// Calls about orders go one at a time: they meet on the same rows in Odoo, and the one that comes second
    /// would have to be repeated there. Held for one try, so that nobody waits for the pauses of another's tries.
    orders: Mutex<()>,
}

/// What waits in Odoo.
#[derive(Debug)]
pub struct Queue {
    /// Runs that wait for a worker.
    pub runs: Vec<Waiting>,
    /// Runs of this worker that a person asked to stop.
    pub cancel: Vec<String>,
    /// Who answered.
    pub facts: Facts,
}

/// What came of asking for a detail.
#[derive(Debug, Clone, PartialEq)]
pub enum DetailResult {
    /// SICANTIK has it.
    Found(Box<PermitDetail>),
    /// SICANTIK says that it has none.
    NoData,
    /// It could not be asked.
    Failed {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        message: String,
    },
}

impl Client {
    /// A client; nothing is sent yet.
    pub fn new(options: ClientOptions) -> Result<Self, OdooError> {
        let keys = Keys::new(&options.api_key, options.hook_key.as_ref());
        let (retry, paired_with) = (options.retry, options.database_uuid.clone());
        Ok(Self { transport: Transport::new(options)?, keys, retry, paired_with, orders: Mutex::default() })
    }

    /// Odoo's version, and the protocol that is spoken with it.
    pub async fn version(&self) -> Result<(String, &'static str), OdooError> {
        self.transport.describe().await
    }

    /// Everything that the addon says to this worker, whichever database it is: the caller judges.
    pub async fn introduce(&self, worker: &str, version: &str) -> Result<Introduction, OdooError> {
        let arguments = self.introduction(worker, version);
        let answer: SettingsAnswer = self.call(names::CONFIG, names::WORKER_SETTINGS, arguments).await?;
        Ok(answer.into())
    }

    /// The active configurations.
    pub async fn settings(&self, worker: &str, version: &str) -> Result<Vec<Settings>, OdooError> {
        let introduction = self.introduce(worker, version).await?;
        self.check(&introduction.facts).await?;
        Ok(introduction.configs.into_iter().map(|(settings, _)| settings).collect())
    }

    /// The runs that wait for a worker. Tried once: the caller polls anyway.
    pub async fn queued(&self, worker: &str, version: &str) -> Result<Queue, OdooError> {
        let arguments = self.introduction(worker, version);
        let answer: QueuedAnswer = self.call_once(names::RUN, names::QUEUED, arguments).await?;
        self.check(&answer.facts).await?;
        Ok(Queue { runs: answer.runs, cancel: answer.cancel, facts: answer.facts })
    }

    /// Orders a run, as a command does, or joins the open one of its kind, and takes it before another worker sees it.
    pub async fn order(
        &self,
        kind: RunKind,
        limit: usize,
        full: bool,
        worker: &str,
        lease: Duration,
    ) -> Result<Ordered, OdooError> {
        let arguments = json!({
            "config_id": 0,
            "kind": kind,
            "limit": limit,
            "full": full,
            "origin": "command",
            "worker": worker,
            "lease_seconds": lease.as_secs(),
        });
        let answer: OrderAnswer = self.call(names::RUN, names::ORDER, arguments).await?;
        Ok(answer.into())
    }

    /// Takes runs for this worker until the lease ends.
    pub async fn claim(&self, uuids: &[String], worker: &str, lease: Duration) -> Result<Claim, OdooError> {
        let arguments = json!({ "uuids": uuids, "worker": worker, "lease_seconds": lease.as_secs() });
        let answer: ClaimAnswer = self.call(names::RUN, names::CLAIM, arguments).await?;
        Ok(answer.into())
    }

    /// Tells where a run stands and renews the lease; true = a person asked to stop it.
    pub async fn report(&self, order: &Order, report: &Report) -> Result<bool, OdooError> {
        let arguments = json!({ "reports": [with_token(order, report)] });
        let answer: ReportAnswer = self.call(names::RUN, names::REPORT, arguments).await?;
        accepted(&answer, order)?;
        Ok(answer.cancel.contains(&order.uuid))
    }

    /// Ends a run.
    pub async fn finish(&self, order: &Order, finish: &Finish) -> Result<(), OdooError> {
        let arguments = json!({ "results": [with_token(order, finish)] });
        let answer: ReportAnswer = self.call(names::RUN, names::FINISH, arguments).await?;
        accepted(&answer, order)
    }

    /// Brings permit types.
    pub async fn upsert_types(&self, order: &Order, types: &[PermitType]) -> Result<Landed, OdooError> {
        let rows: Vec<_> = types.iter().map(TypeRow::from).collect();
        self.call(names::PERMIT_TYPE, names::UPSERT_BATCH, with_rows(order, &rows)).await
    }

    /// Brings permits.
    pub async fn upsert_permits(&self, order: &Order, permits: &[ListedPermit]) -> Result<Landed, OdooError> {
        let rows: Vec<_> = permits.iter().map(PermitRow::from).collect();
        self.call(names::PERMIT, names::UPSERT_BATCH, with_rows(order, &rows)).await
    }

    /// At most `limit` permits whose detail is due and that are not in `exclude`, and how many are due in all.
    pub async fn due_details(&self, order: &Order, limit: usize, exclude: &[i64]) -> Result<Due, OdooError> {
        let arguments = json!({ "uuid": order.uuid, "token": order.token, "limit": limit, "exclude": exclude });
        let answer: DueAnswer = self.call(names::PERMIT, names::DUE_DETAILS, arguments).await?;
        Ok(answer.into())
    }

    /// Brings what the detail calls said.
    pub async fn apply_details(&self, order: &Order, results: &[(i64, DetailResult)]) -> Result<Applied, OdooError> {
        let rows: Vec<_> = results.iter().map(|(id, result)| DetailRow::new(*id, result)).collect();
        self.call(names::PERMIT, names::APPLY_DETAILS, with_rows(order, &rows)).await
    }

    /// At most `limit` permits that Odoo holds, in order of id from `after` on; `values`: with what the list
    /// said of them.
    pub async fn keys(&self, order: &Order, after: i64, limit: usize, values: bool) -> Result<HeldPage, OdooError> {
        let arguments =
            json!({ "uuid": order.uuid, "token": order.token, "after": after, "limit": limit, "values": values });
        let answer: KeysAnswer = self.call(names::PERMIT, names::KEYS, arguments).await?;
        Ok(answer.into())
    }

    /// Marks permits that are not in the list, and those that are there again; at most 2,000 together.
    pub async fn mark_missing(&self, order: &Order, missing: &[i64], seen: &[i64]) -> Result<Marked, OdooError> {
        let arguments = json!({ "uuid": order.uuid, "token": order.token, "missing": missing, "seen": seen });
        self.call(names::PERMIT, names::MARK_MISSING, arguments).await
    }

    fn introduction(&self, worker: &str, version: &str) -> Value {
        json!({ "worker": worker, "version": version, "keys": self.keys })
    }

    /// The database is the paired one, and no copy for tests.
    async fn check(&self, facts: &Facts) -> Result<(), OdooError> {
        self.transport.heard(&facts.odoo_version).await;
        match &self.paired_with {
            _ if facts.neutralized => Err(OdooError::Neutralized),
            Some(paired) if *paired != facts.database_uuid => {
                Err(OdooError::WrongDatabase { found: facts.database_uuid.clone() })
            }
            _ => Ok(()),
        }
    }

    /// The arguments are encoded once, however often the call is tried.
    async fn call<T: DeserializeOwned>(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        let arguments = encoded(model, method, &arguments)?;
        let attempt = || self.attempt(model, method, &arguments);
        self.retry.run("the call to Odoo", attempt).await
    }

    async fn call_once<T: DeserializeOwned>(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: impl Serialize,
    ) -> Result<T, OdooError> {
        self.attempt(model, method, &encoded(model, method, &arguments)?).await
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        model: &'static str,
        method: &'static str,
        arguments: &RawValue,
    ) -> Result<T, OdooError> {
        let turn = if model == names::RUN { Some(self.orders.lock().await) } else { None };
        let answer = self.transport.call(model, method, arguments).await?;
        drop(turn);
        serde_json::from_value(answer).map_err(|error| OdooError::Refused {
            method: format!("{model}.{method}"),
            name: "unexpected answer".to_owned(),
            // The error itself would quote the answer.
            message: format!("{:?} error; the addon and the worker may be of different versions", error.classify()),
        })
    }
}

fn accepted(answer: &ReportAnswer, order: &Order) -> Result<(), OdooError> {
    if answer.accepted.contains(&order.uuid) { Ok(()) } else { Err(OdooError::LeaseLost) }
}
