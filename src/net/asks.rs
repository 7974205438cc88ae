//! What strangers may ask for: so many times each, and so many times all together.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// After so many asks whoever has been silent for long is forgotten.
const TIDY: u32 = 1_000;

/// Of an IPv6 address what a provider gives to one customer.
const OF_ONE_CUSTOMER: u128 = !0 << 64;

type OfEach = RateLimiter<IpAddr, governor::state::keyed::HashMapStateStore<IpAddr>, DefaultClock>;

/// So many at once after a pause, and so many a minute for long.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub burst: u32,
    pub a_minute: u32,
}

/// Counts the asks of everybody.
#[derive(Debug)]
pub struct Asks {
    of_each: OfEach,
    of_all: DefaultDirectRateLimiter,
    count: AtomicU32,
}

impl Asks {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new(each: Share, all: Share) -> Self {
        let of_each = RateLimiter::hashmap(quota(each));
        Self { of_each, of_all: RateLimiter::direct(quota(all)), count: AtomicU32::default() }
    }

    /// One more ask of this client; or how long it should wait.
    pub fn take(&self, client: IpAddr) -> Result<(), Duration> {
        if self.count.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            self.of_each.retain_recent();
            self.of_each.shrink_to_fit();
        }
        let now = DefaultClock::default().now();
        self.of_each.check_key(&customer(client)).map_err(|until| until.wait_time_from(now))?;
        self.of_all.check().map_err(|until| until.wait_time_from(now))
    }
}

/// Whom an address stands for: many addresses of IPv6 are one customer's.
#[must_use]
pub fn customer(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & OF_ONE_CUSTOMER).into(),
        address @ IpAddr::V4(_) => address,
    }
}

fn quota(share: Share) -> Quota {
    let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(at_least_one(share.a_minute)).allow_burst(at_least_one(share.burst))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EACH: Share = Share { burst: 3, a_minute: 1 };

    fn from(address: &str) -> IpAddr {
        address.parse().expect("an address")
    }

    #[test]
    fn each_has_a_share_and_all_have_one() {
        let asks = Asks::new(EACH, Share { burst: 7, a_minute: 1 });
        let taken = |address: &str| (0..10).filter(|_| asks.take(from(address)).is_ok()).count();
        assert_eq!((taken("203.0.113.1"), taken("::ffff:203.0.113.1")), (3, 0), "one and the same");
        // Many addresses of one customer.
        assert_eq!((taken("2001:db8::1"), taken("2001:db8::ffff:2")), (3, 0));
        assert_eq!(taken("2001:db8:0:1::1"), 1, "all have asked enough");
        let wait = asks.take(from("198.51.100.1")).expect_err("not now");
        assert!(wait > Duration::from_secs(50), "{wait:?}");
    }

    #[test]
    fn who_is_silent_is_forgotten() {
        let asks = Asks::new(Share { burst: 1, a_minute: 60_000 }, Share { burst: 5_000, a_minute: 60_000 });
        for number in 0..u32::from(u16::MAX) {
            let _ = asks.take(IpAddr::V4(number.into()));
        }
        assert!(asks.of_each.len() < 3_000, "{}", asks.of_each.len());
    }
}
