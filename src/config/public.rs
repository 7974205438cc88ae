//! `[public]`: the listener for citizens, behind the office's TLS proxy.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, address, listen};

/// Variables `SICANTIK__PUBLIC__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicConfig {
    /// `LISTEN`: address and port; empty = there is none.
    listen: String,
    /// `ALLOW_PRIVATE`: an address of a private network may be listened on.
    allow_private: bool,
    /// `ADDRESS`: how the internet reaches the listener; empty = not told.
    address: String,
    /// `PROXIES`: whose `X-Forwarded-For` is believed: addresses and networks, separated by commas.
    #[serde(deserialize_with = "super::names::names")]
    proxies: Vec<String>,
}

impl PublicConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.proxies()?;
        self.address()?;
        self.listen().map(drop)
    }

    /// How the internet reaches the listener, as `https://perizinan.example.go.id`.
    pub fn address(&self) -> Result<Option<Url>, ConfigError> {
        const KEY: &str = "public.address";
        if self.address.is_empty() {
            return Ok(None);
        }
        let example = "give the address of https that the internet knows, such as https://perizinan.example.go.id";
        let secrets = "give the address without a user or password";
        address::parse_encrypted(KEY, &self.address, example, secrets, example).map(Some)
    }

    /// The proxies that are believed when they say for whom they ask.
    pub fn proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        let network = |text: &String| {
            let one = text.parse::<IpAddr>().map(IpNet::from);
            one.or_else(|_| text.parse()).map_err(|_| ConfigError::Bad {
                key: "public.proxies",
                value: text.clone(),
                remedy: "give addresses or networks, such as 127.0.0.1 or 10.1.2.0/24".to_owned(),
            })
        };
        self.proxies.iter().map(network).collect()
    }

    /// The address to listen on, if any.
    pub fn listen(&self) -> Result<Option<SocketAddr>, ConfigError> {
        if self.listen.is_empty() {
            return Ok(None);
        }
        listen::parse("public.listen", &self.listen, self.allow_private, "public.allow_private").map(Some)
    }
}
