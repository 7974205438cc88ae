//! The documents of a worker, with a store and a place of files of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::TryStreamExt;
use sicantik_companion::config::{FilesPlace, StoreAddress};
use sicantik_companion::files::{Files, FilesError, FilesParts, Kept, Place};
use sicantik_companion::secrets::Vault;
use sicantik_companion::store::Store;
use tempfile::TempDir;

use super::sealed::Sealed;
use crate::fake_odoo::DATABASE_UUID;
use crate::store::{both, patient, place};

/// Bytes of the largest document.
pub const LARGEST: u64 = 4 * 1024 * 1024;

pub struct Archive {
    pub files: Arc<Files>,
    pub store: Store,
    pub vault: Vault,
    /// Where the sealed bytes lie.
    pub folder: PathBuf,
    /// Where the store's file and the master key are.
    pub home: PathBuf,
    _kept: Arc<TempDir>,
}

impl Archive {
    /// One on each database that is there.
    pub async fn on_both() -> Vec<Self> {
        let (folder, addresses) = both().await;
        let folder = Arc::new(folder);
        let mut archives = Vec::new();
        for (at, address) in addresses.iter().enumerate() {
            let home = folder.path().join(at.to_string());
            std::fs::create_dir(&home).expect("a folder");
            archives.push(Self::open(&home, address, Arc::clone(&folder)).await);
        }
        archives
    }

    pub async fn on_a_file() -> Self {
        let (folder, address) = place();
        let home = folder.path().to_owned();
        Self::open(&home, &address, Arc::new(folder)).await
    }

    pub async fn open(home: &Path, address: &StoreAddress, kept: Arc<TempDir>) -> Self {
        crate::office::choose_tls();
        let store = patient(address).await;
        let vault = vault(&store, home).await;
        let folder = home.join("files");
        let files = Arc::new(files(&store, &vault, &folder));
        Self { files, store, vault, folder, home: home.to_owned(), _kept: kept }
    }

    /// The worker after it was started anew.
    pub async fn start_anew(&mut self) {
        self.vault = vault(&self.store, &self.home).await;
        self.files = Arc::new(files(&self.store, &self.vault, &self.folder));
    }

    /// A further worker on this store and folder.
    pub async fn another(&self) -> Arc<Files> {
        Arc::new(files(&self.store, &vault(&self.store, &self.home).await, &self.folder))
    }

    pub async fn public_key(&self) -> Vec<u8> {
        let key = self.vault.key().await.expect("a key").public_key();
        BASE64_STANDARD.decode(key).expect("base64")
    }

    /// Sends it as Odoo does.
    pub async fn send(&self, sealed: &Sealed) -> Result<Kept, FilesError> {
        self.send_body(&sealed.version, &sealed.body(&self.public_key().await)).await
    }

    pub async fn send_body(&self, version: &str, body: &[u8]) -> Result<Kept, FilesError> {
        let mut upload = self.files.upload(version);
        for part in body.chunks(10_007) {
            upload.add(part).await?;
        }
        upload.end().await
    }

    /// A worker whose store answers, but whose place of files does not.
    pub fn with_place_away(&self) -> Files {
        files(&self.store, &self.vault, &self.home.join("not mounted"))
    }

    /// The whole of a version, as Odoo gets it.
    pub async fn get(&self, version: &str) -> Result<Vec<u8>, String> {
        let download = self.files.download(version).await.map_err(|error| error.to_string())?;
        let size = download.size;
        let pieces: Vec<_> = download.into_stream().try_collect().await.map_err(|error| error.to_string())?;
        let whole = pieces.concat();
        assert_eq!(whole.len() as u64, size);
        Ok(whole)
    }

    /// The objects that lie in the folder.
    pub fn objects(&self) -> Vec<PathBuf> {
        let folders =
            std::fs::read_dir(&self.folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
        let in_folders = folders.filter(|path| path.is_dir()).flat_map(|path| std::fs::read_dir(path).expect("read"));
        let mut found: Vec<_> = in_folders.map(|entry| entry.expect("an entry").path()).collect();
        found.sort();
        found
    }
}

async fn vault(store: &Store, home: &Path) -> Vault {
    Vault::open(store.clone(), home.join("master.key"), DATABASE_UUID).await.expect("a vault")
}

fn files(store: &Store, vault: &Vault, folder: &Path) -> Files {
    let place = Place::open(&FilesPlace::Folder(folder.to_owned())).expect("a place");
    Files::new(FilesParts {
        store: store.clone(),
        vault: vault.clone(),
        place,
        program: env!("CARGO_BIN_EXE_sicantik").into(),
        database_uuid: DATABASE_UUID.to_owned(),
        largest: LARGEST,
    })
}
