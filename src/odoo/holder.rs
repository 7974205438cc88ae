//! What only the holder of a run's lease may say: uuid and token go with it.

use secrecy::ExposeSecret;
use serde::Serialize;

use crate::orders::Lease;

/// The arguments of such a call.
#[derive(Serialize)]
pub(super) struct ByHolder<'a, T> {
    uuid: &'a str,
    token: &'a str,
    #[serde(flatten)]
    arguments: T,
}

/// These arguments, said by the holder of the lease.
pub(super) fn by_holder<T: Serialize>(lease: &Lease, arguments: T) -> ByHolder<'_, T> {
    ByHolder { uuid: &lease.uuid, token: lease.token.expose_secret(), arguments }
}
