//! The lease of an order. Odoo gives it to another worker when it has ended; its holder stops before.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;

use crate::net::Deadline;

/// The holder stops so long before the lease ends: a tenth of it, but at least so long that what has left has
/// arrived, and that no second holds calls of two workers.
const LEAST_MARGIN: Duration = Duration::from_millis(1_500);

/// Who may work on an order, and until when. Clones share the end: whoever renews it renews it for all.
#[derive(Debug, Clone)]
pub struct Lease {
    /// Names the order.
    pub uuid: String,
    /// Proves in every call that the order is held.
    pub token: SecretString,
    length: Duration,
    until: Deadline,
}

impl Lease {
    /// A lease of this length that was asked for at `asked`: the moment *before* the call was sent. Odoo counts
    /// from a later one, so that the holder never believes in its lease for longer than Odoo does.
    #[must_use]
    pub fn new(uuid: String, token: SecretString, length: Duration, asked: Instant) -> Self {
        Self { uuid, token, length, until: Deadline::at(asked + usable(length)) }
    }

    /// Odoo has renewed it; `asked` as for a new one. One that has ended stays so.
    pub fn renewed(&self, asked: Instant) {
        self.until.put_off(asked + usable(self.length));
    }

    /// It should be renewed when so much time has passed: three times before it ends.
    #[must_use]
    pub fn renew_after(&self) -> Duration {
        self.length / 3
    }

    /// Until when calls for this order may leave.
    #[must_use]
    pub fn until(&self) -> &Deadline {
        &self.until
    }

    /// Whether calls for this order may still leave.
    #[must_use]
    pub fn is_held(&self) -> bool {
        !self.until.has_passed()
    }

    /// Returns when the holder must stop.
    pub async fn ended(&self) {
        self.until.passed().await;
    }
}

fn usable(length: Duration) -> Duration {
    length.saturating_sub(LEAST_MARGIN.max(length / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn its_holder_stops_before_it_ends_and_goes_on_when_it_is_renewed() {
        for (seconds, least_left) in [(5, 1_500), (60, 6_000)] {
            let (length, asked) = (Duration::from_secs(seconds), Instant::now());
            let lease = Lease::new("u".to_owned(), "t".into(), length, asked);
            tokio::time::sleep(lease.renew_after()).await;
            assert!(lease.is_held());
            let renewed = Instant::now();
            lease.clone().renewed(renewed);
            lease.ended().await;
            let left = (renewed + length).saturating_duration_since(Instant::now());
            assert!(left + Duration::from_millis(5) >= Duration::from_millis(least_left), "{left:?} of {length:?}");
            assert!(!lease.is_held());
        }
    }
}
