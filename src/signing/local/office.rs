//! Signs with the office's own keys. Nothing of it is ever unknown: what is signed is made here, and given away whole.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::FixedOffset;
use futures_util::stream;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::NAME;
use super::cms::{CmsError, Signed as Cms, Signer as CmsSigner};
use super::key::SigningKey;
use super::key_ring::{KeyRing, KeyRingError, Official};
use super::sealed_key::SealError;
use super::time_service::{NoTimeStamp, TimeService};
use crate::clock::Clock;
use crate::pdf::{Field, Prepared, Reader};
use crate::signing::{Certificate, NotTold, Outcome, Proof, Provider, Reason, Signed, Signer, Standing, Why, Words};

/// Files of a call. Their bytes are in memory meanwhile.
const MOST_FILES: usize = 20;

/// Bytes of a signature with two certificates, and of one that has a time stamp besides, with room to spare: a token with
/// the chain of its service has up to ten kilobytes.
const ROOM: u32 = 8 * 1024;
const STAMPED_ROOM: u32 = 24 * 1024;

/// How the field is called; a further one gets a number.
const FIELD: &str = "Signature";

/// What an office signs with.
#[derive(Debug)]
pub struct Parts {
    pub keys: KeyRing,
    /// `sicantik` itself, which looks into the files as a child.
    pub program: PathBuf,
    pub clock: Arc<dyn Clock>,
    /// Of the office: signatures say the time in it.
    pub zone: FixedOffset,
    pub time: Option<TimeService>,
    /// Nothing is signed without a time stamp.
    pub wants_time: bool,
}

/// An office with an authority of its own.
#[derive(Debug)]
pub struct Office {
    parts: Parts,
    reader: Reader,
}

impl Office {
    /// Nothing is asked for yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { reader: Reader::new(parts.program.clone()), parts }
    }

    async fn standing(&self, signer: &Signer) -> Result<Standing, Reason> {
        let Some(official) = self.parts.keys.official(signer).await.map_err(|error| of_keys(&error))? else {
            return Ok(Standing { certificate: Certificate::None, detail: String::new() });
        };
        let certificate = self.certificate(&official);
        Ok(Standing { certificate, detail: format!("until {}", official.until.format("%Y-%m-%d")) })
    }

    fn certificate(&self, official: &Official) -> Certificate {
        match official {
            Official { is_ended: true, .. } => Certificate::Revoked,
            Official { until, .. } if *until <= self.parts.clock.now() => Certificate::Expired,
            Official { .. } => Certificate::Issued,
        }
    }

    /// All files, or none of them.
    async fn all(&self, signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Result<Vec<Signed>, Failed> {
        let Proof::Passphrase(passphrase) = proof else { return Err(Failed::Refused(needs_passphrase())) };
        if files.len() > MOST_FILES {
            let detail = format!("a call takes {MOST_FILES} files");
            return Err(Failed::Refused(reason(Why::TooMuch, "files", &detail)));
        }
        let official = self.parts.keys.official(signer).await.map_err(|error| Failed::of_keys(&error))?;
        let official =
            official.ok_or_else(|| Failed::Refused(reason(Why::NotRegistered, "no_certificate", "no certificate")))?;
        match self.certificate(&official) {
            Certificate::Issued => {}
            other => {
                return Err(Failed::Refused(reason(Why::CertificateEnded, other.code(), "the certificate has ended")));
            }
        }
        let name = official.name.clone();
        let key = open(official, passphrase).await?;
        let mut prepared = Vec::with_capacity(files.len());
        for (number, file) in files.iter().enumerate() {
            prepared.push(self.prepare(number + 1, file, &name, words).await?);
        }
        let mut done = Vec::with_capacity(files.len());
        // Who does not answer once is not waited for twenty times.
        let mut lacks = None;
        for (file, prepared) in files.iter().zip(prepared) {
            done.push(self.one(file, prepared, &key, &mut lacks).await?);
        }
        Ok(done)
    }

    async fn prepare(&self, number: usize, file: &Bytes, name: &str, words: &Words) -> Result<Prepared, Failed> {
        let field = Field {
            name: FIELD.to_owned(),
            signer: Some(name.to_owned()),
            reason: words.reason.clone(),
            location: words.location.clone(),
            at: self.parts.clock.now().with_timezone(&self.parts.zone),
            room: if self.parts.time.is_some() { STAMPED_ROOM } else { ROOM },
        };
        let pieces = stream::iter([Ok::<_, io::Error>(file.clone())]);
        match self.reader.prepare(pieces, file.len() as u64, field).await {
            Ok(Ok(prepared)) => Ok(prepared),
            Ok(Err(unfit)) => {
                let detail = format!("file {number}: {}", unfit.code());
                Err(Failed::Refused(reason(Why::UnreadablePdf, unfit.code(), &detail)))
            }
            Err(error) => Err(Failed::Away(reason(Why::ProviderFailed, "reader", &error.to_string()))),
        }
    }

    async fn one(
        &self,
        file: &Bytes,
        prepared: Prepared,
        key: &Arc<CmsSigner>,
        lacks: &mut Option<Reason>,
    ) -> Result<Signed, Failed> {
        let (copy, key) = (file.clone(), Arc::clone(key));
        let work = move || {
            let mut hash = Sha256::new();
            prepared.signed(&copy).iter().for_each(|part| hash.update(part));
            (Cms::new(&hash.finalize().into(), &key), prepared)
        };
        let (made, prepared) = tokio::task::spawn_blocking(work).await.map_err(|_| Failed::of_cms("ended"))?;
        let made = made.map_err(|error| Failed::of_cms(&error.to_string()))?;
        let plain = made.to_der().map_err(|error| Failed::of_cms(&error.to_string()))?;
        let cms = match self.stamped(made, prepared.room(), lacks.as_ref()).await {
            Ok(stamped) => stamped.unwrap_or(plain),
            Err(missing) if self.parts.wants_time => return Err(Failed::Away(missing)),
            Err(missing) => {
                *lacks = Some(missing);
                plain
            }
        };
        let appended = prepared.fill(&cms).map_err(|error| Failed::of_cms(&error.to_string()))?;
        let signed = Signed::new(file.clone(), appended);
        Ok(match lacks {
            Some(missing) => signed.lacking(missing.clone()),
            None => signed,
        })
    }

    /// The signature with its time stamp; `None` where nobody wants one.
    async fn stamped(&self, made: Cms, room: usize, lacks: Option<&Reason>) -> Result<Option<Vec<u8>>, Reason> {
        let Some(time) = &self.parts.time else { return Ok(None) };
        if let Some(missing) = lacks {
            return Err(missing.clone());
        }
        let missing = |error: NoTimeStamp| reason(Why::NoTimeStamp, "time_stamp", &error.to_string());
        let token = time.stamp(made.signature()).await.map_err(missing)?;
        let unreadable = |error: CmsError| reason(Why::NoTimeStamp, "time_stamp", &error.to_string());
        let stamped = made.with_time_stamp(&token).and_then(|stamped| stamped.to_der()).map_err(unreadable)?;
        if stamped.len() > room { Err(missing(NoTimeStamp::TooLarge)) } else { Ok(Some(stamped)) }
    }
}

impl Provider for Office {
    async fn status(&self, signer: &Signer) -> Result<Standing, NotTold> {
        self.standing(signer).await.map_err(|reason| NotTold { reason })
    }

    async fn ask_totp(&self, _: &Signer, _: usize) -> Result<(), NotTold> {
        Err(NotTold { reason: needs_passphrase() })
    }

    async fn sign(&self, signer: &Signer, proof: &Proof, words: &Words, files: &[Bytes]) -> Outcome {
        match self.all(signer, proof, words, files).await {
            Ok(done) => Outcome::Signed(done),
            Err(Failed::Refused(reason)) => Outcome::Refused(reason),
            Err(Failed::Away(reason)) => Outcome::Away(reason),
        }
    }

    fn most_at_once(&self) -> usize {
        MOST_FILES
    }
}

/// Nothing was signed.
enum Failed {
    Refused(Reason),
    /// The same may work later.
    Away(Reason),
}

impl Failed {
    fn of_keys(error: &KeyRingError) -> Self {
        match error {
            KeyRingError::Secrets(secrets) if secrets.is_passing() => Self::Away(of_keys(error)),
            _ => Self::Refused(of_keys(error)),
        }
    }

    fn of_cms(error: &str) -> Self {
        Self::Refused(reason(Why::Keys, "signature", error))
    }
}

/// With the signer's key, for as long as this call takes.
async fn open(official: Official, passphrase: &SecretString) -> Result<Arc<CmsSigner>, Failed> {
    let (key, chain) = official.open(passphrase).await.map_err(|error| {
        let why = if error == SealError::WrongPassphrase { Why::WrongPassphrase } else { Why::Keys };
        Failed::Refused(reason(why, why.code(), &error.to_string()))
    })?;
    let key = SigningKey::from_pkcs8(&key).map_err(|error| Failed::of_cms(&error.to_string()))?;
    let signer = CmsSigner::new(key, &chain).map_err(|error| Failed::of_cms(&error.to_string()))?;
    Ok(Arc::new(signer))
}

fn of_keys(error: &KeyRingError) -> Reason {
    let why = if matches!(error, KeyRingError::NeedsEmail) { Why::NeedsEmail } else { Why::Keys };
    reason(why, why.code(), &error.to_string())
}

fn needs_passphrase() -> Reason {
    reason(Why::NeedsPassphrase, "needs_passphrase", "keys of the office's own open by a passphrase only")
}

fn reason(why: Why, code: &str, detail: &str) -> Reason {
    Reason::new(why, format!("{NAME}_{code}"), detail, &[])
}
