//! The SICANTIKs of this worker: how each is spoken to, and how often. All clients of one host share one limit of
//! calls, whichever configuration, company or run they work for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use crate::clock::SystemClock;
use crate::config::{Config, ConfigError};
use crate::domain::SourceSettings;
use crate::net::{Deadline, Proxy, RateLimit, RetryPolicy};
use crate::sicantik::{Access, Client, ClientOptions, SicantikError};

/// First and longest pause before a call is tried again.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Where Odoo is not asked: the politeness of the default configuration.
const DEFAULT_RATE: f64 = 10.0;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Makes clients; they share the limits of their hosts.
#[derive(Debug)]
pub struct Sources {
    config: Config,
    proxy: Option<Proxy>,
    hosts: Mutex<HashMap<String, Host>>,
}

/// What holds for one host.
#[derive(Debug)]
struct Host {
    limit: Arc<RateLimit>,
    /// Calls a second that each configuration allows; the lowest counts.
    rates: HashMap<i64, f64>,
}

impl Sources {
    /// Nothing is sent yet. The file of the proxy's password is read here and never again: whatever becomes of it
    /// later, no call takes another way than the settings say.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let proxy =
            config.net.proxy()?.map(|proxy| Proxy { url: proxy.url, user: proxy.user, password: proxy.password });
        Ok(Self { config: config.clone(), proxy, hosts: Mutex::default() })
    }

    /// The way to public hosts, if the office has such a one.
    #[must_use]
    pub const fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// A client of the SICANTIK that the settings name; after `until` it makes no call any more.
    pub fn open(&self, settings: &SourceSettings, until: Deadline) -> Result<Client, SicantikError> {
        let mut options = self.options(self.address(settings), settings.timeout, until);
        options.access.allow_plain_http = settings.allow_plain_http;
        options.access.api_key.clone_from(&settings.api_key);
        Client::new(&options, self.limit(settings))
    }

    /// A client of the SICANTIK that the worker's own settings name, where there is no Odoo to ask.
    pub fn open_own(&self) -> Result<Client, SicantikError> {
        let options = self.options(&self.config.sicantik.url, DEFAULT_TIMEOUT, Deadline::never());
        Client::new(&options, Arc::new(RateLimit::per_second(DEFAULT_RATE)))
    }

    /// The address of that SICANTIK: the worker's own setting wins over the one in Odoo.
    #[must_use]
    pub fn address<'a>(&'a self, settings: &'a SourceSettings) -> &'a str {
        let own = &self.config.sicantik.url;
        if own.is_empty() { &settings.api_url } else { own }
    }

    fn options(&self, api_url: &str, timeout: Duration, until: Deadline) -> ClientOptions {
        let sicantik = &self.config.sicantik;
        let access = Access {
            allowed_hosts: sicantik.allowed_hosts.clone(),
            own_address: !sicantik.url.is_empty(),
            ca_file: sicantik.ca_file(),
            proxy: self.proxy.clone(),
            ..Default::default()
        };
        ClientOptions {
            api_url: api_url.to_owned(),
            timeout,
            retry: pauses(sicantik.retry()),
            largest_page: sicantik.largest_page,
            access,
            clock: Arc::new(SystemClock),
            until,
        }
    }

    /// The limit of the host, at the lowest rate that is known for it; also for those who wait already.
    fn limit(&self, settings: &SourceSettings) -> Arc<RateLimit> {
        let name = host_of(self.address(settings));
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, host) in hosts.iter_mut().filter(|(other, _)| **other != name) {
            host.rates.remove(&settings.config_id);
        }
        let rate = settings.rate_per_second;
        let fresh = || Host { limit: Arc::new(RateLimit::per_second(rate)), rates: HashMap::new() };
        let host = hosts.entry(name).or_insert_with(fresh);
        host.rates.insert(settings.config_id, rate);
        host.limit.set_per_second(host.rates.values().copied().fold(rate, f64::min));
        Arc::clone(&host.limit)
    }
}

/// Two addresses of one host are one SICANTIK, whatever their scheme, port and path.
fn host_of(address: &str) -> String {
    let host = Url::parse(address).ok().and_then(|url| Some(url.host_str()?.to_owned()));
    host.unwrap_or_else(|| address.to_owned()).trim_end_matches('.').to_lowercase()
}

/// Pauses that grow until `total` has passed.
#[must_use]
pub fn pauses(total: Duration) -> RetryPolicy {
    RetryPolicy { first: FIRST_PAUSE, longest: LONGEST_PAUSE, total, tries: u32::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(config_id: i64, api_url: &str, rate_per_second: f64) -> SourceSettings {
        SourceSettings {
            config_id,
            name: "Kantor Contoh".to_owned(),
            api_url: api_url.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            page_size: 100,
            rate_per_second,
            allow_plain_http: false,
            api_key: None,
            unlisted: crate::domain::Unlisted::default(),
            type_aliases: crate::domain::TypeAliases::default(),
        }
    }

    fn sources() -> Sources {
        Sources::new(&Config::load(None).expect("the defaults")).expect("no proxy")
    }

    #[test]
    fn a_proxy_stays_when_the_file_of_its_password_goes_and_without_it_nothing_begins() {
        let folder = tempfile::tempdir().expect("a folder");
        let (password, settings) = (folder.path().join("password"), folder.path().join("sicantik.toml"));
        std::fs::write(&password, "kata-sandi-proksi\n").expect("written");
        let lines = format!(
            "[net]\nproxy = \"http://proxy.example:3128\"\nproxy_user = \"kantor\"\nproxy_password_file = {:?}\n",
            password.display().to_string()
        );
        std::fs::write(&settings, lines).expect("written");
        let config = Config::load(Some(&settings)).expect("a configuration");
        let sources = Sources::new(&config).expect("a proxy");
        std::fs::remove_file(&password).expect("removed");

        let options = sources.options("https://perizinan.example.go.id", DEFAULT_TIMEOUT, Deadline::never());
        let proxy = options.access.proxy.expect("the proxy of the settings");
        let password = proxy.password.expect("its password");
        assert_eq!(secrecy::ExposeSecret::expose_secret(&password), "kata-sandi-proksi");

        for refused in
            [Sources::new(&config).expect_err("refused"), Config::load(Some(&settings)).expect_err("refused")]
        {
            let told = refused.to_string();
            assert!(told.contains("net.proxy_password_file") && told.contains("cannot be read"), "{told}");
        }
    }

    #[test]
    fn configurations_of_one_host_share_one_limit() {
        let sources = sources();
        let first = sources.limit(&settings(1, "https://perizinan.example.go.id/backoffice/api", 10.0));
        for other in ["http://PERIZINAN.example.go.id", "https://perizinan.example.go.id.:8443/lain"] {
            assert!(Arc::ptr_eq(&first, &sources.limit(&settings(2, other, 10.0))), "{other}");
        }
        assert!(!Arc::ptr_eq(&first, &sources.limit(&settings(3, "https://lain.example.go.id", 10.0))));
    }

    /// How long 11 calls take that come at once.
    async fn ten_periods(limit: &RateLimit) -> Duration {
        let begun = tokio::time::Instant::now();
        for _ in 0..11 {
            limit.ready().await;
        }
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_rates_the_lower_counts_and_a_changed_one_holds_at_once() {
        let (sources, url) = (sources(), "https://perizinan.example.go.id");
        let limit = sources.limit(&settings(1, url, 10.0));
        assert!(ten_periods(&limit).await < Duration::from_secs(2));
        sources.limit(&settings(2, url, 2.0));
        assert!(ten_periods(&limit).await >= Duration::from_secs(5), "also for who has the limit already");
        sources.limit(&settings(1, url, 10.0));
        assert!(ten_periods(&limit).await >= Duration::from_secs(5), "the other one is still there");
        sources.limit(&settings(2, "https://lain.example.go.id", 2.0));
        sources.limit(&settings(1, url, 10.0));
        assert!(ten_periods(&limit).await < Duration::from_secs(2), "it went to another host");
    }
}
