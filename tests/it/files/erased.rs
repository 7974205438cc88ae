//! What is erased: its bytes go for good, that it was there stays, and no other version loses its bytes by it.

use std::fs::{self, File};
use std::sync::Arc;

use chrono::TimeDelta;
use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::files::FilesError;
use tokio::task::JoinSet;

use super::archive::Archive;
use super::keeps::FIRST;
use super::sealed::{Sealed, pdf_of};

const SECOND: &str = "eeeeeeee-0000-4000-8000-000000000002";
const UNKNOWN: &str = "eeeeeeee-0000-4000-8000-00000000ffff";

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_go_and_the_version_stays_known() {
    for archive in Archive::on_both().await {
        let document = pdf_of(100_000);
        archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
        let unknown = archive.files.erase(UNKNOWN).await.expect_err("never kept");
        assert!(matches!(unknown, FilesError::Unknown), "{unknown}");
        for _ in 0..2 {
            archive.files.erase(FIRST).await.expect("erased, as often as it is asked for");
            assert!(archive.objects().is_empty());
            assert_eq!(archive.get(FIRST).await.expect_err("gone"), FilesError::Erased.to_string());
        }
        let again = archive.send(&Sealed::of(FIRST, &document)).await.expect_err("not by this uuid");
        assert!(matches!(again, FilesError::ErasedBefore), "{again}");
        assert!(archive.objects().is_empty());
        archive.send(&Sealed::of(SECOND, &document)).await.expect("the same bytes are a new version");
        assert_eq!(archive.get(SECOND).await.expect("given"), document);
        archive.files.erase(FIRST).await.expect("erased before");
        assert_eq!(archive.get(SECOND).await.expect("given"), document, "it has the hash, and is not erased");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_stay_while_another_version_is_the_same() {
    for archive in Archive::on_both().await {
        let document = pdf_of(70_000);
        for version in [FIRST, SECOND] {
            archive.send(&Sealed::of(version, &document)).await.expect("kept");
        }
        archive.files.erase(FIRST).await.expect("erased");
        assert_eq!(archive.get(FIRST).await.expect_err("erased"), FilesError::Erased.to_string());
        assert_eq!(archive.get(SECOND).await.expect("given"), document);
        archive.files.erase(SECOND).await.expect("erased");
        assert!(archive.objects().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_away_now_is_not_told_as_erased_and_goes_when_it_is_asked_for_again() {
    for archive in Archive::on_both().await {
        archive.send(&Sealed::of(FIRST, &pdf_of(70_000))).await.expect("kept");
        for _ in 0..2 {
            let away = archive.with_place_away().erase(FIRST).await.expect_err("its place is away");
            assert!(matches!(away, FilesError::Place(_)), "{away}");
            assert_eq!(archive.objects().len(), 1);
        }
        assert_eq!(archive.get(FIRST).await.expect_err("nobody gets it any more"), FilesError::Erased.to_string());
        archive.files.erase(FIRST).await.expect("erased");
        assert!(archive.objects().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_try_left_goes_with_the_bytes() {
    for archive in Archive::on_both().await {
        let document = pdf_of(70_000);
        archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
        let [object] = archive.objects().try_into().expect("one object");
        let other = archive.of_another_database().await;
        other.send(&Sealed::of(FIRST, &document)).await.expect("kept");
        fs::copy(&object, object.with_extension("0123456789ab")).expect("copied");
        for old in archive.objects() {
            let file = File::options().write(true).open(&old).expect("opened");
            file.set_modified((SystemClock.now() - TimeDelta::hours(2)).into()).expect("aged");
        }
        let young = object.with_extension("0123456789ac");
        fs::copy(&object, &young).expect("copied");
        archive.files.erase(FIRST).await.expect("erased");
        assert_eq!(archive.objects().len(), 2, "the other database's, and what may be coming in just now");
        assert!(young.exists());
        assert_eq!(other.get(FIRST).await.expect("given"), document);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_anew_goes_with_what_was_broken() {
    for archive in Archive::on_both().await {
        let sealed = Sealed::of(FIRST, &pdf_of(70_000));
        archive.send(&sealed).await.expect("kept");
        let [object] = archive.objects().try_into().expect("one object");
        let mut bytes = fs::read(&object).expect("read");
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(&object, bytes).expect("altered");
        archive.send(&sealed).await.expect("put anew");
        assert_eq!(archive.objects().len(), 2);
        archive.files.erase(FIRST).await.expect("erased");
        assert!(archive.objects().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_is_counted_no_more() {
    for archive in Archive::on_both().await {
        for (version, size) in [(FIRST, 70_000), (SECOND, 80_000)] {
            archive.send(&Sealed::of(version, &pdf_of(size))).await.expect("kept");
        }
        archive.files.erase(FIRST).await.expect("erased");
        let kept = archive.files.storage().await.expect("counted").kept;
        assert_eq!((kept.versions, kept.objects), (1, 1));
        archive.files.erase(SECOND).await.expect("erased");
        let kept = archive.files.storage().await.expect("counted").kept;
        assert_eq!((kept.documents, kept.versions, kept.objects), (0, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_uploads_and_erasures_of_the_same_bytes_at_once_each_is_whole() {
    for archive in Archive::on_both().await {
        let (document, key) = (pdf_of(70_000), archive.public_key().await);
        let workers = [archive.another().await, archive.another().await];
        for round in 0..6 {
            let name = |at: usize| format!("eeeeeeee-0000-4000-8000-{round:04}{at:08}");
            archive.send(&Sealed::of(&name(0), &document)).await.expect("kept");
            let mut running = JoinSet::new();
            // The newest version that is there goes while others of the same bytes come, one of them by two workers.
            for (worker, files) in workers.iter().enumerate() {
                let (files, version) = (Arc::clone(files), name(0));
                running.spawn(async move { files.erase(&version).await.map(drop) });
                for at in [1, 2 + worker] {
                    let (files, version) = (Arc::clone(&workers[worker]), name(at));
                    let body = Sealed::of(&version, &document).body(&key);
                    running.spawn(async move {
                        let mut upload = files.upload(&version);
                        upload.add(&body).await?;
                        upload.end().await.map(drop)
                    });
                }
            }
            for outcome in running.join_all().await {
                outcome.expect("neither keeps the other from its end");
            }
            for at in 1..4 {
                assert!(archive.get(&name(at)).await.expect("given") == document, "round {round}, version {at}");
                archive.files.erase(&name(at)).await.expect("erased");
            }
            assert!(archive.objects().is_empty(), "round {round}: bytes that nobody needs");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_comes_again_while_it_is_erased_is_whole_or_gone() {
    for archive in Archive::on_both().await {
        let key = archive.public_key().await;
        let workers = [archive.another().await, archive.another().await];
        for round in 0..12 {
            let (document, version) = (pdf_of(70_000 + round), format!("eeeeeeee-0000-4000-8000-{round:012}"));
            let sealed = Sealed::of(&version, &document);
            archive.send(&sealed).await.expect("kept");
            let (body, files) = (sealed.body(&key), Arc::clone(&workers[0]));
            let (again, erased) = tokio::join!(
                async {
                    let mut upload = files.upload(&version);
                    upload.add(&body).await?;
                    upload.end().await
                },
                workers[1].erase(&version)
            );
            erased.expect("erased");
            assert!(matches!(again, Ok(_) | Err(FilesError::ErasedBefore)), "{again:?}");
            assert_eq!(archive.get(&version).await.expect_err("gone"), FilesError::Erased.to_string());
            assert!(archive.objects().is_empty(), "round {round}: bytes of an erased version");
        }
    }
}
