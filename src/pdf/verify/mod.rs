//! What the signatures of a PDF are worth. `verify` is a pure function: bytes, anchors and the time go in, a report comes
//! out; nothing is fetched, and no clock is asked. Like all that reads what strangers wrote, it runs in a child process.
//!
//! - **What is covered** (`ranges`): everything from the first byte to the end of a revision but the hole for the
//!   signature, and that hole is the value of `/Contents` of the very dictionary.
//! - **Which signatures there are** (`forms`): those of the form's fields, and whatever else has a range and contents; what
//!   stands in no field has failed, because no program shows it.
//! - **The signature** (`cms`, `stamps`, `algorithms`): RSA (PKCS #1 1.5 and PSS) from 2,048 bits and ECDSA on P-256 and
//!   P-384, with SHA-256, 384 and 512; one signer, detached, and named by the signature where PAdES asks for it.
//! - **Whom it is of** (`certificates`, `revocation`, `ocsp`): the way to an anchor at the time that is proven, or now. Anchors
//!   are taken as they are. Lists of revoked certificates count where they are at hand, and
//!   answers of services (`ocsp`) where the file has them.
//! - **What came after** (`changes`, `allowed`, `fields_after`): each object that is another one than in the revision that
//!   was signed is a change, unless it is part of a further signature, of a time-stamp, or of what those bring along.
//!
//! *Failed* says that something is wrong, *cannot tell* that nothing is wrong that could be proven. The words are those of
//! ETSI EN 319 102-1, in which the latter is indeterminate.

mod algorithms;
mod allowed;
mod certificates;
mod changes;
mod cms;
mod evidence;
mod fields_after;
mod forms;
mod judge;
mod ocsp;
mod proofs;
mod ranges;
mod reason;
mod referers;
mod report;
mod revision;
mod revocation;
mod stamps;

pub use reason::Reason;
pub use report::{Change, Kind, Level, Party, ProvenTime, Report, Revocation, Signature, TimeSource, Verdict};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use certificates::Certificate;
use evidence::Evidence;
use judge::Judge;
use proofs::Proof;
use revision::Revision;
use revocation::{Known, List};

/// More signatures are not looked at.
const MOST_SIGNATURES: usize = 32;

/// Whom the office trusts, all in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// Authorities of signers, or signers themselves.
    #[serde(with = "ders")]
    pub anchors: Vec<Vec<u8>>,
    /// Lists of revoked certificates.
    #[serde(with = "ders")]
    pub crls: Vec<Vec<u8>>,
    /// Authorities of services that give the time; the others are not asked for these.
    #[serde(with = "ders")]
    pub time_stamp_anchors: Vec<Vec<u8>>,
}

/// The same, read.
struct Anchors {
    signers: Vec<Certificate>,
    time_stamps: Vec<Certificate>,
    known: Known,
}

/// What the signatures of the file are worth at that time, for somebody who trusts those. What cannot be read of the trust
/// is no trust; whoever takes files for it checks them with `Trust::is_readable`.
#[must_use]
pub fn verify(bytes: &[u8], trust: &Trust, at: DateTime<Utc>) -> Report {
    match signatures(bytes, trust, at) {
        Ok(signatures) => Report::of(signatures),
        Err(reason) => Report::without_signatures(reason),
    }
}

fn signatures(bytes: &[u8], trust: &Trust, at: DateTime<Utc>) -> Result<Vec<Signature>, Reason> {
    let revision = Revision::open(bytes)?;
    let view = revision.view();
    let standing = forms::signatures(&view)?;
    if standing.len() > MOST_SIGNATURES {
        return Err(Reason::TooManySignatures);
    }
    let mut proofs: Vec<Proof> = standing.into_iter().map(|standing| Proof::of(&view, standing)).collect();
    proofs.sort_by_key(Proof::end);
    let read = |ders: &[Vec<u8>]| ders.iter().filter_map(|der| Certificate::read(der)).collect();
    let anchors = Anchors {
        signers: read(&trust.anchors),
        time_stamps: read(&trust.time_stamp_anchors),
        known: Known::read(&trust.crls, &[]),
    };
    let evidence = Evidence::of(&view);
    let mut judge = Judge {
        whole: &view,
        anchors: &anchors,
        evidence: &evidence,
        now: at,
        proven: None,
        is_archived: false,
        later: None,
        after: Vec::new(),
    };
    let mut signatures: Vec<Signature> = proofs.iter().rev().map(|proof| judge.judge(proof)).collect();
    signatures.reverse();
    Ok(signatures)
}

impl Trust {
    /// Whether each anchor is a certificate and each list is a list.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        let mut certificates = self.anchors.iter().chain(&self.time_stamp_anchors);
        certificates.all(|der| Certificate::read(der).is_some())
            && self.crls.iter().all(|der| List::read(der).is_some())
    }
}

/// Bytes as base64.
mod ders {
    use super::{Deserialize, Deserializer, Engine, STANDARD, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(ders: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        let ders: Vec<String> = ders.iter().map(|der| STANDARD.encode(der)).collect();
        ders.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        let ders = Vec::<String>::deserialize(deserializer)?;
        ders.iter().map(|der| STANDARD.decode(der)).collect::<Result<_, _>>().map_err(serde::de::Error::custom)
    }
}
