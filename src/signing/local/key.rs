//! Keys that sign: P-256, or RSA of at least 2048 bits. ring makes the signatures (`deny.toml` says why no other does).

use der::oid::db::rfc5912::{ECDSA_WITH_SHA_256, SHA_256_WITH_RSA_ENCRYPTION};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair, RsaKeyPair};
use spki::AlgorithmIdentifierOwned;
use thiserror::Error;

/// Bytes of the modulus of RSA, at least: 2048 bits.
const LEAST_RSA_BYTES: usize = 256;

/// A key that signs.
pub struct SigningKey {
    kind: Kind,
    random: SystemRandom,
}

enum Kind {
    P256(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("the key is none of P-256, and none of RSA with 2048 to 4096 bits")]
    Kind,
    #[error("the key cannot sign")]
    Signature,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey")
    }
}

impl SigningKey {
    /// Of PKCS#8 in DER, without a password.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let p256 = EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, der, &random);
        let kind = match p256 {
            Ok(pair) => Kind::P256(Box::new(pair)),
            Err(_) => Kind::Rsa(Box::new(RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Kind)?)),
        };
        if let Kind::Rsa(pair) = &kind
            && pair.public().modulus_len() < LEAST_RSA_BYTES
        {
            return Err(KeyError::Kind);
        }
        Ok(Self { kind, random })
    }

    /// As a certificate has it: the point, or the sequence of modulus and exponent.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        match &self.kind {
            Kind::P256(pair) => pair.public_key().as_ref(),
            Kind::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// The signature over these bytes, hashed with SHA-256, as a CMS has it.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.kind {
            Kind::P256(pair) => {
                let signed = pair.sign(&self.random, message).map_err(|_| KeyError::Signature)?;
                Ok(signed.as_ref().to_vec())
            }
            Kind::Rsa(pair) => {
                let mut signed = vec![0; pair.public().modulus_len()];
                let done = pair.sign(&signature::RSA_PKCS1_SHA256, &self.random, message, &mut signed);
                done.map_err(|_| KeyError::Signature)?;
                Ok(signed)
            }
        }
    }

    /// What a CMS calls that.
    pub(super) fn algorithm(&self) -> AlgorithmIdentifierOwned {
        match self.kind {
            Kind::P256(_) => AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None },
            Kind::Rsa(_) => {
                AlgorithmIdentifierOwned { oid: SHA_256_WITH_RSA_ENCRYPTION, parameters: Some(der::asn1::Null.into()) }
            }
        }
    }
}
