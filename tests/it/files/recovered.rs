//! A store that came back from an hour ago: what came since is known again, what was erased since goes again, and each
//! document is whole or absent, none twice.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::files::{FilesError, Recovered, Shown, Verified};
use sicantik_companion::store::DocumentVersion;
use sqlx::any::AnyConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};

use super::archive::Archive;
use super::sealed::{Sealed, hash_of, pdf_of};
use crate::fake_odoo::DATABASE_UUID;

const TABLES: [&str; 3] = ["objects", "document_versions", "objects_to_remove"];

fn uuid(at: usize) -> String {
    format!("eeeeeeee-0000-4000-8000-{at:012}")
}

/// What Odoo shows of these versions.
fn shown(living: &[(usize, &[u8])], erased: &[usize]) -> Shown {
    let living = living.iter().map(|&(at, bytes)| {
        let version = DocumentVersion {
            uuid: uuid(at),
            document_uuid: uuid(at),
            number: 1,
            stage: "original".to_owned(),
            sha256: hash_of(bytes),
            made_by: "petugas@example.com".to_owned(),
        };
        (version, bytes.len() as u64)
    });
    Shown { living: living.collect(), erased: erased.iter().map(|&at| uuid(at)).collect::<HashSet<_>>() }
}

/// The rows of the store, as a copy of it would have them.
struct Copy(Vec<(&'static str, String)>);

impl Archive {
    async fn run(&self, statement: String) {
        sqlx::any::install_default_drivers();
        let options: AnyConnectOptions = self.url.parse().expect("a URL");
        let mut connection = options.connect().await.expect("a connection");
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("done");
    }

    async fn copy(&self) -> Copy {
        let mut saved = Vec::new();
        for table in TABLES {
            self.run(format!(
                "DROP TABLE IF EXISTS saved_{table}; CREATE TABLE saved_{table} AS SELECT * FROM {table}"
            ))
            .await;
            saved.push((table, format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table}")));
        }
        Copy(saved)
    }

    async fn bring_back(&self, copy: &Copy) {
        for (_, statement) in &copy.0 {
            self.run(statement.clone()).await;
        }
    }

    async fn look(&self, shown: &Shown) -> Verified {
        let mut found = self.files.verify(SystemClock.now()).await.expect("looked");
        self.files.judge(&mut found, shown).await.expect("judged");
        found
    }

    fn names(&self) -> Vec<String> {
        let name = |path: &Path| path.strip_prefix(&self.folder).expect("below").to_str().expect("text").to_owned();
        self.objects().iter().map(|path| name(path)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_since_is_known_again_and_what_was_erased_since_goes_again() {
    for archive in Archive::on_both().await {
        let bytes: Vec<_> = (0..6).map(|at| pdf_of(70_000 + at)).collect();
        let send = async |at: usize, of: usize| {
            archive.send(&Sealed::of(&uuid(at), &bytes[of])).await.expect("kept");
        };
        for at in 0..3 {
            send(at, at).await;
        }
        let copy = archive.copy().await;
        // Since then: two came, one of them also for another permit; one came of bytes that were there; one that was there
        // went, and one that was the same as another; one came and went.
        send(3, 3).await;
        send(4, 3).await;
        send(5, 0).await;
        send(6, 4).await;
        for at in [1, 6] {
            archive.files.erase(&uuid(at)).await.expect("erased");
        }
        let lying = archive.names();
        archive.bring_back(&copy).await;
        let shown = shown(&[(0, &bytes[0]), (2, &bytes[2]), (3, &bytes[3]), (4, &bytes[3]), (5, &bytes[0])], &[1, 6]);
        for at in [3, 4, 5] {
            archive.get(&uuid(at)).await.expect_err("forgotten");
        }
        let found = archive.look(&shown).await;
        let new: Vec<_> = lying.iter().filter(|name| name.contains(&hash_of(&bytes[3]))).cloned().collect();
        assert_eq!(
            found,
            Verified {
                sound: 2,
                forgotten: new.clone(),
                forgotten_versions: vec![uuid(5)],
                again: vec![uuid(1)],
                ..Verified::default()
            }
        );
        assert!(!found.is_well());
        archive.files.remove_orphans(&found).await.expect("nothing is left over");
        assert_eq!(archive.names(), lying, "what Odoo counts on stays");

        let done = archive.files.recover(&found, &shown).await.expect("recovered");
        let expected =
            Recovered { recovered: new, versions: vec![uuid(5)], erased: vec![uuid(1)], ..Recovered::default() };
        assert_eq!(done, expected);
        for (at, of) in [(0, 0), (2, 2), (3, 3), (4, 3), (5, 0)] {
            assert!(archive.get(&uuid(at)).await.expect("given") == bytes[of], "{at}");
        }
        assert_eq!(archive.get(&uuid(1)).await.expect_err("erased"), FilesError::Erased.to_string());
        assert_eq!(archive.names(), lying, "none twice");
        let well = archive.look(&shown).await;
        assert_eq!(well, Verified { sound: 3, ..Verified::default() });
        assert_eq!(archive.files.recover(&well, &shown).await.expect("done"), Recovered::default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_lost_is_made_anew_from_the_place_of_files_and_odoo() {
    for mut archive in Archive::on_both().await {
        let bytes: Vec<_> = (0..4).map(|at| pdf_of(70_000 + at)).collect();
        let empty = archive.copy().await;
        for (at, bytes) in bytes.iter().enumerate() {
            archive.send(&Sealed::of(&uuid(at), bytes)).await.expect("kept");
            if at == 1 {
                // What came before is sealed to the key that is the old one then.
                archive.vault.rekey().await.expect("another key");
            }
        }
        archive.bring_back(&empty).await;
        archive.start_anew().await;
        let altered = archive.objects().into_iter().find(|path| path.to_string_lossy().contains(&hash_of(&bytes[3])));
        let altered = altered.expect("an object");
        let mut there = fs::read(&altered).expect("read");
        there[40_000] ^= 1;
        fs::write(&altered, there).expect("written");
        let living: Vec<_> = (0..4).map(|at| (at, bytes[at].as_slice())).collect();
        let shown = shown(&living, &[]);
        let found = archive.look(&shown).await;
        assert_eq!(found.forgotten.len(), 4);
        let done = archive.files.recover(&found, &shown).await.expect("recovered");
        assert_eq!((done.recovered.len(), done.unreadable.len()), (3, 1), "{done:?}");
        for (at, document) in bytes.iter().enumerate().take(3) {
            assert!(&archive.get(&uuid(at)).await.expect("given") == document, "{at}");
        }
        assert_eq!(archive.get(&uuid(3)).await.expect_err("altered"), FilesError::Unknown.to_string());
        archive.vault.rekey().await.expect("they follow the key");
        archive.vault.rekey().await.expect("they follow the key");
        assert!(archive.get(&uuid(0)).await.expect("given") == bytes[0]);
        archive.send(&Sealed::of(&uuid(3), &bytes[3])).await.expect("uploaded again");
        assert!(archive.get(&uuid(3)).await.expect("given") == bytes[3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orphan_goes_and_another_database_s_object_does_not() {
    for archive in Archive::on_both().await {
        let bytes = pdf_of(70_000);
        let empty = archive.copy().await;
        archive.send(&Sealed::of(&uuid(0), &bytes)).await.expect("kept");
        archive.of_another_database().await.send(&Sealed::of(&uuid(1), &pdf_of(70_001))).await.expect("kept");
        archive.bring_back(&empty).await;
        assert_ne!(DATABASE_UUID, super::archive::OTHER_DATABASE);
        let later = SystemClock.now() + TimeDelta::hours(2);
        let mut found = archive.files.verify(later).await.expect("looked");
        assert_eq!(found.orphans.len(), 2);
        archive.files.judge(&mut found, &Shown::default()).await.expect("judged");
        assert_eq!((found.orphans.len(), found.strange.len(), found.is_well()), (1, 1, true), "{found:?}");
        archive.files.remove_orphans(&found).await.expect("removed");
        assert_eq!(archive.names(), found.strange);
    }
}
