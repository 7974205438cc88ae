//! Addresses that are listened on. What comes to them is not encrypted, so the internet must not reach them.

use std::net::{IpAddr, SocketAddr};

use super::ConfigError;

/// An address and a port of the loopback, or of a private network where the settings say so.
pub(super) fn parse(
    key: &'static str,
    text: &str,
    allow_private: bool,
    permission: &str,
) -> Result<SocketAddr, ConfigError> {
    let bad = |remedy: String| ConfigError::Bad { key, value: text.to_owned(), remedy };
    let address: SocketAddr =
        text.parse().map_err(|_| bad("give an address and a port, such as 127.0.0.1:8075".to_owned()))?;
    let ip = address.ip();
    if ip.is_loopback() || allow_private && is_private(ip) {
        return Ok(address);
    }
    Err(bad(if is_private(ip) {
        format!(
            "what comes here is not encrypted: listen on 127.0.0.1 and put a TLS proxy before it, or set {permission} = \
             true where nobody else is in that network (a container's)"
        )
    } else {
        "what comes here is not encrypted: listen on 127.0.0.1, or name the worker's own address in a private network"
            .to_owned()
    }))
}

/// RFC 1918 and RFC 4193; not all addresses at once, of which some may be public.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}
