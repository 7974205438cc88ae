//! Everything that a job, a command or a hook may touch, built once from the configuration.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::domain::{Order, Settings};
use crate::health::Health;
use crate::net::{Proxy, RateLimit, RetryPolicy};
use crate::sicantik::SicantikError;
use crate::sync::compare::Comparing;
use crate::sync::list_pass::{ListLimits, MAX_PAGES};
use crate::sync::{Progress, Run, Stop};
use crate::{odoo, sicantik};

/// Version of the worker, as Odoo shows it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// First and longest pause before a call is tried again.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The parts of the running worker.
#[derive(Debug)]
pub struct App {
    /// As it was given.
    pub config: Config,
    /// Odoo.
    pub odoo: Arc<odoo::Client>,
    /// Rings when a hook came.
    pub wake: Arc<Notify>,
    /// What is known of the outside, for readiness.
    pub health: Arc<Health>,
    /// Time of day.
    pub clock: Arc<dyn Clock>,
    /// Names this process in leases: unique, so that a restarted worker never mistakes itself for the old one.
    pub instance: String,
    rates: Mutex<HashMap<i64, (f64, Arc<RateLimit>)>>,
}

impl App {
    /// Builds the parts; nothing is sent yet.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let odoo = Arc::new(odoo::Client::new(odoo_options(&config)?)?);
        let instance = format!("{}/{}", config.worker.name(), &uuid::Uuid::new_v4().simple().to_string()[..8]);
        Ok(Self {
            config,
            odoo,
            wake: Arc::default(),
            health: Arc::default(),
            clock: Arc::new(SystemClock),
            instance,
            rates: Mutex::default(),
        })
    }

    /// A run for a claimed order.
    pub fn run(&self, order: Order) -> Result<Run, SicantikError> {
        let source = Arc::new(self.source(&order.settings)?);
        Ok(Run {
            order,
            source,
            sink: Arc::clone(&self.odoo),
            progress: Arc::new(Progress::default()),
            stop: Arc::new(Stop::default()),
            lease: self.config.worker.lease(),
            list_limits: list_limits(&self.config),
            comparing: Comparing::default(),
        })
    }

    /// A client of the SICANTIK that the settings name. All clients of a configuration share its rate limit.
    pub fn source(&self, settings: &Settings) -> Result<sicantik::Client, SicantikError> {
        sicantik::Client::new(&source_options_of(&self.config, settings), self.rate(settings))
    }

    /// The address of that SICANTIK: the configuration's own one wins over the one in Odoo.
    #[must_use]
    pub fn source_address<'a>(&'a self, settings: &'a Settings) -> &'a str {
        let own = &self.config.sicantik.url;
        if own.is_empty() { &settings.api_url } else { own }
    }

    fn rate(&self, settings: &Settings) -> Arc<RateLimit> {
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || (settings.rate_per_second, Arc::new(RateLimit::per_second(settings.rate_per_second)));
        let entry = rates.entry(settings.config_id).or_insert_with(fresh);
        if entry.0.total_cmp(&settings.rate_per_second).is_ne() {
            *entry = fresh();
        }
        Arc::clone(&entry.1)
    }
}

/// How to speak to SICANTIK; the configuration's own address wins over the one in Odoo.
#[must_use]
pub fn source_options(config: &Config, api_url: &str, timeout: Duration) -> sicantik::ClientOptions {
    let own_address = !config.sicantik.url.is_empty();
    let url = if own_address { &config.sicantik.url } else { api_url };
    let access = sicantik::Access {
        allowed_hosts: config.sicantik.allowed_hosts.clone(),
        own_address,
        ca_file: config.sicantik.ca_file(),
        proxy: proxy(config),
        ..Default::default()
    };
    let (retry, largest_page) = (pauses(config.sicantik.retry()), config.sicantik.largest_page);
    sicantik::ClientOptions {
        api_url: url.to_owned(),
        timeout,
        retry,
        largest_page,
        access,
        clock: Arc::new(SystemClock),
    }
}

/// The same with what a configuration in Odoo says.
#[must_use]
pub fn source_options_of(config: &Config, settings: &Settings) -> sicantik::ClientOptions {
    let mut options = source_options(config, &settings.api_url, settings.timeout);
    options.access.allow_plain_http = settings.allow_plain_http;
    options.access.api_key.clone_from(&settings.api_key);
    options
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
        retry: pauses(odoo.retry()),
    })
}

/// Checked when the configuration was read; what its file of the password says may have changed since.
fn proxy(config: &Config) -> Option<Proxy> {
    let proxy = config.net.proxy().inspect_err(|error| tracing::warn!(%error, "net.proxy is not used")).ok()??;
    Some(Proxy { url: proxy.url, user: proxy.user, password: proxy.password })
}

fn pauses(total: Duration) -> RetryPolicy {
    RetryPolicy { first: FIRST_PAUSE, longest: LONGEST_PAUSE, total, tries: u32::MAX }
}
