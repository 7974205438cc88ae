//! `sicantik tte verify`: what the signatures of a PDF are worth, whoever made them.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use futures_util::stream;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};

use crate::clock::{Clock, SystemClock};
use crate::pdf::Reader;
use crate::pdf::verify::{Change, Party, Report, Revocation, Signature, TimeSource, Trust, Verdict};

use super::super::{FAILED, OK, PARTIAL};

/// Larger files are none of an office, and would be in memory twice.
const LARGEST: u64 = 128 << 20;

/// What to look at, and whom to trust.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    file: PathBuf,
    /// Certificates to trust (PEM or DER), of authorities or of signers; several times for several files.
    #[arg(long, value_name = "FILE")]
    anchor: Vec<PathBuf>,
    /// Lists of revoked certificates (PEM or DER).
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Certificates to trust (PEM or DER) as authorities of services that give the time.
    #[arg(long, value_name = "FILE")]
    time_stamp_anchor: Vec<PathBuf>,
    /// Judges as at that time (such as 2026-11-29T10:00:00Z) instead of now.
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
}

/// Ends with 0 where all passed, 1 where one failed, 3 where that cannot be told. Nothing of the worker's settings is needed.
pub(super) async fn verify(asked: &Arguments, as_json: bool) -> anyhow::Result<ExitCode> {
    let trust = Trust {
        anchors: ders::<CertificateDer<'_>>(&asked.anchor)?,
        crls: ders::<CertificateRevocationListDer<'_>>(&asked.crl)?,
        time_stamp_anchors: ders::<CertificateDer<'_>>(&asked.time_stamp_anchor)?,
    };
    if !trust.is_readable() {
        bail!("one of the certificates or lists to trust is none in PEM or DER");
    }
    let file = read(&asked.file)?;
    let program = std::env::current_exe().context("this program cannot be found")?;
    let (size, at) = (file.len() as u64, asked.at.unwrap_or_else(|| SystemClock.now()));
    let report = Reader::new(program).verify(stream::iter([Ok(file)]), size, trust, at).await?;
    if as_json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        tell(&asked.file, &report);
    }
    Ok(ExitCode::from(match report.verdict {
        Verdict::Passed => OK,
        Verdict::Failed(_) => FAILED,
        Verdict::CannotTell(_) => PARTIAL,
    }))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let unreadable = || format!("{} cannot be read", path.display());
    let size = std::fs::metadata(path).with_context(unreadable)?.len();
    if size > LARGEST {
        bail!("{} is larger than {} MiB", path.display(), LARGEST >> 20);
    }
    std::fs::read(path).with_context(unreadable)
}

/// What the files hold: one of DER, or all of PEM.
fn ders<T: PemObject + AsRef<[u8]>>(paths: &[PathBuf]) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut ders = Vec::new();
    for path in paths {
        let bytes = read(path)?;
        if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
            let found: Vec<T> = T::pem_slice_iter(&bytes).collect::<Result<_, _>>().unwrap_or_default();
            if found.is_empty() {
                bail!("{} holds nothing of the kind that is wanted", path.display());
            }
            ders.extend(found.iter().map(|one| one.as_ref().to_vec()));
        } else {
            ders.push(bytes);
        }
    }
    Ok(ders)
}

fn tell(path: &Path, report: &Report) {
    println!("{}: {}", path.display(), words(report.verdict));
    for signature in &report.signatures {
        let name = signature.field.as_deref().unwrap_or("(in no field)");
        println!("\n{name}: {}", words(signature.verdict));
        for line in details(signature) {
            println!("  {line}");
        }
    }
}

fn words(verdict: Verdict) -> String {
    match verdict {
        Verdict::Passed => "passed".to_owned(),
        Verdict::Failed(reason) => format!("failed. {}", reason.sentence()),
        Verdict::CannotTell(reason) => format!("cannot tell. {}", reason.sentence()),
    }
}

fn details(signature: &Signature) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(signer) = &signature.signer {
        lines.push(format!("Signed by {}.", person(signer)));
        let (from, to) = (day(signer.not_before), day(signer.not_after));
        let issuer = signer.issuer.as_deref().unwrap_or("nobody named");
        lines.push(format!("Certificate {} by {issuer}, valid from {from} to {to}.", signer.serial));
    }
    lines.extend(signature.anchor.as_ref().map(|anchor| format!("Trusted by {anchor}.")));
    lines.push(match signature.revocation {
        Revocation::Good { as_of } => format!("Not revoked as of {}.", minute(as_of)),
        Revocation::Revoked { at } => format!("Revoked on {}.", minute(at)),
        Revocation::Unknown => "Whether it was revoked is not known.".to_owned(),
    });
    lines.extend(signature.claimed_time.map(|time| format!("The signer's clock said {}.", minute(time))));
    lines.push(match &signature.proven_time {
        Some(time) => {
            let source = if time.source == TimeSource::Signature { "of the signature" } else { "of the document" };
            format!("There since {} at the latest, by a time-stamp {source} of {}.", minute(time.at), person(&time.by))
        }
        None => "No time-stamp that is trusted proves when.".to_owned(),
    });
    let level = serde_json::to_value(signature.level).ok().and_then(|level| level.as_str().map(str::to_owned));
    let algorithm = signature.algorithm.as_deref().unwrap_or("not checked");
    lines.push(format!("Level {}, {algorithm}.", level.unwrap_or_default()));
    lines.push(
        if signature.covers_all { "Covers the whole file." } else { "Covers the file as it was then." }.to_owned(),
    );
    lines.extend(signature.after.iter().map(|change| format!("After it: {}.", what(change))));
    lines
}

fn person(party: &Party) -> String {
    let name = party.common_name.as_deref().unwrap_or("somebody without a name");
    match &party.organization {
        Some(organization) => format!("{name} ({organization})"),
        None => name.to_owned(),
    }
}

fn what(change: &Change) -> String {
    match change {
        Change::Signature { field, .. } => format!("a signature in {field}"),
        Change::TimeStamp { field } => format!("a time-stamp of the document in {field}"),
        Change::EmptyField { field } => format!("an empty field for a signature, {field}"),
        Change::Evidence => "certificates and lists for those who look later".to_owned(),
        Change::Metadata => "what programs note of themselves".to_owned(),
        Change::Form { field } => format!("the field {field} was filled in"),
        Change::LooseBytes => "bytes that belong to nothing".to_owned(),
        Change::Other { object } => format!("a change of what was signed (object {object})"),
        Change::NotBuiltOn => "a file that does not build on what was signed".to_owned(),
    }
}

fn minute(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn day(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d").to_string()
}
