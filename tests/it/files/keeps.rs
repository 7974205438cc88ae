//! What is kept, and that it comes back as it was.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sicantik_companion::files::FilesError;

use super::archive::Archive;
use super::sealed::{PIECE, Sealed, hash_of, pdf_of};
use crate::providers::{made, text};

pub const FIRST: &str = "eeeeeeee-0000-4000-8000-000000000001";
const SECOND: &str = "eeeeeeee-0000-4000-8000-000000000002";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_comes_back_as_it_was() {
    for archive in Archive::on_both().await {
        for (at, size) in [600, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE, 1_000_003].into_iter().enumerate() {
            let (version, document) = (format!("eeeeeeee-0000-4000-8000-{at:012}"), pdf_of(size));
            let kept = archive.send(&Sealed::of(&version, &document)).await.expect("kept");
            assert_eq!((kept.size, kept.pages, kept.signatures, kept.was_known), (size as u64, 1, 0, false));
            assert_eq!(kept.sha256, hash_of(&document));
            assert!(archive.get(&version).await.expect("given") == document, "{size}");
        }
        assert_eq!(archive.objects().len(), 6);
        assert_eq!(
            archive.get(SECOND.replace('e', "f").as_str()).await.expect_err("unknown"),
            FilesError::Unknown.to_string()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_independent_library_sealed_is_kept() {
    let made = made(include_bytes!("../fixtures/upload.json.gz"));
    let (folder, address) = crate::store::place();
    std::fs::write(folder.path().join("master.key"), text(&made, "master_key")).expect("written");
    let home = folder.path().to_owned();
    let archive = Archive::open(&home, &address, std::sync::Arc::new(folder)).await;
    let body = BASE64_STANDARD.decode(text(&made, "body")).expect("base64");
    let kept = archive.send_body(text(&made, "version"), &body).await.expect("kept");
    assert_eq!(kept.sha256, text(&made, "sha256"));
    assert_eq!(hash_of(&archive.get(FIRST).await.expect("given")), kept.sha256);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_readable_lies_anywhere() {
    let archive = Archive::on_a_file().await;
    let document = pdf_of(300_000);
    archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
    let places = archive.objects().into_iter().chain(["store.db", "store.db-wal"].map(|name| archive.home.join(name)));
    for place in places {
        let bytes = std::fs::read(&place).expect("read");
        for word in [&b"%PDF"[..], b"BUDI CONTOH", b"/Catalog"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{}", place.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_lie_once_and_the_same_version_is_kept_once() {
    for archive in Archive::on_both().await {
        let document = pdf_of(100_000);
        let sealed = Sealed::of(FIRST, &document);
        assert!(!archive.send(&sealed).await.expect("kept").was_known);
        assert!(archive.send(&sealed).await.expect("kept").was_known, "an answer that was lost is given again");
        assert!(!archive.send(&Sealed::of(SECOND, &document)).await.expect("kept").was_known);
        assert_eq!(archive.objects().len(), 1);
        assert_eq!(archive.get(SECOND).await.expect("given"), document);
        let other = archive.send(&Sealed::of(FIRST, &pdf_of(100_001))).await.expect_err("another content");
        assert!(matches!(other, FilesError::OtherContent), "{other}");
        assert_eq!(archive.get(FIRST).await.expect("given"), document);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_by_two_workers_are_kept_once_each() {
    for archive in Archive::on_both().await {
        let document = pdf_of(200_000);
        let mut running = tokio::task::JoinSet::new();
        let (key, workers) = (archive.public_key().await, [archive.another().await, archive.another().await]);
        for at in 0..8 {
            let (key, files) = (key.clone(), std::sync::Arc::clone(&workers[at % 2]));
            let version = format!("eeeeeeee-0000-4000-8000-{at:012}");
            let sealed = Sealed::of(&version, &document);
            running.spawn(async move {
                let mut upload = files.upload(&version);
                upload.add(&sealed.body(&key)).await.expect("taken");
                upload.end().await.expect("kept").was_known
            });
        }
        let known = running.join_all().await;
        assert_eq!(known, [false; 8]);
        assert_eq!(archive.objects().len(), 1, "whoever came second took its own bytes away again");
        for at in 0..8 {
            assert_eq!(archive.get(&format!("eeeeeeee-0000-4000-8000-{at:012}")).await.expect("given"), document);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_master_key_opens_what_the_earlier_one_sealed() {
    for archive in Archive::on_both().await {
        let document = pdf_of(200_000);
        let earlier = archive.public_key().await;
        archive.send(&Sealed::of(FIRST, &document)).await.expect("kept");
        let before: Vec<_> = archive.objects().iter().map(|path| std::fs::read(path).expect("read")).collect();
        archive.vault.rekey().await.expect("another key");
        assert_ne!(archive.public_key().await, earlier);
        assert_eq!(archive.get(FIRST).await.expect("given"), document);
        let after: Vec<_> = archive.objects().iter().map(|path| std::fs::read(path).expect("read")).collect();
        assert!(before == after, "no byte was moved");
        // What Odoo sealed before it heard of the new key.
        let waiting = Sealed::of(SECOND, &pdf_of(70_000));
        archive.send_body(SECOND, &waiting.body(&earlier)).await.expect("kept");
        archive.vault.rekey().await.expect("another key");
        let refused = archive.send_body(SECOND, &waiting.body(&earlier)).await.expect_err("too old");
        assert!(matches!(refused, FilesError::OtherKey), "{refused}");
        assert_eq!(archive.get(SECOND).await.expect("given"), pdf_of(70_000));
    }
}
