//! What survives in the journal, and who may have it.

use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a time")
}

async fn begun(path: &Path, at: DateTime<Utc>) -> Vec<String> {
    let begun = Journal::open(path.to_owned(), at).await.expect("opened").1;
    let mut keys: Vec<String> = begun.into_iter().map(|sent| sent.key).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn what_left_is_known_again_and_what_was_not_taken_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sent.journal");
    let (journal, known) = Journal::open(path.clone(), now()).await.expect("made");
    assert!(known.is_empty());
    for key in ["aa", "bb", "cc"] {
        assert!(journal.begins(key, now()).await.expect("written"));
        assert!(!journal.begins(key, now()).await.expect("known"), "twice");
    }
    journal.was_not_taken("bb", now()).await.expect("written");
    journal.was_not_taken("cc", now()).await.expect("written");
    journal.begins("cc", now()).await.expect("written");
    drop(journal);
    assert_eq!(begun(&path, now()).await, ["aa", "cc"]);
}

#[tokio::test]
async fn a_line_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sent.journal");
    let (journal, _) = Journal::open(path.clone(), now()).await.expect("made");
    let full = options().append(true).open("/dev/full").expect("a full disk");
    let good = std::mem::replace(&mut journal.book.lock().expect("nobody else").file, full);
    for _ in 0..2 {
        journal.begins("aa", now()).await.expect_err("no room");
    }
    // There is room again: what could not be written is written, and the message may leave.
    journal.book.lock().expect("nobody else").file = good;
    assert!(journal.begins("bb", now()).await.expect("written"));
    assert_eq!(fs::read_to_string(&path).expect("read").matches(" B ").count(), 1);
    assert!(journal.begins("aa", now()).await.expect("written"));
    drop(journal);
    assert_eq!(begun(&path, now()).await, ["aa", "bb"]);
    let nowhere = Path::new("/of/no/such/folder/sent.journal");
    Journal::open(nowhere.to_owned(), now()).await.expect_err("no folder");
}

#[tokio::test]
async fn a_line_that_was_cut_off_costs_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sent.journal");
    fs::write(&path, "1780000000000 B aa\n1780000000000 B bb\n17800000").expect("written");
    assert_eq!(begun(&path, now()).await, ["aa", "bb"]);
    fs::write(&path, b"1780000000000 B aa\n\xff\xfe B\nx B y\n1 2 3 4\n1780000000000 X bb\n").expect("written");
    assert_eq!(begun(&path, now()).await, ["aa"]);
}

#[tokio::test]
async fn what_is_very_old_is_forgotten_and_the_rest_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sent.journal");
    let (old, new) = (now() - KEEP - TimeDelta::days(1), now());
    let text = line("old", old.timestamp_millis(), BEGUN) + &line("new", new.timestamp_millis(), BEGUN);
    fs::write(&path, text).expect("written");
    assert_eq!(begun(&path, now()).await, ["new"]);
    assert!(!fs::read_to_string(&path).expect("read").contains("old"));
    assert_eq!(begun(&path, now()).await, ["new"]);
}

#[tokio::test(start_paused = true)]
async fn one_worker_at_a_time_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sent.journal");
    let old = line("old", (now() - KEEP - TimeDelta::days(1)).timestamp_millis(), BEGUN);
    let (journal, _) = Journal::open(path.clone(), now()).await.expect("made");
    fs::write(&path, &old).expect("written");
    let refused = Journal::open(path.clone(), now()).await.expect_err("another one has it").to_string();
    assert!(refused.contains("stop that one") && refused.contains("whatsapp.journal_file"), "{refused}");
    assert_eq!(fs::read_to_string(&path).expect("read"), old, "whoever is refused changes nothing");
    // One that is made anew is still its own.
    drop(journal);
    let (journal, _) = Journal::open(path.clone(), now()).await.expect("opened");
    Journal::open(path.clone(), now()).await.expect_err("another one has it");
    let waits = tokio::spawn(Journal::open(path, now()));
    sleep(PATIENCE / 2).await;
    drop(journal);
    waits.await.expect("no panic").expect("the other one has ended");
}
