//! An office to tell stories in: a SICANTIK, an Odoo, and the worker's own clients between them.

use std::sync::{Arc, Once};
use std::time::Duration;

use serde_json::{Value, json};
use sicantik_companion::clock::SystemClock;
use sicantik_companion::config::Protocol;
use sicantik_companion::domain::RunKind;
use sicantik_companion::net::{Deadline, RateLimit, RetryPolicy};
use sicantik_companion::sync::compare::Comparing;
use sicantik_companion::sync::list_pass::{ListLimits, MAX_PAGES};
use sicantik_companion::sync::{ListMemory, Progress, Run, Stop};
use sicantik_companion::{odoo, sicantik};

use crate::fake_odoo::{API_KEY, DATABASE, DATABASE_UUID, FakeOdoo, LOGIN};
use crate::simulator::{self, Kind, Rule, Running};

/// Tries again at once, and not often; however slow the machine is.
pub const QUICK: RetryPolicy = RetryPolicy {
    first: Duration::from_millis(5),
    longest: Duration::from_millis(20),
    total: Duration::from_mins(5),
    tries: 10,
};

/// Never tries again.
pub const ONCE: RetryPolicy = RetryPolicy { tries: 1, ..QUICK };

/// As a worker is called in leases.
pub const WORKER: &str = "worker/1";

/// Calls a second that no story waits for.
pub const UNHURRIED: f64 = 1000.0;

pub const LEASE: Duration = Duration::from_mins(1);

/// Both ends of the worker.
pub struct Office {
    pub sicantik: Running,
    pub odoo: FakeOdoo,
}

impl Office {
    pub async fn open(options: simulator::Options) -> Self {
        let office = Self { sicantik: spawn(options).await, odoo: FakeOdoo::spawn().await };
        let settings = settings(&office.sicantik.base_url());
        office.odoo.state().configs = vec![settings.clone()];
        office.odoo.state().settings = settings;
        office
    }

    pub async fn with_permits(permits: usize) -> Self {
        Self::open(simulator::Options { permits, ..Default::default() }).await
    }

    /// A run of this kind, ordered and claimed.
    pub async fn run(&self, kind: RunKind) -> Run {
        self.claim(&self.order(kind)).await
    }

    /// The ordered run, claimed.
    pub async fn claim(&self, uuid: &str) -> Run {
        self.claim_for(uuid, LEASE).await
    }

    /// The same, for so long; its source makes no call after the lease.
    pub async fn claim_for(&self, uuid: &str, lease: Duration) -> Run {
        let sink = sink_with(&self.odoo, |options| options.lease = lease);
        let uuid = uuid.to_owned();
        let claim = sink.claim(&[uuid], WORKER, lease).await.expect("a claim");
        let order = claim.runs.into_iter().next().expect("an order");
        let until = order.lease.until().clone();
        let options = sicantik::ClientOptions { until, ..options(&self.sicantik.base_url()) };
        Run {
            order,
            source: Arc::new(source_with(&options)),
            sink: Arc::new(sink),
            progress: Arc::new(Progress::default()),
            stop: Arc::new(Stop::default()),
            memory: ListMemory::default(),
            list_limits: LIMITS,
            comparing: Comparing::default(),
            previewed: RunKind::Permits,
        }
    }

    /// A person presses a button; gives the run's uuid.
    pub fn order(&self, kind: RunKind) -> String {
        let mut odoo = self.odoo.state();
        let settings = odoo.settings.clone();
        odoo.order(kind.as_str(), settings)
    }
}

/// As a configuration is set up, but without waiting.
pub fn settings(api_url: &str) -> Value {
    json!({
        "config_id": 1, "name": "Kantor Contoh", "api_url": api_url, "timeout_seconds": 30, "page_size": 100,
        "rate_per_second": UNHURRIED, "tz": "Asia/Jakarta", "warning_days": 60, "critical_days": 30,
    })
}

/// What has not come by then has hung, on a machine that others keep busy, too. A story about slowness has its own limits.
pub const PATIENCE: Duration = Duration::from_mins(10);

/// Limits of the list as they are by default, without hurry.
pub const LIMITS: ListLimits =
    ListLimits { first_page: 100, learnt_page: 0, largest_page: 20_000, most_pages: MAX_PAGES, page_time: PATIENCE };

pub async fn spawn(options: simulator::Options) -> Running {
    simulator::spawn(options).await.expect("a free port")
}

/// A client of SICANTIK that neither waits nor tries for long.
pub fn source(api_url: &str) -> sicantik::Client {
    source_with(&options(api_url))
}

/// As `source` speaks, to be changed; the simulator's host is allowed.
pub fn options(api_url: &str) -> sicantik::ClientOptions {
    let access = sicantik::Access { allowed_hosts: vec!["127.0.0.1".to_owned()], ..Default::default() };
    sicantik::ClientOptions {
        api_url: api_url.to_owned(),
        timeout: PATIENCE,
        retry: QUICK,
        largest_page: LIMITS.largest_page,
        access,
        clock: Arc::new(SystemClock),
        until: Deadline::never(),
    }
}

pub fn source_with(options: &sicantik::ClientOptions) -> sicantik::Client {
    choose_tls();
    sicantik::Client::new(options, Arc::new(RateLimit::per_second(UNHURRIED))).expect("a client")
}

/// A client of Odoo that tries again at once.
pub fn sink(odoo: &FakeOdoo) -> odoo::Client {
    sink_with(odoo, |_| {})
}

pub fn sink_with(odoo: &FakeOdoo, change: impl FnOnce(&mut odoo::ClientOptions)) -> odoo::Client {
    choose_tls();
    let mut options = odoo::ClientOptions {
        url: odoo.url().parse().expect("a URL"),
        database: DATABASE.to_owned(),
        database_uuid: Some(DATABASE_UUID.to_owned()),
        login: LOGIN.to_owned(),
        api_key: API_KEY.into(),
        hook_key: None,
        ca_file: None,
        clock: Arc::new(SystemClock),
        protocol: Protocol::Auto,
        timeout: PATIENCE,
        lease: LEASE,
        retry: QUICK,
    };
    change(&mut options);
    odoo::Client::new(options).expect("a client")
}

/// Waits for what the simulator or a process will show; the caller's own limit is against hanging.
pub async fn until(reached: impl Fn() -> bool) {
    while !reached() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A fault of SICANTIK's; `times` 0 = for ever.
pub fn fault(endpoint: &str, fault: Kind, times: u64) -> Rule {
    Rule {
        endpoint: endpoint.to_owned(),
        fault,
        status: None,
        retry_after: None,
        times,
        after: 0,
        hang_ms: None,
        above_limit: None,
        contains: None,
    }
}

/// What `main` does first.
pub fn choose_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| rustls::crypto::ring::default_provider().install_default().expect("the first"));
}
