//! From the last signature to the first: what came after each, which times are proven, whom to trust, and the verdict.

use chrono::{DateTime, Utc};

use super::certificates::{Certificate, Purpose, Way, way};
use super::changes::changes;
use super::evidence::Evidence;
use super::forms::{self, Rules};
use super::proofs::{Held, Proof};
use super::reason::Reason;
use super::report::{Change, Kind, Level, ProvenTime, Revocation, Signature, TimeSource, Verdict};
use super::revision::{Revision, View};
use super::revocation::{Known, state};
use super::stamps::Stamp;
use super::{Anchors, ranges};

/// What is known by what was made later.
pub(super) struct Judge<'a> {
    pub whole: &'a View<'a>,
    pub anchors: &'a Anchors,
    pub evidence: &'a Evidence,
    pub now: DateTime<Utc>,
    /// Of the earliest time-stamp of the document so far.
    pub proven: Option<ProvenTime>,
    /// That time-stamp also covers certificates and lists.
    pub is_archived: bool,
    /// The revision that the last signature looked at covers, if it is not the whole file.
    pub later: Option<Revision<'a>>,
    pub after: Vec<Change>,
}

/// Where a certificate leads.
struct Trust<'a> {
    way: Result<Way<'a>, Reason>,
    revocation: Revocation,
}

impl Judge<'_> {
    /// Of the next one before those that were judged.
    pub(super) fn judge(&mut self, proof: &Proof) -> Signature {
        let rules = Rules::of(self.whole, &proof.standing.dictionary);
        let mut verdicts = Vec::new();
        let mut note = |verdict: Result<(), Reason>| verdicts.extend(verdict.err().map(judged));
        note(proof.held.as_ref().map(|_| ()).map_err(|reason| *reason));
        note(if proof.standing.field.is_some() { Ok(()) } else { Err(Reason::NotInForm) });
        let mut after = Vec::new();
        if let Ok(covered) = &proof.covered {
            note(self.step_back(proof, covered));
            after.clone_from(&self.after);
        }
        verdicts.extend(after.iter().filter_map(|change| forbidden(change, &rules)));
        let mut signature = described(self.whole, proof, &rules, after);
        if let Ok(held) = &proof.held {
            self.trust(proof, held, &mut signature, &mut verdicts);
        }
        let failed = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Failed(_)));
        signature.verdict = failed.or(verdicts.first()).copied().unwrap_or(Verdict::Passed);
        signature
    }

    /// Opens the revision of this signature, and notes what came between it and the one after it.
    fn step_back(&mut self, proof: &Proof, covered: &ranges::Covered) -> Result<(), Reason> {
        let bytes = self.whole.revision.bytes;
        let is_all = bytes[covered.end..].trim_ascii().is_empty();
        if is_all {
            return Ok(());
        }
        let revision = Revision::open(&bytes[..covered.end]).map_err(|_| Reason::EarlierRevision)?;
        let mut found = changes(&revision, self.later.as_ref().unwrap_or(self.whole.revision))?;
        found.retain(|change| !self.after.contains(change));
        found.append(&mut self.after);
        self.after = found;
        let is_listed = {
            let view = revision.view();
            let listed = forms::signatures(&view)?;
            if proof.kind == Kind::TimeStamp && Evidence::is_there(&view) {
                self.is_archived = true;
            }
            listed.iter().any(|one| one.number == proof.standing.number && one.field == proof.standing.field)
        };
        self.later = Some(revision);
        if is_listed { Ok(()) } else { Err(Reason::NotInForm) }
    }

    /// Whom the signature is of, since when it is there for certain, and whether anybody vouches for that.
    fn trust(&mut self, proof: &Proof, held: &Held, signature: &mut Signature, verdicts: &mut Vec<Verdict>) {
        let others: Vec<Certificate> = held.certificates.iter().chain(&self.evidence.certificates).cloned().collect();
        let known = self.proven.as_ref().map_or(self.now, |proven| proven.at);
        let own = match &held.stamp {
            Ok(stamp) => stamp.as_ref(),
            Err(reason) => {
                verdicts.push(judged(*reason));
                None
            }
        };
        let source = if proof.kind == Kind::TimeStamp { TimeSource::Document } else { TimeSource::Signature };
        let own_known = match own {
            Some(stamp) if proof.kind == Kind::TimeStamp => &stamp.known,
            _ => &held.known,
        };
        let own = own.and_then(|stamp| self.proven_by(stamp, &others, known, source));
        let proven = own.as_ref().or(self.proven.as_ref()).cloned();
        let at = proven.as_ref().map_or(self.now, |proven| proven.at);
        signature.level = self.level(proof, held);
        let (anchors, purpose, at) = match proof.kind {
            Kind::Signature => (&self.anchors.signers, Purpose::Signing, at),
            Kind::TimeStamp => (&self.anchors.time_stamps, Purpose::TimeStamping, known),
        };
        let trust = trust(&held.certificate, &others, anchors, &self.known_with(own_known), purpose, at);
        match &trust.way {
            Ok(way) => signature.anchor = way.last().and_then(|anchor| anchor.party().common_name),
            Err(Reason::NotYetValid) if proven.is_some() => verdicts.push(Verdict::Failed(Reason::NotYetValid)),
            Err(reason) => verdicts.push(Verdict::CannotTell(*reason)),
        }
        if let Revocation::Revoked { at } = trust.revocation {
            match &proven {
                Some(proven) if at <= proven.at => verdicts.push(Verdict::Failed(Reason::Revoked)),
                Some(_) => {}
                None => verdicts.push(Verdict::CannotTell(Reason::RevokedUndated)),
            }
        }
        signature.revocation = trust.revocation;
        if proof.kind == Kind::TimeStamp && own.is_some() {
            self.proven.clone_from(&own);
        }
        signature.proven_time = proven;
    }

    /// The time of a time-stamp, if somebody vouches for its service.
    fn proven_by(
        &self,
        stamp: &Stamp,
        others: &[Certificate],
        known: DateTime<Utc>,
        source: TimeSource,
    ) -> Option<ProvenTime> {
        let others: Vec<Certificate> = stamp.certificates.iter().chain(others).cloned().collect();
        let anchors = &self.anchors.time_stamps;
        let known_by = self.known_with(&stamp.known);
        let trust = trust(&stamp.certificate, &others, anchors, &known_by, Purpose::TimeStamping, known);
        let is_good = trust.way.is_ok() && !matches!(trust.revocation, Revocation::Revoked { .. }) && stamp.at <= known;
        is_good.then(|| ProvenTime { at: stamp.at, by: stamp.certificate.party(), source })
    }

    /// What is known of revocations by a signature itself, by the file, and by whoever asks.
    fn known_with<'b>(&'b self, own: &'b Known) -> [&'b Known; 3] {
        [own, &self.evidence.known, &self.anchors.known]
    }

    fn level(&self, proof: &Proof, held: &Held) -> Level {
        let has_time = matches!(held.stamp, Ok(Some(_))) || self.proven.is_some();
        match (proof.kind, held.is_pades, has_time) {
            (Kind::TimeStamp, ..) => Level::Timed,
            (_, false, _) => Level::Cms,
            (_, true, false) => Level::Basic,
            _ if !self.evidence.is_any => Level::Timed,
            _ if self.is_archived => Level::Archive,
            _ => Level::LongTerm,
        }
    }
}

/// Where a certificate leads at that time, and what is known of the way.
fn trust<'a>(
    certificate: &'a Certificate,
    others: &'a [Certificate],
    anchors: &'a [Certificate],
    known: &[&Known],
    purpose: Purpose,
    at: DateTime<Utc>,
) -> Trust<'a> {
    let way = way(certificate, others, anchors, purpose, at);
    let revocation = way.as_ref().map_or(Revocation::Unknown, |way| state(way, known, at));
    Trust { way, revocation }
}

/// What it means that a signature does not hold for this reason.
fn judged(reason: Reason) -> Verdict {
    match reason {
        Reason::Algorithm | Reason::Format | Reason::TooComplex | Reason::EarlierRevision => {
            Verdict::CannotTell(reason)
        }
        _ => Verdict::Failed(reason),
    }
}

/// What it means for a signature that something was added after it.
fn forbidden(change: &Change, rules: &Rules) -> Option<Verdict> {
    let is_closed = rules.certifies == Some(1);
    let failed = Some(Verdict::Failed(Reason::ChangedAfter));
    match change {
        Change::TimeStamp { .. } | Change::EmptyField { .. } | Change::Evidence | Change::Metadata => None,
        Change::Signature { field, is_new, is_visible } => {
            let is_locked = rules.locks(field) || *is_new && *is_visible && rules.certifies.is_some();
            if is_closed || is_locked { failed } else { None }
        }
        Change::Form { field } if is_closed || rules.locks(field) => failed,
        Change::Form { .. } => Some(Verdict::CannotTell(Reason::FormFilled)),
        Change::LooseBytes => Some(Verdict::CannotTell(Reason::LooseBytes)),
        Change::Other { .. } | Change::NotBuiltOn => failed,
    }
}

fn described(view: &View<'_>, proof: &Proof, rules: &Rules, after: Vec<Change>) -> Signature {
    let dictionary = &proof.standing.dictionary;
    let held = proof.held.as_ref().ok();
    let end = proof.end();
    Signature {
        verdict: Verdict::Passed,
        field: proof.standing.field.clone(),
        kind: proof.kind,
        level: Level::Cms,
        certifies: rules.certifies,
        byte_range: proof.covered.as_ref().ok().map(|covered| covered.range),
        covers_all: end > 0 && view.revision.bytes[end..].trim_ascii().is_empty(),
        algorithm: held.map(|held| held.algorithm.clone()),
        signer: held.map(|held| held.certificate.party()),
        anchor: None,
        revocation: Revocation::Unknown,
        claimed_time: view.value(dictionary, b"M").and_then(|date| forms::date(&date)),
        proven_time: None,
        reason_given: forms::said(view, dictionary, b"Reason"),
        location: forms::said(view, dictionary, b"Location"),
        after,
    }
}
