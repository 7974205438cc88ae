//! Secrets that the worker keeps: where the master key comes from, what happens without it, and how it is changed.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use serde_json::Value;
use sicantik_companion::config::StoreAddress;
use sicantik_companion::secrets::{SecretsError, Vault, forget_and_begin_anew};
use sicantik_companion::store::Store;
use tempfile::TempDir;

use crate::fake_odoo::DATABASE_UUID;
use crate::process::run;
use crate::store::{both, patient, place};

/// Any user but root.
const SERVICE: u32 = 65534;

const TOKEN: &str = "rahasia-contoh-4711";

fn beside(file: &Path, suffix: &str) -> PathBuf {
    format!("{}{suffix}", file.display()).into()
}

async fn open(store: &Store, file: &Path) -> Result<Vault, SecretsError> {
    Vault::open(store.clone(), file.to_owned(), DATABASE_UUID).await
}

/// A store in a file, and where its master key is to be.
async fn master_key() -> (TempDir, Store, PathBuf) {
    let (folder, address) = place();
    let file = folder.path().join("master.key");
    (folder, patient(&address).await, file)
}

/// A vault with one secret in it.
async fn filled(store: &Store, file: &Path) -> Vault {
    let vault = open(store, file).await.expect("open");
    vault.set("meta.token", &TOKEN.into()).await.expect("set");
    vault
}

async fn token(vault: &Vault) -> Option<String> {
    vault.get("meta.token").await.expect("an answer").map(|secret| secret.expose_secret().to_owned())
}

async fn fingerprint(vault: &Vault) -> String {
    vault.key().await.expect("a key").fingerprint()
}

#[tokio::test]
async fn the_first_start_makes_the_key_and_every_later_one_uses_it() {
    let (folder, addresses) = both().await;
    for (at, address) in addresses.iter().enumerate() {
        let (store, file) = (patient(address).await, folder.path().join(format!("{at}.key")));
        assert!(Vault::look(store.clone(), file.clone(), DATABASE_UUID).await.expect("looked").is_none(), "{address}");
        let vault = filled(&store, &file).await;
        assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        let again = open(&store, &file).await.expect("open");
        assert_eq!(token(&again).await.as_deref(), Some(TOKEN), "{address}");
        assert_eq!(fingerprint(&again).await, fingerprint(&vault).await);
        let names: Vec<String> = again.list().await.expect("a list").into_iter().map(|kept| kept.name).collect();
        assert_eq!(names, ["meta.token"]);
        assert!(again.forget("meta.token").await.expect("forgotten"));
        assert!(!again.forget("meta.token").await.expect("an answer"));
        assert_eq!(token(&vault).await, None);
    }
}

#[tokio::test]
async fn the_store_alone_gives_no_secret_away() {
    let (folder, address) = place();
    let (store, file) = (patient(&address).await, folder.path().join("master.key"));
    filled(&store, &file).await;
    let StoreAddress::Sqlite(database) = &address else { panic!("no file") };
    for path in [database.clone(), beside(database, "-wal")] {
        let bytes = fs::read(&path).expect("a file");
        let held = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!held(TOKEN), "{}", path.display());
        assert!(held("meta.token") || path == *database, "the test looks where the row is");
    }
}

#[tokio::test]
async fn a_secret_of_one_database_of_odoo_is_none_of_another() {
    let (_folder, store, file) = master_key().await;
    filled(&store, &file).await;
    let other = Vault::open(store, file, "99999999-2222-3333-4444-555555555555").await.expect("open");
    assert_eq!(token(&other).await, None);
    assert!(other.list().await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_store_whose_key_is_gone_or_another_one_is_refused_with_a_remedy() {
    let (folder, addresses) = both().await;
    for (at, address) in addresses.iter().enumerate() {
        let (store, file) = (patient(address).await, folder.path().join(format!("{at}.key")));
        let expected = fingerprint(&filled(&store, &file).await).await;
        let saved = beside(&file, ".saved");
        fs::rename(&file, &saved).expect("moved");
        let gone = open(&store, &file).await.expect_err("gone").to_string();
        assert!(gone.contains("is not there") && gone.contains(&expected) && gone.contains("--forget"), "{gone}");
        assert!(!file.exists(), "no other key takes its place");

        // Another worker's, which was made for another store.
        let (_elsewhere, another) = place();
        drop(open(&patient(&another).await, &file).await.expect("made"));
        let other = open(&store, &file).await.expect_err("another key").to_string();
        assert!(other.contains("is not the one") && other.contains(&expected), "{other}");

        fs::rename(&saved, &file).expect("put back");
        assert_eq!(token(&open(&store, &file).await.expect("open")).await.as_deref(), Some(TOKEN));
    }
}

#[tokio::test]
async fn of_two_workers_that_start_on_one_store_with_keys_of_their_own_the_first_one_s_counts() {
    let (folder, address) = place();
    let store = patient(&address).await;
    open(&store, &folder.path().join("a.key")).await.expect("the first");
    let error = open(&store, &folder.path().join("b.key")).await.expect_err("the second");
    assert!(matches!(error, SecretsError::Gone { .. }), "{error:?}");
}

#[tokio::test]
async fn a_key_that_others_may_read_is_narrowed_and_one_that_is_none_is_told() {
    let (_folder, store, file) = master_key().await;
    filled(&store, &file).await;
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("set");
    open(&store, &file).await.expect("open");
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    for bad in ["", "# nothing\n", "bukan kunci\n"] {
        fs::write(&file, bad).expect("written");
        let error = open(&store, &file).await.expect_err("no key").to_string();
        assert!(error.contains("holds no key") && error.contains("master.key"), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_an_administrator_changes_belongs_to_the_service() {
    let (folder, address) = place();
    let (store, file) = (patient(&address).await, folder.path().join("master.key"));
    let vault = filled(&store, &file).await;
    if chown(&file, Some(SERVICE), Some(SERVICE)).is_err() {
        println!("skipped: only root gives a file away");
        return;
    }
    vault.rekey().await.expect("changed");
    let found = fs::metadata(&file).expect("a file");
    assert_eq!((found.uid(), found.gid(), found.permissions().mode() & 0o777), (SERVICE, SERVICE, 0o600));
    // In a folder of the service, a first one is the service's, too.
    let (folder, address) = place();
    chown(folder.path(), Some(SERVICE), Some(SERVICE)).expect("given");
    let file = folder.path().join("master.key");
    drop(open(&patient(&address).await, &file).await.expect("open"));
    assert_eq!(fs::metadata(&file).expect("a file").uid(), SERVICE);
}

#[tokio::test]
async fn a_change_of_the_key_seals_everything_anew_while_the_service_runs() {
    let (folder, addresses) = both().await;
    for (at, address) in addresses.iter().enumerate() {
        let (store, file) = (patient(address).await, folder.path().join(format!("{at}.key")));
        let service = filled(&store, &file).await;
        let old = fingerprint(&service).await;
        let command = Vault::look(patient(address).await, file.clone(), DATABASE_UUID).await.expect("looked");
        let command = command.expect("a key");
        assert_eq!(command.rekey().await.expect("changed"), 1);
        let new = fingerprint(&command).await;
        assert_ne!(new, old);
        assert_eq!(token(&service).await.as_deref(), Some(TOKEN), "{address}");
        service.set("meta.app-secret", &"baru".into()).await.expect("set with the new key");
        assert_eq!(fingerprint(&service).await, new);
        assert_eq!(command.list().await.expect("a list").len(), 2);
        let saved = fs::read_to_string(beside(&file, ".old")).expect("the old key");
        assert!(saved.starts_with("# The master key"), "it says what it is");
        let left: Vec<PathBuf> =
            [".next", ".unfinished", ".next.unfinished"].map(|suffix| beside(&file, suffix)).into();
        assert!(left.iter().all(|path| !path.exists()), "{left:?}");
        let earlier = store.sealed_secret(DATABASE_UUID, "meta.token").await.expect("a row").expect("there");
        assert_eq!(earlier.fingerprint, new);
    }
}

#[tokio::test]
async fn changes_at_once_and_what_is_set_beside_them_lose_nothing() {
    let (folder, addresses) = both().await;
    for (at, address) in addresses.iter().enumerate() {
        let file = folder.path().join(format!("{at}.key"));
        let service = filled(&patient(address).await, &file).await;
        let mut commands = Vec::new();
        for _ in 0..2 {
            let store = patient(address).await;
            commands.push(Vault::look(store, file.clone(), DATABASE_UUID).await.expect("looked").expect("a key"));
        }
        for round in 0..5 {
            let value = format!("nilai-{round}");
            let (first, second, set) = tokio::join!(
                patiently(|| commands[0].rekey()),
                patiently(|| commands[1].rekey()),
                patiently(|| async { service.set("meta.token", &value.as_str().into()).await }),
            );
            for changed in [first, second] {
                changed.expect("changed");
            }
            set.expect("set");
            for vault in [&service, &commands[0], &commands[1]] {
                assert_eq!(token(vault).await.as_deref(), Some(value.as_str()), "{address}, round {round}");
            }
            assert_eq!(token(&open(&patient(address).await, &file).await.expect("open")).await, Some(value));
        }
    }
}

/// Again while the store is busy, or somebody else was first, as a person does.
async fn patiently<T, F>(action: impl Fn() -> F) -> Result<T, SecretsError>
where
    F: Future<Output = Result<T, SecretsError>>,
{
    loop {
        match action().await {
            Err(error) if error.is_passing() || matches!(error, SecretsError::KeyChanged) => {}
            outcome => return outcome,
        }
    }
}

#[tokio::test]
async fn a_left_over_of_a_change_that_was_killed_is_no_part_of_a_key_in_use() {
    let (_folder, store, file) = master_key().await;
    let vault = filled(&store, &file).await;
    let first = fs::read_to_string(&file).expect("the first key");
    // Killed between the two steps in which a key gets its name.
    fs::hard_link(&file, beside(&file, ".next.unfinished")).expect("linked");
    vault.rekey().await.expect("changed");
    assert_eq!(fs::read_to_string(beside(&file, ".old")).expect("the old key"), first, "it still is what it was");
    assert_eq!(token(&open(&store, &file).await.expect("open")).await.as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn a_change_that_ended_between_store_and_file_is_finished() {
    let (_folder, store, file) = master_key().await;
    let vault = filled(&store, &file).await;
    let first = fingerprint(&vault).await;
    vault.rekey().await.expect("changed");
    let new = fingerprint(&vault).await;
    // As it was between the commit and the first renaming, and then between the two.
    for (old_is_in_place, way) in [(true, "before"), (false, "between")] {
        fs::rename(&file, beside(&file, ".next")).expect("moved");
        if old_is_in_place {
            fs::rename(beside(&file, ".old"), &file).expect("moved");
        }
        let looked = Vault::look(store.clone(), file.clone(), DATABASE_UUID).await.expect("looked").expect("a key");
        assert_eq!(token(&looked).await.as_deref(), Some(TOKEN), "{way}");
        let opened = open(&store, &file).await.expect("open");
        assert_eq!((fingerprint(&opened).await, token(&opened).await.as_deref()), (new.clone(), Some(TOKEN)), "{way}");
        assert!(!beside(&file, ".next").exists(), "{way}");
    }
    assert_ne!(first, new);
}

#[tokio::test]
async fn a_change_that_ended_before_the_store_knew_changes_nothing_and_can_be_made_again() {
    let (_folder, store, file) = master_key().await;
    let vault = filled(&store, &file).await;
    let old = fingerprint(&vault).await;
    let (_elsewhere, another) = place();
    drop(open(&patient(&another).await, &beside(&file, ".next")).await.expect("a next key"));
    let opened = open(&store, &file).await.expect("open");
    assert_eq!((fingerprint(&opened).await, token(&opened).await.as_deref()), (old.clone(), Some(TOKEN)));
    opened.rekey().await.expect("changed");
    assert_eq!(token(&vault).await.as_deref(), Some(TOKEN));
    assert_ne!(fingerprint(&vault).await, old);
}

#[tokio::test]
async fn whoever_lost_the_key_begins_anew_without_the_secrets() {
    let (_folder, store, file) = master_key().await;
    filled(&store, &file).await;
    let kept = forget_and_begin_anew(&store, &file).await.expect_err("it is not lost").to_string();
    assert!(kept.contains("is there") && kept.contains("keeps"), "{kept}");
    fs::remove_file(&file).expect("lost");
    assert_eq!(forget_and_begin_anew(&store, &file).await.expect("anew"), 1);
    let vault = open(&store, &file).await.expect("open");
    assert_eq!(token(&vault).await, None);
    vault.set("meta.token", &"lain".into()).await.expect("set");
    assert_eq!(token(&vault).await.as_deref(), Some("lain"));
}

#[tokio::test]
async fn what_an_independent_hpke_sealed_is_kept_as_it_came() {
    let (_folder, store, file) = master_key().await;
    let case: Value = serde_json::from_str(include_str!("fixtures/hpke.json")).expect("JSON");
    fs::write(&file, case["private_key"].as_str().expect("text")).expect("written");
    let database = "11111111-2222-3333-4444-555555555555";
    let vault = Vault::open(store, file, database).await.expect("open");
    assert_eq!(vault.key().await.expect("a key").public_key(), case["public_key"]);
    assert_eq!(fingerprint(&vault).await, "2cd4-7cb0-dd26-2cde", "as Odoo shows it, too");
    for sealed in case["sealed"].as_array().expect("a list") {
        let name = sealed["name"].as_str().expect("text");
        let bytes = BASE64_STANDARD.decode(sealed["sealed"].as_str().expect("text")).expect("base64");
        vault.set_sealed(name, &bytes).await.expect("kept");
        let expected = match sealed["times"].as_u64() {
            Some(times) => "x".repeat(usize::try_from(times).expect("a length")),
            None => sealed["secret"].as_str().expect("text").to_owned(),
        };
        let opened = vault.get(name).await.expect("an answer").expect("a secret");
        assert_eq!(opened.expose_secret(), expected, "{name}");
        vault.set_sealed("another.name", &bytes).await.expect_err("for another name");
        vault.set_sealed(name, &bytes[..bytes.len() - 1]).await.expect_err("cut");
        assert_eq!(vault.get(name).await.expect("an answer").expect("a secret").expose_secret(), expected);
    }
    assert!(vault.get("another.name").await.expect("an answer").is_none());
}

/// `sicantik secret`, with `typed` on its standard input; its exit code and all that it said.
async fn secret(address: &StoreAddress, typed: &str, arguments: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("printf '%s' \"$1\" | \"$0\" secret {arguments}")]);
    command.args([env!("CARGO_BIN_EXE_sicantik"), typed]);
    command.env("SICANTIK__STORE__URL", address.to_string()).env("SICANTIK__ODOO__DATABASE_UUID", DATABASE_UUID);
    let done = run(&mut command).await;
    (done.status.code(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_sets_lists_and_forgets_and_shows_no_secret() {
    let (_folder, address) = place();
    let StoreAddress::Sqlite(database) = &address else { panic!("no file") };
    let (code, said) = secret(&address, "", "list").await;
    assert!(code == Some(1) && said.contains("is no store of this version"), "{said}");
    let store = patient(&address).await;
    let (code, said) = secret(&address, "", "list").await;
    assert!(code == Some(1) && said.contains("no master key yet"), "{said}");
    let vault = open(&store, &database.with_file_name("master.key")).await.expect("open");

    let (code, said) = secret(&address, &format!("{TOKEN}\r\n"), "set meta.token").await;
    assert_eq!((code, said.as_str()), (Some(0), "meta.token is set\n"));
    assert_eq!(token(&vault).await.as_deref(), Some(TOKEN), "without the line's end");
    let (code, said) = secret(&address, "", "list").await;
    assert!(code == Some(0) && said.contains("meta.token  set 20"), "{said}");
    assert!(said.contains(&fingerprint(&vault).await) && !said.contains(TOKEN), "{said}");

    for (typed, arguments, expected) in [
        ("", "set meta.token", "1 to 32768 bytes"),
        ("x", "set 'Meta Token'", "no name of a secret"),
        (&"x".repeat(40_000), "set meta.token", "1 to 32768 bytes"),
    ] {
        let (code, said) = secret(&address, typed, arguments).await;
        assert!(code == Some(2) && said.contains(expected), "{arguments}: {said}");
    }
    // A terminal gives one line of it.
    let (code, said) = secret(&address, "-----BEGIN PRIVATE KEY-----\n", "set meta.token").await;
    assert!(code == Some(1) && said.contains("sicantik secret set meta.token < FILE"), "{said}");
    assert_eq!(token(&vault).await.as_deref(), Some(TOKEN), "what was refused changed nothing");

    let (code, said) = secret(&address, "", "rekey").await;
    assert!(code == Some(0) && said.contains("seals every secret (1)"), "{said}");
    assert!(said.contains(&fingerprint(&vault).await), "{said}");
    assert_eq!(token(&vault).await.as_deref(), Some(TOKEN));
    let (_, said) = secret(&address, "", "forget meta.token").await;
    assert_eq!(said, "meta.token is forgotten\n");
    assert_eq!(secret(&address, "", "forget meta.token").await.1, "meta.token was not set\n");
}
