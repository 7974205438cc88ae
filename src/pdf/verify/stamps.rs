//! Time-stamps (RFC 3161): a signature of a service over a digest and a time.

use chrono::{DateTime, NaiveDateTime, Utc};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Decode, Sequence, Tag, Tagged};
use spki::AlgorithmIdentifierOwned;

use super::algorithms::Digest;
use super::certificates::Certificate;
use super::cms::Signed;
use super::reason::Reason;
use super::revocation::Known;

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

/// TSTInfo, as far as it is asked for. Services give the time with fractions of a second, too.
#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: Imprint,
    serial: Any,
    time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Any>,
    #[asn1(optional = "true")]
    ordering: Option<Any>,
    #[asn1(optional = "true")]
    nonce: Option<Any>,
    #[asn1(optional = "true")]
    service: Option<Any>,
    #[asn1(optional = "true")]
    extensions: Option<Any>,
}

/// A time-stamp that its certificate has signed, over what it should cover.
pub(super) struct Stamp {
    pub at: DateTime<Utc>,
    pub certificate: Certificate,
    pub certificates: Vec<Certificate>,
    pub known: Known,
    pub algorithm: String,
}

/// Reads a token and checks it against the digest of what it was made for.
pub(super) fn read(token: &[u8], digest_of: impl Fn(Digest) -> Vec<u8>) -> Result<Stamp, Reason> {
    let signed = Signed::read(token)?;
    let content = signed.content.as_deref().ok_or(Reason::Cms)?;
    let info = TstInfo::from_der(content).map_err(|_| Reason::Cms)?;
    let TstInfo { version, imprint, time, .. } = info;
    let digest = Digest::of(&imprint.algorithm)?;
    if imprint.digest.as_bytes() != digest_of(digest) {
        return Err(Reason::Digest);
    }
    let checked = signed.check(TST_INFO, |digest| digest.digest(&[content]), true)?;
    let at = read_time(&time).filter(|_| version == 1).ok_or(Reason::Cms)?;
    let known = signed.known();
    Ok(Stamp {
        at,
        certificate: checked.certificate,
        certificates: signed.certificates,
        known,
        algorithm: checked.algorithm,
    })
}

/// `20261129103015Z`, `20261129103015.25Z`: the latter is cut to whole seconds.
fn read_time(time: &Any) -> Option<DateTime<Utc>> {
    if time.tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = std::str::from_utf8(time.value()).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_plain = whole.len() == 14 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let time = NaiveDateTime::parse_from_str(whole, "%Y%m%d%H%M%S").ok().filter(|_| is_plain)?;
    Some(time.and_utc())
}
