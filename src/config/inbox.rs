//! `[inbox]`: where the office puts PDFs that are to find their permits.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{ConfigError, FilesConfig, FilesPlace, S3Place, StoreAddress};

/// Variables `SICANTIK__INBOX__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxConfig {
    /// `FOLDER`: its whole path; empty = none.
    folder: PathBuf,
    /// `S3_PREFIX`: a folder in the bucket of `files.s3_bucket` instead; empty = none.
    s3_prefix: String,
    /// `STILL_SECONDS`: a file is taken when it has not changed for so long.
    still_seconds: u64,
    /// `KEEP_DAYS`: what was taken lies there so long.
    pub keep_days: u16,
}

/// Where the office puts PDFs.
#[derive(Debug, Clone)]
pub enum InboxPlace {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A folder in the bucket of the documents.
    S3(S3Place),
}

/// Days: ten years are for ever.
const KEEP_DAYS: RangeInclusive<u16> = 1..=3650;

/// Seconds.
const STILL: RangeInclusive<u64> = 1..=3600;

impl InboxConfig {
    pub(super) fn check(&self, files: &FilesConfig, store: &StoreAddress) -> Result<(), ConfigError> {
        if !KEEP_DAYS.contains(&self.keep_days) {
            return Err(ConfigError::Bad {
                key: "inbox.keep_days",
                value: self.keep_days.to_string(),
                remedy: format!("give {} to {} days", KEEP_DAYS.start(), KEEP_DAYS.end()),
            });
        }
        if !STILL.contains(&self.still_seconds) {
            return Err(ConfigError::Bad {
                key: "inbox.still_seconds",
                value: self.still_seconds.to_string(),
                remedy: format!("give {} to {} seconds", STILL.start(), STILL.end()),
            });
        }
        self.place(files, store).map(drop)
    }

    /// How long a file is not to change before it is taken.
    #[must_use]
    pub fn still(&self) -> Duration {
        Duration::from_secs(self.still_seconds)
    }

    /// Where PDFs are looked for; `None` = nowhere.
    pub fn place(&self, files: &FilesConfig, store: &StoreAddress) -> Result<Option<InboxPlace>, ConfigError> {
        let (has_folder, has_prefix) = (!self.folder.as_os_str().is_empty(), !self.s3_prefix.is_empty());
        match (has_folder, has_prefix) {
            (false, false) => Ok(None),
            (true, false) => self.folder(&files.place(store)?).map(Some),
            (false, true) => self.s3(files.place(store)?).map(Some),
            (true, true) => Err(self.bad_prefix("give this or inbox.folder, not both")),
        }
    }

    /// What is put into the inbox is nobody's document yet, and documents are not to be taken in again.
    fn folder(&self, documents: &FilesPlace) -> Result<InboxPlace, ConfigError> {
        let bad = |remedy: &str| ConfigError::Bad {
            key: "inbox.folder",
            value: self.folder.display().to_string(),
            remedy: remedy.to_owned(),
        };
        if !self.folder.is_absolute() {
            return Err(bad("give the whole path"));
        }
        let lies_in = |one: &Path, other: &Path| one.starts_with(other);
        match documents {
            FilesPlace::Folder(documents) if lies_in(documents, &self.folder) || lies_in(&self.folder, documents) => {
                Err(bad("give a folder apart from files.folder, where documents are kept"))
            }
            _ => Ok(InboxPlace::Folder(self.folder.clone())),
        }
    }

    fn s3(&self, documents: FilesPlace) -> Result<InboxPlace, ConfigError> {
        let FilesPlace::S3(bucket) = documents else {
            return Err(self.bad_prefix("set files.s3_bucket, or give a folder of this machine in inbox.folder"));
        };
        let parts = |prefix: &str| -> Vec<String> {
            prefix.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let (own, theirs) = (parts(&self.s3_prefix), parts(&bucket.prefix));
        if own.starts_with(&theirs) || theirs.starts_with(&own) {
            return Err(
                self.bad_prefix("give documents a prefix of their own in files.s3_prefix, and the inbox another")
            );
        }
        Ok(InboxPlace::S3(S3Place { prefix: own.join("/"), ..bucket }))
    }

    fn bad_prefix(&self, remedy: &str) -> ConfigError {
        ConfigError::Bad { key: "inbox.s3_prefix", value: self.s3_prefix.clone(), remedy: remedy.to_owned() }
    }
}
