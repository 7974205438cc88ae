//! Why a signature did not pass: a code for machines, a sentence for people.

use serde::{Deserialize, Serialize};

use super::super::Refusal;

/// Why a signature has failed, or why nobody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // Of the file.
    NoSignature,
    NotPdf,
    Encrypted,
    Damaged,
    TooComplex,
    TooManySignatures,
    // Of what is covered.
    Incomplete,
    ByteRange,
    Revision,
    NotInForm,
    ChangedAfter,
    FormFilled,
    LooseBytes,
    EarlierRevision,
    // Of the signature itself.
    Format,
    Cms,
    CmsTrailing,
    Signers,
    NotDetached,
    SignedAttributes,
    SigningCertificate,
    Digest,
    Signature,
    Algorithm,
    WeakDigest,
    WeakKey,
    TimeStamp,
    // Of the certificate.
    NoCertificate,
    Untrusted,
    Usage,
    Constraints,
    Expired,
    NotYetValid,
    Revoked,
    RevokedUndated,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 35] = [
        Self::NoSignature,
        Self::NotPdf,
        Self::Encrypted,
        Self::Damaged,
        Self::TooComplex,
        Self::TooManySignatures,
        Self::Incomplete,
        Self::ByteRange,
        Self::Revision,
        Self::NotInForm,
        Self::ChangedAfter,
        Self::FormFilled,
        Self::LooseBytes,
        Self::EarlierRevision,
        Self::Format,
        Self::Cms,
        Self::CmsTrailing,
        Self::Signers,
        Self::NotDetached,
        Self::SignedAttributes,
        Self::SigningCertificate,
        Self::Digest,
        Self::Signature,
        Self::Algorithm,
        Self::WeakDigest,
        Self::WeakKey,
        Self::TimeStamp,
        Self::NoCertificate,
        Self::Untrusted,
        Self::Usage,
        Self::Constraints,
        Self::Expired,
        Self::NotYetValid,
        Self::Revoked,
        Self::RevokedUndated,
    ];

    /// One sentence that says what it means.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoSignature => "The file has no signature.",
            Self::NotPdf => "The file is not a PDF.",
            Self::Encrypted => "The file is encrypted, so its signatures cannot be read.",
            Self::Damaged => "The file is damaged, and each program would mend it in its own way.",
            Self::TooComplex => "The file takes more time or memory to read than a document of an office may.",
            Self::TooManySignatures => "The file has more signatures than are looked at.",
            Self::Incomplete => "The signature lacks the bytes that it covers, or itself.",
            Self::ByteRange => "The signature leaves out bytes of the file that it has to cover.",
            Self::Revision => "The signature does not cover the whole file as it was when it was signed.",
            Self::NotInForm => "The signature stands where no program shows it.",
            Self::ChangedAfter => "The file was changed after it was signed.",
            Self::FormFilled => "A form was filled in after it was signed; what was filled in is not signed.",
            Self::LooseBytes => "Bytes stand behind the end of the file that nobody has signed.",
            Self::EarlierRevision => "The file as it was signed cannot be read without mending it.",
            Self::Format => "The signature is of a kind that is not known here.",
            Self::Cms => "The signature cannot be read.",
            Self::CmsTrailing => "Further bytes stand behind the signature.",
            Self::Signers => "The signature is not of exactly one signer.",
            Self::NotDetached => "The signature holds a content of its own in place of the file.",
            Self::SignedAttributes => "What the signature has to say of itself is missing or stands there twice.",
            Self::SigningCertificate => "The signature does not name its certificate, or names another one.",
            Self::Digest => "The signed bytes were changed after they were signed.",
            Self::Signature => "The signature was not made with the key of its certificate.",
            Self::Algorithm => "The signature was made in a way that cannot be checked here.",
            Self::WeakDigest => "The signature was made with a digest that others can forge, such as SHA-1.",
            Self::WeakKey => "The key of the signature is too short to be trusted.",
            Self::TimeStamp => "The time-stamp is damaged or belongs to something else.",
            Self::NoCertificate => "The signer's certificate is not in the signature.",
            Self::Untrusted => "No authority that is trusted here vouches for the certificate.",
            Self::Usage => "The certificate was not made for this use.",
            Self::Constraints => "The certificates have conditions that cannot be checked here.",
            Self::Expired => "The certificate has expired, and nothing proves that the signature is older.",
            Self::NotYetValid => "The signature was made before its certificate was valid.",
            Self::Revoked => "The certificate was revoked before the signature was made.",
            Self::RevokedUndated => "The certificate was revoked, and nothing proves that the signature is older.",
        }
    }
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Empty | Refusal::NotPdf => Self::NotPdf,
            Refusal::Encrypted => Self::Encrypted,
            Refusal::TooManyPages | Refusal::TooComplex => Self::TooComplex,
            // Scripts and files inside are no matter of signatures, and are not asked for here.
            Refusal::Damaged | Refusal::JavaScript | Refusal::Launch | Refusal::EmbeddedFiles | Refusal::Signed => {
                Self::Damaged
            }
        }
    }
}
