//! Certificates, and the way from one to an anchor.

use chrono::{DateTime, Utc};
use der::asn1::{BitString, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::oid::db::rfc4519::{COMMON_NAME, ORGANIZATION_NAME};
use der::oid::db::rfc5280::ID_CE_EXT_KEY_USAGE;
use der::{Any, Decode, Encode, Sequence, Tag, Tagged};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;
use x509_cert::time::Time;

use super::algorithms;
use super::reason::Reason;
use super::report::Party;

const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const ANSWERING: &str = "1.3.6.1.5.5.7.3.9";
const NAME_CONSTRAINTS: &str = "2.5.29.30";

/// Uses of a key that let it sign documents: e-mail, documents (of three authorities), any, and that of a client, which
/// authorities of persons give besides.
const SIGNING: [&str; 6] = [
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.4.1.311.10.3.12",
    "1.2.840.113583.1.1.5",
    "2.5.29.37.0",
    "1.3.6.1.5.5.7.3.2",
];

/// Extensions that are understood here, or that say nothing which could shut a document's signature out: what the key is
/// for, names, policies, where to ask for lists, statements of qualified certificates.
const UNDERSTOOD: [&str; 10] = [
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.18",
    "2.5.29.19",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.35",
    "2.5.29.37",
    "1.3.6.1.5.5.7.1.3",
];

/// The longest way to an anchor, and how many signatures are checked to find one.
const MOST_STEPS: usize = 8;
const MOST_CHECKS: usize = 64;

/// What is signed, how, and the signature, of a certificate or a list, with its bytes as they came.
#[derive(Sequence)]
pub(super) struct Envelope {
    pub body: Any,
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: BitString,
}

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Signing,
    TimeStamping,
}

/// A certificate, with its bytes as they came.
#[derive(Clone)]
pub(super) struct Certificate {
    pub der: Vec<u8>,
    body: Vec<u8>,
    pub inner: x509_cert::Certificate,
}

impl Certificate {
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let inner = x509_cert::Certificate::from_der(der).ok()?;
        let envelope = Envelope::from_der(der).ok()?;
        // Both say how it is signed, and only one of them is signed.
        (inner.tbs_certificate.signature == inner.signature_algorithm).then_some(())?;
        Some(Self { der: der.to_vec(), body: envelope.body.to_der().ok()?, inner })
    }

    pub(super) fn subject(&self) -> &Name {
        &self.inner.tbs_certificate.subject
    }

    pub(super) fn issuer(&self) -> &Name {
        &self.inner.tbs_certificate.issuer
    }

    pub(super) fn not_before(&self) -> DateTime<Utc> {
        time(self.inner.tbs_certificate.validity.not_before)
    }

    pub(super) fn not_after(&self) -> DateTime<Utc> {
        time(self.inner.tbs_certificate.validity.not_after)
    }

    pub(super) fn party(&self) -> Party {
        let serial = self.inner.tbs_certificate.serial_number.as_bytes();
        Party {
            common_name: part_of_name(self.subject(), COMMON_NAME),
            organization: part_of_name(self.subject(), ORGANIZATION_NAME),
            serial: hexadecimal(serial),
            issuer: part_of_name(self.issuer(), COMMON_NAME),
            not_before: self.not_before(),
            not_after: self.not_after(),
        }
    }

    /// Whether the other one has made it.
    fn is_signed_by(&self, other: &Self) -> Result<(), Reason> {
        let signature = self.inner.signature.as_bytes().ok_or(Reason::Signature)?;
        let key = &other.inner.tbs_certificate.subject_public_key_info;
        algorithms::verify(key, &self.inner.signature_algorithm, None, &self.body, signature).map(drop)
    }

    /// Whether the other one, which has made it, lets it answer what became of certificates.
    pub(super) fn speaks_for(&self, other: &Self, at: DateTime<Utc>) -> bool {
        let uses = self.inner.tbs_certificate.get::<ExtendedKeyUsage>();
        let may_answer = matches!(uses, Ok(Some((_, uses))) if uses.0.iter().any(|used| used.to_string() == ANSWERING));
        may_answer
            && self.issuer() == other.subject()
            && self.check_time(at).is_ok()
            && self.check_constraints().is_ok()
            && self.is_signed_by(other).is_ok()
    }

    /// Whether it may make other ones, with so many authorities between.
    fn is_authority(&self, below: usize) -> bool {
        let tbs = &self.inner.tbs_certificate;
        let Ok(Some((_, constraints))) = tbs.get::<BasicConstraints>() else { return false };
        let may_sign = match tbs.get::<KeyUsage>() {
            Ok(Some((_, usage))) => usage.key_cert_sign(),
            Ok(None) => true,
            Err(_) => false,
        };
        constraints.ca && may_sign && constraints.path_len_constraint.is_none_or(|most| below <= usize::from(most))
    }

    /// Whether its owner may sign with it what is signed here.
    fn check_usage(&self, purpose: Purpose) -> Result<(), Reason> {
        let tbs = &self.inner.tbs_certificate;
        let usage = tbs.get::<KeyUsage>().map_err(|_| Reason::Usage)?;
        let may_sign = usage.is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation());
        let extended = tbs.get::<ExtendedKeyUsage>().map_err(|_| Reason::Usage)?;
        let fits = match (purpose, extended) {
            (Purpose::Signing, None) => true,
            (Purpose::Signing, Some((_, uses))) => {
                uses.0.iter().any(|used| SIGNING.contains(&used.to_string().as_str()))
            }
            (Purpose::TimeStamping, None) => false,
            // That use alone, and nobody may overlook it.
            (Purpose::TimeStamping, Some((_, uses))) => {
                let is_critical =
                    tbs.extensions.iter().flatten().any(|one| one.extn_id == ID_CE_EXT_KEY_USAGE && one.critical);
                is_critical && uses.0.len() == 1 && uses.0[0].to_string() == TIME_STAMPING
            }
        };
        if may_sign && fits { Ok(()) } else { Err(Reason::Usage) }
    }

    fn check_constraints(&self) -> Result<(), Reason> {
        let mut extensions = self.inner.tbs_certificate.extensions.iter().flatten();
        let is_strange = extensions.any(|extension| {
            let name = extension.extn_id.to_string();
            name == NAME_CONSTRAINTS || extension.critical && !UNDERSTOOD.contains(&name.as_str())
        });
        if is_strange { Err(Reason::Constraints) } else { Ok(()) }
    }

    fn check_time(&self, at: DateTime<Utc>) -> Result<(), Reason> {
        match at {
            at if at < self.not_before() => Err(Reason::NotYetValid),
            at if at > self.not_after() => Err(Reason::Expired),
            _ => Ok(()),
        }
    }
}

/// From a certificate to an anchor, both included.
pub(super) type Way<'a> = Vec<&'a Certificate>;

/// The way from a certificate to one of the anchors, by those that lie at hand; the first that holds at that time.
pub(super) fn way<'a>(
    leaf: &'a Certificate,
    others: &'a [Certificate],
    anchors: &'a [Certificate],
    purpose: Purpose,
    at: DateTime<Utc>,
) -> Result<Way<'a>, Reason> {
    let mut search = Search { others, anchors, left: MOST_CHECKS, found: Vec::new() };
    search.go_on(&mut vec![leaf]);
    let mut first = None;
    for way in search.found {
        match check(&way, purpose, at) {
            Ok(()) => return Ok(way),
            Err(reason) => first = first.or(Some(reason)),
        }
    }
    Err(first.unwrap_or(Reason::Untrusted))
}

struct Search<'a> {
    others: &'a [Certificate],
    anchors: &'a [Certificate],
    /// Signatures that may still be checked.
    left: usize,
    found: Vec<Way<'a>>,
}

impl<'a> Search<'a> {
    fn go_on(&mut self, way: &mut Way<'a>) {
        let Some(last) = way.last().copied() else { return };
        if self.anchors.iter().any(|anchor| anchor.der == last.der) {
            self.found.push(way.clone());
            return;
        }
        if way.len() >= MOST_STEPS {
            return;
        }
        for next in self.anchors.iter().chain(self.others) {
            let fits = next.subject() == last.issuer() && !way.iter().any(|one| one.der == next.der);
            if !fits || self.left == 0 {
                continue;
            }
            self.left -= 1;
            if last.is_signed_by(next).is_ok() {
                way.push(next);
                self.go_on(way);
                way.pop();
            }
        }
    }
}

fn check(way: &[&Certificate], purpose: Purpose, at: DateTime<Utc>) -> Result<(), Reason> {
    let Some((leaf, above)) = way.split_first() else { return Err(Reason::Untrusted) };
    leaf.check_usage(purpose)?;
    for (below, authority) in above.iter().enumerate() {
        if !authority.is_authority(below) {
            return Err(Reason::Usage);
        }
    }
    for (place, certificate) in way.iter().enumerate() {
        // Whoever names an anchor trusts it as it is, for as long as he names it.
        if place == 0 || place + 1 < way.len() {
            certificate.check_constraints()?;
            certificate.check_time(at)?;
        }
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Whole seconds.
pub(super) fn time(time: Time) -> DateTime<Utc> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// As people read it, without what turns the direction of writing.
fn part_of_name(name: &Name, part: ObjectIdentifier) -> Option<String> {
    let found = name.0.iter().flat_map(|names| names.0.iter()).find(|attribute| attribute.oid == part)?;
    let text = text(&found.value)?;
    let is_plain = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String = text.chars().filter(is_plain).take(200).collect();
    Some(text).filter(|text| !text.is_empty())
}

fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::TeletexString => value.decode_as::<TeletexStringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::BmpString => {
            let units: Vec<u16> =
                value.value().chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}
