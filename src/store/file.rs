//! The SQLite file as a file: nobody but the worker's user reads it, and one service at a time uses it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::config::StoreAddress;

use super::StoreError;

/// Read and written by the worker's user alone.
const PRIVATE: u32 = 0o600;
const OF_OTHERS: u32 = 0o077;

/// What SQLite keeps beside the file. It makes them with the rights of the file.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The file that was opened, however it is called by now.
#[derive(Debug, Clone)]
pub(super) struct OpenedFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl OpenedFile {
    pub(super) fn of(path: &Path) -> Option<Self> {
        Some(Self { path: path.to_owned(), identity: identity(path)? })
    }

    /// False when the file was removed, or another one (a backup) was put in its place: what is written from then on
    /// is lost at the next start.
    pub(super) fn is_in_its_place(&self) -> bool {
        identity(&self.path) == Some(self.identity)
    }
}

/// Device and number of a file.
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Makes the file, still empty, with private rights; takes the rights of others away where it was there before.
///
/// An existing file is never opened here: closing it would drop the locks that this process holds by SQLite.
pub(super) fn make_private(address: &StoreAddress, file: &Path) -> Result<(), StoreError> {
    if !file.parent().is_some_and(Path::is_dir) {
        let remedy = "its folder does not exist: make it and let the worker's user write there";
        return Err(StoreError::Setting(address.refused(remedy)));
    }
    match OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(file) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(explain(address, &error)),
    }
    let companions = COMPANIONS.iter().map(|suffix| with_suffix(file, suffix));
    let mut was_open_to_others = narrow(file).map_err(|error| explain(address, &error))?;
    for companion in companions {
        match narrow(&companion) {
            Ok(narrowed) => was_open_to_others |= narrowed,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(explain(address, &error)),
        }
    }
    if was_open_to_others {
        tracing::warn!(store = %address, "others could read the store's file; now only the worker's user can");
    }
    Ok(())
}

/// Whether others had rights that they have no more. A folder is left for SQLite to refuse.
fn narrow(file: &Path) -> io::Result<bool> {
    let found = fs::metadata(file)?;
    if !found.is_file() || found.mode() & OF_OTHERS == 0 {
        return Ok(false);
    }
    fs::set_permissions(file, Permissions::from_mode(found.mode() & PRIVATE))?;
    Ok(true)
}

/// So long the lock of a service that just ends is waited for. A child that it forked holds it, too, until its exec.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// Keeps a second service off the file, until it is dropped or the process ends. SQLite's own locks would let both
/// work side by side, each with its own idea of what was taken up.
pub(super) async fn lock(address: &StoreAddress, file: &Path) -> Result<File, StoreError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match try_lock(address, file) {
            Err(StoreError::InUse(_)) if Instant::now() < end => sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
}

fn try_lock(address: &StoreAddress, file: &Path) -> Result<File, StoreError> {
    // One lock for one file, whatever links lead to it.
    let file = file.canonicalize().map_err(|error| explain(address, &error))?;
    let path = with_suffix(&file, ".lock");
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(PRIVATE).open(path);
    let lock = opened.map_err(|error| explain(address, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(address.to_string())),
        Err(TryLockError::Error(error)) => {
            let remedy = format!("the file cannot be locked ({error}); it must lie on a local disk");
            Err(StoreError::Setting(address.refused(&remedy)))
        }
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(file);
    path.push(suffix);
    path.into()
}

fn explain(address: &StoreAddress, error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Unavailable(format!("{address}: {error}")),
        _ => StoreError::unusable(address, &error.to_string()),
    }
}
