//! `[files]`: where documents are kept.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, StoreAddress, address, secret};

/// Variables `SICANTIK__FILES__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    /// `FOLDER`: empty = `files` beside the store's file, or in the working directory where the store is no file.
    folder: PathBuf,
    /// `LARGEST_MIB`: one document.
    pub largest_mib: u64,
    /// `S3_BUCKET`: documents lie in this bucket; empty = in the folder.
    s3_bucket: String,
    /// `S3_ENDPOINT`: address of the server; empty = Amazon's of the region.
    s3_endpoint: String,
    /// `S3_REGION`.
    s3_region: String,
    /// `S3_PREFIX`: a folder in the bucket; empty = the whole bucket.
    s3_prefix: String,
    /// `S3_CA_FILE`: further authorities (PEM).
    s3_ca_file: PathBuf,
    /// `S3_ACCESS_KEY`.
    s3_access_key: String,
    /// `S3_SECRET_KEY`, secret.
    s3_secret_key: SecretString,
    /// `S3_SECRET_KEY_FILE`.
    s3_secret_key_file: PathBuf,
}

/// Where documents are kept.
#[derive(Debug, Clone)]
pub enum FilesPlace {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of any S3.
    S3(S3Place),
}

/// A bucket of any S3, and who asks there.
#[derive(Debug, Clone)]
pub struct S3Place {
    pub bucket: String,
    /// `None` = Amazon's of the region.
    pub endpoint: Option<Url>,
    pub region: String,
    /// A folder in it; empty = none.
    pub prefix: String,
    /// Further authorities (PEM).
    pub ca_file: Option<PathBuf>,
    pub access_key: String,
    pub secret_key: SecretString,
}

/// Its name, unless the setting gives another one.
const DEFAULT_NAME: &str = "files";

/// MiB that one document may have at most.
const LARGEST: std::ops::RangeInclusive<u64> = 1..=200;

impl FilesConfig {
    pub(super) fn check(&self, store: &StoreAddress) -> Result<(), ConfigError> {
        if !LARGEST.contains(&self.largest_mib) {
            return Err(ConfigError::Bad {
                key: "files.largest_mib",
                value: self.largest_mib.to_string(),
                remedy: format!("give {} to {} MiB", LARGEST.start(), LARGEST.end()),
            });
        }
        self.place(store).map(drop)
    }

    /// Where documents are kept.
    pub fn place(&self, store: &StoreAddress) -> Result<FilesPlace, ConfigError> {
        if self.s3_bucket.is_empty() {
            let folder = store.file_beside(&self.folder, DEFAULT_NAME);
            let bad = |error: std::io::Error| ConfigError::Bad {
                key: "files.folder",
                value: folder.display().to_string(),
                remedy: format!("give the whole path ({error})"),
            };
            return std::path::absolute(&folder).map(FilesPlace::Folder).map_err(bad);
        }
        let missing = |key, remedy: &str| ConfigError::Missing { key, remedy: remedy.to_owned() };
        let secret_key = secret::resolve("files.s3_secret_key_file", &self.s3_secret_key, &self.s3_secret_key_file)?;
        let remedy = "documents lie in the bucket of files.s3_bucket; give the key that may read and write there";
        if self.s3_access_key.is_empty() {
            return Err(missing("files.s3_access_key", remedy));
        }
        Ok(FilesPlace::S3(S3Place {
            bucket: self.s3_bucket.clone(),
            endpoint: self.endpoint()?,
            region: self.s3_region.clone(),
            prefix: self.s3_prefix.clone(),
            ca_file: Some(self.s3_ca_file.clone()).filter(|file| !file.as_os_str().is_empty()),
            access_key: self.s3_access_key.clone(),
            secret_key: secret_key.ok_or_else(|| missing("files.s3_secret_key", remedy))?,
        }))
    }

    /// Plain http is for a machine of one's own alone: what is sent is sealed, but a signature of S3 could be used again.
    fn endpoint(&self) -> Result<Option<Url>, ConfigError> {
        const KEY: &str = "files.s3_endpoint";
        if self.s3_endpoint.is_empty() {
            return Ok(None);
        }
        let example = "give the address of https of the S3 server, such as https://s3.example.go.id:9000";
        let secrets = "give the address without a user or password";
        address::parse_encrypted(KEY, &self.s3_endpoint, example, secrets, example).map(Some)
    }
}
