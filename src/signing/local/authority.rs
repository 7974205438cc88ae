//! An office's own authority: it issues certificates to officials, ends them, and says which it has ended.

use chrono::{DateTime, Months, TimeDelta, Utc};
use der::Decode;
use der::oid::db::rfc4519::{COMMON_NAME, ORGANIZATION_NAME};
use der::pem::{LineEnding, encode_string};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    RevocationReason, RevokedCertParams, SerialNumber,
};
use ring::rand::{SecureRandom, SystemRandom};
use rustls::pki_types::PrivatePkcs8KeyDer;
use thiserror::Error;
use time::OffsetDateTime;
use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

/// `title` of X.520.
const TITLE: [u64; 4] = [2, 5, 4, 12];

/// `id-kp-documentSigning` (RFC 9336). Readers such as pdfsig ask for `emailProtection` besides.
const DOCUMENT_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 36];

/// How long the authority is good, and a certificate that it issues.
const AUTHORITY_MONTHS: Months = Months::new(120);
const PERSON_MONTHS: Months = Months::new(24);

/// Clocks may be apart by so much.
const BEFORE: TimeDelta = TimeDelta::minutes(5);

/// How long a list of what was ended counts as the newest.
const LIST: TimeDelta = TimeDelta::days(7);

const SERIAL_BYTES: usize = 16;

/// An authority with its key.
pub struct Authority {
    name: DistinguishedName,
    key: KeyPair,
    certificate: Vec<u8>,
    until: OffsetDateTime,
}

/// A certificate, and its key.
pub struct Issued {
    /// DER.
    pub certificate: Vec<u8>,
    /// PKCS#8 in DER, without a password.
    pub key: Zeroizing<Vec<u8>>,
}

/// To whom a certificate is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// Their office, such as *Kepala Dinas*.
    pub title: String,
    pub organization: String,
}

/// A certificate that was ended before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its number, big endian.
    pub serial: Vec<u8>,
    pub since: DateTime<Utc>,
}

/// Why the authority cannot do it.
#[derive(Debug, Error)]
pub enum AuthorityError {
    #[error("the authority's certificate or key cannot be read")]
    Unreadable,
    #[error("this machine has no random numbers")]
    Random,
    #[error("the authority's own certificate has expired")]
    Expired,
    #[error("a date is out of reach")]
    Date,
    #[error("the certificate cannot be made: {0}")]
    Made(#[from] rcgen::Error),
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Authority")
    }
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Issued")
    }
}

impl Authority {
    /// A new one, of that name, for that organization.
    pub fn make(name: &str, organization: &str, now: DateTime<Utc>) -> Result<Issued, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = params(distinguished(name, None, organization), now, AUTHORITY_MONTHS)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?.der().to_vec();
        Ok(Issued { certificate, key: Zeroizing::new(key.serialize_der()) })
    }

    /// One that was made before: its certificate (DER) and its key (PKCS#8).
    pub fn open(certificate: &[u8], key: &[u8]) -> Result<Self, AuthorityError> {
        let read = Certificate::from_der(certificate).map_err(|_| AuthorityError::Unreadable)?;
        let (name, organization) = (part(&read, COMMON_NAME), part(&read, ORGANIZATION_NAME));
        let name = distinguished(&name.ok_or(AuthorityError::Unreadable)?, None, &organization.unwrap_or_default());
        let key = PrivatePkcs8KeyDer::from(key);
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)?;
        let is_its_own =
            read.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes() == key.public_key_raw();
        if !is_its_own {
            return Err(AuthorityError::Unreadable);
        }
        let until = read.tbs_certificate.validity.not_after.to_unix_duration().as_secs();
        let until = i64::try_from(until).ok().and_then(|until| OffsetDateTime::from_unix_timestamp(until).ok());
        let until = until.ok_or(AuthorityError::Unreadable)?;
        Ok(Self { name, key, certificate: certificate.to_vec(), until })
    }

    /// In DER: the anchor of whoever is to trust it.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// A certificate with a new key, which tells at which addresses the list of ended ones is.
    pub fn issue(&self, person: &Person, lists: &[String], now: DateTime<Utc>) -> Result<Issued, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let name = distinguished(&person.name, Some(&person.title), &person.organization);
        let mut params = params(name, now, PERSON_MONTHS)?;
        if self.until <= moment(now)? {
            return Err(AuthorityError::Expired);
        }
        // Nobody would believe it behind the authority's own end.
        params.not_after = params.not_after.min(self.until);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec()), ExtendedKeyUsagePurpose::EmailProtection];
        params.use_authority_key_identifier_extension = true;
        if !lists.is_empty() {
            params.crl_distribution_points = vec![CrlDistributionPoint { uris: lists.to_vec() }];
        }
        let certificate = params.signed_by(&key, &self.issuer())?.der().to_vec();
        Ok(Issued { certificate, key: Zeroizing::new(key.serialize_der()) })
    }

    /// The list (DER) of what was ended, the `number`-th one; it counts as the newest for a week.
    pub fn revocation_list(&self, ended: &[Ended], number: u64, now: DateTime<Utc>) -> Result<Vec<u8>, AuthorityError> {
        let revoked = |ended: &Ended| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(&ended.serial),
                revocation_time: moment(ended.since)?,
                reason_code: Some(RevocationReason::Unspecified),
                invalidity_date: None,
            })
        };
        let list = CertificateRevocationListParams {
            this_update: moment(now - BEFORE)?,
            next_update: moment(now + LIST)?,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: ended.iter().map(revoked).collect::<Result<_, AuthorityError>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer())?.der().to_vec())
    }

    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        let mut params = CertificateParams::default();
        params.distinguished_name = self.name.clone();
        Issuer::new(params, &self.key)
    }
}

fn params(name: DistinguishedName, now: DateTime<Utc>, months: Months) -> Result<CertificateParams, AuthorityError> {
    let mut serial = [0; SERIAL_BYTES];
    SystemRandom::new().fill(&mut serial).map_err(|_| AuthorityError::Random)?;
    // A positive number of always as many bytes.
    serial[0] = serial[0] & 0x7f | 0x40;
    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.not_before = moment(now - BEFORE)?;
    params.not_after = moment(now.checked_add_months(months).ok_or(AuthorityError::Date)?)?;
    params.distinguished_name = name;
    Ok(params)
}

fn distinguished(name: &str, title: Option<&str>, organization: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CountryName, "ID");
    if !organization.is_empty() {
        distinguished.push(DnType::OrganizationName, organization);
    }
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        distinguished.push(DnType::from_oid(&TITLE), title);
    }
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// To whom a certificate was issued.
pub(super) fn common_name(certificate: &Certificate) -> Option<String> {
    part(certificate, COMMON_NAME)
}

/// A certificate as others are given it: PEM.
pub fn pem(certificate: &[u8]) -> Result<String, AuthorityError> {
    encode_string("CERTIFICATE", LineEnding::LF, certificate).map_err(|_| AuthorityError::Unreadable)
}

/// A part of the name to which a certificate was issued.
fn part(certificate: &Certificate, oid: ObjectIdentifier) -> Option<String> {
    let parts = certificate.tbs_certificate.subject.0.iter().flat_map(|part| part.0.iter());
    let value = &parts.into_iter().find(|part| part.oid == oid)?.value;
    std::str::from_utf8(value.value()).ok().map(str::to_owned)
}

fn moment(at: DateTime<Utc>) -> Result<OffsetDateTime, AuthorityError> {
    OffsetDateTime::from_unix_timestamp(at.timestamp()).map_err(|_| AuthorityError::Date)
}
