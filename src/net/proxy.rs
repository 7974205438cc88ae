//! The office's way out: which hosts a client reaches by the proxy of `net.proxy`, and which directly.
//!
//! Loopback and private addresses never go through a proxy: it may stand elsewhere, and would become a way into
//! somebody's network. Behind one nobody but the proxy resolves names, so that there a name is all that can be
//! judged.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::address_guard::{AddressRefused, Guard};

/// A name that this machine cannot resolve within this time is the proxy's to resolve. Many offices with a
/// proxy have no other way to learn of public names.
const RESOLVE_LIMIT: Duration = Duration::from_secs(2);

/// Last labels of names that mean something in one network only.
const LOCAL_LABELS: [&str; 6] = ["localhost", "local", "internal", "intranet", "lan", "arpa"];

/// The proxy of the settings.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address, without user and password.
    pub url: Url,
    /// As whom; empty = nobody.
    pub user: String,
    /// The user's password.
    pub password: Option<SecretString>,
}

impl Proxy {
    pub(super) fn for_all(&self) -> Result<reqwest::Proxy, ProxyUnusable> {
        let proxy = reqwest::Proxy::all(self.url.clone())?;
        if self.user.is_empty() {
            return Ok(proxy);
        }
        // In a header of its own: what stands in the address is printed with the client.
        let password = self.password.as_ref().map_or("", |password| password.expose_secret());
        let mut basic =
            HeaderValue::try_from(format!("Basic {}", STANDARD.encode(format!("{}:{password}", self.user))))?;
        basic.set_sensitive(true);
        Ok(proxy.custom_http_auth(basic))
    }
}

/// A proxy that no client can be made with.
#[derive(Debug, thiserror::Error)]
pub enum ProxyUnusable {
    #[error(transparent)]
    Address(#[from] reqwest::Error),
    /// User and password.
    #[error(transparent)]
    Credentials(#[from] InvalidHeaderValue),
}

/// How a host is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    Direct,
    ByProxy,
}

/// The routes found so far. A host keeps its route for the life of a client.
#[derive(Debug, Default)]
pub(super) struct Routes(Mutex<HashMap<String, Route>>);

impl Routes {
    /// The route to the host of the address. By the proxy only names and addresses go that `guard` lets pass as
    /// public ones.
    pub(super) async fn to(&self, url: &Url, guard: Guard) -> Result<Route, AddressRefused> {
        let Some(host) = url.host() else { return Ok(Route::Direct) };
        let name = host.to_string();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
        let route = match known {
            Some(route) => route,
            None => find(&host).await,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, route);
        if route == Route::ByProxy { guard.check_public().map(|()| route) } else { Ok(route) }
    }
}

async fn find(host: &Host<&str>) -> Route {
    let is_public = match host {
        Host::Ipv4(address) => is_public(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(*address)),
        Host::Domain(name) => !is_local(name) && resolves_to_public(name).await,
    };
    if is_public { Route::ByProxy } else { Route::Direct }
}

fn is_public(address: IpAddr) -> bool {
    Guard { private: false, public: true }.check(address).is_ok()
}

/// A name without a dot, or under a label of local networks.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.rsplit_once('.') {
        None => true,
        Some((_, last)) => LOCAL_LABELS.contains(&last),
    }
}

/// Whether nothing is known here that speaks against it.
async fn resolves_to_public(name: &str) -> bool {
    match tokio::time::timeout(RESOLVE_LIMIT, tokio::net::lookup_host((name, 0))).await {
        Ok(Ok(mut addresses)) => addresses.all(|address| is_public(address.ip())),
        Ok(Err(_)) | Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_inside_the_office_never_goes_through_the_proxy() {
        for host in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.9",
            "169.254.169.254",
            "[::1]",
            "[fd12::1]",
            "localhost",
            "LOCALHOST.",
            "sicantik",
            "db.localhost",
            "sicantik.local",
            "metadata.google.internal",
            "perizinan.lan",
        ] {
            assert_eq!(find(&Host::parse(host).expect("a host").as_ref_host()).await, Route::Direct, "{host}");
        }
        for host in ["8.8.8.8", "[2001:db8::1]"] {
            assert_eq!(find(&Host::parse(host).expect("a host").as_ref_host()).await, Route::ByProxy, "{host}");
        }
    }

    #[tokio::test]
    async fn plain_http_is_no_more_allowed_by_a_proxy_than_without() {
        let url = "http://8.8.8.8/api".parse().expect("a URL");
        let to = async |public| Routes::default().to(&url, Guard { private: false, public }).await;
        assert_eq!((to(true).await, to(false).await), (Ok(Route::ByProxy), Err(AddressRefused::Plain)));
    }

    trait AsRefHost {
        fn as_ref_host(&self) -> Host<&str>;
    }

    impl AsRefHost for Host<String> {
        fn as_ref_host(&self) -> Host<&str> {
            match self {
                Host::Domain(name) => Host::Domain(name),
                Host::Ipv4(address) => Host::Ipv4(*address),
                Host::Ipv6(address) => Host::Ipv6(*address),
            }
        }
    }

    #[test]
    fn the_password_is_never_printed() {
        let proxy = Proxy {
            url: "http://proxy.example:3128".parse().expect("a URL"),
            user: "kantor".to_owned(),
            password: Some("kata-sandi".into()),
        };
        let text = format!("{proxy:?} {:?}", proxy.for_all().expect("a proxy"));
        assert!(!text.contains("kata-sandi") && !text.contains(&STANDARD.encode("kantor:kata-sandi")), "{text}");
    }
}
