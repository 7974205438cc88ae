//! What comes sealed piece by piece: an HPKE context (RFC 9180) in base mode, whose messages are opened one after the other.

use std::fmt;

use hpke::aead::{AeadCtxR, AesGcm256};
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR};
use zeroize::Zeroizing;

use super::MasterKey;

/// Opens the messages of one context in their order.
pub struct StreamOpener {
    context: AeadCtxR<AesGcm256, HkdfSha256, DhP256HkdfSha256>,
}

/// Without its key.
impl fmt::Debug for StreamOpener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StreamOpener").finish_non_exhaustive()
    }
}

impl StreamOpener {
    /// Bytes of the sender's one-time public key, an uncompressed point.
    pub const ENCAPSULATED: usize = 65;

    /// For what was sealed to `key` for this purpose; `None` where that is no key of a sender.
    pub(super) fn new(key: &MasterKey, encapsulated: &[u8], info: &[u8]) -> Option<Self> {
        let encapsulated = <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
        let context = hpke::setup_receiver(&OpModeR::Base, key.private(), &encapsulated, info).ok()?;
        Some(Self { context })
    }

    /// The next message; `None` where it is another one, was changed, or is bound to something else.
    pub fn open(&mut self, sealed: &[u8], bound: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.context.open(sealed, bound).ok().map(Zeroizing::new)
    }
}
