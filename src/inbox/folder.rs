//! An inbox in a folder of this machine. Only what lies in the folder itself is taken, and only whole files of it: no
//! folders, no links, nothing that a program hides while it writes.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use chrono::NaiveDate;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::read::pieces_of;
use super::{InboxError, Lying, Name, folder_of, is_before, name_in_turn, reason_of};
use crate::odoo::ArrivalOutcome;

/// Longer, and the disk hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Endings that browsers and other programs give what they have not written to its end.
const UNFINISHED: [&str; 6] = ["part", "partial", "tmp", "temp", "crdownload", "download"];

/// What the inbox's group may do with the folders and the sentences that are made here, at most: what the inbox allows.
const FOLDERS: u32 = 0o2770;
const SENTENCES: u32 = 0o660;

/// Files of one name in one day.
const MOST_TURNS: u32 = 10_000;

#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(super) async fn list(&self) -> Result<Vec<Lying>, InboxError> {
        self.on_disk(list).await
    }

    pub(super) async fn read(&self, lying: &Lying) -> Result<Option<Vec<Bytes>>, InboxError> {
        let lying = lying.clone();
        self.on_disk(move |folder| read(folder, &lying)).await
    }

    pub(super) async fn put_away(
        &self,
        lying: &Lying,
        (outcome, day): (ArrivalOutcome, NaiveDate),
        sentence: String,
    ) -> Result<(), InboxError> {
        let lying = lying.clone();
        self.on_disk(move |folder| put_away(folder, &lying, &folder_of(outcome, day), &sentence)).await
    }

    pub(super) async fn forget(&self, before: NaiveDate) -> Result<(), InboxError> {
        self.on_disk(move |folder| forget(folder, before)).await
    }

    pub(super) async fn try_out(&self) -> Result<(), InboxError> {
        self.on_disk(|folder| {
            list(folder)?;
            // Nothing is made that stays: it would be of whoever asks, not of the worker's user.
            let of_outcomes = folder.join(ArrivalOutcome::Imported.word());
            let is_there = look(&of_outcomes)?.is_some();
            for folder in [Some(folder), is_there.then_some(&of_outcomes)].into_iter().flatten() {
                let tried = folder.join(format!(".try-out.{}", uuid::Uuid::new_v4().simple()));
                File::create_new(&tried)?;
                fs::remove_file(tried)?;
            }
            Ok(())
        })
        .await
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, InboxError> {
        let folder = self.0.clone();
        let done = match timeout(PATIENCE, spawn_blocking(move || work(&folder))).await {
            Ok(Ok(done)) => done.map_err(|error| error.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("its disk does not answer".to_owned()),
        };
        done.map_err(|reason| InboxError::Away {
            place: format!("the inbox {}", self.0.display()),
            reason: format!(
                "{reason}; it must be there, and the worker's user must be able to read and move what lies there"
            ),
        })
    }
}

fn list(folder: &Path) -> io::Result<Vec<Lying>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = Name(entry.file_name().into());
        if is_unfinished(&name) {
            continue;
        }
        match entry.metadata() {
            Ok(facts) if facts.is_file() => found.push(Lying { name, size: facts.size(), stamp: stamp(&facts) }),
            Ok(_) => {}
            // Somebody has taken it away meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn is_unfinished(name: &Name) -> bool {
    let shown = name.shown().to_lowercase();
    let ending = shown.rsplit_once('.').map_or("", |(_, ending)| ending);
    shown.starts_with(['.', '~']) || UNFINISHED.contains(&ending)
}

/// Another one when the file is another, or was written to.
fn stamp(facts: &Metadata) -> String {
    format!("{}.{}/{}", facts.mtime(), facts.mtime_nsec(), facts.ino())
}

fn is_same(facts: &Metadata, lying: &Lying) -> bool {
    facts.is_file() && facts.size() == lying.size && stamp(facts) == lying.stamp
}

/// What is there under this name; `None` = nothing.
fn look(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(facts) => Ok(Some(facts)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read(folder: &Path, lying: &Lying) -> io::Result<Option<Vec<Bytes>>> {
    let path = folder.join(&lying.name.0);
    // Before it is opened: opening a pipe would wait.
    if !look(&path)?.is_some_and(|facts| is_same(&facts, lying)) {
        return Ok(None);
    }
    let file = File::open(&path)?;
    if !is_same(&file.metadata()?, lying) {
        return Ok(None);
    }
    let pieces = pieces_of((&file).take(lying.size))?;
    let size: usize = pieces.iter().map(Bytes::len).sum();
    Ok((size as u64 == lying.size && is_same(&file.metadata()?, lying)).then_some(pieces))
}

/// The sentence goes first: a file has one, whenever somebody looks.
fn put_away(folder: &Path, lying: &Lying, into: &str, sentence: &str) -> io::Result<()> {
    let from = folder.join(&lying.name.0);
    if !look(&from)?.is_some_and(|facts| is_same(&facts, lying)) {
        return Ok(());
    }
    let (inbox, into) = (fs::metadata(folder)?, make(folder, into)?);
    let name = lying.name.shown();
    for name in (1..MOST_TURNS).map(|turn| name_in_turn(&name, turn)) {
        let (reason, file) = (into.join(reason_of(&name)), into.join(name));
        if file.exists() || !say(&reason, sentence, &inbox)? {
            continue;
        }
        return match fs::rename(&from, &file) {
            // Another worker was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if !file.exists() {
                    let _ = fs::remove_file(reason);
                }
                Ok(())
            }
            moved => moved,
        };
    }
    Err(io::Error::other("a day's folder has too many files of one name"))
}

/// The folder of an outcome and a day.
fn make(inbox: &Path, into: &str) -> io::Result<PathBuf> {
    let facts = fs::metadata(inbox)?;
    let mut folder = inbox.to_owned();
    for part in Path::new(into) {
        folder.push(part);
        match fs::create_dir(&folder) {
            Ok(()) => share(&folder, &facts, FOLDERS),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Ok(folder)
}

/// Writes a sentence; not over a file of the office that is called like it.
fn say(reason: &Path, sentence: &str, inbox: &Metadata) -> io::Result<bool> {
    match File::create_new(reason) {
        Ok(mut made) => {
            share(reason, inbox, SENTENCES);
            made.write_all(sentence.as_bytes())?;
        }
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) if is_left_over(reason, sentence) => fs::write(reason, sentence)?,
        Err(_) => return Ok(false),
    }
    Ok(true)
}

/// Whether a worker that was killed has begun this sentence here. A file of the office has a sentence of its own beside it.
fn is_left_over(reason: &Path, sentence: &str) -> bool {
    let is_short = fs::symlink_metadata(reason).is_ok_and(|it| it.is_file() && it.size() <= sentence.len() as u64);
    let of_its_own = reason.with_added_extension("txt");
    is_short && !of_its_own.exists() && fs::read(reason).is_ok_and(|begun| sentence.as_bytes().starts_with(&begun))
}

/// Lets the inbox's group at what was made here, whatever the process's umask is. A share may know of no rights, and a
/// service may be forbidden to hand a group on: both are no reason to take nothing.
fn share(made: &Path, inbox: &Metadata, most: u32) {
    let is_of_group = fs::metadata(made).is_ok_and(|made| made.gid() == inbox.gid());
    if is_of_group || chown(made, None, Some(inbox.gid())).is_ok() {
        let rights = |most: u32| fs::set_permissions(made, fs::Permissions::from_mode(inbox.mode() & most));
        let _ = rights(most).or_else(|_| rights(most & 0o770));
    }
}

/// The folders of days before that one, and nothing else.
fn forget(folder: &Path, before: NaiveDate) -> io::Result<()> {
    for outcome in ArrivalOutcome::ALL {
        let days = match fs::read_dir(folder.join(outcome.word())) {
            Ok(days) => days,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for day in days {
            let day = day?;
            if day.file_type()?.is_dir() && day.file_name().to_str().is_some_and(|name| is_before(name, before)) {
                fs::remove_dir_all(day.path())?;
            }
        }
    }
    Ok(())
}
