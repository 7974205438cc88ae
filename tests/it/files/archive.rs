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
use crate::postgres;
use crate::store::{address, patient, place};

/// Bytes of the largest document.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// Of Odoo, not the worker's own.
pub const OTHER_DATABASE: &str = "99999999-0000-4000-8000-000000000009";

pub struct Archive {
    pub files: Arc<Files>,
    pub store: Store,
    pub vault: Vault,
    /// Where the sealed bytes lie.
    pub folder: PathBuf,
    pub place: FilesPlace,
    /// Of the store, for another program.
    pub url: String,
    /// Where the store's file and the master key are.
    pub home: PathBuf,
    kept: Arc<TempDir>,
}

impl Archive {
    /// One on each database that is there.
    pub async fn on_both() -> Vec<Self> {
        let (folder, file) = place();
        let folder = Arc::new(folder);
        let mut archives = Vec::new();
        let stores = [Some((url_of(&file), file)), postgres::database().await.map(|url| (url.clone(), address(&url)))];
        for (at, (url, address)) in stores.into_iter().flatten().enumerate() {
            let home = folder.path().join(at.to_string());
            std::fs::create_dir(&home).expect("a folder");
            archives.push(Self { url, ..Self::open(&home, &address, Arc::clone(&folder)).await });
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
        let vault = vault(&store, home, DATABASE_UUID).await;
        let folder = home.join("files");
        let place = FilesPlace::Folder(folder.clone());
        let files = Arc::new(files(&store, &vault, &place, DATABASE_UUID));
        Self { files, store, vault, folder, place, url: url_of(address), home: home.to_owned(), kept }
    }

    /// The worker after it was started anew.
    pub async fn start_anew(&mut self) {
        self.vault = vault(&self.store, &self.home, DATABASE_UUID).await;
        self.files = Arc::new(files(&self.store, &self.vault, &self.place, DATABASE_UUID));
    }

    /// A worker of another database of Odoo, in the same store and folder.
    pub async fn of_another_database(&self) -> Self {
        let vault = vault(&self.store, &self.home, OTHER_DATABASE).await;
        let files = Arc::new(files(&self.store, &vault, &self.place, OTHER_DATABASE));
        let (store, folder, place, url, home) =
            (self.store.clone(), self.folder.clone(), self.place.clone(), self.url.clone(), self.home.clone());
        Self { files, store, vault, folder, place, url, home, kept: Arc::clone(&self.kept) }
    }

    /// A further worker on this store and folder.
    pub async fn another(&self) -> Arc<Files> {
        let vault = vault(&self.store, &self.home, DATABASE_UUID).await;
        Arc::new(files(&self.store, &vault, &self.place, DATABASE_UUID))
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
        let place = FilesPlace::Folder(self.home.join("not mounted"));
        files(&self.store, &self.vault, &place, DATABASE_UUID)
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

/// For another program; of a file alone.
fn url_of(address: &StoreAddress) -> String {
    match address {
        StoreAddress::Sqlite(file) => format!("sqlite://{}", file.display()),
        StoreAddress::Postgres(_) => String::new(),
    }
}

async fn vault(store: &Store, home: &Path, database_uuid: &str) -> Vault {
    Vault::open(store.clone(), home.join("master.key"), database_uuid).await.expect("a vault")
}

pub fn files(store: &Store, vault: &Vault, place: &FilesPlace, database_uuid: &str) -> Files {
    let place = Place::open(place).expect("a place");
    Files::new(FilesParts {
        store: store.clone(),
        vault: vault.clone(),
        place,
        program: env!("CARGO_BIN_EXE_sicantik").into(),
        database_uuid: database_uuid.to_owned(),
        largest: LARGEST,
    })
}
