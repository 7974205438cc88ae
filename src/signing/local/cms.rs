//! The signature itself: a detached CMS with what PAdES asks for (ETSI EN 319 142-1, B-B and B-T). There is no signing
//! time in it: PAdES has that in the dictionary of the PDF, or from a time stamp.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{OctetString, SetOfVec};
use der::oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA,
};
use der::oid::db::rfc5912::ID_SHA_256;
use der::{Any, Decode, Encode, Sequence};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, ObjectIdentifier};
use thiserror::Error;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

use super::key::{KeyError, SigningKey};

/// `id-aa-timeStampToken` of RFC 3161.
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// Whose signature it is.
#[derive(Debug)]
pub struct Signer {
    key: SigningKey,
    /// Its own first, then those that lead to the authority.
    certificates: Vec<Certificate>,
    /// The SHA-256 of its own, as it was issued.
    hash: [u8; 32],
}

/// Why nothing can be signed.
#[derive(Debug, Error)]
pub enum CmsError {
    #[error("the certificate cannot be read")]
    Certificate,
    #[error("the certificate belongs to another key")]
    OtherKey,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the signature cannot be written: {0}")]
    Encoding(#[from] der::Error),
}

impl Signer {
    /// By that key, whose certificate (DER) is the first.
    pub fn new<D: AsRef<[u8]>>(key: SigningKey, certificates: &[D]) -> Result<Self, CmsError> {
        let own = certificates.first().ok_or(CmsError::Certificate)?.as_ref();
        let read = certificates.iter().map(|certificate| read(certificate.as_ref()));
        let signer = Self { key, certificates: read.collect::<Result<_, _>>()?, hash: Sha256::digest(own).into() };
        let public = &signer.own().tbs_certificate.subject_public_key_info.subject_public_key;
        if public.raw_bytes() == signer.key.public_key() { Ok(signer) } else { Err(CmsError::OtherKey) }
    }

    fn own(&self) -> &Certificate {
        &self.certificates[0]
    }
}

/// A certificate goes out byte by byte as it came in.
fn read(der: &[u8]) -> Result<Certificate, CmsError> {
    let certificate = Certificate::from_der(der).map_err(|_| CmsError::Certificate)?;
    if certificate.to_der()? == der { Ok(certificate) } else { Err(CmsError::Certificate) }
}

/// A signature that may still get its time stamp.
#[derive(Debug)]
pub struct Signed(SignedData);

impl Signed {
    /// Over content with this SHA-256.
    pub fn new(digest: &[u8; 32], signer: &Signer) -> Result<Self, CmsError> {
        let attributes = SetOfVec::try_from(vec![
            attribute(ID_CONTENT_TYPE, &ID_DATA)?,
            attribute(ID_MESSAGE_DIGEST, &OctetString::new(*digest)?)?,
            attribute(ID_AA_SIGNING_CERTIFICATE_V_2, &SigningCertificate::of(signer.hash)?)?,
        ])?;
        let signature = signer.key.sign(&attributes.to_der()?)?;
        let own = &signer.own().tbs_certificate;
        let sha256 = AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: None };
        let info = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: own.issuer.clone(),
                serial_number: own.serial_number.clone(),
            }),
            digest_alg: sha256.clone(),
            signed_attrs: Some(attributes),
            signature_algorithm: signer.key.algorithm(),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let certificates = signer.certificates.iter().cloned().map(CertificateChoices::Certificate);
        Ok(Self(SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![sha256])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
            certificates: Some(CertificateSet(SetOfVec::try_from(certificates.collect::<Vec<_>>())?)),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![info])?),
        }))
    }

    /// What a time stamp is taken of.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        self.0.signer_infos.0.get(0).map_or(&[], |info| info.signature.as_bytes())
    }

    /// With this time stamp token (DER) of its signature: B-T.
    pub fn with_time_stamp(mut self, token: &[u8]) -> Result<Self, CmsError> {
        let stamp = Attribute { oid: TIME_STAMP, values: SetOfVec::try_from(vec![Any::from_der(token)?])? };
        let mut infos: Vec<SignerInfo> = self.0.signer_infos.0.into_vec();
        for info in &mut infos {
            info.unsigned_attrs = Some(SetOfVec::try_from(vec![stamp.clone()])?);
        }
        self.0.signer_infos = SignerInfos(SetOfVec::try_from(infos)?);
        Ok(self)
    }

    /// As it stands in a PDF.
    pub fn to_der(&self) -> Result<Vec<u8>, CmsError> {
        let content = Any::from_der(&self.0.to_der()?)?;
        Ok(ContentInfo { content_type: ID_SIGNED_DATA, content }.to_der()?)
    }
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Result<Attribute, CmsError> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::from_der(&value.to_der()?)?])? })
}

/// `SigningCertificateV2` of RFC 5035, with the hash that is its default.
#[derive(Debug, Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

#[derive(Debug, Sequence)]
struct CertificateId {
    hash: OctetString,
}

impl SigningCertificate {
    fn of(hash: [u8; 32]) -> Result<Self, CmsError> {
        Ok(Self { certificates: vec![CertificateId { hash: OctetString::new(hash)? }] })
    }
}
