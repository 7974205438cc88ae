//! What each provider can do. A local one (keys of the office's own) and the seal of an agency stand behind the same
//! calls: a seal is one more way to be a [`Signer`].

use std::future::Future;

use bytes::Bytes;

use super::{Outcome, Proof, Reason, Signer};

/// Signs for officials.
pub trait Provider {
    /// Whether the signer's certificate can sign now. To be asked before each batch.
    fn status(&self, signer: &Signer) -> impl Future<Output = Result<Standing, NotTold>> + Send;

    /// Has a code sent to the signer that holds for one call with so many files.
    fn ask_totp(&self, signer: &Signer, files: usize) -> impl Future<Output = Result<(), NotTold>> + Send;

    /// Signs files of one signer in one call. Whatever happens is an outcome; nothing is tried again here, because a
    /// second try may be a second signature. What is signed has still to be verified.
    fn sign(
        &self,
        signer: &Signer,
        proof: &Proof,
        words: &Words,
        files: &[Bytes],
    ) -> impl Future<Output = Outcome> + Send;

    /// So many files one call takes.
    fn most_at_once(&self) -> usize;
}

/// What stands in the signature for readers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub reason: Option<String>,
    pub location: Option<String>,
}

/// What the provider says of a signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub certificate: Certificate,
    /// The provider's own words, without the signer.
    pub detail: String,
}

/// State of a signer's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// The only one that signs.
    Issued,
    Expired,
    /// Being renewed.
    Renewing,
    WaitingForVerification,
    /// The person is registered, and nothing more.
    New,
    None,
    NotRegistered,
    Suspended,
    Revoked,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl Certificate {
    /// Whether the signer can sign now.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        *self == Self::Issued
    }

    /// As it is told to Odoo.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Expired => "expired",
            Self::Renewing => "renewing",
            Self::WaitingForVerification => "waiting_for_verification",
            Self::New => "new",
            Self::None => "none",
            Self::NotRegistered => "not_registered",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Other(_) => "other",
        }
    }
}

/// A question that changes nothing, and was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", reason.code, reason.detail)]
pub struct NotTold {
    pub reason: Reason,
}
