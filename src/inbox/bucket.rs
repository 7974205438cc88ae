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
        let (facts, mut parts) = match self.0.get_placed(&lying.name.shown()).await {
            Err(PlaceError::Missing) => return Ok(None),
            found => found.map_err(of_one)?,
        };
        if !facts.are_of(lying.size, &lying.stamp) {
            return Ok(None);
        }
        let (mut gathered, mut size) = (Gathered::default(), 0);
        while let Some(part) = parts.try_next().await.map_err(of_one)? {
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
        let find = |name: &str| there.iter().find(|file| file.name == *name);
        // A sentence that a worker left which was killed is taken again. A file of the office that is called like one has a
        // sentence of its own beside it.
        let may_say = |reason: &str| {
            find(reason).is_none_or(|left| left.size == sentence.len() as u64 && find(&reason_of(reason)).is_none())
        };
        let mut turns = (1..MOST_TURNS).map(|turn| name_in_turn(&from, turn));
        let free = turns.find(|name| find(name).is_none() && may_say(&reason_of(name)));
        let free = free.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        // What was put under its name since then is another file, which nobody has read.
        match self.0.facts(&from).await {
            Ok(facts) if facts.are_of(lying.size, &lying.stamp) => {}
            Ok(_) | Err(PlaceError::Missing) => return Ok(()),
            Err(error) => return Err(of_one(error)),
        }
        self.0.put(&format!("{into}/{}", reason_of(&free)), vec![sentence.into()]).await.map_err(of_one)?;
        match self.0.rename(&from, &format!("{into}/{free}")).await {
            Err(PlaceError::Missing) => Ok(()),
            moved => moved.map_err(of_one),
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

/// What is wrong with one file is not wrong with the inbox. Without the server's own answer, in which its name may stand.
fn of_one(error: PlaceError) -> InboxError {
    let reason = match error {
        PlaceError::Away { reason, .. } => reason.split('<').next().unwrap_or_default().trim_end().to_owned(),
        missing @ PlaceError::Missing => missing.to_string(),
    };
    InboxError::Away { place: "a file of the inbox".to_owned(), reason }
}
