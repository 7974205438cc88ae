//! Reads every object anew, and looks for what lies in the place of files without belonging there.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;

use super::object::is_ours;
use super::place::MARK;
use super::{Files, FilesError};

/// An object that nobody knows may be one whose row is just being written.
const YOUNG: TimeDelta = TimeDelta::hours(1);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Objects that are as they were put.
    pub sound: u64,
    /// Hashes of documents whose bytes are not there.
    pub missing: Vec<String>,
    /// Names of objects whose bytes are not those that were put there, or whose key cannot be opened.
    pub altered: Vec<String>,
    /// Names of objects that were put by an upload that did not come to its end.
    pub orphans: Vec<String>,
    /// Names of what the worker did not put there.
    pub foreign: Vec<String>,
}

impl Verified {
    /// Nothing is lost.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.missing.is_empty() && self.altered.is_empty() && self.foreign.is_empty()
    }
}

impl Files {
    /// Reads every object of this database, and looks at everything in the place. The service may run meanwhile.
    pub async fn verify(&self, now: DateTime<Utc>) -> Result<Verified, FilesError> {
        let mut found = Verified::default();
        let mut behind = String::new();
        loop {
            let objects = self.parts.store.objects_behind(&self.parts.database_uuid, &behind).await?;
            let Some(last) = objects.last() else { break };
            behind.clone_from(&last.sha256);
            for object in &objects {
                match self.read_whole(object).await {
                    Ok(()) => found.sound += 1,
                    Err(FilesError::Missing) => found.missing.push(object.sha256.clone()),
                    Err(error) if error.is_of_object() => found.altered.push(object.place_key.clone()),
                    Err(error) => return Err(error),
                }
            }
        }
        let known: HashSet<String> = self.parts.store.place_keys().await?.into_iter().collect();
        let mut lying = self.parts.place.list().await?;
        while let Some(lies) = lying.next().await {
            let lies = lies?;
            if known.contains(&lies.key) || lies.key == MARK {
                continue;
            }
            if !is_ours(&lies.key) {
                found.foreign.push(lies.key);
            } else if now.signed_duration_since(lies.since) > YOUNG {
                found.orphans.push(lies.key);
            }
        }
        Ok(found)
    }

    /// Takes the orphans away that were found.
    pub async fn remove_orphans(&self, found: &Verified) -> Result<(), FilesError> {
        for key in &found.orphans {
            self.parts.place.delete(key).await?;
        }
        Ok(())
    }
}
