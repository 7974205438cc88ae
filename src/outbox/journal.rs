//! Which messages were handed to a provider: a file beside the store, so that an earlier state of the store that somebody
//! brings back tells nobody twice.
//!
//! A line is on the disk before its message leaves. It holds the moment, a letter and the hash of the message, nothing of
//! the person.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Instant, sleep};

/// What is older is forgotten: nobody brings back so old a state.
const KEEP: TimeDelta = TimeDelta::days(100);

/// It was about to leave.
const BEGUN: char = 'B';

/// The provider certainly did not take it.
const NOT_TAKEN: char = 'N';

/// So long a worker that just ends is waited for. A child that it forked holds the lock, too, until its exec.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// A message that may have gone out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// The hash of the message.
    pub key: String,
    /// When it was about to leave, in Unix milliseconds.
    pub at: i64,
}

/// The file, open for the whole life of the process, and in that time its own.
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
    /// What may have gone out last.
    last: Option<Sent>,
    /// Keeps other workers off, until it is dropped or the process ends.
    _lock: File,
}

impl Journal {
    /// Opens the file, or makes it; gives the messages that may have gone out. Refused while another worker has it: each
    /// would send what the other one has sent, and one that makes the file anew would lose what the other one writes.
    pub async fn open(path: PathBuf, now: DateTime<Utc>) -> io::Result<(Self, Vec<Sent>)> {
        let lock = lock(&path).await?;
        let known = read(&path)?;
        let since = (now - KEEP).timestamp_millis();
        let kept = known.iter().filter(|(_, (at, _))| *at >= since);
        if known.values().any(|(at, _)| *at < since) {
            rewrite(&path, kept.clone())?;
        }
        let begun: Vec<Sent> = kept.filter_map(sent).collect();
        let mut file = options().append(true).create(true).open(&path)?;
        // A line that a power cut left half written ends here.
        file.write_all(b"\n")?;
        file.sync_all()?;
        sync_folder(&path)?;
        let known = begun.iter().map(|sent| short(&sent.key)).collect();
        let last = begun.iter().max_by_key(|sent| sent.at).cloned();
        let book = Book { file, begun: known, owed: String::new(), last, _lock: lock };
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
            begun?;
            book.last = Some(Sent { key, at: now.timestamp_millis() });
            Ok(true)
        });
        written.await.map_err(io::Error::other)?
    }

    /// It certainly was not taken, and may be tried again.
    pub async fn was_not_taken(&self, key: &str, now: DateTime<Utc>) -> io::Result<()> {
        let (book, key) = (Arc::clone(&self.book), key.to_owned());
        let written = tokio::task::spawn_blocking(move || {
            let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
            book.begun.remove(&short(&key));
            book.last.take_if(|last| last.key == key);
            let line = line(&key, now.timestamp_millis(), NOT_TAKEN);
            book.write(&line).inspect_err(|_| book.owed.push_str(&line))
        });
        written.await.map_err(io::Error::other)?
    }

    /// What may have gone out last, if anything did since the one before was not taken.
    #[must_use]
    pub fn last(&self) -> Option<Sent> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).last.clone()
    }

    /// Whether this message may have gone out.
    #[must_use]
    pub fn may_have_left(&self, key: &str) -> bool {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).begun.contains(&short(key))
    }

    /// Everything that may have gone out.
    pub async fn begun(&self) -> io::Result<Vec<Sent>> {
        let path = Arc::clone(&self.path);
        let read = tokio::task::spawn_blocking(move || Ok(read(&path)?.iter().filter_map(sent).collect()));
        read.await.map_err(io::Error::other)?
    }

    /// What may have gone out last, as a file says that may be another worker's; it stays as it is.
    pub fn look(path: &Path) -> io::Result<Option<Sent>> {
        Ok(read(path)?.iter().filter_map(sent).max_by_key(|sent| sent.at))
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

fn sent((key, (at, mark)): (&String, &(i64, char))) -> Option<Sent> {
    (*mark == BEGUN).then(|| Sent { key: key.clone(), at: *at })
}

/// A file of its own is locked, because the journal's is exchanged when it is made anew.
async fn lock(path: &Path) -> io::Result<File> {
    let lock = options().write(true).create(true).open(with_suffix(path, ".lock"))?;
    let end = Instant::now() + PATIENCE;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(PAUSE).await,
            Err(TryLockError::WouldBlock) => {
                let remedy =
                    "another worker writes it: stop that one, or set whatsapp.journal_file to a file of this one's own";
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, remedy));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(path);
    path.push(suffix);
    path.into()
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
    let next = with_suffix(path, ".next");
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
#[path = "journal_tests.rs"]
mod tests;
