//! Who asks, where proxies ask for others.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Each proxy puts the address of whoever asked it behind the others.
const FORWARDED: &str = "x-forwarded-for";

/// The last one on the way here who is no listed proxy. What stands before that anybody may have written.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let told = headers.get_all(FORWARDED).iter().map(|value| value.to_str().unwrap_or_default());
    let mut told: Vec<&str> = told.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer.to_canonical();
    while proxies.iter().any(|proxy| proxy.contains(&client)) {
        let Some(before) = told.pop().and_then(address) else { break };
        client = before.to_canonical();
    }
    client
}

/// With or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    text.parse().map(|with_port: SocketAddr| with_port.ip()).ok().or_else(bare)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_listed_proxies_say_for_whom_they_ask() {
        let proxies: Vec<IpNet> =
            ["127.0.0.1/32", "::1/128", "10.1.0.0/16"].map(|text| text.parse().expect("a network")).into();
        for (peer, told, client_is) in [
            ("127.0.0.1", &["203.0.113.7"][..], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            // Two of ours in a row.
            ("127.0.0.1", &["203.0.113.7, 10.1.2.3"], "203.0.113.7"),
            ("::ffff:127.0.0.1", &["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", &["203.0.113.7:1234"], "203.0.113.7"),
            ("::1", &["[2001:db8::7]:1234"], "2001:db8::7"),
            ("::1", &["2001:db8::7"], "2001:db8::7"),
            ("127.0.0.1", &["::ffff:203.0.113.7"], "203.0.113.7"),
            // Whoever is no proxy of ours is not believed.
            ("203.0.113.9", &["10.1.2.3"], "203.0.113.9"),
            ("10.2.0.1", &["203.0.113.7"], "10.2.0.1"),
            // What cannot be read ends the way.
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &[""], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.7, unknown"], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.7, unknown, 10.1.2.3"], "10.1.2.3"),
        ] {
            let mut headers = HeaderMap::new();
            for line in told {
                headers.append(FORWARDED, HeaderValue::from_static(line));
            }
            let peer = peer.parse().expect("an address");
            assert_eq!(client(peer, &headers, &proxies).to_string(), client_is, "{peer} {told:?}");
        }
    }
}
