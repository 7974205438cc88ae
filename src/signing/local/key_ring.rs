//! The keys of the office's own: its authority and those of its officials, in the worker's vault, where a change of the
//! master key seals them anew. What was ended is kept there, too, each by its number, so that two people who end at the
//! same time lose nothing.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use der::Decode;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use x509_cert::Certificate as X509;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::authority::{Authority, AuthorityError, Ended, Issued, Person};
use super::sealed_key::{SealError, SealedKey};
use crate::domain::text::hex;
use crate::secrets::{SecretsError, Vault};
use crate::signing::Signer;

const AUTHORITY: &str = "tte.authority";
const OFFICIAL: &str = "tte.official.";
const ENDED: &str = "tte.ended.";

/// Characters of a passphrase, at least. It is all that keeps a key from who has the worker's machine.
pub const LEAST_PASSPHRASE: usize = 12;

/// The keys of one database of Odoo.
#[derive(Debug, Clone)]
pub struct KeyRing {
    vault: Vault,
}

/// To whom a key is given, and what it says of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub name: String,
    /// Their office, such as *Kepala Dinas*.
    pub title: String,
}

/// What the ring has of an official.
pub(super) struct Official {
    /// DER, the authority's behind it.
    pub(super) chain: [Vec<u8>; 2],
    pub(super) name: String,
    pub(super) until: DateTime<Utc>,
    pub(super) is_ended: bool,
    serial: Vec<u8>,
    sealed: SealedKey,
}

/// Why the ring does not do it.
#[derive(Debug, Error)]
pub enum KeyRingError {
    #[error("there is no authority yet: `sicantik tte init` makes it")]
    NoAuthority,
    #[error("there is an authority already, and it is made once: every signature hangs on it")]
    HasAuthority,
    #[error("signers of the office's own are known by their e-mail address")]
    NeedsEmail,
    #[error("a passphrase has at least {LEAST_PASSPHRASE} characters")]
    ShortPassphrase,
    #[error("this official has a certificate until {0}: end it first, or replace it with --renew")]
    HasCertificate(DateTime<Utc>),
    #[error("there is no certificate for this e-mail address")]
    NoCertificate,
    #[error("the certificate was ended already")]
    EndedAlready,
    #[error("what is kept as {0} cannot be read")]
    Malformed(String),
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

/// The authority, each part in base64. Wiped when it was read or written.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
struct KeptAuthority {
    organization: String,
    certificate: String,
    key: String,
}

/// An official, whose certificate is in base64.
#[derive(Serialize, Deserialize)]
struct KeptOfficial {
    certificate: String,
    key: SealedKey,
}

/// What stands in a certificate.
struct Told {
    serial: Vec<u8>,
    name: String,
    until: DateTime<Utc>,
}

impl KeyRing {
    /// In this vault.
    #[must_use]
    pub const fn new(vault: Vault) -> Self {
        Self { vault }
    }

    /// Makes the authority, once. Its certificate, in DER.
    pub async fn make_authority(
        &self,
        name: &str,
        organization: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, KeyRingError> {
        if self.vault.get(AUTHORITY).await?.is_some() {
            return Err(KeyRingError::HasAuthority);
        }
        let Issued { certificate, key } = Authority::make(name, organization, now)?;
        let kept = KeptAuthority {
            organization: organization.to_owned(),
            certificate: BASE64_STANDARD.encode(&certificate),
            key: BASE64_STANDARD.encode(&*key),
        };
        self.keep(AUTHORITY, &kept).await?;
        Ok(certificate)
    }

    /// The authority's certificate, in DER, if there is one.
    pub async fn authority_certificate(&self) -> Result<Option<Vec<u8>>, KeyRingError> {
        let Some(kept) = self.kept::<KeptAuthority>(AUTHORITY).await? else { return Ok(None) };
        kept.certificate().map(Some)
    }

    /// Makes a key for an official, sealed to the passphrase, and its certificate, which is given in DER. It may take the
    /// place of one that still holds; what that has signed stays good.
    pub async fn issue(
        &self,
        signer: &Signer,
        holder: &Holder,
        passphrase: &SecretString,
        lists: &[String],
        may_replace: bool,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, KeyRingError> {
        let name = name_of(signer)?;
        if passphrase.expose_secret().chars().count() < LEAST_PASSPHRASE {
            return Err(KeyRingError::ShortPassphrase);
        }
        let (authority, organization) = self.authority().await?.ok_or(KeyRingError::NoAuthority)?;
        if let Some(present) = self.official(signer).await?.filter(|one| !may_replace && !one.is_ended)
            && present.until > now
        {
            return Err(KeyRingError::HasCertificate(present.until));
        }
        let person = Person { name: holder.name.clone(), title: holder.title.clone(), organization };
        let Issued { certificate, key } = authority.issue(&person, lists, now)?;
        let (bound, passphrase) = (certificate.clone(), passphrase.clone());
        let key = off_thread(move || SealedKey::seal(&key, &passphrase, &bound)).await?;
        self.keep(&name, &KeptOfficial { certificate: BASE64_STANDARD.encode(&certificate), key }).await?;
        Ok(certificate)
    }

    /// Ends an official's certificate before its time.
    pub async fn end(&self, signer: &Signer, now: DateTime<Utc>) -> Result<(), KeyRingError> {
        let official = self.official(signer).await?.ok_or(KeyRingError::NoCertificate)?;
        if official.is_ended {
            return Err(KeyRingError::EndedAlready);
        }
        self.vault.set(&ended_name(&official.serial), &SecretString::from(now.timestamp().to_string())).await?;
        Ok(())
    }

    /// The list (DER) of all that was ended. A later one has a higher number.
    pub async fn revocation_list(&self, now: DateTime<Utc>) -> Result<Vec<u8>, KeyRingError> {
        let (authority, _) = self.authority().await?.ok_or(KeyRingError::NoAuthority)?;
        let mut ended = Vec::new();
        for kept in self.vault.list().await? {
            let Some(serial) = kept.name.strip_prefix(ENDED) else { continue };
            let malformed = || KeyRingError::Malformed(kept.name.clone());
            let since = self.vault.get(&kept.name).await?.ok_or_else(malformed)?;
            let since = since.expose_secret().parse().ok().and_then(|at| DateTime::from_timestamp(at, 0));
            ended.push(Ended { serial: bytes(serial).ok_or_else(malformed)?, since: since.ok_or_else(malformed)? });
        }
        let number = u64::try_from(now.timestamp()).unwrap_or_default();
        Ok(authority.revocation_list(&ended, number, now)?)
    }

    /// What there is of an official, without the key.
    pub(super) async fn official(&self, signer: &Signer) -> Result<Option<Official>, KeyRingError> {
        let name = name_of(signer)?;
        let Some(KeptOfficial { certificate, key }) = self.kept(&name).await? else { return Ok(None) };
        let authority = self.authority_certificate().await?.ok_or(KeyRingError::NoAuthority)?;
        let malformed = || KeyRingError::Malformed(name.clone());
        let certificate = BASE64_STANDARD.decode(certificate).map_err(|_| malformed())?;
        let told = told(&certificate).ok_or_else(malformed)?;
        Ok(Some(Official {
            chain: [certificate, authority],
            name: told.name,
            until: told.until,
            is_ended: self.vault.get(&ended_name(&told.serial)).await?.is_some(),
            serial: told.serial,
            sealed: key,
        }))
    }

    async fn authority(&self) -> Result<Option<(Authority, String)>, KeyRingError> {
        let Some(kept) = self.kept::<KeptAuthority>(AUTHORITY).await? else { return Ok(None) };
        let malformed = |_| KeyRingError::Malformed(AUTHORITY.to_owned());
        let key = Zeroizing::new(BASE64_STANDARD.decode(&kept.key).map_err(malformed)?);
        Ok(Some((Authority::open(&kept.certificate()?, &key)?, kept.organization.clone())))
    }

    async fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, KeyRingError> {
        let Some(kept) = self.vault.get(name).await? else { return Ok(None) };
        let read = serde_json::from_str(kept.expose_secret());
        read.map(Some).map_err(|_| KeyRingError::Malformed(name.to_owned()))
    }

    async fn keep(&self, name: &str, kept: &impl Serialize) -> Result<(), KeyRingError> {
        let text = serde_json::to_string(kept).map_err(|_| KeyRingError::Malformed(name.to_owned()))?;
        Ok(self.vault.set(name, &SecretString::from(text)).await?)
    }
}

impl KeptAuthority {
    fn certificate(&self) -> Result<Vec<u8>, KeyRingError> {
        let read = BASE64_STANDARD.decode(&self.certificate);
        read.map_err(|_| KeyRingError::Malformed(AUTHORITY.to_owned()))
    }
}

impl Official {
    /// The key (PKCS#8), by the passphrase, and the certificates.
    pub(super) async fn open(self, passphrase: &SecretString) -> Result<(Zeroizing<Vec<u8>>, [Vec<u8>; 2]), SealError> {
        let passphrase = passphrase.clone();
        off_thread(move || Ok((self.sealed.open(&passphrase, &self.chain[0])?, self.chain))).await
    }
}

/// Where it does not keep others waiting.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SealError> + Send + 'static,
) -> Result<T, SealError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(SealError::Malformed))
}

/// No name of the store tells who it is.
fn name_of(signer: &Signer) -> Result<String, KeyRingError> {
    if !signer.is_email() {
        return Err(KeyRingError::NeedsEmail);
    }
    let email = Zeroizing::new(signer.secret().expose_secret().to_lowercase());
    Ok(format!("{OFFICIAL}{}", hex(&Sha256::digest(email.as_bytes()))))
}

fn ended_name(serial: &[u8]) -> String {
    format!("{ENDED}{}", hex(serial))
}

fn told(certificate: &[u8]) -> Option<Told> {
    let certificate = X509::from_der(certificate).ok()?;
    let until = certificate.tbs_certificate.validity.not_after.to_unix_duration().as_secs();
    Some(Told {
        serial: certificate.tbs_certificate.serial_number.as_bytes().to_vec(),
        name: super::authority::common_name(&certificate)?,
        until: DateTime::from_timestamp(i64::try_from(until).ok()?, 0)?,
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}
