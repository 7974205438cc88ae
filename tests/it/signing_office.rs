//! An office that signs by itself: who gets a key, who may sign with it, and what is left after a restart. That others
//! accept the signatures is told in `tests/odoo/test_signing_local.py`.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Months, TimeDelta, Utc};
use secrecy::SecretString;
use sicantik_companion::clock::FixedClock;
use sicantik_companion::pdf::verify::{Level, Reason, Trust, Verdict, verify};
use sicantik_companion::secrets::Vault;
use sicantik_companion::signing::local::{
    AuthorityError, Holder, KeyRing, KeyRingError, Office, Parts, TimeService, TimeServiceSettings,
};
use sicantik_companion::signing::{Certificate, Outcome, Proof, Provider, Signed, Signer, Why, Words};
use sicantik_companion::store::Store;
use tempfile::TempDir;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fake_odoo::DATABASE_UUID;
use crate::pdf_files::Pdf;
use crate::store::{now, patient, place};

const EMAIL: &str = "Ani@Kantor.example.go.id";
const PASSPHRASE: &str = "kuda benar baterai";

/// A store, its master key, and an authority with one official.
struct Desk {
    _folder: TempDir,
    store: Store,
    key_file: PathBuf,
    vault: Vault,
    authority: Vec<u8>,
}

impl Desk {
    async fn new() -> Self {
        let (folder, address) = place();
        let (store, key_file) = (patient(&address).await, folder.path().join("master.key"));
        let vault = Vault::open(store.clone(), key_file.clone(), DATABASE_UUID).await.expect("open");
        let keys = KeyRing::new(vault.clone());
        let authority = keys.make_authority("Otoritas Contoh", "DPMPTSP Contoh", now()).await.expect("made");
        keys.issue(&signer(EMAIL), &holder(), &PASSPHRASE.into(), &[], false, now()).await.expect("issued");
        Self { _folder: folder, store, key_file, vault, authority }
    }

    fn keys(&self) -> KeyRing {
        KeyRing::new(self.vault.clone())
    }

    fn office(&self) -> Office {
        self.office_at(now(), None, false)
    }

    fn office_at(&self, now: DateTime<Utc>, time: Option<TimeService>, wants_time: bool) -> Office {
        Office::new(Parts {
            keys: self.keys(),
            program: env!("CARGO_BIN_EXE_sicantik").into(),
            clock: Arc::new(FixedClock(now)),
            zone: FixedOffset::east_opt(8 * 3600).expect("WITA"),
            time,
            wants_time,
        })
    }

    fn trust(&self) -> Trust {
        Trust { anchors: vec![self.authority.clone()], ..Trust::default() }
    }
}

fn signer(text: &str) -> Signer {
    Signer::parse(&text.into()).expect("a signer")
}

fn holder() -> Holder {
    Holder { name: "Ani Contoh, S.T.".to_owned(), title: "Kepala Dinas".to_owned() }
}

fn passphrase(text: &str) -> Proof {
    Proof::Passphrase(SecretString::from(text))
}

fn permit() -> Bytes {
    Pdf::permit().bytes().into()
}

async fn sign(office: &Office, files: &[Bytes]) -> Outcome {
    office.sign(&signer(EMAIL), &passphrase(PASSPHRASE), &Words::default(), files).await
}

fn signed(outcome: Outcome) -> Vec<Signed> {
    let Outcome::Signed(signed) = outcome else { panic!("{outcome:?}") };
    signed
}

fn refused(outcome: Outcome) -> (Why, String) {
    let Outcome::Refused(reason) = outcome else { panic!("{outcome:?}") };
    (reason.why, reason.code)
}

#[tokio::test]
async fn files_are_signed_as_they_are_and_each_signature_passes() {
    let desk = Desk::new().await;
    let words = Words { reason: Some("Izin (uji)".to_owned()), location: Some("Kota Contoh".to_owned()) };
    let files = [permit(), Bytes::from(Pdf::with("", &[]).bytes())];
    // Whoever types it in small letters is the same.
    let who = signer("ani@kantor.example.go.id");
    let came = signed(desk.office().sign(&who, &passphrase(PASSPHRASE), &words, &files).await);
    for (file, came) in files.iter().zip(&came) {
        assert_eq!((came.original(), came.lacks()), (file, None));
        let report = verify(&came.to_bytes(), &desk.trust(), now());
        assert_eq!(report.verdict, Verdict::Passed, "{report:?}");
        let [signature] = report.signatures.as_slice() else { panic!("one signature") };
        assert_eq!((signature.level, signature.covers_all), (Level::Basic, true));
        assert_eq!(signature.claimed_time, DateTime::from_timestamp(now().timestamp(), 0));
        let appended = String::from_utf8_lossy(came.appended()).into_owned();
        for wanted in ["(Ani Contoh, S.T.)", "/Location (Kota Contoh)", "+08'00"] {
            assert!(appended.contains(wanted), "{wanted}: {appended}");
        }
    }
}

#[tokio::test]
async fn a_restart_and_another_master_key_lose_nothing() {
    let mut desk = Desk::new().await;
    let other = signer("budi@kantor.example.go.id");
    desk.keys().issue(&other, &holder(), &PASSPHRASE.into(), &[], false, now()).await.expect("issued");
    desk.keys().end(&other, now()).await.expect("ended");
    desk.vault.rekey().await.expect("another key");
    desk.vault = Vault::open(desk.store.clone(), desk.key_file.clone(), DATABASE_UUID).await.expect("open");
    assert_eq!(desk.keys().authority_certificate().await.expect("kept"), Some(desk.authority.clone()));
    let came = signed(sign(&desk.office(), &[permit()]).await);
    assert_eq!(verify(&came[0].to_bytes(), &desk.trust(), now()).verdict, Verdict::Passed);
    assert_eq!(desk.office().status(&other).await.expect("told").certificate, Certificate::Revoked);
    // Neither the e-mail address nor the name stands in what the store tells.
    let names: Vec<String> = desk.vault.list().await.expect("a list").into_iter().map(|kept| kept.name).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("tte.") && !name.contains("ani")), "{names:?}");
}

#[tokio::test]
async fn only_the_signer_with_the_passphrase_signs() {
    let desk = Desk::new().await;
    let office = desk.office();
    let words = Words::default();
    for (who, proof, why) in [
        (EMAIL, passphrase("kuda benar bateraI"), Why::WrongPassphrase),
        (EMAIL, passphrase(""), Why::WrongPassphrase),
        (EMAIL, Proof::Totp("123456".into()), Why::NeedsPassphrase),
        ("3201010101010001", passphrase(PASSPHRASE), Why::NeedsEmail),
        ("budi@kantor.example.go.id", passphrase(PASSPHRASE), Why::NotRegistered),
    ] {
        let told = refused(office.sign(&signer(who), &proof, &words, &[permit()]).await);
        assert_eq!(told.0, why, "{told:?}");
    }
    let told = office.ask_totp(&signer(EMAIL), 1).await.expect_err("none").reason;
    assert_eq!((told.why, told.code.as_str()), (Why::NeedsPassphrase, "local_needs_passphrase"));
    let told = office.status(&signer("3201010101010001")).await.expect_err("a NIK").reason;
    assert_eq!((told.why, told.code.as_str()), (Why::NeedsEmail, "local_needs_email"));
}

#[tokio::test]
async fn all_files_are_signed_or_none() {
    let desk = Desk::new().await;
    let office = desk.office();
    let told = refused(sign(&office, &[permit(), Bytes::from_static(b"a letter")]).await);
    assert_eq!(told, (Why::UnreadablePdf, "local_not_pdf".to_owned()));
    let many = vec![permit(); office.most_at_once() + 1];
    assert_eq!(refused(sign(&office, &many).await).0, Why::TooMuch);
}

#[tokio::test]
async fn a_certificate_that_has_ended_signs_no_more() {
    let desk = Desk::new().await;
    let who = signer(EMAIL);
    let (office, later) = (desk.office(), desk.office_at(now() + TimeDelta::days(800), None, false));
    let standing = office.status(&who).await.expect("told");
    assert!(standing.certificate.can_sign() && standing.detail.starts_with("until 20"), "{standing:?}");
    assert_eq!(office.status(&signer("x@y.id")).await.expect("told").certificate, Certificate::None);
    assert_eq!(later.status(&who).await.expect("told").certificate, Certificate::Expired);
    assert_eq!(refused(sign(&later, &[permit()]).await), (Why::CertificateEnded, "local_expired".to_owned()));

    let before = signed(sign(&office, &[permit()]).await)[0].to_bytes();
    let good = Trust { crls: vec![desk.keys().revocation_list(now()).await.expect("a list")], ..desk.trust() };
    assert_eq!(verify(&before, &good, now()).verdict, Verdict::Passed);
    desk.keys().end(&who, now() - TimeDelta::minutes(1)).await.expect("ended");
    assert!(matches!(desk.keys().end(&who, now()).await, Err(KeyRingError::EndedAlready)));
    assert_eq!(office.status(&who).await.expect("told").certificate, Certificate::Revoked);
    assert_eq!(refused(sign(&office, &[permit()]).await), (Why::CertificateEnded, "local_revoked".to_owned()));
    let bad = Trust { crls: vec![desk.keys().revocation_list(now()).await.expect("a list")], ..desk.trust() };
    let verdict = verify(&before, &bad, now()).verdict;
    assert!(
        matches!(verdict, Verdict::Failed(Reason::Revoked) | Verdict::CannotTell(Reason::RevokedUndated)),
        "{verdict:?}"
    );
    // Who has ended gets another one, and the earlier one stays ended.
    desk.keys().issue(&who, &holder(), &PASSPHRASE.into(), &[], false, now()).await.expect("issued");
    let after = signed(sign(&office, &[permit()]).await)[0].to_bytes();
    let list = Trust { crls: vec![desk.keys().revocation_list(now()).await.expect("a list")], ..desk.trust() };
    assert_eq!(verify(&after, &list, now()).verdict, Verdict::Passed);
    assert_eq!(verify(&before, &list, now()).verdict, verdict);
}

#[tokio::test]
async fn keys_are_given_once_and_by_the_authority_alone() {
    let desk = Desk::new().await;
    let (keys, who, good) = (desk.keys(), signer(EMAIL), SecretString::from(PASSPHRASE));
    assert!(matches!(keys.make_authority("Lain", "Lain", now()).await, Err(KeyRingError::HasAuthority)));
    let issued = keys.issue(&who, &holder(), &good, &[], false, now()).await;
    assert!(matches!(issued, Err(KeyRingError::HasCertificate(_))), "{issued:?}");
    let issued = keys.issue(&signer("b@c.id"), &holder(), &"sebelas hrf".into(), &[], false, now()).await;
    assert!(matches!(issued, Err(KeyRingError::ShortPassphrase)), "{issued:?}");
    let issued = keys.issue(&signer("3201010101010001"), &holder(), &good, &[], false, now()).await;
    assert!(matches!(issued, Err(KeyRingError::NeedsEmail)), "{issued:?}");
    // A new one in place of one that holds: with the new passphrase, and what was signed before is as good as it was.
    let before = signed(sign(&desk.office(), &[permit()]).await)[0].to_bytes();
    keys.issue(&who, &holder(), &"kuda lain baterai".into(), &[], true, now()).await.expect("issued");
    assert_eq!(refused(sign(&desk.office(), &[permit()]).await).0, Why::WrongPassphrase);
    assert_eq!(verify(&before, &desk.trust(), now()).verdict, Verdict::Passed);

    // No certificate outlives the authority's, which holds for ten years.
    let (shortly_before, after) = (now() + TimeDelta::days(9 * 365), now() + TimeDelta::days(11 * 365));
    let over = keys.issue(&who, &holder(), &good, &[], false, after).await;
    assert!(matches!(over, Err(KeyRingError::Authority(AuthorityError::Expired))), "{over:?}");
    keys.issue(&who, &holder(), &good, &[], false, shortly_before).await.expect("issued");
    let told = desk.office_at(shortly_before, None, false).status(&who).await.expect("told").detail;
    let end = now().checked_add_months(Months::new(120)).expect("a date");
    assert_eq!(told, format!("until {}", end.format("%Y-%m-%d")));

    let (folder, address) = place();
    let (store, file) = (patient(&address).await, folder.path().join("master.key"));
    let none = KeyRing::new(Vault::open(store, file, DATABASE_UUID).await.expect("open"));
    assert_eq!(none.authority_certificate().await.expect("an answer"), None);
    for missing in [
        none.issue(&who, &holder(), &good, &[], false, now()).await.map(drop),
        none.revocation_list(now()).await.map(drop),
    ] {
        assert!(matches!(missing, Err(KeyRingError::NoAuthority)), "{missing:?}");
    }
    assert!(matches!(none.end(&who, now()).await, Err(KeyRingError::NoCertificate)));
}

#[tokio::test]
async fn a_missing_time_stamp_is_told_or_nothing_is_signed() {
    let desk = Desk::new().await;
    let server = MockServer::start().await;
    let asked =
        Mock::given(method("POST")).and(path("/tsa")).and(header("content-type", "application/timestamp-query"));
    let garbage = ResponseTemplate::new(200).set_body_raw(b"none".to_vec(), "application/timestamp-reply");
    let large = ResponseTemplate::new(200).set_body_raw(vec![0x30; 100_000], "application/timestamp-reply");
    asked.respond_with(ResponseTemplate::new(500)).up_to_n_times(2).mount(&server).await;
    let again = Mock::given(method("POST")).and(path("/tsa"));
    again.respond_with(garbage).up_to_n_times(2).mount(&server).await;
    Mock::given(method("POST")).and(path("/tsa")).respond_with(large).mount(&server).await;
    let url = format!("{}/tsa", server.uri());
    let service = |url: &str| {
        let settings = TimeServiceSettings { url: url.parse().expect("a URL"), ca_file: None, proxy: None };
        TimeService::new(settings).expect("a service")
    };
    for (url, words) in [
        (url.as_str(), "status 500"),
        (url.as_str(), "is none"),
        (url.as_str(), "too large"),
        ("http://127.0.0.1:9/", "reached"),
    ] {
        let preferred = desk.office_at(now(), Some(service(url)), false);
        // One question for both files: who does not answer is not asked again.
        let files = [permit(), permit()];
        for came in signed(sign(&preferred, &files).await) {
            let lacks = came.lacks().expect("told");
            assert!(lacks.why == Why::NoTimeStamp && lacks.detail.contains(words), "{lacks:?}");
            let report = verify(&came.to_bytes(), &desk.trust(), now());
            assert_eq!((report.verdict, report.signatures[0].level), (Verdict::Passed, Level::Basic));
        }
        let required = desk.office_at(now(), Some(service(url)), true);
        let Outcome::Away(reason) = sign(&required, &files).await else { panic!("signed") };
        assert_eq!((reason.why, reason.code.as_str()), (Why::NoTimeStamp, "local_time_stamp"));
    }
    let public = TimeServiceSettings { url: "http://8.8.8.8/".parse().expect("a URL"), ca_file: None, proxy: None };
    let told = TimeService::new(public).expect_err("plain").to_string();
    assert!(told.contains("signing.time_stamp_url") && told.contains("private networks"), "{told}");
}
