//! Digests and signatures by their object identifiers, as ring does them.

use der::asn1::{ObjectIdentifier, UintRef};
use der::oid::db::rfc5912::{
    ECDSA_WITH_SHA_256 as ECDSA_SHA256, ECDSA_WITH_SHA_384 as ECDSA_SHA384, ECDSA_WITH_SHA_512 as ECDSA_SHA512,
    ID_EC_PUBLIC_KEY as EC, ID_MD_5 as MD5, ID_MGF_1 as MGF1, ID_RSASSA_PSS as RSA_PSS, ID_SHA_1 as SHA1,
    MD_5_WITH_RSA_ENCRYPTION as RSA_MD5, RSA_ENCRYPTION as RSA, SECP_256_R_1 as P256, SECP_384_R_1 as P384,
    SHA_1_WITH_RSA_ENCRYPTION as RSA_SHA1, SHA_256_WITH_RSA_ENCRYPTION as RSA_SHA256,
    SHA_384_WITH_RSA_ENCRYPTION as RSA_SHA384, SHA_512_WITH_RSA_ENCRYPTION as RSA_SHA512,
};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use ring::digest::{self, SHA256, SHA384, SHA512};
use ring::signature as by_ring;
use ring::signature::{UnparsedPublicKey, VerificationAlgorithm};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::reason::Reason;

const ECDSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// What ring takes of a key of RSA, in bits.
const LEAST_RSA: usize = 2048;
const MOST_RSA: usize = 8192;

/// A digest that is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// It takes no parameters.
    pub(super) fn of(algorithm: &AlgorithmIdentifierOwned) -> Result<Self, Reason> {
        let is_plain = algorithm.parameters.as_ref().is_none_or(|parameters| parameters.tag() == Tag::Null);
        if is_plain { Self::by_name(algorithm.oid) } else { Err(Reason::Algorithm) }
    }

    fn by_name(oid: ObjectIdentifier) -> Result<Self, Reason> {
        match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.2.1" => Ok(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Ok(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Ok(Self::Sha512),
            _ if oid == MD5 || oid == SHA1 => Err(Reason::WeakDigest),
            _ => Err(Reason::Algorithm),
        }
    }

    /// Of pieces that follow each other.
    pub(super) fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        };
        let mut context = digest::Context::new(algorithm);
        for piece in pieces {
            context.update(piece);
        }
        context.finish().as_ref().to_vec()
    }

    fn length(self) -> u8 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

/// How a signature is made of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Pkcs1,
    Pss,
    Ecdsa,
}

/// Whether the key has signed the message. Where the algorithm names no digest, that of the message counts; where it names
/// one, both are the same. What it was made with comes back.
pub(super) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Option<Digest>,
    message: &[u8],
    signature: &[u8],
) -> Result<String, Reason> {
    let (scheme, named) = scheme(algorithm, digest)?;
    if digest.is_some_and(|digest| digest != named) {
        return Err(Reason::SignedAttributes);
    }
    let bits = key.subject_public_key.as_bytes().ok_or(Reason::Algorithm)?;
    let (verifier, kind) = match (key.algorithm.oid, scheme) {
        (RSA, Scheme::Pkcs1) | (RSA | RSA_PSS, Scheme::Pss) => {
            let words = if scheme == Scheme::Pss { "rsa-pss" } else { "rsa" };
            check_rsa(bits)?;
            (rsa(scheme, named), words)
        }
        (EC, Scheme::Ecdsa) => ecdsa(key, named)?,
        (RSA | RSA_PSS | EC, _) => return Err(Reason::Signature),
        _ => return Err(Reason::Algorithm),
    };
    let key = UnparsedPublicKey::new(verifier, bits);
    key.verify(message, signature).map_err(|_| Reason::Signature)?;
    Ok(format!("{} {kind}", named.name()))
}

fn scheme(algorithm: &AlgorithmIdentifierOwned, digest: Option<Digest>) -> Result<(Scheme, Digest), Reason> {
    match algorithm.oid {
        RSA => Ok((Scheme::Pkcs1, digest.ok_or(Reason::Algorithm)?)),
        RSA_SHA256 => Ok((Scheme::Pkcs1, Digest::Sha256)),
        RSA_SHA384 => Ok((Scheme::Pkcs1, Digest::Sha384)),
        RSA_SHA512 => Ok((Scheme::Pkcs1, Digest::Sha512)),
        RSA_PSS => Ok((Scheme::Pss, pss_digest(algorithm)?)),
        ECDSA_SHA256 => Ok((Scheme::Ecdsa, Digest::Sha256)),
        ECDSA_SHA384 => Ok((Scheme::Ecdsa, Digest::Sha384)),
        ECDSA_SHA512 => Ok((Scheme::Ecdsa, Digest::Sha512)),
        RSA_SHA1 | RSA_MD5 | ECDSA_SHA1 => Err(Reason::WeakDigest),
        _ => Err(Reason::Algorithm),
    }
}

/// RSASSA-PSS-params. Defaults are those of SHA-1, and so of no use here.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    digest: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt_length: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

/// ring knows one form: the same digest everywhere, and a salt of its length.
fn pss_digest(algorithm: &AlgorithmIdentifierOwned) -> Result<Digest, Reason> {
    let parameters = algorithm.parameters.as_ref().and_then(|any| any.to_der().ok()).ok_or(Reason::Algorithm)?;
    let parameters = PssParameters::from_der(&parameters).map_err(|_| Reason::Algorithm)?;
    let digest = Digest::of(parameters.digest.as_ref().ok_or(Reason::WeakDigest)?)?;
    let mask = parameters.mask.filter(|mask| mask.oid == MGF1).and_then(|mask| mask.parameters);
    let mask = mask.and_then(|inner| inner.to_der().ok()).ok_or(Reason::WeakDigest)?;
    let mask = AlgorithmIdentifierOwned::from_der(&mask).map_err(|_| Reason::Algorithm)?;
    let is_known = Digest::of(&mask)? == digest
        && parameters.salt_length == Some(u16::from(digest.length()))
        && parameters.trailer.unwrap_or(1) == 1;
    if is_known { Ok(digest) } else { Err(Reason::Algorithm) }
}

#[derive(Sequence)]
struct RsaKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

fn check_rsa(bits: &[u8]) -> Result<(), Reason> {
    let key = RsaKey::from_der(bits).map_err(|_| Reason::Algorithm)?;
    let _ = key.exponent;
    let modulus = key.modulus.as_bytes();
    let first = modulus.first().map_or(8, |byte| byte.leading_zeros() as usize);
    match (modulus.len() * 8).saturating_sub(first) {
        ..LEAST_RSA => Err(Reason::WeakKey),
        LEAST_RSA..=MOST_RSA => Ok(()),
        _ => Err(Reason::Algorithm),
    }
}

fn rsa(scheme: Scheme, digest: Digest) -> &'static dyn VerificationAlgorithm {
    match (scheme, digest) {
        (Scheme::Pss, Digest::Sha256) => &by_ring::RSA_PSS_2048_8192_SHA256,
        (Scheme::Pss, Digest::Sha384) => &by_ring::RSA_PSS_2048_8192_SHA384,
        (Scheme::Pss, Digest::Sha512) => &by_ring::RSA_PSS_2048_8192_SHA512,
        (_, Digest::Sha256) => &by_ring::RSA_PKCS1_2048_8192_SHA256,
        (_, Digest::Sha384) => &by_ring::RSA_PKCS1_2048_8192_SHA384,
        (_, Digest::Sha512) => &by_ring::RSA_PKCS1_2048_8192_SHA512,
    }
}

fn ecdsa(
    key: &SubjectPublicKeyInfoOwned,
    digest: Digest,
) -> Result<(&'static dyn VerificationAlgorithm, &'static str), Reason> {
    let curve = key.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    match (curve, digest) {
        (Some(P256), Digest::Sha256) => Ok((&by_ring::ECDSA_P256_SHA256_ASN1, "ecdsa-p256")),
        (Some(P256), Digest::Sha384) => Ok((&by_ring::ECDSA_P256_SHA384_ASN1, "ecdsa-p256")),
        (Some(P384), Digest::Sha256) => Ok((&by_ring::ECDSA_P384_SHA256_ASN1, "ecdsa-p384")),
        (Some(P384), Digest::Sha384) => Ok((&by_ring::ECDSA_P384_SHA384_ASN1, "ecdsa-p384")),
        _ => Err(Reason::Algorithm),
    }
}
