//! A store that came back from an earlier day: what it forgot is in the place of files still, and Odoo knows it; what was
//! erased since is here again, and Odoo knows that, too.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt};

use super::object::{Head, Standing, hash_in};
use super::pieces::Cutter;
use super::{Files, FilesError, Verified};
use crate::secrets::{MasterKey, Name, SecretsError};
use crate::store::{DocumentVersion, Durability, Object, VersionKept};

/// What Odoo shows of some hashes.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Versions whose bytes it counts on, and how many these are.
    pub living: Vec<(DocumentVersion, u64)>,
    /// By their uuids: versions that it knows as erased.
    pub erased: HashSet<String>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Names of objects that are known again.
    pub recovered: Vec<String>,
    /// Names of objects that cannot be: altered, or sealed to a key that is not here.
    pub unreadable: Vec<String>,
    /// Versions that are known again, of bytes that were known.
    pub versions: Vec<String>,
    /// Versions that are erased again.
    pub erased: Vec<String>,
}

impl Files {
    /// The hashes of everything that the store knows.
    pub async fn hashes(&self) -> Result<Vec<String>, FilesError> {
        let mut hashes: Vec<String> = Vec::new();
        loop {
            let behind = hashes.last().cloned().unwrap_or_default();
            let objects = self.parts.store.objects_behind(&self.parts.database_uuid, &behind).await?;
            if objects.is_empty() {
                return Ok(hashes);
            }
            hashes.extend(objects.into_iter().map(|object| object.sha256));
        }
    }

    /// Tells apart, by what Odoo shows, what was found: objects that a version needs are no orphans, nor are those of
    /// another database of Odoo; and a version that Odoo knows as erased is missed by nobody.
    pub async fn judge(&self, found: &mut Verified, shown: &Shown) -> Result<(), FilesError> {
        let needed: HashSet<&str> = shown.living.iter().map(|(version, _)| version.sha256.as_str()).collect();
        for key in [std::mem::take(&mut found.orphans), found.young.clone()].concat() {
            let hash = hash_in(&key);
            let is_young = found.young.contains(&key);
            if needed.contains(hash) && self.look_for(hash).await? != Standing::Sound {
                found.young.retain(|young| *young != key);
                found.forgotten.push(key);
            } else if !is_young && self.is_strange(&key).await? {
                found.strange.push(key);
            } else if !is_young {
                found.orphans.push(key);
            }
        }
        let database_uuid = self.parts.database_uuid.as_str();
        for (version, _) in &shown.living {
            let is_known = self.parts.store.document_version(database_uuid, &version.uuid).await?.is_some();
            if !is_known && self.parts.store.object(database_uuid, &version.sha256).await?.is_some() {
                found.forgotten_versions.push(version.uuid.clone());
            }
        }
        let mut again: HashMap<String, i64> = HashMap::new();
        for uuid in &shown.erased {
            let Some(kept) = self.parts.store.document_version(database_uuid, uuid).await? else { continue };
            if !kept.is_erased {
                *again.entry(kept.version.sha256).or_default() += 1;
                found.again.push(uuid.clone());
            }
        }
        found.again.sort();
        for (hash, count) in again {
            if self.parts.store.living_versions(database_uuid, &hash).await? == count {
                found.missing.retain(|missing| *missing != hash);
            }
        }
        Ok(())
    }

    /// Knows again what was forgotten, and erases what is here again. It may end at any moment and be called anew.
    pub async fn recover(&self, found: &Verified, shown: &Shown) -> Result<Recovered, FilesError> {
        let mut done = Recovered::default();
        for key in &found.forgotten {
            let versions: Vec<_> =
                shown.living.iter().filter(|(version, _)| version.sha256 == hash_in(key)).cloned().collect();
            match self.know_again(key, &versions).await {
                Ok(true) => done.recovered.push(key.clone()),
                // Another one of the same bytes was known again before.
                Ok(false) => {}
                Err(error) if error.is_of_object() => done.unreadable.push(key.clone()),
                Err(error) => return Err(error),
            }
        }
        for (version, _) in &shown.living {
            // Objects first: they bring their versions with them.
            if found.forgotten_versions.contains(&version.uuid) && self.keep_row(version).await? == Some(true) {
                done.versions.push(version.uuid.clone());
            }
        }
        for uuid in &found.again {
            self.erase(uuid).await?;
            done.erased.push(uuid.clone());
        }
        Ok(done)
    }

    /// Reads an object to its end and writes its row and those of its versions, all or none. False where these bytes are
    /// known and sound by now.
    async fn know_again(&self, place_key: &str, versions: &[(DocumentVersion, u64)]) -> Result<bool, FilesError> {
        let Some((first, size)) = versions.first() else { return Ok(false) };
        let standing = self.look_for(&first.sha256).await?;
        if standing == Standing::Sound {
            return Ok(false);
        }
        let Head::Sealed(sealed) = self.head_of(place_key).await? else { return Err(FilesError::Missing) };
        let key = self.opener_of(&first.sha256, &sealed).await?.ok_or(FilesError::Missing)?;
        let lying = Object {
            database_uuid: self.parts.database_uuid.clone(),
            sha256: first.sha256.clone(),
            size: i64::try_from(*size).unwrap_or(i64::MAX),
            place_key: place_key.to_owned(),
            sealed,
            fingerprint: key.fingerprint(),
        };
        let mut pieces = pin!(self.open_object(&lying, &key).await?.into_pieces());
        while pieces.try_next().await?.is_some() {}
        let name = Name::of_object(&self.parts.database_uuid, &first.sha256)?;
        let present = self.parts.vault.key().await?;
        let sealed = present.seal(&name, &key.open_bytes(&name, &lying.sealed)?)?;
        let object = Object { sealed, fingerprint: present.fingerprint(), ..lying };
        self.write_rows(&object, &standing, versions).await
    }

    async fn write_rows(
        &self,
        object: &Object,
        before: &Standing,
        versions: &[(DocumentVersion, u64)],
    ) -> Result<bool, FilesError> {
        let mut transaction = self.parts.store.begin(Durability::Durable).await?;
        if transaction.begin_with_key(&object.fingerprint).await? != object.fingerprint {
            return Err(SecretsError::KeyChanged.into());
        }
        let is_moved = match before {
            Standing::Broken { place_key } => transaction.move_object(object, place_key).await?,
            Standing::Absent | Standing::Sound => false,
        };
        if !is_moved && !transaction.keep_object(object).await? {
            return Ok(false);
        }
        let mut living = 0;
        for (version, _) in versions {
            let kept = transaction.keep_version(&self.parts.database_uuid, version).await?;
            living += usize::from(kept != VersionKept::Erased);
        }
        // All were erased here, and Odoo has not noted that yet: it stays so.
        if living == 0 {
            return Ok(false);
        }
        // It may have been let go before, and not taken away.
        transaction.object_is_removed(&self.parts.database_uuid, &object.place_key).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Whether an object was sealed for another database of Odoo, or to a key that is not here.
    pub(super) async fn is_strange(&self, place_key: &str) -> Result<bool, FilesError> {
        match self.head_of(place_key).await? {
            Head::Sealed(sealed) => Ok(self.opener_of(hash_in(place_key), &sealed).await?.is_none()),
            Head::None => Ok(false),
        }
    }

    /// The master key that opens the key of an object.
    async fn opener_of(&self, sha256: &str, sealed: &[u8]) -> Result<Option<Arc<MasterKey>>, FilesError> {
        let name = Name::of_object(&self.parts.database_uuid, sha256)?;
        let keys = self.parts.vault.keys_at_hand().await?;
        Ok(keys.into_iter().find(|key| key.open_bytes(&name, sealed).is_ok()))
    }

    /// What an object begins with.
    async fn head_of(&self, place_key: &str) -> Result<Head, FilesError> {
        let mut parts = match self.parts.place.get(place_key).await {
            Err(super::PlaceError::Missing) => return Ok(Head::None),
            parts => parts?,
        };
        let mut cutter = Cutter::default();
        loop {
            if let Some(head) = Head::read(&cutter) {
                return Ok(head);
            }
            match parts.next().await {
                Some(part) => cutter.add(&part?),
                None => return Ok(Head::None),
            }
        }
    }
}
