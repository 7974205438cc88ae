//! The signature as cryptography has it (CMS, RFC 5652): read strictly, and checked against what it covers.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE, ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA,
};
use der::{Any, AnyRef, Decode, Encode, Reader, Sequence, SliceReader};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attributes;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::algorithms::{self, Digest};
use super::certificates::Certificate;
use super::reason::Reason;
use super::revocation::Known;

/// Lists and answers as Adobe's programs put them into a signature.
const ARCHIVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
/// `id-aa-timeStampToken` of RFC 3161.
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// More certificates or lists than a signature has.
const MOST_ITEMS: usize = 64;

/// As the standard has it, but that certificates and lists stay the bytes that they are.
#[derive(Sequence)]
struct SignedData {
    version: CmsVersion,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    content: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    crls: Option<SetOfVec<Any>>,
    signers: SetOfVec<SignerInfo>,
}

/// ESSCertIDv2, and ESSCertID, which names no algorithm.
#[derive(Sequence)]
struct NamedCertificate {
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_and_serial: Option<Any>,
}

/// SigningCertificate of both versions.
#[derive(Sequence)]
struct NamedCertificates {
    certificates: Vec<NamedCertificate>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// RevocationInfoArchival.
#[derive(Sequence)]
struct Archive {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    lists: Option<Vec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    answers: Option<Vec<Any>>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    others: Option<Any>,
}

/// A signature that could be read.
pub(super) struct Signed {
    signer: SignerInfo,
    pub certificates: Vec<Certificate>,
    crls: Vec<Vec<u8>>,
    content_type: ObjectIdentifier,
    pub content: Option<Vec<u8>>,
}

/// A signature that was made by its certificate over what it says.
pub(super) struct Checked {
    pub certificate: Certificate,
    /// Such as `sha256 rsa`.
    pub algorithm: String,
    /// It names its certificate.
    pub names_certificate: bool,
}

impl Signed {
    /// Of the bytes that were left free for it: behind the signature, they are zeros.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Reason> {
        let mut reader = SliceReader::new(bytes).map_err(|_| Reason::Cms)?;
        AnyRef::decode(&mut reader).map_err(|_| Reason::Cms)?;
        let (cms, padding) = bytes.split_at(bytes.len() - usize::try_from(reader.remaining_len()).unwrap_or(0));
        if padding.iter().any(|byte| *byte != 0) {
            return Err(Reason::CmsTrailing);
        }
        let info = ContentInfo::from_der(cms).map_err(|_| Reason::Cms)?;
        if info.content_type != ID_SIGNED_DATA {
            return Err(Reason::Cms);
        }
        let inner = info.content.to_der().map_err(|_| Reason::Cms)?;
        let data = SignedData::from_der(&inner).map_err(|_| Reason::Cms)?;
        let mut signers = data.signers.into_vec();
        let signer = signers.pop().filter(|_| signers.is_empty()).ok_or(Reason::Signers)?;
        // Nobody signs these. Readers that go by them come to the same.
        let mut announced = data.digest_algorithms.iter().filter(|algorithm| algorithm.oid == signer.digest_alg.oid);
        let is_announced = announced.any(|algorithm| Digest::of(algorithm) != Err(Reason::Algorithm));
        let is_known = |version| !matches!(version, CmsVersion::V0 | CmsVersion::V2);
        if !is_announced || !is_known(data.version) || !matches!(signer.version, CmsVersion::V1 | CmsVersion::V3) {
            return Err(Reason::Cms);
        }
        let content = match data.content.econtent {
            Some(content) => Some(content.decode_as::<OctetString>().map_err(|_| Reason::Cms)?.into_bytes()),
            None => None,
        };
        let certificates = bytes_of(data.certificates)?;
        Ok(Self {
            signer,
            // What is none that is understood cannot be the signer's.
            certificates: certificates.iter().filter_map(|der| Certificate::read(der)).collect(),
            crls: bytes_of(data.crls)?,
            content_type: data.content.econtent_type,
            content,
        })
    }

    /// The value of the signature itself, which a time-stamp covers.
    pub(super) fn value(&self) -> &[u8] {
        self.signer.signature.as_bytes()
    }

    /// What it brings along of revocations.
    pub(super) fn known(&self) -> Known {
        let attributes = self.signer.signed_attrs.as_ref();
        let archive = attributes.and_then(|attributes| only(attributes, ARCHIVE).ok()?);
        let archive = archive.and_then(|archive| Archive::from_der(&archive.to_der().ok()?).ok());
        let Some(Archive { lists, answers, others: _ }) = archive else { return Known::read(&self.crls, &[]) };
        let ders = |items: Option<Vec<Any>>| items.iter().flatten().filter_map(|item| item.to_der().ok()).collect();
        let (mut lists, answers): (Vec<_>, Vec<_>) = (ders(lists), ders(answers));
        lists.extend_from_slice(&self.crls);
        Known::read(&lists, &answers)
    }

    /// The time-stamp that was put to it.
    pub(super) fn time_stamp(&self) -> Result<Option<Vec<u8>>, Reason> {
        let Some(attributes) = &self.signer.unsigned_attrs else { return Ok(None) };
        match only(attributes, TIME_STAMP) {
            Ok(Some(token)) => token.to_der().map(Some).map_err(|_| Reason::TimeStamp),
            Ok(None) => Ok(None),
            Err(_) => Err(Reason::TimeStamp),
        }
    }

    /// Whether the signature holds, for content of that type with that digest. What else it is worth is not asked.
    pub(super) fn check(
        &self,
        content_type: ObjectIdentifier,
        digest_of: impl Fn(Digest) -> Vec<u8>,
        must_name_certificate: bool,
    ) -> Result<Checked, Reason> {
        let algorithm = Digest::of(&self.signer.digest_alg)?;
        let attributes = self.signer.signed_attrs.as_ref().ok_or(Reason::SignedAttributes)?;
        let said_type = only(attributes, ID_CONTENT_TYPE)?.ok_or(Reason::SignedAttributes)?;
        let said_type: ObjectIdentifier = said_type.decode_as().map_err(|_| Reason::SignedAttributes)?;
        if said_type != content_type || self.content_type != content_type {
            return Err(Reason::SignedAttributes);
        }
        let said_digest = only(attributes, ID_MESSAGE_DIGEST)?.ok_or(Reason::SignedAttributes)?;
        let said_digest: OctetString = said_digest.decode_as().map_err(|_| Reason::SignedAttributes)?;
        if said_digest.as_bytes() != digest_of(algorithm) {
            return Err(Reason::Digest);
        }
        let certificate = self.certificate().ok_or(Reason::NoCertificate)?;
        let key = &certificate.inner.tbs_certificate.subject_public_key_info;
        let signed = attributes.to_der().map_err(|_| Reason::Cms)?;
        let how = &self.signer.signature_algorithm;
        let algorithm = algorithms::verify(key, how, Some(algorithm), &signed, self.value())?;
        let names_certificate = names(attributes, certificate)?;
        if must_name_certificate && !names_certificate {
            return Err(Reason::SigningCertificate);
        }
        Ok(Checked { certificate: certificate.clone(), algorithm, names_certificate })
    }

    fn certificate(&self) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| {
            let tbs = &certificate.inner.tbs_certificate;
            match &self.signer.sid {
                SignerIdentifier::IssuerAndSerialNumber(named) => {
                    tbs.issuer == named.issuer && tbs.serial_number == named.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(named) => {
                    matches!(tbs.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *named)
                }
            }
        })
    }
}

fn bytes_of(items: Option<SetOfVec<Any>>) -> Result<Vec<Vec<u8>>, Reason> {
    let items = items.map(SetOfVec::into_vec).unwrap_or_default();
    if items.len() > MOST_ITEMS {
        return Err(Reason::TooComplex);
    }
    items.iter().map(|item| item.to_der().map_err(|_| Reason::Cms)).collect()
}

/// The one value of the one attribute of that name.
fn only(attributes: &Attributes, name: ObjectIdentifier) -> Result<Option<&Any>, Reason> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == name);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(one), None) if one.values.len() == 1 => Ok(one.values.get(0)),
        _ => Err(Reason::SignedAttributes),
    }
}

/// Whether the signature names this certificate: one that names another is none of it.
fn names(attributes: &Attributes, certificate: &Certificate) -> Result<bool, Reason> {
    let mut is_named = false;
    for (name, is_first) in [(ID_AA_SIGNING_CERTIFICATE, true), (ID_AA_SIGNING_CERTIFICATE_V_2, false)] {
        let Some(value) = only(attributes, name).map_err(|_| Reason::SigningCertificate)? else { continue };
        let named: NamedCertificates = value
            .to_der()
            .ok()
            .and_then(|der| NamedCertificates::from_der(&der).ok())
            .ok_or(Reason::SigningCertificate)?;
        let NamedCertificates { certificates, policies: _ } = named;
        let first = certificates.first().ok_or(Reason::SigningCertificate)?;
        let NamedCertificate { algorithm, hash, issuer_and_serial: _ } = first;
        // The digest only picks one of the certificates that are there, so that of the first version still serves.
        let own = match algorithm {
            _ if is_first => digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate.der).as_ref().to_vec(),
            Some(algorithm) => Digest::of(algorithm)?.digest(&[&certificate.der]),
            None => Digest::Sha256.digest(&[&certificate.der]),
        };
        if hash.as_bytes() != own {
            return Err(Reason::SigningCertificate);
        }
        is_named = true;
    }
    Ok(is_named)
}
