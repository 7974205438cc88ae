//! What each place of documents does: a folder, the stand-in of tests/odoo/bucket.py and any other S3 the same. A bucket is
//! named by `SICANTIK_TEST_S3` (endpoint, bucket, region, key and secret, with spaces), as tests/radosgw.sh does.

use std::sync::Arc;

use sicantik_companion::config::{FilesPlace, S3Place};
use sicantik_companion::files::{FilesError, Place};

use super::archive::{Archive, files};
use super::keeps::FIRST;
use super::sealed::{Sealed, pdf_of};
use crate::fake_odoo::DATABASE_UUID;
use crate::store::now;

const SECOND: &str = "eeeeeeee-0000-4000-8000-000000000002";

/// A bucket that is given, with a prefix of its own.
fn bucket() -> Option<FilesPlace> {
    let Ok(given) = std::env::var("SICANTIK_TEST_S3") else {
        println!("not tried on a bucket: SICANTIK_TEST_S3 names none");
        return None;
    };
    let words: Vec<&str> = given.split_whitespace().collect();
    let [endpoint, bucket, region, access_key, secret_key] = words[..] else { panic!("five words") };
    Some(FilesPlace::S3(S3Place {
        bucket: bucket.to_owned(),
        endpoint: Some(endpoint.parse().expect("an address")),
        region: region.to_owned(),
        prefix: format!("coba/{:x}", fastrand::u64(..)),
        ca_file: None,
        access_key: access_key.to_owned(),
        secret_key: secret_key.into(),
    }))
}

async fn on_each() -> Vec<Archive> {
    let mut archives = vec![Archive::on_a_file().await];
    if let Some(place) = bucket() {
        let mut archive = Archive::on_a_file().await;
        archive.files = Arc::new(files(&archive.store, &archive.vault, &place, DATABASE_UUID));
        archive.place = place;
        archives.push(archive);
    }
    archives
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_kept_given_and_healed_wherever_they_lie() {
    for archive in on_each().await {
        let place = archive.open_place();
        let (small, large) = (pdf_of(700), pdf_of(3_000_001));
        assert!(!archive.send(&Sealed::of(FIRST, &small)).await.expect("kept").was_known, "{place}");
        assert!(archive.send(&Sealed::of(FIRST, &small)).await.expect("kept").was_known);
        archive.send(&Sealed::of(SECOND, &large)).await.expect("kept");
        assert!(archive.get(FIRST).await.expect("given") == small);
        assert!(archive.get(SECOND).await.expect("given") == large);
        let found = archive.files.verify(now()).await.expect("read");
        assert_eq!((found.sound, found.is_well(), found.orphans.len()), (2, true, 0), "{place}: {found:?}");

        // Somebody deletes one: it is missed, and the same file heals it.
        let keys = archive.store.place_keys().await.expect("keys");
        for key in &keys {
            place.delete(key).await.expect("deleted");
            place.delete(key).await.expect("what is gone is gone");
        }
        assert_eq!(archive.files.verify(now()).await.expect("read").missing.len(), 2);
        let gone = archive.files.download(FIRST).await.err();
        assert!(matches!(gone, Some(FilesError::Missing)), "{gone:?}");
        archive.send(&Sealed::of(FIRST, &small)).await.expect("kept");
        assert!(archive.get(FIRST).await.expect("given") == small);
        place.try_out().await.expect("it takes and gives");
        let told = archive.files.storage().await.expect("told");
        assert_eq!((told.away, told.kept.documents, told.kept.versions), (None, 1, 2), "{place}");
        assert_eq!(told.kept.bytes, 3_000_701);
        assert_eq!(told.is_bucket, told.room.is_none());
        if place.is_bucket() {
            assert!(told.safety.versioning.is_some(), "S3 tells: {:?}", told.safety);
            println!("{place}: {:?}", told.safety);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_is_kept_is_counted_by_each_database() {
    for archive in Archive::on_both().await {
        let none = archive.files.storage().await.expect("told");
        assert_eq!((none.away, none.kept.documents, none.kept.bytes), (None, 0, 0), "nothing is kept yet");
        let document = pdf_of(100_000);
        archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
        let second = Sealed::of(SECOND, &document).saying("document", "eeeeeeee-1111-4000-8000-000000000002");
        archive.send(&second).await.expect("kept");
        let kept = archive.files.storage().await.expect("told").kept;
        assert_eq!((kept.documents, kept.versions, kept.objects, kept.bytes), (2, 2, 1, 100_000));
        std::fs::rename(&archive.folder, archive.home.join("away")).expect("moved");
        let told = archive.files.storage().await.expect("told");
        assert!(told.away.expect("away").contains("sicantik-files"));
        assert!(told.room.is_some(), "of where it was");
    }
}

impl Archive {
    fn open_place(&self) -> Place {
        Place::open(&self.place).expect("a place")
    }
}
