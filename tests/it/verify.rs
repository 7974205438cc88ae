//! What signatures are worth. `tests/odoo/test_signing_verify.py` has the many kinds of them; here is what must hold for each
//! byte, and at the borders between the worker and the process that reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream;
use sicantik_companion::pdf::verify::{Change, Kind, Level, Reason, Report, Revocation, Trust, Verdict, verify};
use sicantik_companion::pdf::{Reader, ReaderError};

use crate::pdf_files::{FREE, Pdf, bomb, start_of_table};

const ONCE: &[u8] = include_bytes!("../odoo/pdfs/signed.pdf");
const TWICE: &[u8] = include_bytes!("../odoo/pdfs/signed-twice.pdf");
/// The certificate of both signatures; it is signed by itself.
const OFFICIAL: &[u8] = include_bytes!("fixtures/synthetic-official.der");

fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T00:00:00Z").parse().expect("a time")
}

fn trust() -> Trust {
    Trust { anchors: vec![OFFICIAL.to_vec()], ..Trust::default() }
}

fn verdict(file: &[u8]) -> Verdict {
    verify(file, &trust(), at("2027-01-01")).verdict
}

/// With one object more, or in place of another one.
fn updated(file: &[u8], number: u32, object: &str) -> Vec<u8> {
    let (previous, offset) = (start_of_table(file), file.len());
    let object = format!("{number} 0 obj\n{object}\nendobj\n");
    let table = offset + object.len();
    let tail = format!(
        "xref\n{number} 1\n{offset:010} 00000 n \ntrailer\n<< /Size 40 /Root 4 0 R /Info 5 0 R /Prev {previous} >>\n\
         startxref\n{table}\n%%EOF\n"
    );
    [file, object.as_bytes(), tail.as_bytes()].concat()
}

#[test]
fn a_signature_passes_and_says_whose_it_is() {
    let report = verify(ONCE, &trust(), at("2027-01-01"));
    assert_eq!(report.verdict, Verdict::Passed);
    let [signature] = report.signatures.as_slice() else { panic!("one signature") };
    let signer = signature.signer.as_ref().expect("a signer");
    assert_eq!(signer.common_name.as_deref(), Some("Synthetic Official"));
    assert_eq!((signer.serial.as_str(), signer.not_after), ("01", "2035-12-30T00:00:00Z".parse().expect("a time")));
    assert_eq!((signature.field.as_deref(), signature.kind), (Some("Signature1"), Kind::Signature));
    assert_eq!((signature.level, signature.algorithm.as_deref()), (Level::Cms, Some("sha256 ecdsa-p256")));
    assert_eq!((signature.covers_all, signature.after.len()), (true, 0));
    assert_eq!(signature.claimed_time, "2026-11-29T11:10:24Z".parse().ok());
    assert_eq!((&signature.proven_time, signature.revocation), (&None, Revocation::Unknown));
}

#[test]
fn a_further_signature_is_told_and_allowed() {
    let report = verify(TWICE, &trust(), at("2027-01-01"));
    assert_eq!(report.verdict, Verdict::Passed);
    let [first, second] = report.signatures.as_slice() else { panic!("two signatures") };
    assert!(!first.covers_all && second.covers_all);
    let added = Change::Signature { field: "Signature2".to_owned(), is_new: true, is_visible: false };
    assert!(first.after.contains(&added) && second.after.is_empty(), "{:?}", first.after);
}

#[test]
fn whom_nobody_trusts_or_whose_time_is_over_nobody_can_tell_of() {
    let of = |trust: &Trust, day| verify(ONCE, trust, at(day)).verdict;
    assert_eq!(of(&Trust::default(), "2027-01-01"), Verdict::CannotTell(Reason::Untrusted));
    let of_the_clock = Trust { time_stamp_anchors: vec![OFFICIAL.to_vec()], ..Trust::default() };
    assert_eq!(of(&of_the_clock, "2027-01-01"), Verdict::CannotTell(Reason::Untrusted));
    assert_eq!(of(&trust(), "2040-01-01"), Verdict::CannotTell(Reason::Expired));
    assert_eq!(of(&trust(), "2020-01-01"), Verdict::CannotTell(Reason::NotYetValid));
    assert_eq!(verdict(&Pdf::permit().bytes()), Verdict::CannotTell(Reason::NoSignature));
    assert_eq!(verdict(b"no PDF"), Verdict::CannotTell(Reason::NotPdf));
}

#[test]
fn no_byte_can_be_another_one() {
    // The second file has the same parts: some of its bytes will do.
    for (file, step) in [(ONCE, 1), (TWICE, 11)] {
        let passes = |place: &usize| {
            let mut changed = file.to_vec();
            changed[*place] ^= 1;
            verdict(&changed) == Verdict::Passed
        };
        let passing: Vec<usize> = (0..file.len()).step_by(step).filter(passes).collect();
        assert!(passing.is_empty(), "{passing:?}");
    }
}

#[test]
fn no_part_passes_for_the_whole() {
    for end in (0..ONCE.len() - 2).step_by(29) {
        assert_ne!(verdict(&ONCE[..end]), Verdict::Passed, "cut at {end}");
    }
    // The first of two signatures is a file of its own.
    let end = verify(TWICE, &trust(), at("2027-01-01")).signatures[0].byte_range.expect("a range");
    let first = usize::try_from(end[2] + end[3]).expect("small");
    assert_eq!(verdict(&TWICE[..first]), Verdict::Passed);
    assert_eq!(verdict(&[b" ", ONCE].concat()), Verdict::CannotTell(Reason::NotPdf));
    assert_eq!(verdict(&[ONCE, b"\n\n"].concat()), Verdict::Passed);
    assert_eq!(verdict(&[ONCE, b"palsu"].concat()), Verdict::CannotTell(Reason::LooseBytes));
}

#[test]
fn what_was_signed_cannot_be_changed_by_an_update() {
    let text = "<< /Length 4 >>\nstream\nq Q \nendstream";
    let page = "<< /Type /Page /Parent 6 0 R /Contents 7 0 R /MediaBox [0 0 10 10] >>";
    for (number, object) in [(7, text), (3, page), (6, "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>")] {
        for file in [ONCE, TWICE] {
            let told = verdict(&updated(file, number, object));
            // A page that is there twice is damage by itself.
            let expected =
                if number == 6 { Verdict::CannotTell(Reason::Damaged) } else { Verdict::Failed(Reason::ChangedAfter) };
            assert!(told == expected || told == Verdict::Failed(Reason::ChangedAfter), "{number}: {told:?}");
        }
    }
    assert_eq!(verdict(&updated(ONCE, 30, "(nobody names it)")), Verdict::Passed);
}

#[test]
fn every_reason_has_a_code_and_a_sentence_of_its_own() {
    let codes: BTreeSet<String> =
        Reason::ALL.iter().map(|reason| serde_json::to_string(reason).expect("a code")).collect();
    let sentences: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.sentence()).collect();
    assert_eq!((codes.len(), sentences.len()), (Reason::ALL.len(), Reason::ALL.len()));
    assert!(sentences.iter().all(|sentence| sentence.ends_with('.') && sentence.contains(' ')));
}

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_sicantik").into()
}

async fn ask(program: PathBuf, file: &[u8]) -> Result<Report, ReaderError> {
    let reader = Reader::new(program).with_patience(Duration::from_mins(1));
    reader.verify(stream::iter([Ok(file)]), file.len() as u64, trust(), at("2027-01-01")).await
}

#[tokio::test]
async fn a_process_says_the_same() {
    for file in [ONCE, TWICE, &ONCE[..5000], b"".as_slice()] {
        let report = verify(file, &trust(), at("2027-01-01"));
        assert_eq!(ask(program(), file).await.expect("a report"), report);
        let told = serde_json::to_string(&report).expect("told");
        assert_eq!(serde_json::from_str::<Report>(&told).expect("heard"), report);
    }
}

#[tokio::test]
async fn what_needs_too_much_ends_the_process_and_is_told() {
    let mut pdf = Pdf::permit();
    pdf.stream(FREE, "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode", &bomb(64));
    let report = ask(program(), &pdf.bytes()).await.expect("a report");
    assert_eq!(report.verdict, Verdict::CannotTell(Reason::TooComplex));
    let away = ask("/nowhere/sicantik".into(), ONCE).await;
    assert!(matches!(away, Err(ReaderError::Start { .. })));
    let silent = ask("/bin/true".into(), ONCE).await;
    assert!(matches!(silent, Err(ReaderError::Answer { .. })));
}

fn command(folder: &Path, file: &[u8], more: &[&str]) -> Output {
    let (pdf, anchor) = (folder.join("izin.pdf"), folder.join("anchor.der"));
    std::fs::write(&pdf, file).expect("written");
    std::fs::write(&anchor, OFFICIAL).expect("written");
    let mut command = Command::new(program());
    command.args(["tte", "verify", "izin.pdf", "--at", "2027-01-01T00:00:00Z"]).args(more).current_dir(folder);
    command.output().expect("an answer")
}

#[test]
fn the_command_tells_people_and_ends_as_the_verdict_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let passed = command(folder.path(), TWICE, &["--anchor", "anchor.der"]);
    assert_eq!(passed.status.code(), Some(0));
    insta::assert_snapshot!(String::from_utf8_lossy(&passed.stdout), @r"
    izin.pdf: passed

    Signature1: passed
      Signed by Synthetic Official.
      Certificate 01 by Synthetic Official, valid from 2026-01-01 to 2035-12-30.
      Trusted by Synthetic Official.
      Whether it was revoked is not known.
      The signer's clock said 2026-11-29T11:10:24Z.
      No time-stamp that is trusted proves when.
      Level CMS, sha256 ecdsa-p256.
      Covers the file as it was then.
      After it: a signature in Signature2.
      After it: what programs note of themselves.

    Signature2: passed
      Signed by Synthetic Official.
      Certificate 01 by Synthetic Official, valid from 2026-01-01 to 2035-12-30.
      Trusted by Synthetic Official.
      Whether it was revoked is not known.
      The signer's clock said 2026-11-29T11:10:24Z.
      No time-stamp that is trusted proves when.
      Level CMS, sha256 ecdsa-p256.
      Covers the whole file.
    ");
    let untrusted = command(folder.path(), TWICE, &[]);
    assert_eq!(untrusted.status.code(), Some(3));
    let failed = command(folder.path(), &updated(TWICE, 3, "<< >>"), &["--anchor", "anchor.der", "--json"]);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let wrong = command(folder.path(), TWICE, &["--anchor", "izin.pdf"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("none in PEM or DER"), "{wrong:?}");
}
