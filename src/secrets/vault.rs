//! The secrets in the store, and the master key that opens them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::store::{Durability, Object, SealedSecret, Store, Transaction};

use super::{MasterKey, Name, SecretsError, StreamOpener, key_file};

/// The secrets of one database of Odoo. A copy is of the same.
#[derive(Debug, Clone)]
pub struct Vault {
    store: Store,
    file: Arc<Path>,
    database_uuid: Arc<str>,
    key: Arc<Mutex<Arc<MasterKey>>>,
}

/// That there is a secret, without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub name: String,
    /// When it was set.
    pub set_at: DateTime<Utc>,
}

impl Vault {
    /// Opens the secrets of this database of Odoo. At the first start the master key is made; a store whose secrets
    /// another key sealed is refused. What a change of the key left half done is finished.
    pub async fn open(store: Store, file: PathBuf, database_uuid: &str) -> Result<Self, SecretsError> {
        let _lock = key_file::lock(&file).await?;
        let key = match store.sealed_by().await? {
            Some(fingerprint) => finish_change(&file, &fingerprint)?,
            None => first_key(&store, &file).await?,
        };
        Ok(Self::of(store, file, database_uuid, key))
    }

    /// The same for a command: it makes no key. `None` before the first start.
    pub async fn look(store: Store, file: PathBuf, database_uuid: &str) -> Result<Option<Self>, SecretsError> {
        let Some(fingerprint) = store.sealed_by().await? else { return Ok(None) };
        let key = find(&file, &fingerprint)?;
        Ok(Some(Self::of(store, file, database_uuid, key)))
    }

    fn of(store: Store, file: PathBuf, database_uuid: &str, key: MasterKey) -> Self {
        let key = Arc::new(Mutex::new(Arc::new(key)));
        Self { store, file: file.into(), database_uuid: database_uuid.into(), key }
    }

    /// The key that secrets are sealed to, also where it was changed since it was last used.
    pub async fn key(&self) -> Result<Arc<MasterKey>, SecretsError> {
        match self.store.sealed_by().await? {
            Some(fingerprint) => self.key_of(&fingerprint),
            None => Ok(self.held()),
        }
    }

    /// The secret of this name, if it was set.
    pub async fn get(&self, name: &str) -> Result<Option<SecretString>, SecretsError> {
        let name = self.name(name)?;
        let Some(kept) = self.store.sealed_secret(&self.database_uuid, name.as_str()).await? else { return Ok(None) };
        self.key_of(&kept.fingerprint)?.open(&name, &kept.sealed).map(Some)
    }

    /// Keeps a secret in place of the one of that name; it survives a power cut when this returns.
    pub async fn set(&self, name: &str, secret: &SecretString) -> Result<(), SecretsError> {
        let name = self.name(name)?;
        loop {
            let key = self.key().await?;
            let sealed = key.seal(&name, secret.expose_secret().as_bytes())?;
            match self.keep(&name, &sealed, &key).await {
                Err(SecretsError::KeyChanged) => {}
                outcome => return outcome,
            }
        }
    }

    /// The same, as a browser sealed it. It is opened once, so that nothing is kept that nobody can read.
    pub async fn set_sealed(&self, name: &str, sealed: &[u8]) -> Result<(), SecretsError> {
        let name = self.name(name)?;
        let key = self.key().await?;
        key.open(&name, sealed)?;
        self.keep(&name, sealed, &key).await
    }

    /// For what somebody sealed to the master key for this purpose, piece by piece, with the first piece opened: also where
    /// the key was changed since. `None` where it was sealed to another key, or changed on its way.
    pub async fn open_stream(
        &self,
        encapsulated: &[u8],
        info: &[u8],
        first: &[u8],
        bound: &[u8],
    ) -> Result<Option<(StreamOpener, Zeroizing<Vec<u8>>)>, SecretsError> {
        Ok(self.keys_at_hand().await?.iter().find_map(|key| {
            let mut opener = StreamOpener::new(key, encapsulated, info)?;
            let text = opener.open(first, bound)?;
            Some((opener, text))
        }))
    }

    /// The present master key and those beside it: also where a change of the key stands between the store and the files.
    pub async fn keys_at_hand(&self) -> Result<Vec<Arc<MasterKey>>, SecretsError> {
        let mut keys = vec![self.key().await?];
        for file in [self.file.to_path_buf(), key_file::next_of(&self.file), key_file::old_of(&self.file)] {
            keys.extend(key_file::read(&file)?.map(Arc::new));
        }
        Ok(keys)
    }

    /// Which secrets there are, by name.
    pub async fn list(&self) -> Result<Vec<Kept>, SecretsError> {
        let kept = self.store.sealed_secrets(&self.database_uuid).await?;
        let at = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default();
        Ok(kept.into_iter().map(|one| Kept { name: one.name, set_at: at(one.set_at) }).collect())
    }

    /// False where there was none of that name.
    pub async fn forget(&self, name: &str) -> Result<bool, SecretsError> {
        let name = self.name(name)?;
        let mut transaction = self.store.begin(Durability::Durable).await?;
        let was_there = transaction.forget_secret(&self.database_uuid, name.as_str()).await?;
        transaction.commit().await?;
        Ok(was_there)
    }

    /// A new master key takes the place of the present one, and every secret in the store is sealed to it. Whoever uses
    /// the store meanwhile notices. Tells how many secrets there are.
    pub async fn rekey(&self) -> Result<usize, SecretsError> {
        let _lock = key_file::lock(&self.file).await?;
        let present = match self.store.sealed_by().await? {
            // What an earlier change left half done.
            Some(fingerprint) => self.hold(finish_change(&self.file, &fingerprint)?),
            None => self.held(),
        };
        let next = next_key(&self.file)?;
        let mut transaction = self.store.begin(Durability::Durable).await?;
        if transaction.begin_with_key(&present.fingerprint()).await? != present.fingerprint() {
            return Err(SecretsError::KeyChanged);
        }
        let secrets = transaction.all_secrets().await?;
        for secret in &secrets {
            let name = Name::new(&secret.database_uuid, &secret.name)?;
            let opened = present.open(&name, &secret.sealed)?;
            let sealed = next.seal(&name, opened.expose_secret().as_bytes())?;
            let resealed = SealedSecret { sealed, fingerprint: next.fingerprint(), ..secret.clone() };
            transaction.reseal_secret(&resealed).await?;
        }
        reseal_objects(&mut transaction, &present, &next).await?;
        transaction.follow_with_key(&next.fingerprint()).await?;
        transaction.commit().await?;
        key_file::put_next_in_place(&self.file)?;
        self.hold(next);
        Ok(secrets.len())
    }

    fn name(&self, name: &str) -> Result<Name, SecretsError> {
        Name::new(&self.database_uuid, name)
    }

    async fn keep(&self, name: &Name, sealed: &[u8], key: &MasterKey) -> Result<(), SecretsError> {
        let mut transaction = self.store.begin(Durability::Durable).await?;
        let by = transaction.begin_with_key(&key.fingerprint()).await?;
        if by != key.fingerprint() {
            return Err(SecretsError::KeyChanged);
        }
        transaction.keep_secret(&self.database_uuid, name.as_str(), sealed, &by).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The key of this fingerprint: the one that is held, or the one that its file has by now.
    pub fn key_of(&self, fingerprint: &str) -> Result<Arc<MasterKey>, SecretsError> {
        let held = self.held();
        if held.fingerprint() == fingerprint {
            return Ok(held);
        }
        let found = find(&self.file, fingerprint)?;
        tracing::info!(fingerprint, "the master key was changed");
        Ok(self.hold(found))
    }

    fn held(&self) -> Arc<MasterKey> {
        Arc::clone(&self.key.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn hold(&self, key: MasterKey) -> Arc<MasterKey> {
        let key = Arc::new(key);
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&key);
        key
    }
}

/// Begins anew where the master key is lost: forgets what it sealed, for every database, and makes another one. Refused
/// where it is not lost. Tells how many secrets are forgotten.
pub async fn forget_and_begin_anew(store: &Store, file: &Path) -> Result<u64, SecretsError> {
    let _lock = key_file::lock(file).await?;
    if let Some(fingerprint) = store.sealed_by().await?
        && find(file, &fingerprint).is_ok()
    {
        return Err(SecretsError::NotLost { file: file.to_owned(), fingerprint });
    }
    let key = next_key(file)?;
    let mut transaction = store.begin(Durability::Durable).await?;
    transaction.begin_with_key(&key.fingerprint()).await?;
    let forgotten = transaction.forget_secrets().await?;
    transaction.follow_with_key(&key.fingerprint()).await?;
    transaction.commit().await?;
    key_file::put_next_in_place(file)?;
    Ok(forgotten)
}

/// The keys of documents, too: their bytes stay where they are, and as they are.
async fn reseal_objects(
    transaction: &mut Transaction,
    present: &MasterKey,
    next: &MasterKey,
) -> Result<(), SecretsError> {
    let mut last = (String::new(), String::new());
    loop {
        let behind = (last.0.as_str(), last.1.as_str());
        let objects = transaction.objects_sealed_by(&present.fingerprint(), behind).await?;
        let Some(end) = objects.last() else { return Ok(()) };
        last = (end.database_uuid.clone(), end.sha256.clone());
        for object in objects {
            let name = Name::of_object(&object.database_uuid, &object.sha256)?;
            let opened = present.open_bytes(&name, &object.sealed)?;
            let (sealed, fingerprint) = (next.seal(&name, &opened)?, next.fingerprint());
            transaction.reseal_object(&Object { sealed, fingerprint, ..object }).await?;
        }
    }
}

/// The key that is to follow, in its file: that of a change which was not finished, else a new one.
fn next_key(file: &Path) -> Result<MasterKey, SecretsError> {
    Ok(read_or_make(&key_file::next_of(file), file)?.0)
}

/// The key in this place, and whether it was made just now; it belongs to whom the `present` one belongs.
fn read_or_make(place: &Path, present: &Path) -> Result<(MasterKey, bool), SecretsError> {
    if let Some(key) = key_file::read(place)? {
        return Ok((key, false));
    }
    let key = MasterKey::generate();
    key_file::write_new(place, &key, present)?;
    Ok((key, true))
}

/// The key at a store's first start: its file, or a new one. Of workers that share a store the first one's counts.
async fn first_key(store: &Store, file: &Path) -> Result<MasterKey, SecretsError> {
    let (key, is_new) = read_or_make(file, file)?;
    if is_new {
        let fingerprint = key.fingerprint();
        tracing::warn!(file = %file.display(), fingerprint, "made the master key: save a copy apart from the store");
    }
    let mut transaction = store.begin(Durability::Durable).await?;
    let fingerprint = transaction.begin_with_key(&key.fingerprint()).await?;
    transaction.commit().await?;
    if fingerprint == key.fingerprint() { Ok(key) } else { Err(other_key(file, &key, &fingerprint)) }
}

/// The key of this fingerprint, in its place: where a change of the key ended between store and file, its last step is
/// made.
fn finish_change(file: &Path, fingerprint: &str) -> Result<MasterKey, SecretsError> {
    let key = find(file, fingerprint)?;
    let in_place = key_file::read(file)?;
    if in_place.is_none_or(|present| present.fingerprint() != fingerprint) {
        key_file::put_next_in_place(file)?;
    }
    Ok(key)
}

/// The key of this fingerprint: in the file, or beside it as the next one, which may take its place between two looks.
fn find(file: &Path, fingerprint: &str) -> Result<MasterKey, SecretsError> {
    for place in [file, &key_file::next_of(file), file] {
        if let Some(key) = key_file::read(place)?.filter(|key| key.fingerprint() == fingerprint) {
            return Ok(key);
        }
    }
    Err(match key_file::read(file)? {
        Some(key) => other_key(file, &key, fingerprint),
        None => SecretsError::Gone { file: file.to_owned(), fingerprint: fingerprint.to_owned() },
    })
}

fn other_key(file: &Path, key: &MasterKey, expected: &str) -> SecretsError {
    SecretsError::OtherKey { file: file.to_owned(), fingerprint: key.fingerprint(), expected: expected.to_owned() }
}
