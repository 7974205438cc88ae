//! Messages to people that Odoo orders. Each is kept in the store before Odoo is told so, goes out once by its account,
//! and is moved on by what the provider tells later. Odoo hears of every state.
//!
//! Two messages that say the same to the same person are one, whoever orders them and whatever was restored meanwhile:
//! the store knows them by a hash, and so does the [`Journal`] beside it.

mod account;
mod hear;
mod journal;
mod keep;
mod others;
mod outcome;
mod restored;
mod send;
mod sender;
mod tell;

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use url::Url;

use crate::clock::Clock;
use crate::config::Providers;
use crate::domain::MessageAccount;
use crate::domain::text::hex;
use crate::net::HttpClient;
use crate::odoo::{Client, OdooError};
use crate::secrets::{SecretsError, Vault};
use crate::store::{Line, MESSAGE_JOBS, Store, StoreError};

pub use journal::{Journal, Sent};
pub use send::{Begins, Next};

/// What the jobs of messages are called.
const KIND: &str = MESSAGE_JOBS;

/// What the outbox needs.
#[derive(Debug)]
pub struct Parts {
    pub store: Store,
    pub vault: Vault,
    pub odoo: Arc<Client>,
    /// For the providers.
    pub http: Arc<HttpClient>,
    pub journal: Journal,
    pub clock: Arc<dyn Clock>,
    /// Odoo's database that the worker is paired with.
    pub database_uuid: String,
    /// How this process is called in leases.
    pub worker: String,
    pub providers: Providers,
    /// How the internet reaches the public listener, for providers that are told with each message; `None` = not at all.
    pub public_address: Option<Url>,
}

/// Messages on their way. What one process does with them; several share the store.
#[derive(Debug)]
pub struct Outbox {
    parts: Parts,
    /// Odoo's addon is there.
    is_wanted: AtomicBool,
    /// Rings when messages may have been ordered.
    pub ordered: Notify,
    /// Rings when there is something to tell Odoo.
    pub changed: Arc<Notify>,
    /// Rings when something may go out.
    pub kept: Notify,
    /// What had left at the last look for an earlier store.
    looked_for: Mutex<Option<Sent>>,
    /// The store gave a message that had left before: it is an earlier one.
    is_doubtful: AtomicBool,
    /// By lane, how many messages in a row nobody answered to.
    silences: Mutex<HashMap<String, u32>>,
    /// What Odoo was told of accounts last.
    told_of_accounts: Mutex<HashMap<String, String>>,
}

/// What keeps the outbox from working; the next try may do better.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Odoo(#[from] OdooError),
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error("the journal {0} cannot be used: {1}; nothing is sent")]
    Journal(String, io::Error),
}

impl OutboxError {
    /// Odoo does not take this very call; others may do.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Odoo(error) if error.is_refusal())
    }
}

impl Outbox {
    /// Opens it: what the journal knows and the store does not was done before somebody brought an earlier store back, and
    /// is not done again. `begun` is what the journal gave when it was opened.
    pub async fn open(parts: Parts, begun: &[Sent]) -> Result<Self, StoreError> {
        let outbox = Self {
            parts,
            is_wanted: AtomicBool::default(),
            ordered: Notify::default(),
            changed: Arc::default(),
            kept: Notify::default(),
            looked_for: Mutex::default(),
            is_doubtful: AtomicBool::default(),
            silences: Mutex::default(),
            told_of_accounts: Mutex::default(),
        };
        outbox.follow_journal(begun).await?;
        Ok(outbox)
    }

    /// Odoo has the addon, or has it no longer.
    pub fn set_wanted(&self, is_wanted: bool) {
        if self.is_wanted.swap(is_wanted, Ordering::Relaxed) != is_wanted {
            tracing::info!(messages = is_wanted, "what Odoo orders");
        }
    }

    /// Whether Odoo has the addon.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }

    fn line<'a>(&'a self, lane: &'a str) -> Line<'a> {
        Line { database_uuid: &self.parts.database_uuid, kind: KIND, lane }
    }

    /// The accounts that Odoo told of, with what their providers said.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let kept = self.parts.store.message_accounts(&self.parts.database_uuid).await?;
        Ok(kept.into_iter().map(|kept| Account { settings: kept.settings, daily_limit: kept.daily_limit }).collect())
    }

    /// One of them, if it is there.
    pub async fn account(&self, uuid: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts().await?.into_iter().find(|account| account.settings.uuid == uuid))
    }

    /// How many messages in a row nobody answered to.
    fn silences(&self, lane: &str) -> u32 {
        self.silences.lock().unwrap_or_else(PoisonError::into_inner).get(lane).copied().unwrap_or_default()
    }

    /// The same, this one included or, when it was answered, none.
    fn silence(&self, lane: &str, was_silent: bool) -> u32 {
        let mut silences = self.silences.lock().unwrap_or_else(PoisonError::into_inner);
        let count = silences.entry(lane.to_owned()).or_default();
        *count = if was_silent { count.saturating_add(1) } else { 0 };
        *count
    }
}

/// An account, and what its provider said of it.
#[derive(Debug, Clone)]
pub struct Account {
    pub settings: MessageAccount,
    /// To how many people it may write in 24 hours; 0 = to all.
    pub daily_limit: Option<i64>,
}

/// The hash by which a message is known.
fn hash(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// The store is used by several at once: a moment later it may answer.
const STORE_PAUSE: Duration = Duration::from_millis(200);
