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
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, ObjectStore, PutMode, PutOptions, PutPayload};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::bucket::{Bucket, remedy, server};
use crate::config::{FilesPlace, S3Place};

/// A look at a folder; more, and its disk hangs.
const LOOK: Duration = Duration::from_secs(10);

/// So many looks at a disk at once.
const LOOKS: usize = 4;

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
    pub(super) folder: Option<PathBuf>,
    /// `None` = a folder.
    pub(super) bucket: Option<Arc<Bucket>>,
    /// Turns to look at the disk of a folder.
    looks: Arc<Semaphore>,
    /// Path of the folder; server, bucket and prefix.
    pub(super) address: String,
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
        let address = folder.display().to_string();
        Ok(Self {
            objects,
            folder: Some(folder.to_owned()),
            bucket: None,
            looks: Arc::new(Semaphore::new(LOOKS)),
            address,
            name,
        })
    }

    /// A part of a bucket.
    pub fn bucket(place: &S3Place) -> Result<Self, PlaceError> {
        let name = format!("the bucket {}", place.bucket);
        let opened = Bucket::open(place).map_err(|reason| PlaceError::Away { place: name.clone(), reason });
        let (objects, bucket) = opened?;
        let objects: Arc<dyn ObjectStore> = if place.prefix.is_empty() {
            Arc::new(objects)
        } else {
            Arc::new(PrefixStore::new(objects, place.prefix.as_str()))
        };
        let address = [&server(place), &place.bucket, &place.prefix].map(String::as_str).join("/");
        let address = address.trim_end_matches('/').to_owned();
        Ok(Self {
            objects,
            folder: None,
            bucket: Some(Arc::new(bucket)),
            looks: Arc::new(Semaphore::new(LOOKS)),
            address,
            name,
        })
    }

    /// Puts bytes under a name that nobody else uses; they are there for good when this returns.
    pub async fn put(&self, key: &str, parts: Vec<Bytes>) -> Result<(), PlaceError> {
        self.require_ready().await?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let size: u64 = parts.iter().map(|part| part.len() as u64).sum();
        match self.objects.put_opts(&path_of(key), PutPayload::from_iter(parts), options).await {
            Ok(_) => Ok(()),
            // The name is our own: this is an earlier try, whose answer was lost, or which S3 still works at.
            Err(object_store::Error::AlreadyExists { .. }) => match self.size(key).await {
                Ok(found) if found == size => Ok(()),
                Ok(_) | Err(PlaceError::Missing) => Err(self.away("it still works at an earlier try".to_owned())),
                Err(error) => Err(error),
            },
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

    /// Everything that lies there, or in this folder of it (empty = everything), in no order.
    pub(super) async fn list(&self, folder: &str) -> Result<BoxStream<'static, Result<Lying, PlaceError>>, PlaceError> {
        self.require_ready().await?;
        let place = self.clone();
        let told = self.objects.list(Some(&path_of(folder))).map(move |found| {
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
        let found = self.look_at_disk(move || mark.exists()).await;
        found.ok_or_else(|| self.away("its disk does not answer; mount it anew".to_owned()))
    }

    /// What a look at the folder's disk finds; `None` where the disk hangs. Each look that hangs holds a thread, so there
    /// are few at once.
    pub(super) async fn look_at_disk<T: Send + 'static>(&self, look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let looks = Arc::clone(&self.looks);
        let looked = timeout(LOOK, async move {
            let turn = looks.acquire_owned().await.ok()?;
            let found = spawn_blocking(move || {
                let _turn = turn;
                look()
            });
            found.await.ok()
        });
        looked.await.ok()?
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

    pub(super) fn unmarked(&self) -> PlaceError {
        self.away(format!(
            "it has no file {MARK}, so it is not where documents were kept before; mount it, bring it back, or correct \
             files.folder"
        ))
    }

    pub(super) fn away(&self, reason: String) -> PlaceError {
        PlaceError::Away { place: self.name.clone(), reason }
    }

    pub(super) fn explain(&self, error: &object_store::Error) -> PlaceError {
        // A bucket that is not there is told like an object that is not there.
        if let Some(remedy) = self.bucket.as_ref().and_then(|_| remedy(&format!("{error:?}"))) {
            return self.away(remedy.to_owned());
        }
        let reason = match error {
            object_store::Error::NotFound { .. } => return PlaceError::Missing,
            object_store::Error::Unauthenticated { .. } | object_store::Error::PermissionDenied { .. } => {
                "it refuses the worker; correct its rights or the keys of files.s3_access_key".to_owned()
            }
            // Its source has the name.
            object_store::Error::InvalidPath { .. } => {
                "something lies there whose name programs of S3 do not agree on; take it away".to_owned()
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

/// Without what stands round it, and in one line.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().lines().next().unwrap_or_default().chars().take(300).collect()
}
