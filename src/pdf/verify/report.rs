//! What is said of a file: a verdict for each signature and one for the whole, in words that a machine takes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::reason::Reason;

/// What a signature, or a file, is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "snake_case")]
pub enum Verdict {
    /// Whole, of the one who is named, by a certificate that an anchor vouches for.
    Passed,
    /// It is not what it claims to be.
    Failed(Reason),
    /// Nothing is wrong that could be proven, and something that is needed is missing.
    CannotTell(Reason),
}

/// All that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The worst of all signatures; *cannot tell* where there is none.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// In the order in which they were made.
    pub signatures: Vec<Signature>,
}

impl Report {
    /// Of a file that tells nothing of its signatures.
    pub(in crate::pdf) fn without_signatures(reason: Reason) -> Self {
        Self { verdict: Verdict::CannotTell(reason), signatures: Vec::new() }
    }

    /// The first that failed, else the first that nobody can tell of.
    pub(super) fn of(signatures: Vec<Signature>) -> Self {
        let verdicts = || signatures.iter().map(|signature| signature.verdict);
        let failed = verdicts().find(|verdict| matches!(verdict, Verdict::Failed(_)));
        let worst = failed.or_else(|| verdicts().find(|verdict| *verdict != Verdict::Passed));
        let none = if signatures.is_empty() { Verdict::CannotTell(Reason::NoSignature) } else { Verdict::Passed };
        Self { verdict: worst.unwrap_or(none), signatures }
    }
}

/// One signature, or one time-stamp of the whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Of its form field; one that stands in no form has none.
    pub field: Option<String>,
    pub kind: Kind,
    pub level: Level,
    /// What a certification allows to be changed: 1 nothing, 2 forms and signatures, 3 notes, too.
    pub certifies: Option<u8>,
    /// Which bytes it covers: two starts, each with a length.
    pub byte_range: Option<[u64; 4]>,
    /// Nothing but space stands behind what it covers.
    pub covers_all: bool,
    /// Such as `sha256 rsa`.
    pub algorithm: Option<String>,
    pub signer: Option<Party>,
    /// Common name of the anchor that vouches for the signer.
    pub anchor: Option<String>,
    /// Of the signer's certificate and those above it.
    pub revocation: Revocation,
    /// What the signer's clock said; nobody vouches for it.
    pub claimed_time: Option<DateTime<Utc>>,
    /// Before when the signature was there for certain.
    pub proven_time: Option<ProvenTime>,
    /// As the signer wrote it.
    pub reason_given: Option<String>,
    pub location: Option<String>,
    /// What was added to the file after it.
    pub after: Vec<Change>,
}

/// What stands in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Signature,
    /// Of the whole document, by a service.
    TimeStamp,
}

/// How much the file brings along for those who look at it later. Of what was brought, not of what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// A signature that keeps to the older rules of PDF only.
    #[serde(rename = "CMS")]
    Cms,
    #[serde(rename = "B-B")]
    Basic,
    /// With a time-stamp.
    #[serde(rename = "B-T")]
    Timed,
    /// With certificates and revocation lists, too.
    #[serde(rename = "B-LT")]
    LongTerm,
    /// With a time-stamp over these.
    #[serde(rename = "B-LTA")]
    Archive,
}

/// Somebody who has a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub common_name: Option<String>,
    pub organization: Option<String>,
    /// Of the certificate, in hexadecimal digits.
    pub serial: String,
    /// Common name of who made the certificate.
    pub issuer: Option<String>,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
}

/// A time that somebody else vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenTime {
    pub at: DateTime<Utc>,
    pub by: Party,
    pub source: TimeSource,
}

/// Where a proven time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeSource {
    /// In the signature.
    Signature,
    /// In a time-stamp of the document that was made later.
    Document,
}

/// Whether certificates were withdrawn, as far as lists and answers of services tell that are in the file or were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Revocation {
    /// Nobody says so.
    Good {
        as_of: DateTime<Utc>,
    },
    Revoked {
        at: DateTime<Utc>,
    },
    /// Of one of them, nothing is known.
    Unknown,
}

/// What was added after a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Of another signer, in a new field or in one that waited for it.
    Signature { field: String, is_new: bool, is_visible: bool },
    /// Of the document.
    TimeStamp { field: String },
    /// A field for a signature, empty and without a place on a page.
    EmptyField { field: String },
    /// Certificates and revocation lists.
    Evidence,
    /// What programs note of themselves, such as the date of a change.
    Metadata,
    /// A form was filled in.
    Form { field: String },
    /// Bytes that belong to no revision.
    LooseBytes,
    /// Anything else: an object was changed, removed, or is now there where something had named it in vain.
    Other { object: u32 },
    /// What came after does not build on what was signed.
    NotBuiltOn,
}
