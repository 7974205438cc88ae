//! A signer's key under a passphrase of the signer's own: whoever has the vault and its master key still cannot sign with it.

use std::num::NonZeroU32;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

/// Rounds of PBKDF2: some tenths of a second, for who signs and for who guesses (OWASP's figure for SHA-256).
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(599_999);

const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;

/// As it is kept, each part in base64.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedKey {
    rounds: NonZeroU32,
    salt: String,
    nonce: String,
    sealed: String,
}

/// Why a key is not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    #[error("this machine has no random numbers")]
    Random,
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    #[error("the sealed key cannot be read")]
    Malformed,
}

impl SealedKey {
    /// Seals it, bound to what it belongs to. Takes long on purpose: not for an async thread.
    pub(super) fn seal(key: &[u8], passphrase: &SecretString, bound: &[u8]) -> Result<Self, SealError> {
        let random = SystemRandom::new();
        let (mut salt, mut nonce) = ([0; SALT_BYTES], [0; NONCE_LEN]);
        random.fill(&mut salt).map_err(|_| SealError::Random)?;
        random.fill(&mut nonce).map_err(|_| SealError::Random)?;
        let mut text = key.to_vec();
        let sealed = derived(ROUNDS, &salt, passphrase)?.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound),
            &mut text,
        );
        sealed.map_err(|_| SealError::Malformed)?;
        let [salt, nonce, sealed] = [&salt[..], &nonce, &text].map(|bytes| BASE64_STANDARD.encode(bytes));
        Ok(Self { rounds: ROUNDS, salt, nonce, sealed })
    }

    /// The key, in memory that is wiped. Takes as long.
    pub(super) fn open(&self, passphrase: &SecretString, bound: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let read = |text: &str| BASE64_STANDARD.decode(text).map_err(|_| SealError::Malformed);
        let nonce = Nonce::try_assume_unique_for_key(&read(&self.nonce)?).map_err(|_| SealError::Malformed)?;
        let mut text = Zeroizing::new(read(&self.sealed)?);
        let opened = derived(self.rounds, &read(&self.salt)?, passphrase)?;
        let length =
            opened.open_in_place(nonce, Aad::from(bound), &mut text).map_err(|_| SealError::WrongPassphrase)?.len();
        text.truncate(length);
        Ok(text)
    }
}

fn derived(rounds: NonZeroU32, salt: &[u8], passphrase: &SecretString) -> Result<LessSafeKey, SealError> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    pbkdf2::derive(PBKDF2_HMAC_SHA256, rounds, salt, passphrase.expose_secret().as_bytes(), &mut *key);
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &*key).map_err(|_| SealError::Malformed)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_opens_it_and_only_for_what_it_belongs_to() {
        let (right, wrong) = ("benar kuda baterai".into(), "benar kuda bateraI".into());
        let sealed = SealedKey::seal(b"a key", &right, b"of Ani").expect("sealed");
        assert_eq!(&sealed.open(&right, b"of Ani").expect("opened")[..], b"a key");
        for (passphrase, bound) in [(&wrong, &b"of Ani"[..]), (&right, b"of Budi")] {
            assert_eq!(sealed.open(passphrase, bound).map(drop), Err(SealError::WrongPassphrase));
        }
        let again = SealedKey::seal(b"a key", &right, b"of Ani").expect("sealed");
        assert!(sealed.salt != again.salt && sealed.sealed != again.sealed, "each has a salt of its own");
        assert_eq!(sealed.rounds.get(), 600_000);
    }
}
