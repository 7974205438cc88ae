//! From where an address can be reached, and which of them a client may call: the worker stands inside the
//! office's network, and must not become anybody's way into it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Services of clouds that hand out credentials, outside the link-local range.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    // Azure's, in the middle of the public range.
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// From where an address can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// From everywhere.
    Public,
    /// From this machine or the office's own network only.
    Private,
    /// From the cable only, or a cloud's metadata service.
    LinkLocal,
}

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// Never called, whatever the settings say.
    #[error("a link-local address")]
    LinkLocal,
    /// Inside the office's network, and not allowed by name.
    #[error("a private address")]
    Private,
    /// Public, and the connection would not be encrypted.
    #[error("a public address without encryption")]
    Plain,
}

/// Which addresses one client may call. Asked for each address that a name resolves to, at each connection,
/// so that a name that moves later does not slip through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Addresses of this machine and its network.
    pub private: bool,
    /// Addresses outside it.
    pub public: bool,
}

impl Guard {
    /// Whether the address may be called.
    pub fn check(self, address: IpAddr) -> Result<(), AddressRefused> {
        match reach(address) {
            Reach::LinkLocal => Err(AddressRefused::LinkLocal),
            Reach::Private if !self.private => Err(AddressRefused::Private),
            Reach::Public if !self.public => Err(AddressRefused::Plain),
            Reach::Private | Reach::Public => Ok(()),
        }
    }

    /// Whether the address that stands in the URL itself may be called; a name's are known when it is resolved.
    pub fn check_literal(self, url: &Url) -> Result<(), AddressRefused> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.check(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }

    /// Whether a host that counts as public may be called, where only a proxy knows its address.
    pub fn check_public(self) -> Result<(), AddressRefused> {
        if self.public { Ok(()) } else { Err(AddressRefused::Plain) }
    }
}

fn reach(address: IpAddr) -> Reach {
    match address {
        _ if METADATA.contains(&address) => Reach::LinkLocal,
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(inner) => reach(IpAddr::V4(inner)),
            None => reach_v6(address),
        },
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    let private = address.is_private()
        || address.is_loopback()
        || address.is_multicast()
        || a == 0 // this host
        || a >= 240 // reserved, broadcast
        || (a == 100 && (64..128).contains(&b)) // shared by a provider's customers
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 198 && (18..20).contains(&b)); // benchmarks
    if address.is_link_local() {
        Reach::LinkLocal
    } else if private {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address.is_unicast_link_local() {
        Reach::LinkLocal
    } else if address.segments()[0] & 0xe000 == 0x2000 {
        // 2000::/3 is all that is routed in the world.
        Reach::Public
    } else {
        Reach::Private
    }
}

/// The IPv4 address that an IPv6 one leads to: mapped, compatible, NAT64 or 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(from(high, low))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Guard = Guard { private: true, public: true };
    const OUTSIDE: Guard = Guard { private: false, public: true };
    const INSIDE: Guard = Guard { private: true, public: false };

    fn verdicts(address: &str) -> [Result<(), AddressRefused>; 3] {
        let address = address.parse().unwrap_or_else(|_| panic!("{address}"));
        [ANY, OUTSIDE, INSIDE].map(|guard| guard.check(address))
    }

    #[test]
    fn link_local_and_metadata_addresses_are_never_called() {
        for address in [
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "::ffff:168.63.129.16",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            assert_eq!(verdicts(address), [Err(AddressRefused::LinkLocal); 3], "{address}");
        }
    }

    #[test]
    fn private_addresses_are_called_only_when_they_are_allowed() {
        for address in [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.1",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:c0a8:101::",
        ] {
            assert_eq!(verdicts(address), [Ok(()), Err(AddressRefused::Private), Ok(())], "{address}");
        }
    }

    #[test]
    fn public_addresses_are_called_unless_the_connection_is_plain() {
        for address in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8", "64:ff9b::808:808"] {
            assert_eq!(verdicts(address), [Ok(()), Ok(()), Err(AddressRefused::Plain)], "{address}");
        }
    }
}
