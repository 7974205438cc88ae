//! Each signature by itself: what it covers, and whether its key has signed just that.

use der::oid::db::rfc5911::ID_DATA;
use lopdf::Dictionary;

use super::algorithms::Digest;
use super::certificates::Certificate;
use super::cms::{Checked, Signed};
use super::forms::Standing;
use super::ranges::{self, Covered};
use super::reason::Reason;
use super::report::Kind;
use super::revision::View;
use super::revocation::Known;
use super::stamps::{self, Stamp};

/// A signature, and what became of looking at it alone.
pub(super) struct Proof {
    pub standing: Standing,
    pub kind: Kind,
    pub covered: Result<Covered, Reason>,
    pub held: Result<Held, Reason>,
}

/// What a signature that holds brings along.
pub(super) struct Held {
    pub certificate: Certificate,
    /// Such as `sha256 rsa`.
    pub algorithm: String,
    pub certificates: Vec<Certificate>,
    pub known: Known,
    /// It keeps to the rules of PAdES.
    pub is_pades: bool,
    /// Of the signature, by a service; of a time-stamp, the time-stamp itself.
    pub stamp: Result<Option<Stamp>, Reason>,
}

/// How a signature is written.
enum Format {
    Cms,
    Pades,
    TimeStamp,
}

impl Proof {
    pub(super) fn of(view: &View<'_>, standing: Standing) -> Self {
        let format = format(view, &standing.dictionary);
        let kind = if matches!(format, Ok(Format::TimeStamp)) { Kind::TimeStamp } else { Kind::Signature };
        let covered = ranges::covered(view, standing.number, &standing.dictionary);
        let held = match (&covered, format) {
            (Err(reason), _) => Err(*reason),
            (_, Err(reason)) => Err(reason),
            (Ok(covered), Ok(format)) => held(view.revision.bytes, covered, &format),
        };
        Self { standing, kind, covered, held }
    }

    /// Where what it covers ends.
    pub(super) fn end(&self) -> usize {
        self.covered.as_ref().map_or(0, |covered| covered.end)
    }
}

fn format(view: &View<'_>, signature: &Dictionary) -> Result<Format, Reason> {
    let name = view.value(signature, b"SubFilter").and_then(|name| name.as_name().ok().map(<[u8]>::to_vec));
    match name.as_deref() {
        Some(b"adbe.pkcs7.detached") => Ok(Format::Cms),
        Some(b"ETSI.CAdES.detached") => Ok(Format::Pades),
        Some(b"ETSI.RFC3161") => Ok(Format::TimeStamp),
        // Both are made for SHA-1.
        Some(b"adbe.pkcs7.sha1" | b"adbe.x509.rsa_sha1") => Err(Reason::WeakDigest),
        _ => Err(Reason::Format),
    }
}

fn held(bytes: &[u8], covered: &Covered, format: &Format) -> Result<Held, Reason> {
    let pieces = covered.pieces(bytes);
    let digest_of = |digest: Digest| digest.digest(&pieces);
    if matches!(format, Format::TimeStamp) {
        let stamp = stamps::read(&covered.contents, digest_of)?;
        return Ok(Held {
            certificate: stamp.certificate.clone(),
            algorithm: stamp.algorithm.clone(),
            certificates: stamp.certificates.clone(),
            // It stands in the time-stamp.
            known: Known::default(),
            is_pades: true,
            stamp: Ok(Some(stamp)),
        });
    }
    let must_name_certificate = matches!(format, Format::Pades);
    let signed = Signed::read(&covered.contents)?;
    if signed.content.is_some() {
        return Err(Reason::NotDetached);
    }
    let Checked { certificate, algorithm, names_certificate } =
        signed.check(ID_DATA, digest_of, must_name_certificate)?;
    let token = signed.time_stamp();
    let read = |token: Vec<u8>| {
        stamps::read(&token, |digest| digest.digest(&[signed.value()])).map_err(|reason| match reason {
            Reason::Algorithm => Reason::Algorithm,
            _ => Reason::TimeStamp,
        })
    };
    let stamp = token.and_then(|token| token.map(read).transpose());
    let known = signed.known();
    let certificates = signed.certificates;
    Ok(Held {
        certificate,
        algorithm,
        certificates,
        known,
        is_pades: must_name_certificate && names_certificate,
        stamp,
    })
}
