//! Which messages were handed to a provider: a file beside the store, so that an earlier state of the store that somebody
//! brings back tells nobody twice.
//!
//! A line is on the disk before its message leaves. It holds the moment, a letter and the hash of the message, nothing of
//! the person.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// What is older is forgotten: nobody brings back so old a state.
const KEEP: TimeDelta = TimeDelta::days(100);

/// It was about to leave.
const BEGUN: char = 'B';

/// The provider certainly did not take it.
const NOT_TAKEN: char = 'N';

/// The file, open for the whole life of the process.
#[derive(Debug, Clone)]
pub struct Journal {
    book: Arc<Mutex<Book>>,
    path: Arc<Path>,
}

/// What stands in it, and what is to stand in it.
#[derive(Debug)]
struct Book {
    file: File,
    /// The messages that may have gone out: a database that lost its last moments may give one again.
    begun: HashSet<u128>,
    /// Lines that could not be written, to go before the next one.
    owed: String,
}

impl Journal {
    /// Opens the file, or makes it; gives the hashes of the messages that may have gone out.
    pub fn open(path: PathBuf, now: DateTime<Utc>) -> io::Result<(Self, Vec<String>)> {
        let known = read(&path)?;
        let since = (now - KEEP).timestamp_millis();
        let kept = known.iter().filter(|(_, (at, _))| *at >= since);
        if known.values().any(|(at, _)| *at < since) {
            rewrite(&path, kept.clone())?;
        }
        let begun: Vec<String> = kept.filter(|(_, (_, mark))| *mark == BEGUN).map(|(key, _)| key.clone()).collect();
        let mut file = options().append(true).create(true).open(&path)?;
        // A line that a power cut left half written ends here.
        file.write_all(b"\n")?;
        file.sync_all()?;
        sync_folder(&path)?;
        let known = begun.iter().map(|key| short(key)).collect();
        let book = Book { file, begun: known, owed: String::new() };
        Ok((Self { book: Arc::new(Mutex::new(book)), path: path.into() }, begun))
    }

    /// The message of this hash leaves now; it is on the disk when this returns. False when it may have left before: then
    /// it must not leave again.
    pub async fn begins(&self, key: &str, now: DateTime<Utc>) -> io::Result<bool> {
        let (book, key) = (Arc::clone(&self.book), key.to_owned());
        let written = tokio::task::spawn_blocking(move || {
            let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
            if !book.begun.insert(short(&key)) {
                return Ok(false);
            }
            let begun = book.write(&line(&key, now.timestamp_millis(), BEGUN));
            if begun.is_err() {
                // It does not leave, so that it may leave later, whatever of the line is on the disk.
                book.begun.remove(&short(&key));
                book.owed.push_str(&line(&key, now.timestamp_millis(), NOT_TAKEN));
            }
            begun.map(|()| true)
        });
        written.await.map_err(io::Error::other)?
    }

    /// It certainly was not taken, and may be tried again.
    pub async fn was_not_taken(&self, key: &str, now: DateTime<Utc>) -> io::Result<()> {
        let (book, key) = (Arc::clone(&self.book), key.to_owned());
        let written = tokio::task::spawn_blocking(move || {
            let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
            book.begun.remove(&short(&key));
            let line = line(&key, now.timestamp_millis(), NOT_TAKEN);
            book.write(&line).inspect_err(|_| book.owed.push_str(&line))
        });
        written.await.map_err(io::Error::other)?
    }

    /// Where it is, for people.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Book {
    /// Onto the disk. What was owed goes before; a line that was cut off then ends.
    fn write(&mut self, line: &str) -> io::Result<()> {
        let text = if self.owed.is_empty() { line.to_owned() } else { format!("\n{}{line}", self.owed) };
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.owed.clear(),
            // At least an end of the line is owed.
            Err(_) => self.owed.insert(0, '\n'),
        }
        written
    }
}

/// Enough of a hash to know it again.
fn short(key: &str) -> u128 {
    u128::from_str_radix(key.get(..32).unwrap_or(key), 16).unwrap_or_default()
}

fn line(key: &str, at: i64, mark: char) -> String {
    format!("{at} {mark} {key}\n")
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// The last mark of each hash. A line that is none is passed over.
fn read(path: &Path) -> io::Result<HashMap<String, (i64, char)>> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let mut known = HashMap::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        let (at, mark, key) = (words.next().and_then(|at| at.parse().ok()), words.next(), words.next());
        if let (Some(at), Some(mark @ ("B" | "N")), Some(key), None) = (at, mark, key, words.next()) {
            known.insert(key.to_owned(), (at, if mark == "B" { BEGUN } else { NOT_TAKEN }));
        }
    }
    Ok(known)
}

/// A whole new file takes the place of the old one.
fn rewrite<'a>(path: &Path, kept: impl Iterator<Item = (&'a String, &'a (i64, char))>) -> io::Result<()> {
    let next = path.with_extension("next");
    let mut file = options().write(true).create(true).truncate(true).open(&next)?;
    let text: String = kept.map(|(key, (at, mark))| line(key, *at, *mark)).collect();
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&next, path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).expect("a time")
    }

    fn begun(path: &Path, at: DateTime<Utc>) -> Vec<String> {
        let mut begun = Journal::open(path.to_owned(), at).expect("opened").1;
        begun.sort();
        begun
    }

    #[tokio::test]
    async fn what_left_is_known_again_and_what_was_not_taken_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sent.journal");
        let (journal, known) = Journal::open(path.clone(), now()).expect("made");
        assert!(known.is_empty());
        for key in ["aa", "bb", "cc"] {
            assert!(journal.begins(key, now()).await.expect("written"));
            assert!(!journal.begins(key, now()).await.expect("known"), "twice");
        }
        journal.was_not_taken("bb", now()).await.expect("written");
        journal.was_not_taken("cc", now()).await.expect("written");
        journal.begins("cc", now()).await.expect("written");
        assert_eq!(begun(&path, now()), ["aa", "cc"]);
    }

    #[tokio::test]
    async fn a_line_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sent.journal");
        let (journal, _) = Journal::open(path.clone(), now()).expect("made");
        let full = options().append(true).open("/dev/full").expect("a full disk");
        let good = std::mem::replace(&mut journal.book.lock().expect("nobody else").file, full);
        for _ in 0..2 {
            journal.begins("aa", now()).await.expect_err("no room");
        }
        // There is room again: what could not be written is written, and the message may leave.
        journal.book.lock().expect("nobody else").file = good;
        assert!(journal.begins("bb", now()).await.expect("written"));
        assert_eq!(begun(&path, now()), ["bb"]);
        assert!(journal.begins("aa", now()).await.expect("written"));
        assert_eq!(begun(&path, now()), ["aa", "bb"]);
        let nowhere = Path::new("/of/no/such/folder/sent.journal");
        Journal::open(nowhere.to_owned(), now()).expect_err("no folder");
    }

    #[test]
    fn a_line_that_was_cut_off_costs_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sent.journal");
        fs::write(&path, "1780000000000 B aa\n1780000000000 B bb\n17800000").expect("written");
        assert_eq!(begun(&path, now()), ["aa", "bb"]);
        fs::write(&path, b"1780000000000 B aa\n\xff\xfe B\nx B y\n1 2 3 4\n1780000000000 X bb\n").expect("written");
        assert_eq!(begun(&path, now()), ["aa"]);
    }

    #[test]
    fn what_is_very_old_is_forgotten_and_the_rest_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sent.journal");
        let (old, new) = (now() - KEEP - TimeDelta::days(1), now());
        let text = line("old", old.timestamp_millis(), BEGUN) + &line("new", new.timestamp_millis(), BEGUN);
        fs::write(&path, text).expect("written");
        assert_eq!(begun(&path, now()), ["new"]);
        assert!(!fs::read_to_string(&path).expect("read").contains("old"));
        assert_eq!(begun(&path, now()), ["new"]);
    }
}
