//! Answers of services that tell of single certificates (OCSP, RFC 6960), as files bring them along: nobody is asked here.

use chrono::{DateTime, Utc};
use der::asn1::{BitString, GeneralizedTime};
use der::{Any, Decode, Encode, Sequence};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;
use x509_ocsp::{CertId, CertStatus, OcspResponse, OcspResponseStatus, ResponseData};

use super::algorithms::{self, Digest};
use super::certificates::{Certificate, time};
use super::reason::Reason;

const BASIC: &str = "1.3.6.1.5.5.7.48.1.1";

/// BasicOCSPResponse, whose data and certificates stay the bytes that they are.
#[derive(Sequence)]
struct Basic {
    data: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    certificates: Option<Vec<Any>>,
}

/// One that tells, with its bytes as they came.
pub(super) struct Answer {
    body: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    data: ResponseData,
}

/// What an answer says of one certificate.
pub(super) struct Said {
    pub made: DateTime<Utc>,
    pub next: Option<DateTime<Utc>>,
    pub revoked: Option<DateTime<Utc>>,
}

impl Answer {
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let response = OcspResponse::from_der(der).ok()?;
        let bytes = response.response_bytes.filter(|bytes| bytes.response_type.to_string() == BASIC)?;
        if response.response_status != OcspResponseStatus::Successful {
            return None;
        }
        let basic = Basic::from_der(bytes.response.as_bytes()).ok()?;
        let body = basic.data.to_der().ok()?;
        let ders = basic.certificates.iter().flatten().filter_map(|certificate| certificate.to_der().ok());
        Some(Self {
            data: ResponseData::from_der(&body).ok()?,
            body,
            algorithm: basic.algorithm,
            signature: basic.signature.as_bytes()?.to_vec(),
            certificates: ders.filter_map(|der| Certificate::read(&der)).collect(),
        })
    }

    /// What it says of this certificate, whose maker is the other one; none where it is not from that maker, or from whom
    /// he lets speak for him.
    pub(super) fn of(&self, certificate: &Certificate, issuer: &Certificate) -> Option<Said> {
        let said = self.data.responses.iter().find(|one| names(&one.cert_id, certificate, issuer))?;
        let revoked = match &said.cert_status {
            CertStatus::Good(_) => None,
            CertStatus::Revoked(revoked) => Some(moment(revoked.revocation_time.0)),
            CertStatus::Unknown(_) => return None,
        };
        let at = moment(self.data.produced_at.0);
        let speaks = |speaker: &&Certificate| speaker.der == issuer.der || speaker.speaks_for(issuer, at);
        let mut speakers = std::iter::once(issuer).chain(&self.certificates).filter(speaks);
        speakers.find(|speaker| self.is_by(speaker).is_ok())?;
        let next = said.next_update.as_ref().map(|next| moment(next.0));
        Some(Said { made: moment(said.this_update.0), next, revoked })
    }

    fn is_by(&self, speaker: &Certificate) -> Result<(), Reason> {
        let key = &speaker.inner.tbs_certificate.subject_public_key_info;
        algorithms::verify(key, &self.algorithm, None, &self.body, &self.signature).map(drop)
    }
}

/// Whether a certificate is meant: by its number, and digests of its maker's name and key. These only pick one, so that
/// SHA-1 serves.
fn names(named: &CertId, certificate: &Certificate, issuer: &Certificate) -> bool {
    if named.serial_number != certificate.inner.tbs_certificate.serial_number {
        return false;
    }
    let Ok(name) = issuer.subject().to_der() else { return false };
    let key = issuer.inner.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
    let digest_of = |bytes: &[u8]| match Digest::of(&named.hash_algorithm) {
        Ok(algorithm) => Some(algorithm.digest(&[bytes])),
        Err(Reason::WeakDigest) => Some(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()),
        Err(_) => None,
    };
    digest_of(&name).is_some_and(|name| name == named.issuer_name_hash.as_bytes())
        && digest_of(key).is_some_and(|key| key == named.issuer_key_hash.as_bytes())
}

fn moment(at: GeneralizedTime) -> DateTime<Utc> {
    time(Time::GeneralTime(at))
}
