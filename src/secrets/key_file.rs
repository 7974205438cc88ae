//! The file of the master key: read and written by the worker's user alone, and never half there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use super::{MasterKey, SecretsError};

/// Read and written by the worker's user alone.
const PRIVATE: u32 = 0o600;
const OF_OTHERS: u32 = 0o077;
const ROOT: u32 = 0;

/// For whoever finds the file.
const HEADING: &str = "\
# The master key of a SICANTIK Companion worker. Keep a copy apart from the worker's store and its backups:
# without it the secrets that were typed in Odoo have to be typed anew, and documents are lost.
";

/// The key that is to follow the present one, while it is being changed.
pub(super) fn next_of(file: &Path) -> PathBuf {
    beside(file, ".next")
}

/// The one before.
pub(super) fn old_of(file: &Path) -> PathBuf {
    beside(file, ".old")
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(file);
    path.push(suffix);
    path.into()
}

/// So long another change of the key is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

/// Whoever makes a key or changes it holds this until it is dropped: of two at once each would take the other's file
/// away.
pub(super) async fn lock(file: &Path) -> Result<File, SecretsError> {
    let path = beside(file, ".lock");
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(PRIVATE).open(&path);
    let opened = opened.and_then(|opened| own_as(file, &opened).map(|()| opened));
    let opened = opened.map_err(|error| SecretsError::unusable(&path, &error))?;
    let end = Instant::now() + PATIENCE;
    loop {
        match opened.try_lock() {
            Ok(()) => return Ok(opened),
            Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(PAUSE).await,
            Err(TryLockError::WouldBlock) => {
                return Err(SecretsError::unusable(file, &"another process is changing it; try again when that ended"));
            }
            Err(TryLockError::Error(error)) => return Err(SecretsError::unusable(&path, &error)),
        }
    }
}

/// What root makes belongs to whom the key belongs, or its folder: the service has to read it.
fn own_as(file: &Path, opened: &File) -> io::Result<()> {
    let owner = fs::metadata(file).or_else(|_| fs::metadata(folder_of(file)))?;
    let made = opened.metadata()?;
    if made.uid() == ROOT && owner.uid() != ROOT {
        fchown(opened, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

/// The key in the file; `None` where there is no file. Where it is this user's own, rights of others are taken away.
pub(super) fn read(file: &Path) -> Result<Option<MasterKey>, SecretsError> {
    let unusable = |reason: &dyn ToString| SecretsError::unusable(file, reason);
    let refused = |error: io::Error| {
        unusable(&format!("{error}; it must be the worker's own: chown it to the worker's user and chmod 600 it"))
    };
    let found = match fs::metadata(file) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(error)),
    };
    if found.mode() & OF_OTHERS != 0 {
        // Whoever reads another user's file, as root does, takes nothing from that user's group.
        let is_own = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == found.uid());
        if is_own {
            fs::set_permissions(file, Permissions::from_mode(found.mode() & PRIVATE)).map_err(refused)?;
        }
        tracing::warn!(file = %file.display(), narrowed = is_own, "others can read the master key");
    }
    let text = Zeroizing::new(fs::read_to_string(file).map_err(refused)?);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let key = line.and_then(MasterKey::parse);
    key.map(Some).ok_or_else(|| unusable(&"it holds no key; put the saved copy back"))
}

/// Writes a key where none is; it is on the disk when this returns. It belongs to whom the `present` key belongs. The
/// lock is held.
pub(super) fn write_new(file: &Path, key: &MasterKey, present: &Path) -> Result<(), SecretsError> {
    let unusable = |error: io::Error| SecretsError::unusable(file, &error);
    let mut text = Zeroizing::new(String::from(HEADING));
    text.push_str(&key.to_text());
    text.push('\n');
    let unfinished = beside(file, ".unfinished");
    let written = || {
        // A left over one may be the same file as a key that is in use by now.
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut opened = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(&unfinished)?;
        own_as(present, &opened)?;
        opened.write_all(text.as_bytes())?;
        opened.sync_all()?;
        // Refused where the file is there already.
        fs::hard_link(&unfinished, file)
    };
    let outcome = written().map_err(unusable);
    _ = fs::remove_file(&unfinished);
    outcome?;
    sync_folder(file)
}

/// The next key takes the place of the present one, which stays beside it as the old one. The lock is held.
pub(super) fn put_next_in_place(file: &Path) -> Result<(), SecretsError> {
    let unusable = |error: io::Error| SecretsError::unusable(file, &error);
    // Nothing is moved away for one that is not there.
    fs::metadata(next_of(file)).map_err(unusable)?;
    match fs::rename(file, old_of(file)) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(error)),
    }
    fs::rename(next_of(file), file).map_err(unusable)?;
    sync_folder(file)
}

/// Names in a folder are on the disk, too.
fn sync_folder(file: &Path) -> Result<(), SecretsError> {
    File::open(folder_of(file))
        .and_then(|folder| folder.sync_all())
        .map_err(|error| SecretsError::unusable(file, &error))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}
