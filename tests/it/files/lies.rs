//! What is refused, and what is found when somebody meddles with the place of files.

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::files::{FilesError, Verified};
use sicantik_companion::secrets::forget_and_begin_anew;

use super::archive::{Archive, LARGEST};
use super::keeps::FIRST;
use super::sealed::{PIECE, Sealed, pdf_of};

const OTHER: &str = "eeeeeeee-0000-4000-8000-000000000009";

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_lies_is_not_kept() {
    let archive = Archive::on_a_file().await;
    let (document, key) = (pdf_of(3 * PIECE + 100), archive.public_key().await);
    let sealed = Sealed::of(FIRST, &document);
    let body = sealed.body(&key);
    let longer = [&body[..], b"x"].concat();
    let mut bodies = vec![Vec::new(), body[..65].to_vec(), body[..200].to_vec(), longer];
    bodies.extend([body.len() - 1, body.len() - 116, body.len() - 117, 70_000].map(|cut| body[..cut].to_vec()));
    for at in [0, 65, 70, 1_000, body.len() - 1] {
        let mut altered = body.clone();
        altered[at] ^= 1;
        bodies.push(altered);
    }
    let lies = [
        sealed.clone().saying("size", document.len() - 1),
        sealed.clone().saying("size", document.len() + 1),
        sealed.clone().saying("sha256", "0".repeat(64)),
        sealed.clone().saying("sha256", "A".repeat(64)),
        sealed.clone().saying("version", OTHER),
        sealed.clone().saying("stage", "stamped"),
        sealed.clone().saying("number", -1),
        Sealed { last: b"piece", ..sealed.clone() },
        Sealed { piece: 1_000, ..sealed.clone() },
    ];
    bodies.extend(lies.iter().map(|lie| lie.body(&key)));
    for (at, body) in bodies.iter().enumerate() {
        let refused = archive.send_body(FIRST, body).await.expect_err("refused");
        assert!(matches!(refused, FilesError::Malformed | FilesError::OtherKey), "{at}: {refused}");
    }
    let large = sealed.clone().saying("size", LARGEST + 1);
    let refused = archive.send(&large).await.expect_err("refused");
    assert!(matches!(refused, FilesError::TooLarge { .. }), "{refused}");
    assert!(archive.objects().is_empty());
    assert!(matches!(archive.files.download(FIRST).await.map(|_| ()), Err(FilesError::Unknown)));
    archive.send(&sealed).await.expect("the honest one is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_is_refused_with_its_reason() {
    let archive = Archive::on_a_file().await;
    let cut = &pdf_of(5_000)[..4_000];
    for (content, code) in [(&b""[..], "empty"), (b"PK\x03\x04 a spreadsheet", "not_pdf"), (cut, "damaged")] {
        let refused = archive.send(&Sealed::of(FIRST, content)).await.expect_err("refused");
        assert!(matches!(&refused, FilesError::Refused(refusal) if refusal.code() == code), "{code}: {refused}");
    }
    assert!(archive.objects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_byte_is_never_given() {
    let archive = Archive::on_a_file().await;
    let document = pdf_of(2 * PIECE + 50);
    archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
    let object = archive.objects().remove(0);
    let sound = fs::read(&object).expect("read");
    // Behind the head every byte counts.
    for at in [200, PIECE, sound.len() - 1] {
        let mut altered = sound.clone();
        altered[at] ^= 1;
        fs::write(&object, altered).expect("written");
        let told = archive.get(FIRST).await.expect_err("altered");
        assert!(told.contains("altered"), "{told}");
    }
    for cut in [0, 100, PIECE, sound.len() - 1] {
        fs::write(&object, &sound[..cut]).expect("written");
        let told = archive.get(FIRST).await.expect_err("cut");
        assert!(told.contains("altered"), "{told}");
    }
    fs::write(&object, [&sound[..], &sound[..]].concat()).expect("written");
    archive.get(FIRST).await.expect_err("longer");
    fs::write(&object, &sound).expect("written");
    assert_eq!(archive.get(FIRST).await.expect("given"), document);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_lost_come_back_with_the_same_document() {
    for mut archive in Archive::on_both().await {
        let document = pdf_of(100_000);
        let sealed = Sealed::of(FIRST, &document);
        archive.send(&sealed).await.expect("kept");
        fs::remove_file(&archive.objects()[0]).expect("removed");
        assert_eq!(archive.get(FIRST).await.expect_err("gone"), FilesError::Missing.to_string());
        assert!(!archive.send(&Sealed::of(OTHER, &document)).await.expect("kept").was_known);
        let given = [archive.get(FIRST).await, archive.get(OTHER).await];
        assert_eq!(given, [Ok(document.clone()), Ok(document.clone())], "as another version of another document");

        let object = archive.objects().remove(0);
        let mut bytes = fs::read(&object).expect("read");
        bytes[50_000] ^= 1;
        fs::write(&object, bytes).expect("written");
        archive.get(FIRST).await.expect_err("altered");
        assert!(archive.send(&sealed).await.expect("kept").was_known, "as the very version");
        assert_eq!(archive.get(OTHER).await, Ok(document.clone()));

        fs::rename(archive.home.join("master.key"), archive.home.join("lost")).expect("lost");
        forget_and_begin_anew(&archive.store, &archive.home.join("master.key")).await.expect("another key");
        archive.start_anew().await;
        archive.get(FIRST).await.expect_err("nobody can read it");
        archive.send(&sealed).await.expect("kept");
        assert_eq!(archive.get(FIRST).await, Ok(document), "sealed to the new key");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_flipped_bit_one_missing_one_left_over_and_one_foreign_object_are_found() {
    for archive in Archive::on_both().await {
        for at in 0..4 {
            let version = format!("eeeeeeee-0000-4000-8000-{at:012}");
            archive.send(&Sealed::of(&version, &pdf_of(70_000 + at))).await.expect("kept");
        }
        let later = SystemClock.now() + TimeDelta::hours(2);
        let well = archive.files.verify(later).await.expect("looked");
        assert_eq!(well, Verified { sound: 4, ..Verified::default() });

        let [altered, missing] = [0, 1].map(|at| archive.objects().remove(at));
        let name = |path: &Path| {
            let own = path.strip_prefix(&archive.folder).expect("below");
            own.to_str().expect("text").to_owned()
        };
        let mut bytes = fs::read(&altered).expect("read");
        bytes[40_000] ^= 0b1000;
        fs::write(&altered, bytes).expect("written");
        let hash = name(&missing)[3..67].to_owned();
        fs::remove_file(&missing).expect("removed");
        let orphan = format!("ab/{}.0123456789ab", "ab".repeat(32));
        fs::create_dir_all(archive.folder.join("ab")).expect("a folder");
        for foreign in [orphan.as_str(), "foto.jpg"] {
            fs::write(archive.folder.join(foreign), b"x").expect("written");
        }
        let expected = Verified {
            sound: 2,
            missing: vec![hash],
            altered: vec![name(&altered)],
            orphans: vec![orphan.clone()],
            foreign: vec!["foto.jpg".to_owned()],
            ..Verified::default()
        };
        let found = archive.files.verify(later).await.expect("looked");
        assert_eq!(found, expected);
        assert!(!found.is_well());
        let now = archive.files.verify(SystemClock.now()).await.expect("looked");
        assert_eq!(now.orphans, Vec::<String>::new(), "it may be one that comes just now");
        archive.files.remove_orphans(&found).await.expect("removed");
        let again = archive.files.verify(later).await.expect("looked");
        assert_eq!(again, Verified { orphans: Vec::new(), ..expected });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_mounted_is_not_begun_anew() {
    let mut archive = Archive::on_a_file().await;
    let document = pdf_of(100_000);
    archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
    let elsewhere = archive.home.join("unmounted");
    fs::rename(&archive.folder, &elsewhere).expect("moved");
    fs::create_dir(&archive.folder).expect("an empty one in its place");
    for _ in 0..2 {
        let told = archive.get(FIRST).await.expect_err("away");
        assert!(told.contains("sicantik-files") && told.contains("files.folder"), "{told}");
        let refused = archive.send(&Sealed::of(OTHER, &pdf_of(1_000))).await.expect_err("away");
        assert!(matches!(refused, FilesError::Place(_)), "{refused}");
        archive.start_anew().await;
    }
    fs::remove_dir(&archive.folder).expect("removed");
    fs::rename(&elsewhere, &archive.folder).expect("back");
    assert_eq!(archive.get(FIRST).await.expect("given"), document);
    assert_eq!(archive.objects().len(), 1);
}
