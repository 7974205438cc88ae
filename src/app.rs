//! Everything that a job, a command or a hook may touch, built once from the configuration.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::Notify;

use crate::clock::{Clock, SystemClock};
use crate::config::{BsreApi, BsrePlace, Config, ConfigError, LocalSigning, Providers, ProxyConfig, TimePlace};
use crate::domain::RunKind;
use crate::files::{Files, FilesParts, Place};
use crate::health::Health;
use crate::inbox::{Inbox, InboxParts, Patience};
use crate::net::{self, Guard, HttpClient, HttpOptions};
use crate::odoo;
use crate::orders::ClaimedRun;
use crate::outbox::{Journal, Outbox, Parts};
use crate::secrets::Vault;
use crate::sicantik::SicantikError;
use crate::signing::{bsre, local};
use crate::sources::{Sources, pauses};
use crate::store::Store;
use crate::sync::compare::Comparing;
use crate::sync::list_pass::{ListLimits, MAX_PAGES};
use crate::sync::{ListMemory, Progress, Run, Stop};

/// Version of the worker, as Odoo shows it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An answer of a provider of messages comes within this time, or nobody knows whether the message was taken.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(10);

/// Whoever opens the address of a document waits so long for Odoo.
const STRANGERS_TIMEOUT: Duration = Duration::from_secs(5);

/// The parts of the running worker.
#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub odoo: Arc<odoo::Client>,
    /// Rings when a hook came.
    pub wake: Arc<Notify>,
    /// What is known of the outside, for readiness.
    pub health: Arc<Health>,
    pub clock: Arc<dyn Clock>,
    /// Names this process in leases: unique, so that a restarted worker never mistakes itself for the old one.
    pub instance: String,
    /// SICANTIK, by host.
    pub sources: Sources,
    /// The worker's own database; a command can do without.
    pub store: Option<Store>,
    /// The secrets in it; of the service alone.
    pub vault: Option<Vault>,
    /// Documents; of the service alone, where it is paired with one database.
    pub files: Option<Arc<Files>>,
    /// Where PDFs come in by themselves; of the service alone, where documents are kept and there is one.
    pub inbox: Option<Arc<Inbox>>,
    /// Messages on their way; of the service alone, where it is paired with one database.
    pub outbox: Option<Arc<Outbox>>,
}

impl App {
    /// Builds the parts; nothing is sent yet.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let odoo = Arc::new(odoo::Client::new(odoo_options(&config)?)?);
        let instance = format!("{}/{}", config.worker.name(), &uuid::Uuid::new_v4().simple().to_string()[..8]);
        let sources = Sources::new(&config)?;
        Ok(Self {
            config,
            odoo,
            wake: Arc::default(),
            health: Arc::default(),
            clock: Arc::new(SystemClock),
            instance,
            sources,
            store: None,
            vault: None,
            files: None,
            inbox: None,
            outbox: None,
        })
    }

    /// The same for a command, which looks into the store of the service where there is one.
    pub async fn of_command(config: Config) -> anyhow::Result<Self> {
        let app = Self::new(config)?;
        let store = look(&app.config).await;
        Ok(Self { store, ..app })
    }

    /// Opens the outbox of the service; `None` where it takes orders of any database, so that nobody could tell whose
    /// messages these are.
    pub async fn open_outbox(&self, store: &Store, vault: &Vault) -> anyhow::Result<Option<Arc<Outbox>>> {
        let (config, database_uuid) = (&self.config, &self.config.odoo.database_uuid);
        if database_uuid.is_empty() {
            return Ok(None);
        }
        let path = config.whatsapp.journal_file(&config.store.address()?);
        let opened = Journal::open(path.clone(), self.clock.now()).await;
        let remedy = || format!("whatsapp.journal_file = {}: the file cannot be used", path.display());
        let (journal, begun) = opened.with_context(remedy)?;
        let providers = config.whatsapp.providers()?;
        let parts = Parts {
            store: store.clone(),
            vault: vault.clone(),
            odoo: Arc::clone(&self.odoo),
            http: Arc::new(self.http_of_providers(&providers)?),
            journal,
            clock: Arc::clone(&self.clock),
            database_uuid: database_uuid.clone(),
            worker: self.instance.clone(),
            providers,
            public_address: config.public.address()?,
        };
        Ok(Some(Arc::new(Outbox::open(parts, &begun).await?)))
    }

    /// A further client of Odoo, for the thread of the public listener: it has connections of its own, and is soon
    /// answered or not at all.
    pub fn odoo_for_strangers(&self) -> anyhow::Result<Arc<odoo::Client>> {
        let options = odoo_options(&self.config)?;
        let timeout = options.timeout.min(STRANGERS_TIMEOUT);
        Ok(Arc::new(odoo::Client::new(odoo::ClientOptions { timeout, ..options })?))
    }

    /// Opens the documents of the service; `None` where it takes orders of any database.
    pub fn open_files(&self, store: &Store, vault: &Vault) -> anyhow::Result<Option<Arc<Files>>> {
        let (config, database_uuid) = (&self.config, &self.config.odoo.database_uuid);
        if database_uuid.is_empty() {
            return Ok(None);
        }
        let place = config.files.place(&config.store.address()?)?;
        let place = Place::open(&place)?;
        let parts = FilesParts {
            store: store.clone(),
            vault: vault.clone(),
            place,
            program: std::env::current_exe().context("the worker's own program cannot be found")?,
            database_uuid: database_uuid.clone(),
            largest: config.files.largest_mib * 1024 * 1024,
        };
        Ok(Some(Arc::new(Files::new(parts))))
    }

    /// Opens the inbox of the service, where it has one.
    pub fn open_inbox(&self, files: &Arc<Files>) -> anyhow::Result<Option<Arc<Inbox>>> {
        let config = &self.config;
        let Some(place) = config.inbox.place(&config.files, &config.store.address()?)? else { return Ok(None) };
        let parts = InboxParts {
            files: Arc::clone(files),
            odoo: Arc::clone(&self.odoo),
            clock: Arc::clone(&self.clock),
            keep_days: config.inbox.keep_days,
            patience: Patience::new(config.inbox.still()),
        };
        Ok(Some(Arc::new(Inbox::open(&place, parts)?)))
    }

    /// The journal, where it knows of messages that left and the store does not: an older store came back. A running worker
    /// is left alone.
    pub async fn journal_ahead_of(&self, store: &Store) -> anyhow::Result<Option<PathBuf>> {
        let path = self.config.whatsapp.journal_file(&self.config.store.address()?);
        let last = Journal::look(&path).with_context(|| path.display().to_string())?;
        let Some(last) = last else { return Ok(None) };
        let is_known = store.has_left(&self.config.odoo.database_uuid, &last.key).await?;
        Ok((!is_known).then_some(path))
    }

    /// A client for the providers of messages: nobody but them is called, and nobody inside the office.
    fn http_of_providers(&self, providers: &Providers) -> anyhow::Result<HttpClient> {
        let guard = Guard { private: providers.are_played(), public: true };
        let (timeout, authorities) = (PROVIDER_TIMEOUT, net::authorities(None, "").map_err(anyhow::Error::msg)?);
        Ok(HttpClient::new(HttpOptions { timeout, guard, authorities, proxy: self.sources.proxy() })?)
    }

    /// A run for what was claimed.
    pub fn run(&self, order: ClaimedRun) -> Result<Run, SicantikError> {
        let source = Arc::new(self.sources.open(&order.settings, order.lease.until().clone())?);
        let memory = ListMemory::of(self.store.clone(), self.sources.address(&order.settings));
        Ok(Run {
            order,
            source,
            sink: Arc::clone(&self.odoo),
            progress: Arc::new(Progress::default()),
            stop: Arc::new(Stop::default()),
            memory,
            list_limits: list_limits(&self.config),
            comparing: Comparing::default(),
            previewed: RunKind::Permits,
        })
    }
}

/// The store of the service, where there is one that can be looked into.
pub async fn look(config: &Config) -> Option<Store> {
    Store::look(&config.store.address().ok()?).await
}

/// The office's account at BSrE's eSign Client Service, if it has one.
pub fn bsre(config: &Config) -> anyhow::Result<Option<bsre::Account>> {
    let Some(BsrePlace { url, user, password, api, ca_file, timeout }) = config.signing.bsre()? else {
        return Ok(None);
    };
    let proxy = config.net.proxy()?.map(|ProxyConfig { url, user, password }| net::Proxy { url, user, password });
    let api = match api {
        BsreApi::V2 => bsre::Api::V2,
        BsreApi::V1 => bsre::Api::V1,
    };
    let settings = bsre::Settings { base: url, user, password, api, ca_file, timeout, proxy };
    Ok(Some(bsre::Account::new(settings)?))
}

/// How the office signs by itself, with the keys of this vault.
pub fn local_signing(config: &Config, vault: Vault) -> anyhow::Result<local::Office> {
    let LocalSigning { zone, time, .. } = config.signing.local()?;
    let wants_time = time.as_ref().is_some_and(|time| time.is_required);
    let time = time.map(|TimePlace { url, ca_file, .. }| {
        let proxy = config.net.proxy()?.map(|ProxyConfig { url, user, password }| net::Proxy { url, user, password });
        anyhow::Ok(local::TimeService::new(local::TimeServiceSettings { url, ca_file, proxy })?)
    });
    let program = std::env::current_exe().context("this program cannot be found")?;
    Ok(local::Office::new(local::Parts {
        keys: local::KeyRing::new(vault),
        program,
        clock: Arc::new(SystemClock),
        zone,
        time: time.transpose()?,
        wants_time,
    }))
}

/// Limits of reading the list, but for the first page, which is a setting in Odoo.
#[must_use]
pub fn list_limits(config: &Config) -> ListLimits {
    ListLimits {
        first_page: 100,
        learnt_page: 0,
        largest_page: config.sicantik.largest_page,
        most_pages: MAX_PAGES,
        page_time: config.sicantik.page_time(),
    }
}

fn odoo_options(config: &Config) -> Result<odoo::ClientOptions, ConfigError> {
    let odoo = &config.odoo;
    Ok(odoo::ClientOptions {
        url: odoo.parsed_url()?,
        database: odoo.required_database()?.to_owned(),
        database_uuid: (!odoo.database_uuid.is_empty()).then(|| odoo.database_uuid.clone()),
        login: odoo.login.clone(),
        api_key: odoo.required_api_key()?,
        hook_key: config.hook.keys()?.into_iter().next(),
        ca_file: odoo.ca_file(),
        clock: Arc::new(SystemClock),
        protocol: odoo.protocol()?,
        timeout: odoo.timeout(),
        lease: config.worker.lease(),
        retry: pauses(odoo.retry()),
    })
}
