//! The politeness towards a server: calls a second.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Share of the allowance that is used. Calls that leave evenly arrive unevenly; the margin keeps the
/// server from ever seeing more than the allowance in one second: ten pauses take 1,036 ms, and each wakes
/// about a millisecond late, so that the first call may be some 45 ms late (a new connection, a busy
/// machine). Of ten calls a second, 9.55 are left.
const USED_SHARE: f64 = 0.965;

/// One call per period, no bursts: `per_second` of governor would let the double through in a second.
#[derive(Debug)]
pub struct RateLimit {
    limiter: DefaultDirectRateLimiter,
}

impl RateLimit {
    /// At most `per_second` calls in any second (clamped to 0.01–1,000).
    #[must_use]
    pub fn per_second(per_second: f64) -> Self {
        let period = Duration::from_secs_f64(1.0 / (per_second.clamp(0.01, 1000.0) * USED_SHARE));
        let quota = Quota::with_period(period)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::MIN);
        Self { limiter: RateLimiter::direct(quota) }
    }

    /// Waits for the next free place.
    pub async fn ready(&self) {
        self.limiter.until_ready().await;
    }
}
