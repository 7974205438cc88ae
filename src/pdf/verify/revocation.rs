//! Lists of revoked certificates (RFC 5280), and what is known by them and by answers of services (`ocsp`), as far as they
//! lie at hand: nothing is fetched here.

use chrono::{DateTime, Utc};
use der::{Decode, Encode};
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::algorithms;
use super::certificates::{Certificate, Envelope, time};
use super::ocsp::{Answer, Said};
use super::report::Revocation;

const ISSUING_POINT: &str = "2.5.29.28";

/// A list, with its bytes as they came.
pub(super) struct List {
    body: Vec<u8>,
    inner: CertificateList,
}

impl List {
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let inner = CertificateList::from_der(der).ok()?;
        let envelope = Envelope::from_der(der).ok()?;
        (inner.tbs_cert_list.signature == inner.signature_algorithm).then_some(())?;
        Some(Self { body: envelope.body.to_der().ok()?, inner })
    }

    /// Whether it speaks of this certificate, whose maker is the other one.
    fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let tbs = &self.inner.tbs_cert_list;
        if tbs.issuer != *certificate.issuer() || !self.covers(certificate) {
            return false;
        }
        let issuer = &issuer.inner.tbs_certificate;
        let may_sign = match issuer.get::<KeyUsage>() {
            Ok(usage) => usage.is_none_or(|(_, usage)| usage.crl_sign()),
            Err(_) => false,
        };
        let Some(signature) = self.inner.signature.as_bytes() else { return false };
        let key = &issuer.subject_public_key_info;
        may_sign && algorithms::verify(key, &self.inner.signature_algorithm, None, &self.body, signature).is_ok()
    }

    /// Lists of changes, for some reasons only or of other authorities are not used.
    fn covers(&self, certificate: &Certificate) -> bool {
        let is_authority =
            matches!(certificate.inner.tbs_certificate.get::<BasicConstraints>(), Ok(Some((_, is))) if is.ca);
        let extensions = self.inner.tbs_cert_list.crl_extensions.iter().flatten();
        extensions.filter(|extension| extension.critical).all(|extension| {
            let point = IssuingDistributionPoint::from_der(extension.extn_value.as_bytes());
            let is_of_others = |point: IssuingDistributionPoint| {
                point.indirect_crl
                    || point.only_some_reasons.is_some()
                    || point.only_contains_attribute_certs
                    || point.only_contains_user_certs && is_authority
                    || point.only_contains_ca_certs && !is_authority
            };
            extension.extn_id.to_string() == ISSUING_POINT && point.is_ok_and(|point| !is_of_others(point))
        })
    }

    fn revoked(&self, certificate: &Certificate) -> Option<DateTime<Utc>> {
        let serial = &certificate.inner.tbs_certificate.serial_number;
        let entries = self.inner.tbs_cert_list.revoked_certificates.iter().flatten();
        entries.filter(|entry| entry.serial_number == *serial).map(|entry| time(entry.revocation_date)).min()
    }
}

/// What is known of revocations from one place.
#[derive(Default)]
pub(super) struct Known {
    pub lists: Vec<List>,
    pub answers: Vec<Answer>,
}

impl Known {
    /// What cannot be read tells nothing.
    pub(super) fn read(lists: &[Vec<u8>], answers: &[Vec<u8>]) -> Self {
        Self {
            lists: lists.iter().filter_map(|der| List::read(der)).collect(),
            answers: answers.iter().filter_map(|der| Answer::read(der)).collect(),
        }
    }

    /// All that is said of a certificate, whose maker is the other one.
    fn of(&self, certificate: &Certificate, issuer: &Certificate) -> impl Iterator<Item = Said> {
        let lists = self.lists.iter().filter(move |list| list.is_about(certificate, issuer));
        let by_lists = lists.map(move |list| Said {
            made: time(list.inner.tbs_cert_list.this_update),
            next: list.inner.tbs_cert_list.next_update.map(time),
            revoked: list.revoked(certificate),
        });
        by_lists.chain(self.answers.iter().filter_map(move |answer| answer.of(certificate, issuer)))
    }
}

/// What is known of all certificates on the way to an anchor, which itself nobody can revoke.
pub(super) fn state(way: &[&Certificate], known: &[&Known], at: DateTime<Utc>) -> Revocation {
    let (mut revoked, mut as_of, mut is_known) = (None::<DateTime<Utc>>, None::<DateTime<Utc>>, true);
    for pair in way.windows(2) {
        let said: Vec<Said> = known.iter().flat_map(|known| known.of(pair[0], pair[1])).collect();
        revoked = said.iter().filter_map(|said| said.revoked).chain(revoked).min();
        // It still counts at that time, or was made later.
        let tells = said.iter().filter(|said| said.made >= at || said.next.is_some_and(|next| next >= at));
        match tells.map(|said| said.made).max() {
            Some(made) => as_of = Some(as_of.map_or(made, |others| others.min(made))),
            None => is_known = false,
        }
    }
    match (revoked, as_of) {
        (Some(at), _) => Revocation::Revoked { at },
        (None, Some(as_of)) if is_known => Revocation::Good { as_of },
        _ => Revocation::Unknown,
    }
}
