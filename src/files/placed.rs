//! What others put into a bucket, and who moves it on: for the inbox. Documents are never moved, nor put anew.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::{GetOptions, GetResult, ObjectMeta, RenameOptions};

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

/// What a file is now. A list tells its time more finely than an answer about one file: that is no part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub size: u64,
    tag: String,
}

impl Facts {
    /// Whether they are those of the file that a list has shown with this size and stamp.
    #[must_use]
    pub fn are_of(&self, size: u64, stamp: &str) -> bool {
        self.size == size && stamp.split_once('/').is_some_and(|(_, tag)| bare(tag) == self.tag)
    }
}

/// Servers do not agree on the quotes round a tag, and a proxy may call it a weak one.
fn bare(tag: &str) -> &str {
    tag.trim_start_matches("W/").trim_matches('"')
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

    /// What lies under this name now.
    pub async fn facts(&self, key: &str) -> Result<Facts, PlaceError> {
        let head = GetOptions { head: true, ..GetOptions::default() };
        Ok(self.got(key, head).await?.0)
    }

    /// The same, and its bytes in parts of any size.
    pub async fn get_placed(
        &self,
        key: &str,
    ) -> Result<(Facts, BoxStream<'static, Result<Bytes, PlaceError>>), PlaceError> {
        let (facts, found) = self.got(key, GetOptions::default()).await?;
        let place = self.clone();
        Ok((facts, found.into_stream().map_err(move |error| place.explain(&error)).boxed()))
    }

    async fn got(&self, key: &str, options: GetOptions) -> Result<(Facts, GetResult), PlaceError> {
        let found = self.objects.get_opts(&path_of(key), options).await.map_err(|error| self.explain(&error))?;
        let tag = found.meta.e_tag.as_deref().map(bare).unwrap_or_default().to_owned();
        Ok((Facts { size: found.meta.size, tag }, found))
    }

    /// The names of all that lies below this folder.
    pub async fn below(&self, folder: &str) -> Result<Vec<String>, PlaceError> {
        let found = self.objects.list(Some(&path_of(folder)));
        let names = found.map_ok(|meta| meta.location.to_string()).try_collect().await;
        names.map_err(|error| self.explain(&error))
    }

    /// Gives what lies there another name.
    pub async fn rename(&self, key: &str, other: &str) -> Result<(), PlaceError> {
        let renamed = self.objects.rename_opts(&path_of(key), &path_of(other), RenameOptions::default()).await;
        renamed.map_err(|error| self.explain(&error))
    }
}
