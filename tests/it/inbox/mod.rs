//! The inbox: what lies there is taken once, whole, and nothing else is touched.

mod beside;
mod bucket;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::config::InboxPlace;
use sicantik_companion::files::{Files, FilesParts, Place};
use sicantik_companion::inbox::{Inbox, InboxParts, Looked, Patience};

use crate::fake_odoo::{DATABASE_UUID, Failure, FakeOdoo, How};
use crate::files::archive::Archive;
use crate::files::sealed::pdf_of;
use crate::office::sink;

/// Nothing is waited for, but for what a half-copied file looks like.
const QUICK: Patience = Patience { still: Duration::ZERO, doubt: Duration::ZERO };

struct Story {
    archive: Archive,
    odoo: FakeOdoo,
    folder: PathBuf,
    inbox: Inbox,
}

impl Story {
    async fn on_both() -> Vec<Self> {
        let mut stories = Vec::new();
        for archive in Archive::on_both().await {
            stories.push(Self::of(archive, QUICK).await);
        }
        stories
    }

    async fn of(archive: Archive, patience: Patience) -> Self {
        let (odoo, folder) = (FakeOdoo::spawn().await, archive.home.join("masuk"));
        fs::create_dir(&folder).expect("a folder");
        let inbox = inbox(&archive, &odoo, &folder, patience);
        Self { archive, odoo, folder, inbox }
    }

    fn put(&self, name: &str, content: &[u8]) {
        fs::write(self.folder.join(name), content).expect("written");
    }

    async fn look(&self) -> Looked {
        self.inbox.look().await.expect("a look")
    }

    /// The worker was killed and is there again.
    fn start_anew(&mut self) {
        self.inbox = inbox(&self.archive, &self.odoo, &self.folder, QUICK);
    }

    /// Names of what lies in the folder of an outcome, sorted; a sentence lies beside each.
    fn taken(&self, outcome: &str) -> Vec<String> {
        let days = fs::read_dir(self.folder.join(outcome)).into_iter().flatten();
        let files = days.flat_map(|day| fs::read_dir(day.expect("a day").path()).expect("read"));
        let mut names: Vec<String> =
            files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let (sentences, files): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| name.strip_suffix(".txt").is_some());
        assert_eq!(sentences, files.iter().map(|name| format!("{name}.txt")).collect::<Vec<_>>());
        files
    }

    /// Each file that Odoo imported can be had, and is whole.
    async fn assert_whole(&self, content: &[u8]) {
        let arrivals = self.odoo.state().arrivals.clone();
        for arrival in arrivals.values().filter(|arrival| arrival.outcome == Some("imported")) {
            assert_eq!(self.archive.get(&arrival.version).await.expect("given"), content);
        }
    }
}

fn inbox(archive: &Archive, odoo: &FakeOdoo, folder: &Path, patience: Patience) -> Inbox {
    inbox_at(&InboxPlace::Folder(folder.to_owned()), &archive.files, odoo, patience)
}

fn inbox_at(place: &InboxPlace, files: &Arc<Files>, odoo: &FakeOdoo, patience: Patience) -> Inbox {
    let parts = InboxParts {
        files: Arc::clone(files),
        odoo: Arc::new(sink(odoo)),
        clock: Arc::new(SystemClock),
        keep_days: 30,
        patience,
    };
    Inbox::open(place, parts).expect("an inbox")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_file_goes_where_odoo_says() {
    for story in Story::on_both().await {
        let (content, other) = (pdf_of(150_000), pdf_of(150_001));
        story.put("izin 1.pdf", &content);
        story.put("tanpa nomor.pdf", &other);
        story.put("izin kosong.pdf", b"");
        story.put("izin terlalu besar.pdf", &vec![b' '; 3 * 1024 * 1024 + 1]);
        let looked = story.look().await;
        assert_eq!((looked.imported, looked.unmatched, looked.refused, looked.waiting), (1, 1, 2, 4));
        assert_eq!(story.taken("imported"), ["izin 1.pdf"]);
        assert_eq!(story.taken("unmatched"), ["tanpa nomor.pdf"]);
        assert_eq!(story.taken("refused"), ["izin kosong.pdf", "izin terlalu besar.pdf"]);
        let codes: Vec<_> =
            story.odoo.state().arrivals.values().map(|arrival| arrival.offered["refusal"].clone()).collect();
        for code in ["empty", "too_large"] {
            assert!(codes.contains(&code.into()), "{code}");
        }
        story.assert_whole(&content).await;
        // The same file again, under the name that it had.
        story.put("izin 1.pdf", &content);
        assert_eq!(story.look().await.double, 1);
        // And others of that name on that day.
        for at in 1..4 {
            story.put("izin 2.pdf", &pdf_of(1000 + at));
            assert_eq!(story.look().await.imported, 1);
        }
        assert_eq!(story.taken("imported"), ["izin 1.pdf", "izin 2 (2).pdf", "izin 2 (3).pdf", "izin 2.pdf"]);
        assert_eq!(story.look().await, Looked::default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_it_is_called_a_file_is_taken() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    let content = pdf_of(1000);
    let names =
        ["izin \u{202e}fdp.pdf", "izin", "izin\nbaru.pdf", "Izin.pdf", "izin.pdf", "izin..pdf", "izin %2e%2e.pdf"];
    let long = format!("izin {}.pdf", "é".repeat(123));
    assert_eq!(long.len(), 255);
    for name in names.into_iter().chain([long.as_str()]) {
        story.put(name, &content);
    }
    fs::write(story.folder.join(std::ffi::OsStr::from_bytes(b"izin \xff.pdf")), &content).expect("written");
    let looked = story.look().await;
    assert_eq!((looked.waiting, looked.imported + looked.double + looked.unmatched), (9, 9));
    assert_eq!(story.look().await, Looked::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_file_is_left_alone() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    let content = pdf_of(1000);
    for name in [".izin.pdf", "~izin.pdf", "izin.pdf.part", "izin.pdf.crdownload", "izin.TMP"] {
        story.put(name, &content);
    }
    fs::create_dir(story.folder.join("izin.pdf")).expect("a folder");
    std::os::unix::fs::symlink("/etc/hostname", story.folder.join("izin tautan.pdf")).expect("a link");
    assert_eq!(story.look().await, Looked::default());
    assert!(story.odoo.state().arrivals.is_empty());
    assert_eq!(fs::read_dir(&story.folder).expect("read").count(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_copied_file_is_not_refused_at_once() {
    let patience = Patience { still: Duration::ZERO, doubt: Duration::from_hours(1) };
    let story = Story::of(Archive::on_a_file().await, patience).await;
    let content = pdf_of(50_000);
    story.put("izin.pdf", &content[..30_000]);
    for _ in 0..3 {
        assert_eq!(story.look().await, Looked { waiting: 1, ..Looked::default() });
    }
    story.put("izin.pdf", &content);
    assert_eq!(story.look().await.imported, 1);
    story.assert_whole(&content).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_brings_nothing_twice() {
    for method in ["document.arrival.offer", "document.arrival.kept"] {
        for mut story in Story::on_both().await {
            let content = pdf_of(150_000);
            story.put("izin.pdf", &content);
            story.odoo.fail([Failure::of(method, How::ResetAfter).times(1)]);
            story.inbox.look().await.expect_err("the answer is lost");
            assert_eq!(story.taken("imported"), [""; 0]);
            story.start_anew();
            assert_eq!(story.look().await.imported, 1, "{method}");
            assert_eq!(story.odoo.state().arrivals.len(), 1);
            assert_eq!(story.archive.objects().len(), 1);
            story.assert_whole(&content).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_odoo_cannot_take_holds_up_no_other() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    story.put("izin 1.pdf", &pdf_of(1000));
    story.put("izin 2.pdf", &pdf_of(1001));
    let refused = How::Exception("odoo.exceptions.ValidationError", "x");
    story.odoo.fail([Failure::of("document.arrival.offer", refused).times(2)]);
    let looked = story.look().await;
    assert_eq!((looked.waiting, looked.imported), (2, 1), "both together, and then the first one, were refused");
    assert_eq!(story.taken("imported"), ["izin 2.pdf"]);
    assert_eq!(story.look().await, Looked { waiting: 1, ..Looked::default() }, "it rests");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_moved_holds_up_no_other() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    story.put("izin.pdf", &pdf_of(1000));
    story.put("tanpa nomor.pdf", &pdf_of(1001));
    fs::create_dir(story.folder.join("imported")).expect("a folder");
    fs::write(story.folder.join("imported").join(SystemClock.now().date_naive().to_string()), "").expect("no folder");
    let looked = story.look().await;
    assert_eq!((looked.waiting, looked.passed_over, looked.unmatched), (2, 1, 1));
    assert_eq!(story.look().await, Looked { waiting: 1, ..Looked::default() }, "it rests");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_take_each_file_once() {
    for story in Story::on_both().await {
        let content = pdf_of(20_000);
        for at in 0..30 {
            story.put(&format!("izin {at}.pdf"), &pdf_of(20_000 + at));
        }
        let other = inbox(&story.archive, &story.odoo, &story.folder, QUICK);
        for _ in 0..2 {
            let (one, two) = tokio::join!(story.inbox.look(), other.look());
            one.and(two).expect("both look");
        }
        assert_eq!(story.taken("imported").len(), 30);
        assert_eq!(story.odoo.state().arrivals.len(), 30);
        assert_eq!(story.archive.objects().len(), 30);
        assert!(!content.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_long_ago_is_forgotten_and_nothing_else() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    let today = SystemClock.now().date_naive();
    let day = |before: u64| (today - chrono::Days::new(before)).to_string();
    for name in [day(31), day(30), day(0), "catatan".to_owned()] {
        fs::create_dir_all(story.folder.join("imported").join(&name)).expect("a folder");
        fs::write(story.folder.join("imported").join(&name).join("izin.pdf"), b"x").expect("written");
    }
    fs::create_dir_all(story.folder.join("arsip").join(day(100))).expect("a folder of others");
    story.inbox.tidy().await.expect("tidied");
    let mut left: Vec<String> = fs::read_dir(story.folder.join("imported"))
        .expect("read")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    let mut expected = [day(30), day(0), "catatan".to_owned()];
    expected.sort();
    assert_eq!(left, expected);
    assert!(story.folder.join("arsip").join(day(100)).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_away_is_told_with_a_remedy() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    fs::remove_dir(&story.folder).expect("removed");
    let error = story.inbox.look().await.expect_err("it is away").to_string();
    assert!(error.contains("masuk") && error.contains("the worker's user"), "{error}");
    fs::write(&story.folder, b"no folder").expect("written");
    story.inbox.look().await.expect_err("it is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_are_taken_in_many_looks() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    for at in 10..55 {
        story.put(&format!("izin {at}.pdf"), &pdf_of(1000 + at));
    }
    for (waiting, imported, has_more) in [(45, 20, true), (25, 20, true), (5, 5, false)] {
        assert_eq!(story.look().await, Looked { waiting, imported, has_more, ..Looked::default() });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_limit_a_file_exceeds_is_told() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    let place = Place::open(&story.archive.place).expect("a place");
    let files = Files::new(FilesParts {
        store: story.archive.store.clone(),
        vault: story.archive.vault.clone(),
        place,
        program: env!("CARGO_BIN_EXE_sicantik").into(),
        database_uuid: DATABASE_UUID.to_owned(),
        largest: 1024 * 1024,
    });
    let narrow = inbox_at(&InboxPlace::Folder(story.folder.clone()), &Arc::new(files), &story.odoo, QUICK);
    story.put("izin.pdf", &vec![b' '; 2 * 1024 * 1024]);
    assert_eq!(narrow.look().await.expect("a look").refused, 1);
    let codes: Vec<_> = story.odoo.state().arrivals.values().map(|it| it.offered["refusal"].clone()).collect();
    assert_eq!(codes, ["worker_too_large"]);
}
