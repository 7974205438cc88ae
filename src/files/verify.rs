//! Reads every object anew, and looks for what lies in the place of files without belonging there.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;

use super::object::{hash_in, is_ours};
use super::place::MARK;
use super::{Files, FilesError};

/// An object that nobody knows may be one whose row is just being written.
pub(super) const YOUNG: TimeDelta = TimeDelta::hours(1);

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
    /// Names of what may be coming in just now.
    pub young: Vec<String>,
    /// Names of objects that the store does not know, and Odoo does: an earlier store came back.
    pub forgotten: Vec<String>,
    /// Versions that Odoo knows and the store does not, of bytes that it knows: the same.
    pub forgotten_versions: Vec<String>,
    /// Versions that are here, and that Odoo knows as erased: the same.
    pub again: Vec<String>,
    /// Names of objects that were sealed for another database of Odoo, or to a key that is not here.
    pub strange: Vec<String>,
}

impl Verified {
    /// Nothing is lost.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let lost =
            [&self.missing, &self.altered, &self.foreign, &self.forgotten, &self.forgotten_versions, &self.again];
        lost.into_iter().all(Vec::is_empty)
    }

    /// The hashes of what lies there and the store does not know.
    #[must_use]
    pub fn unknown_hashes(&self) -> Vec<String> {
        self.orphans.iter().chain(&self.young).map(|key| hash_in(key).to_owned()).collect()
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
        let let_go: HashSet<String> = self.parts.store.all_objects_to_remove().await?.into_iter().collect();
        let mut lying = self.parts.place.list("").await?;
        while let Some(lies) = lying.next().await {
            let lies = lies?;
            if known.contains(&lies.key) || lies.key == MARK {
                continue;
            }
            if !is_ours(&lies.key) {
                found.foreign.push(lies.key);
            } else if now.signed_duration_since(lies.since) > YOUNG || let_go.contains(&lies.key) {
                found.orphans.push(lies.key);
            } else {
                found.young.push(lies.key);
            }
        }
        Ok(found)
    }

    /// Takes the orphans away that were found, unless the store knows them by now. Whoever calls this has asked Odoo, and
    /// [`judge`](Self::judge)d by its answer.
    pub async fn remove_orphans(&self, found: &Verified) -> Result<(), FilesError> {
        let known: HashSet<String> = self.parts.store.place_keys().await?.into_iter().collect();
        for key in found.orphans.iter().filter(|key| !known.contains(*key)) {
            self.remove(key).await?;
        }
        Ok(())
    }
}
