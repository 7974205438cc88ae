//! The master key, and what is sealed with it: HPKE in base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
//! Every browser has these three in its WebCrypto.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::SecretsError;

/// What is sealed is for this purpose and no other.
const INFO: &[u8] = b"sicantik-companion secret 1";

/// Bytes of the other side's one-time public key, which stands before the sealed text: an uncompressed point.
const ENCAPSULATED: usize = 65;

/// Bytes of a secret: a token, a private key in PEM, a certificate with its chain.
pub(super) const LONGEST: usize = 32 * 1024;

pub(super) type Private = <DhP256HkdfSha256 as Kem>::PrivateKey;
type Public = <DhP256HkdfSha256 as Kem>::PublicKey;

/// How a secret is called: whose database it belongs to, and which one it is there. What was sealed under one name
/// opens under no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    database_uuid: String,
    name: String,
}

impl Name {
    /// `name`: up to 100 of `a`–`z`, `0`–`9`, `.`, `-` and `_`.
    pub fn new(database_uuid: &str, name: &str) -> Result<Self, SecretsError> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        if name.is_empty() || name.len() > 100 || !name.bytes().all(is_plain) {
            return Err(SecretsError::Name(name.to_owned()));
        }
        Ok(Self { database_uuid: database_uuid.to_owned(), name: name.to_owned() })
    }

    /// That of the key of an object in the place of files, by the SHA-256 of its clear bytes.
    pub fn of_object(database_uuid: &str, sha256: &str) -> Result<Self, SecretsError> {
        Self::new(database_uuid, &format!("object.{sha256}"))
    }

    /// The database of Odoo that it belongs to.
    #[must_use]
    pub fn database_uuid(&self) -> &str {
        &self.database_uuid
    }

    /// Which one it is there.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What is bound to the sealed text: HPKE's `aad`.
    fn bound(&self) -> Vec<u8> {
        format!("{}\n{}", self.database_uuid, self.name).into_bytes()
    }
}

/// For people.
impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of the database {}", self.name, self.database_uuid)
    }
}

/// The key that opens what was sealed to its public half.
pub struct MasterKey {
    private: Private,
    public: Public,
}

/// By its fingerprint alone.
impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MasterKey").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

impl MasterKey {
    /// A new one, from the system's source of randomness.
    #[must_use]
    pub fn generate() -> Self {
        let (private, public) = DhP256HkdfSha256::gen_keypair();
        Self { private, public }
    }

    /// From its text: base64 of the 32 bytes of the private key. `None` where it is none.
    #[must_use]
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64.decode(text).ok()?);
        let private = Private::from_bytes(&bytes).ok()?;
        let public = DhP256HkdfSha256::sk_to_pk(&private);
        Some(Self { private, public })
    }

    pub(super) const fn private(&self) -> &Private {
        &self.private
    }

    /// Its text, for its file alone.
    pub(super) fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = self.private.to_bytes();
        let text = Zeroizing::new(BASE64.encode(&bytes[..]));
        bytes.as_mut_slice().zeroize();
        text
    }

    /// The half that everybody may know: base64 of the uncompressed point (65 bytes), as WebCrypto takes it.
    #[must_use]
    pub fn public_key(&self) -> String {
        BASE64.encode(&self.public.to_bytes()[..])
    }

    /// Names the key, for people: the first eight bytes of the SHA-256 of its public half, as `1a2b-3c4d-5e6f-7a8b`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(&self.public.to_bytes()[..]);
        let groups: Vec<String> = hash[..8].chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
        groups.join("-")
    }

    /// Seals a secret under its name: the one-time public key, then the sealed text with its tag.
    pub fn seal(&self, name: &Name, secret: &[u8]) -> Result<Vec<u8>, SecretsError> {
        if secret.is_empty() || secret.len() > LONGEST {
            return Err(SecretsError::Length(secret.len()));
        }
        let sealed = hpke::single_shot_seal::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeS::Base,
            &self.public,
            INFO,
            secret,
            &name.bound(),
        );
        let (encapsulated, text) = sealed.map_err(|_| SecretsError::Sealed(name.clone()))?;
        Ok([&encapsulated.to_bytes()[..], &text].concat())
    }

    /// Opens what was sealed to this key under this name.
    pub fn open(&self, name: &Name, sealed: &[u8]) -> Result<SecretString, SecretsError> {
        let opened = self.open_bytes(name, sealed)?;
        let text = std::str::from_utf8(&opened).map_err(|_| SecretsError::Sealed(name.clone()))?;
        Ok(SecretString::from(text))
    }

    /// The same where it is no text.
    pub fn open_bytes(&self, name: &Name, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        self.try_open(name, sealed).ok_or_else(|| SecretsError::Sealed(name.clone()))
    }

    fn try_open(&self, name: &Name, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (encapsulated, text) = sealed.split_at_checked(ENCAPSULATED)?;
        let encapsulated = <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
        let opened = hpke::single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeR::Base,
            &self.private,
            &encapsulated,
            INFO,
            text,
            &name.bound(),
        );
        let opened = Zeroizing::new(opened.ok()?);
        (!opened.is_empty() && opened.len() <= LONGEST).then_some(opened)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn name(name: &str) -> Name {
        Name::new("11111111-2222-3333-4444-555555555555", name).expect("a name")
    }

    #[test]
    fn what_is_sealed_opens_under_its_name_and_key_alone() {
        let key = MasterKey::generate();
        let sealed = key.seal(&name("meta.token"), "rahasia".as_bytes()).expect("sealed");
        assert_eq!(key.open(&name("meta.token"), &sealed).expect("opened").expose_secret(), "rahasia");
        let elsewhere = Name::new("99999999-2222-3333-4444-555555555555", "meta.token").expect("a name");
        for other in [name("meta.secret"), elsewhere] {
            key.open(&other, &sealed).expect_err("another name");
        }
        MasterKey::generate().open(&name("meta.token"), &sealed).expect_err("another key");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            key.open(&name("meta.token"), &changed).expect_err("changed");
        }
        for cut in [0, 1, 64, 65, 66, sealed.len() - 1] {
            key.open(&name("meta.token"), &sealed[..cut]).expect_err("cut");
        }
    }

    #[test]
    fn the_same_secret_is_never_sealed_in_the_same_way() {
        let key = MasterKey::generate();
        let sealed = || key.seal(&name("a"), b"x").expect("sealed");
        assert_ne!(sealed(), sealed());
    }

    #[test]
    fn a_key_comes_back_from_its_text_and_shows_none_of_it() {
        let key = MasterKey::generate();
        let text = key.to_text();
        let again = MasterKey::parse(&text).expect("a key");
        assert_eq!(again.public_key(), key.public_key());
        assert_eq!(again.fingerprint(), key.fingerprint());
        assert!(!format!("{key:?}").contains(text.as_str()));
        let zero = BASE64.encode([0; 32]);
        for bad in ["", "AAAA", "not base64!", zero.as_str()] {
            assert!(MasterKey::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_plain_and_a_secret_has_a_length() {
        for bad in ["", "A", "a b", "a/b", "ä", "../a", &"a".repeat(101)] {
            Name::new("x", bad).expect_err(bad);
        }
        let key = MasterKey::generate();
        for length in [0, LONGEST + 1] {
            key.seal(&name("a"), &vec![b'x'; length]).expect_err("no secret");
        }
        key.seal(&name("a"), &vec![b'x'; LONGEST]).expect("sealed");
    }
}
