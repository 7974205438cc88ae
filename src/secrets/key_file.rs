//! The file of the master key: read and written by the worker's user alone, and never half there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{MasterKey, SecretsError};

/// Read and written by the worker's user alone.
const PRIVATE: u32 = 0o600;
const OF_OTHERS: u32 = 0o077;

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

/// The key in the file; `None` where there is no file. Rights of others are taken away.
pub(super) fn read(file: &Path) -> Result<Option<MasterKey>, SecretsError> {
    let unusable = |reason: &dyn ToString| SecretsError::unusable(file, reason);
    let found = match fs::metadata(file) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(&error)),
    };
    if found.mode() & OF_OTHERS != 0 {
        let narrowed = Permissions::from_mode(found.mode() & PRIVATE);
        fs::set_permissions(file, narrowed).map_err(|error| {
            unusable(&format!("others can read it, and that cannot be changed ({error}); chmod 600 it"))
        })?;
        tracing::warn!(file = %file.display(), "others could read the master key; now only the worker's user can");
    }
    let text = Zeroizing::new(fs::read_to_string(file).map_err(|error| unusable(&error))?);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let key = line.and_then(MasterKey::parse);
    key.map(Some).ok_or_else(|| unusable(&"it holds no key; put the saved copy back"))
}

/// Writes a key where none is; it is on the disk when this returns.
pub(super) fn write_new(file: &Path, key: &MasterKey) -> Result<(), SecretsError> {
    let unusable = |error: std::io::Error| SecretsError::unusable(file, &error);
    let mut text = Zeroizing::new(String::from(HEADING));
    text.push_str(&key.to_text());
    text.push('\n');
    let unfinished = beside(file, ".unfinished");
    let written = || {
        let mut opened = OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE).open(&unfinished)?;
        // Where an administrator changes the key as root, the service has to read it.
        let folder = fs::metadata(folder_of(file))?;
        if opened.metadata()?.uid() != folder.uid() {
            fchown(&opened, Some(folder.uid()), Some(folder.gid()))?;
        }
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

/// The next key takes the place of the present one, which stays beside it as the old one.
pub(super) fn put_next_in_place(file: &Path) -> Result<(), SecretsError> {
    let unusable = |error: std::io::Error| SecretsError::unusable(file, &error);
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
