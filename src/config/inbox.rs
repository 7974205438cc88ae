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
    /// `own` = further files of the worker.
    pub(super) fn check(&self, files: &FilesConfig, store: &StoreAddress, own: &[PathBuf]) -> Result<(), ConfigError> {
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
        if let Some(InboxPlace::Folder(folder)) = self.place(files, store)? {
            let database = if let StoreAddress::Sqlite(file) = store { Some(file) } else { None };
            // A name of the working directory that cannot be told lies nowhere.
            let lies_there = |file: &PathBuf| std::path::absolute(file).is_ok_and(|file| file.starts_with(&folder));
            if own.iter().chain(database).any(lies_there) {
                let remedy = "the worker's own files lie there (its database, master key or journal), and whatever lies \
                              in the inbox is taken; give a folder that people put PDFs into, and nothing else";
                return Err(self.bad_folder(remedy));
            }
        }
        Ok(())
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
        if !self.folder.is_absolute() {
            return Err(self.bad_folder("give the whole path"));
        }
        let lies_in = |one: &Path, other: &Path| one.starts_with(other);
        match documents {
            FilesPlace::Folder(documents) if lies_in(documents, &self.folder) || lies_in(&self.folder, documents) => {
                Err(self.bad_folder("give a folder apart from files.folder, where documents are kept"))
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

    fn bad_folder(&self, remedy: &str) -> ConfigError {
        ConfigError::Bad { key: "inbox.folder", value: self.folder.display().to_string(), remedy: remedy.to_owned() }
    }

    fn bad_prefix(&self, remedy: &str) -> ConfigError {
        ConfigError::Bad { key: "inbox.s3_prefix", value: self.s3_prefix.clone(), remedy: remedy.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use config::Environment;

    use super::super::Config;

    #[test]
    fn the_workers_own_files_do_not_lie_in_the_inbox() {
        let try_one = |folder: &str, variable: &str, value: &str| {
            let variables = [
                ("SICANTIK__STORE__URL", "sqlite:/var/lib/sicantik/sicantik.db"),
                ("SICANTIK__FILES__FOLDER", "/srv/dokumen"),
                ("SICANTIK__INBOX__FOLDER", folder),
                (variable, value),
            ];
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let environment = Environment::with_prefix("SICANTIK").source(Some(variables.into()));
            Config::from_sources(None, environment).map(drop).map_err(|error| error.to_string())
        };
        let nothing = ("SICANTIK__WORKER__NAME", "x");
        for (folder, (variable, value)) in [
            ("/var/lib/sicantik", nothing),
            ("/var/lib", nothing),
            ("/srv/masuk", ("SICANTIK__STORE__URL", "sqlite:/srv/masuk/sicantik.db")),
            ("/srv/masuk", ("SICANTIK__SECRETS__MASTER_KEY_FILE", "/srv/masuk/master.key")),
            ("/srv/masuk", ("SICANTIK__WHATSAPP__JOURNAL_FILE", "/srv/masuk/kirim/sent.journal")),
        ] {
            let error = try_one(folder, variable, value).expect_err("refused");
            assert!(error.contains("inbox.folder") && error.contains(folder), "{error}");
        }
        for folder in ["/srv/masuk", "/var/lib/sicantik/masuk", "/var/lib/sicantik2"] {
            try_one(folder, nothing.0, nothing.1).expect("taken");
        }
    }
}
