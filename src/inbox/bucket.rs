//! An inbox in a part of the bucket of the documents. What lies there is whole, since S3 shows nothing else; it stands
//! still all the same before it is taken, so that nobody replaces it meanwhile.

use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::TryStreamExt;

use super::read::Gathered;
use super::{InboxError, Lying, Name, folder_of, is_before, name_in_turn, reason_of};
use crate::files::{Place, PlaceError, PlacedFile};
use crate::odoo::ArrivalOutcome;

/// Files of one name in one day.
const MOST_TURNS: u32 = 1_000;

#[derive(Debug)]
pub(super) struct Bucket(Place);

impl Bucket {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    pub(super) async fn list(&self) -> Result<Vec<Lying>, InboxError> {
        let found = self.0.files_in("").await?;
        // A name that ends with a slash is how some programs make a folder.
        let files = found.into_iter().filter(|file| !file.name.is_empty());
        Ok(files.map(|PlacedFile { name, size, stamp }| Lying { name: Name(name.into()), size, stamp }).collect())
    }

    pub(super) async fn read(&self, lying: &Lying) -> Result<Option<Vec<Bytes>>, InboxError> {
        let mut parts = match self.0.get(&lying.name.shown()).await {
            Err(PlaceError::Missing) => return Ok(None),
            parts => parts?,
        };
        let (mut gathered, mut size) = (Gathered::default(), 0);
        while let Some(part) = parts.try_next().await? {
            size += part.len() as u64;
            if size > lying.size {
                return Ok(None);
            }
            gathered.add(&part);
        }
        Ok((size == lying.size).then(|| gathered.end()))
    }

    pub(super) async fn put_away(
        &self,
        lying: &Lying,
        (outcome, day): (ArrivalOutcome, NaiveDate),
        sentence: String,
    ) -> Result<(), InboxError> {
        let (from, into) = (lying.name.shown(), folder_of(outcome, day));
        let there = self.0.files_in(&into).await?;
        let is_free = |name: &String| !there.iter().any(|file| file.name == *name);
        let mut turns = (1..MOST_TURNS).map(|turn| name_in_turn(&from, turn));
        let free = turns.find(is_free).unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        self.0.replace(&format!("{into}/{}", reason_of(&free)), sentence.into()).await?;
        match self.0.rename(&from, &format!("{into}/{free}")).await {
            Err(PlaceError::Missing) => Ok(()),
            moved => Ok(moved?),
        }
    }

    pub(super) async fn forget(&self, before: NaiveDate) -> Result<(), InboxError> {
        for outcome in ArrivalOutcome::ALL {
            for key in self.0.below(outcome.word()).await? {
                let day = key.split('/').nth(1).unwrap_or_default();
                if is_before(day, before) {
                    self.0.delete(&key).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn try_out(&self) -> Result<(), InboxError> {
        self.list().await?;
        Ok(self.0.try_out().await?)
    }
}
