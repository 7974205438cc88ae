//! What arrives at our address, before anybody knows whether a provider sent it.

use std::fmt;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use url::Url;

/// So many seconds a signature may be old, or ahead where a clock is wrong; who has an older one has kept it.
const TOLERANCE: u64 = 300;

/// A call that says it comes from a provider.
pub struct Webhook<'a> {
    /// The public address as the provider calls it, whole, with the query that came with it.
    pub url: &'a Url,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    pub now: DateTime<Utc>,
}

/// A body that is none of the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no webhook of this provider")]
pub struct Unreadable;

/// Without signatures, and what somebody wrote.
impl fmt::Debug for Webhook<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Webhook").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl Webhook<'_> {
    /// One header, if it is there once and is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        only(self.headers, name)
    }
}

/// One header, if it is there once and is text.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether it was signed at about this time, in Unix seconds.
pub(super) fn is_timely(signed_at: i64, now: DateTime<Utc>) -> bool {
    signed_at.abs_diff(now.timestamp()) <= TOLERANCE
}
