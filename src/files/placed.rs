//! What others put into a bucket, and who moves it on: for the inbox. Documents are never moved, nor put anew.

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::{ObjectMeta, PutOptions, RenameOptions};

use super::place::path_of;
use super::{Place, PlaceError};

/// A file that others put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedFile {
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Another one when it was put anew.
    pub stamp: String,
}

impl Place {
    /// The files that lie directly in this folder, in no order.
    pub async fn files_in(&self, folder: &str) -> Result<Vec<PlacedFile>, PlaceError> {
        let folder = path_of(folder);
        let found = self.objects.list_with_delimiter(Some(&folder)).await.map_err(|error| self.explain(&error))?;
        let file = |meta: ObjectMeta| PlacedFile {
            name: meta.location.filename().unwrap_or_default().to_owned(),
            size: meta.size,
            stamp: format!("{}/{}", meta.last_modified.timestamp_micros(), meta.e_tag.unwrap_or_default()),
        };
        Ok(found.objects.into_iter().map(file).collect())
    }

    /// The names of all that lies below this folder.
    pub async fn below(&self, folder: &str) -> Result<Vec<String>, PlaceError> {
        let found = self.objects.list(Some(&path_of(folder)));
        let names = found.map_ok(|meta| meta.location.to_string()).try_collect().await;
        names.map_err(|error| self.explain(&error))
    }

    /// Puts bytes under this name, whatever lay there before.
    pub async fn replace(&self, key: &str, bytes: Bytes) -> Result<(), PlaceError> {
        let put = self.objects.put_opts(&path_of(key), bytes.into(), PutOptions::default()).await;
        put.map(drop).map_err(|error| self.explain(&error))
    }

    /// Gives what lies there another name.
    pub async fn rename(&self, key: &str, other: &str) -> Result<(), PlaceError> {
        let renamed = self.objects.rename_opts(&path_of(key), &path_of(other), RenameOptions::default()).await;
        renamed.map_err(|error| self.explain(&error))
    }
}
