//! What the worker makes in a folder that others share: with their rights, and over nothing of theirs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::config::InboxPlace;
use sicantik_companion::inbox::Inbox;

use super::{QUICK, Story};
use crate::files::archive::Archive;
use crate::files::sealed::pdf_of;

fn rights(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_the_group_of_the_inbox_reads_the_sentences() {
    for (inbox, folders, sentences) in [(0o2770, 0o2770, 0o660), (0o755, 0o750, 0o640), (0o700, 0o700, 0o600)] {
        let story = Story::of(Archive::on_a_file().await, QUICK).await;
        fs::set_permissions(&story.folder, fs::Permissions::from_mode(inbox)).expect("set");
        story.put("izin.pdf", &pdf_of(1000));
        let own = rights(&story.folder.join("izin.pdf"));
        assert_eq!(story.look().await.imported, 1);
        let outcome = story.folder.join("imported");
        let day = outcome.join(SystemClock.now().date_naive().to_string());
        assert_eq!((rights(&outcome), rights(&day)), (folders, folders), "{inbox:o}");
        assert_eq!((rights(&day.join("izin.pdf.txt")), rights(&day.join("izin.pdf"))), (sentences, own), "{inbox:o}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_the_inbox_out_leaves_nothing_there() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    let place = InboxPlace::Folder(story.folder.clone());
    Inbox::try_out(&place).await.expect("well");
    assert_eq!(fs::read_dir(&story.folder).expect("read").count(), 0);
    fs::create_dir(story.folder.join("imported")).expect("a folder");
    Inbox::try_out(&place).await.expect("well");
    assert_eq!(fs::read_dir(story.folder.join("imported")).expect("read").count(), 0);
    fs::remove_dir(story.folder.join("imported")).expect("removed");
    fs::write(story.folder.join("imported"), b"no folder").expect("written");
    Inbox::try_out(&place).await.expect_err("nothing can be moved there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_is_written_over_no_file_of_the_office() {
    let story = Story::of(Archive::on_a_file().await, QUICK).await;
    let day = story.folder.join("refused").join(SystemClock.now().date_naive().to_string());
    let names = || {
        let found =
            fs::read_dir(&day).expect("read").map(|it| it.expect("one").file_name().into_string().expect("text"));
        let mut found: Vec<String> = found.collect();
        found.sort();
        found
    };
    // One that has nothing in it could be the begin of any sentence.
    for content in [b"catatan".as_slice(), b""] {
        story.put("x.pdf.txt", content);
        assert_eq!(story.look().await.refused, 1);
        story.put("x.pdf", b"no PDF");
        assert_eq!(story.look().await.refused, 1);
        assert_eq!(fs::read(day.join("x.pdf.txt")).expect("it is there"), content);
        assert_eq!(names(), ["x (2).pdf", "x (2).pdf.txt", "x.pdf.txt", "x.pdf.txt.txt"]);
        fs::remove_dir_all(&day).expect("removed");
    }
    // A worker was killed after the sentence, or within it.
    for left in ["", "Demi", "Demikian.\n"] {
        fs::create_dir(&day).expect("a folder");
        fs::write(day.join("x.pdf.txt"), left).expect("written");
        story.put("x.pdf", b"no PDF");
        assert_eq!(story.look().await.refused, 1);
        assert_eq!(names(), ["x.pdf", "x.pdf.txt"]);
        assert_eq!(fs::read_to_string(day.join("x.pdf.txt")).expect("it is there"), "Demikian.\n");
        fs::remove_dir_all(&day).expect("removed");
    }
}
