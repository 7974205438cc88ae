//! The place of files: a folder, or a bucket of any S3. What lies there is sealed, never changed, and named by its hash.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    BackoffConfig, Certificate, ClientOptions, GetOptions, ObjectStore, PutMode, PutOptions, PutPayload, RetryConfig,
};
use secrecy::ExposeSecret;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::config::{FilesPlace, S3Place};

/// S3 says nothing for so long: it is away. How long the whole takes is the matter of who reads.
const SILENCE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);

/// A call of S3 is tried again for so long.
const RETRIES: usize = 4;
const RETRY_TIME: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A look at a folder; more, and its disk hangs.
const LOOK: Duration = Duration::from_secs(10);

/// Read and written by the worker's user alone.
const PRIVATE: u32 = 0o700;

/// Says that a folder is a place of files: one that was not mounted has no such file.
pub(super) const MARK: &str = "sicantik-files";
const MARK_TEXT: &str =
    "Documents of a SICANTIK Companion worker, sealed to its master key. Nothing here is to be changed by hand.\n";

/// Where sealed bytes lie.
#[derive(Clone)]
pub struct Place {
    pub(super) objects: Arc<dyn ObjectStore>,
    /// `None` = a bucket.
    folder: Option<PathBuf>,
    /// For people.
    name: String,
}

/// Something that lies there.
#[derive(Debug, Clone)]
pub(super) struct Lying {
    pub(super) key: String,
    /// When it was put, by the place's clock.
    pub(super) since: DateTime<Utc>,
}

/// What is wrong with the place of files, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PlaceError {
    /// Nothing lies there under that name.
    #[error("nothing lies there under that name")]
    Missing,
    /// It cannot be used now.
    #[error("{place} cannot be used: {reason}")]
    Away {
        place: String,
        /// With the remedy, where there is one.
        reason: String,
    },
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Place").field(&self.name).finish()
    }
}

/// For people.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl Place {
    /// Opens it; nothing is asked or made yet.
    pub fn open(place: &FilesPlace) -> Result<Self, PlaceError> {
        match place {
            FilesPlace::Folder(folder) => Self::folder(folder),
            FilesPlace::S3(place) => Self::bucket(place),
        }
    }

    fn folder(folder: &FilePath) -> Result<Self, PlaceError> {
        let name = format!("the folder {}", folder.display());
        let path = Path::from_absolute_path(folder)
            .map_err(|error| PlaceError::Away { place: name.clone(), reason: error.to_string() })?;
        let objects = Arc::new(PrefixStore::new(LocalFileSystem::new().with_fsync(true), path));
        Ok(Self { objects, folder: Some(folder.to_owned()), name })
    }

    /// A part of a bucket.
    pub fn bucket(place: &S3Place) -> Result<Self, PlaceError> {
        let name = format!("the bucket {}", place.bucket);
        let away = |reason: String| PlaceError::Away { place: name.clone(), reason };
        let mut client =
            ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE).with_connect_timeout(CONNECT);
        if let Some(file) = &place.ca_file {
            let unreadable = |error: &dyn fmt::Display| away(format!("files.s3_ca_file cannot be read ({error})"));
            let authorities = fs::read(file).map_err(|error| unreadable(&error))?;
            for authority in Certificate::from_pem_bundle(&authorities).map_err(|error| unreadable(&error))? {
                client = client.with_root_certificate(authority);
            }
        }
        let is_plain = place.endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http");
        let backoff = BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client.with_allow_http(is_plain))
            .with_retry(RetryConfig { backoff, max_retries: RETRIES, retry_timeout: RETRY_TIME })
            .with_bucket_name(&place.bucket)
            .with_region(&place.region)
            .with_access_key_id(&place.access_key)
            .with_secret_access_key(place.secret_key.expose_secret());
        if let Some(endpoint) = &place.endpoint {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        let bucket = builder.build().map_err(|error| away(error.to_string()))?;
        let objects: Arc<dyn ObjectStore> = if place.prefix.is_empty() {
            Arc::new(bucket)
        } else {
            Arc::new(PrefixStore::new(bucket, place.prefix.as_str()))
        };
        Ok(Self { objects, folder: None, name })
    }

    /// Puts bytes under a name that nobody else uses; they are there for good when this returns.
    pub async fn put(&self, key: &str, parts: Vec<Bytes>) -> Result<(), PlaceError> {
        self.require_ready().await?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.objects.put_opts(&path_of(key), PutPayload::from_iter(parts), options).await {
            // The name is our own: this is an earlier try, whose answer was lost.
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(self.explain(&error)),
        }
    }

    /// How many bytes lie under this name.
    async fn size(&self, key: &str) -> Result<u64, PlaceError> {
        self.require_ready().await?;
        self.objects
            .get_opts(&path_of(key), GetOptions { head: true, ..GetOptions::default() })
            .await
            .map(|found| found.meta.size)
            .map_err(|error| self.explain(&error))
    }

    /// The bytes under this name, in parts of any size.
    pub async fn get(&self, key: &str) -> Result<BoxStream<'static, Result<Bytes, PlaceError>>, PlaceError> {
        self.require_ready().await?;
        let found = self.objects.get_opts(&path_of(key), GetOptions::default()).await;
        let stream = found.map_err(|error| self.explain(&error))?.into_stream();
        let place = self.clone();
        Ok(stream.map(move |part| part.map_err(|error| place.explain(&error))).boxed())
    }

    /// Puts something small there, reads it and takes it away again: for whoever asks whether all is well.
    pub async fn try_out(&self) -> Result<(), PlaceError> {
        let key = format!("try-out.{}", uuid::Uuid::new_v4().simple());
        self.put(&key, vec![Bytes::from_static(MARK_TEXT.as_bytes())]).await?;
        let size = self.size(&key).await;
        self.delete(&key).await?;
        size.map(drop)
    }

    /// Everything that lies there, in no order.
    pub(super) async fn list(&self) -> Result<BoxStream<'static, Result<Lying, PlaceError>>, PlaceError> {
        self.require_ready().await?;
        let place = self.clone();
        let told = self.objects.list(None).map(move |found| {
            let found = found.map_err(|error| place.explain(&error))?;
            Ok(Lying { key: found.location.to_string(), since: found.last_modified })
        });
        Ok(told.boxed())
    }

    /// Takes away what nobody needs.
    pub async fn delete(&self, key: &str) -> Result<(), PlaceError> {
        self.require_ready().await?;
        let one = futures_util::stream::iter([Ok(path_of(key))]).boxed();
        match self.objects.delete_stream(one).next().await {
            None | Some(Ok(_) | Err(object_store::Error::NotFound { .. })) => Ok(()),
            Some(Err(error)) => Err(self.explain(&error)),
        }
    }

    /// Whether it is a place of documents. A folder whose disk is not mounted is empty, takes whatever is put there, and
    /// has no mark.
    pub async fn is_ready(&self) -> Result<bool, PlaceError> {
        let Some(folder) = &self.folder else { return Ok(true) };
        let mark = folder.join(MARK);
        let looked = timeout(LOOK, spawn_blocking(move || mark.exists())).await;
        match looked {
            Ok(Ok(is_there)) => Ok(is_there),
            _ => Err(self.away("its disk does not answer; mount it anew".to_owned())),
        }
    }

    /// Makes a folder a place of documents, unless it must be one already.
    pub async fn begin(&self, has_objects: bool) -> Result<(), PlaceError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        if has_objects {
            return Err(self.unmarked());
        }
        let made = spawn_blocking(move || make(&folder)).await.unwrap_or_else(|error| Err(io::Error::other(error)));
        made.map_err(|error| {
            self.away(format!("{error}; it must belong to the worker's user, or name another one in files.folder"))
        })
    }

    async fn require_ready(&self) -> Result<(), PlaceError> {
        if self.is_ready().await? { Ok(()) } else { Err(self.unmarked()) }
    }

    fn unmarked(&self) -> PlaceError {
        self.away(format!(
            "it has no file {MARK}, so it is not where documents were kept before; mount it, bring it back, or correct \
             files.folder"
        ))
    }

    fn away(&self, reason: String) -> PlaceError {
        PlaceError::Away { place: self.name.clone(), reason }
    }

    pub(super) fn explain(&self, error: &object_store::Error) -> PlaceError {
        let reason = match error {
            error if is_of_bucket(error) => {
                "its server has no such bucket; make it, or correct files.s3_bucket".to_owned()
            }
            object_store::Error::NotFound { .. } => return PlaceError::Missing,
            object_store::Error::Unauthenticated { .. } | object_store::Error::PermissionDenied { .. } => {
                "it refuses the worker; correct its rights or the keys of files.s3_access_key".to_owned()
            }
            object_store::Error::InvalidPath { source } => {
                format!("something lies there whose name programs of S3 do not agree on ({source}); take it away")
            }
            error if self.folder.is_none() => format!("{} (files.s3_endpoint)", innermost(error)),
            error => innermost(error),
        };
        self.away(reason)
    }
}

/// Names that others gave may have any character: they are taken as they are.
pub(super) fn path_of(key: &str) -> Path {
    Path::parse(key).unwrap_or_else(|_| Path::from(key))
}

/// A folder and its mark, on the disk when this returns.
fn make(folder: &FilePath) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(PRIVATE).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(PRIVATE))?;
    let mut mark = fs::File::create(folder.join(MARK))?;
    mark.write_all(MARK_TEXT.as_bytes())?;
    mark.sync_all()?;
    fs::File::open(folder)?.sync_all()
}

/// A bucket that is not there is told like an object that is not there.
fn is_of_bucket(error: &object_store::Error) -> bool {
    format!("{error:?}").contains("NoSuchBucket")
}

/// Without what stands round it, and in one line.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().lines().next().unwrap_or_default().chars().take(300).collect()
}
