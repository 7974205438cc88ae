//! `sicantik doctor`: each way in which the chain can be broken is one story.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use sicantik_companion::clock::SystemClock;
use sicantik_companion::commands::doctor::{Findings, State, examine};
use sicantik_companion::config::{Config, ConfigError};
use sicantik_companion::domain::MessageAccount;
use sicantik_companion::http::{Internal, Signatures, router};
use sicantik_companion::metrics::Exporter;
use sicantik_companion::odoo::hook_key_id;
use sicantik_companion::secrets::Vault;
use sicantik_companion::store::{Durability, Store};
use tempfile::TempDir;

use crate::canned_source::Scripted;
use crate::fake_odoo::{API_KEY, DATABASE_UUID, Failure, FakeOdoo, How, messages};
use crate::listener::{KEY, PREVIOUS_KEY};
use crate::office::{choose_tls, settings};
use crate::store::{patient, place};
use crate::worker_config;

const SETTINGS: &str = "config.worker_settings";

/// A SICANTIK's answer to the question of the doctor.
const TYPE_COUNT: &str =
    "<?xml version=\"1.0\"?><response><item><jumlahPerizinan>90</jumlahPerizinan></item></response>";

#[tokio::test]
async fn a_chain_without_a_fault_is_all_well() {
    for version in [18, 19] {
        let chain = Chain::sound(version).await;
        let findings = chain.examine("").await;
        assert!(findings.all_well(), "{findings}");
        assert!(findings.iter().all(|finding| finding.state == State::Good), "{findings}");
        assert_eq!(findings.iter().count(), 23, "{findings}");
        let text = findings.to_string();
        for expected in ["is Odoo 1", "90 permit types", "is known to both", "signed with our key is accepted"] {
            assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
        }
        let json = serde_json::to_value(&findings).expect("JSON");
        assert_eq!((&json["ok"], &json["checks"][0]["check"]), (&true.into(), &"configuration".into()));
        for secret in [API_KEY, KEY] {
            assert!(!text.contains(secret) && !json.to_string().contains(secret));
        }
        assert_eq!(chain.sicantik.asked().await.len(), 1, "SICANTIK is asked one question");
    }
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_is_the_first_finding() {
    choose_tls();
    let error = ConfigError::Unreadable("no such file".to_owned());
    let findings = examine(Err(error), None).await;
    is_broken_at(&findings, "configuration", "no such file");
    let nothing_set = Config::load(None).expect("the defaults");
    is_broken_at(&examine(Ok(nothing_set), None).await, "configuration", "setting `odoo.url` is missing");
}

#[tokio::test]
async fn a_master_key_that_opens_nothing_is_named_and_the_rest_is_looked_at() {
    let chain = Chain::sound(18).await;
    let (folder, address) = place();
    let file = folder.path().join("master.key");
    let vault = Vault::open(patient(&address).await, file.clone(), DATABASE_UUID).await.expect("open");
    vault.set("meta.token", &"rahasia".into()).await.expect("set");
    let store = format!("store.url = {:?}", address.to_string());
    let sound = chain.examine(&store).await;
    assert!(sound.all_well() && sound.to_string().contains("opens every secret of this database (1)"), "{sound}");
    std::fs::remove_file(file).expect("lost");
    let findings = chain.examine(&store).await;
    is_bad(&findings, "master key", "put its copy there");
    let bad = findings.iter().filter(|finding| finding.state != State::Good).count();
    assert_eq!(bad, 1, "{findings}");
}

#[tokio::test]
async fn how_full_the_folder_of_documents_is_stands_beside_that_it_works() {
    let chain = Chain::sound(18).await;
    let (folder, address) = place();
    drop(patient(&address).await);
    let store = format!("store.url = {:?}", address.to_string());
    let findings = chain.examine(&store).await;
    assert!(findings.all_well() && findings.to_string().contains("none is kept yet"), "{findings}");
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("made");
    std::fs::write(files.join("sicantik-files"), "").expect("written");
    let text = chain.examine(&store).await.to_string();
    assert!(text.contains(" MiB are free (") && text.contains("documents: the folder"), "{text}");
    assert_eq!(std::fs::read_dir(&files).expect("read").count(), 1, "what was put there to try is gone");
}

#[tokio::test]
async fn what_messages_lack_is_named_and_the_rest_is_looked_at() {
    let chain = Chain::sound(18).await;
    let (folder, address) = place();
    let store = patient(&address).await;
    let vault = Vault::open(store.clone(), folder.path().join("master.key"), DATABASE_UUID).await.expect("open");
    let settings = |listen: &str, public: &str, further: &str| {
        format!(
            "store.url = {:?}\npublic.listen = {listen:?}\npublic.address = {public:?}\n{further}",
            address.to_string()
        )
    };
    let (listen, public) = ("127.0.0.1:8076", "https://perizinan.example.go.id");
    let sound = chain.examine(&settings("", "", "")).await;
    assert!(sound.all_well() && sound.to_string().contains("no WhatsApp account"), "{sound}");

    let account = |provider: &str| {
        let mut account = messages::account("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
        account["provider"] = provider.into();
        serde_json::from_value::<MessageAccount>(account).expect("an account")
    };
    let keep = async |account: MessageAccount| {
        let mut transaction = store.begin(Durability::Durable).await.expect("begun");
        transaction.keep_accounts(DATABASE_UUID, &[account]).await.expect("kept");
        transaction.commit().await.expect("committed");
    };
    keep(account("meta")).await;
    let findings = chain.examine(&settings(listen, public, "")).await;
    is_bad(&findings, "messages", "sicantik secret set whatsapp.aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee.token");
    for which in ["token", "app_secret"] {
        vault.set(&account("meta").secret_name(which), &"rahasia".into()).await.expect("set");
    }
    let sound = chain.examine(&settings(listen, public, "")).await;
    assert!(sound.all_well() && sound.to_string().contains("1 WhatsApp accounts have their keys"), "{sound}");
    is_bad(&chain.examine(&settings("", "", "")).await, "messages", "public.listen is not set");
    let old = settings(listen, public, "whatsapp.meta_version = \"v19.0\"");
    is_bad(&chain.examine(&old).await, "messages", "whatsapp.meta_version = v19.0");
    keep(account("twilio")).await;
    assert!(chain.examine(&settings(listen, public, "")).await.all_well());
    is_bad(&chain.examine(&settings(listen, "", "")).await, "messages", "set public.address");
    std::fs::write(folder.path().join("sent.journal"), "1790000000000 B aa\n").expect("written");
    is_bad(&chain.examine(&settings(listen, public, "")).await, "messages", "an older database came back");
}

#[tokio::test]
async fn what_keeps_the_worker_out_of_odoo_is_named() {
    let exception = |name, message| Failure::of(SETTINGS, How::Exception(name, message));
    let stories = [
        (Failure::of("*", How::Status(502)), "Odoo", "look whether Odoo runs"),
        (exception("odoo.exceptions.AccessDenied", "Access Denied"), "sign-in", "Pair the worker again"),
        (exception("odoo.exceptions.UserError", "Object sicantik.config doesn't exist"), "addon", "SICANTIK Connector"),
        (exception("odoo.exceptions.AccessError", "no"), "group", "not in the group SICANTIK Worker"),
        (Failure::of(SETTINGS, How::Status(503)), "database", "look whether Odoo runs"),
    ];
    for version in [18, 19] {
        for (failure, check, words) in stories.clone() {
            let chain = Chain::sound(version).await;
            chain.odoo.fail([failure]);
            is_broken_at(&chain.examine("").await, check, words);
            assert!(chain.sicantik.asked().await.is_empty(), "{check}");
        }
        let chain = Chain::sound(version).await;
        is_broken_at(&chain.examine("odoo.database = \"contho\"").await, "database", "no database named contho");
        is_broken_at(&chain.examine("odoo.api_key = \"wrong\"").await, "sign-in", "wrong, expired or revoked");
        chain.odoo.state().rpc_is_gone = true;
        is_broken_at(&chain.examine("").await, "Odoo", "addon `rpc`");
    }
}

#[tokio::test]
async fn another_database_or_a_copy_is_named_and_left_alone() {
    let chain = Chain::sound(19).await;
    let findings = chain.examine("odoo.database_uuid = \"another\"").await;
    is_bad(&findings, "database uuid", "pair it again");
    assert!(chain.sicantik.asked().await.is_empty());
    chain.tell("neutralized", true);
    is_bad(&chain.examine("").await, "no neutralised copy", "connect it to the office's own database");
    assert!(chain.sicantik.asked().await.is_empty());
}

#[tokio::test]
async fn what_the_addon_tells_is_judged() {
    let stories = [
        ("addon_version", json!("19.0.2.0.0"), "addon version", "needs 1.x; upgrade the older one"),
        ("addon_version", Value::Null, "addon version", "version unknown"),
        ("now", written(TimeDelta::minutes(-4)), "clock", "set both"),
        ("now", Value::Null, "clock", "upgrade it"),
        ("api_key_expires", written(TimeDelta::days(12)), "API key", "press Renew Keys"),
        ("api_key_expires", written(TimeDelta::days(-1)), "API key", "press Renew Keys"),
        ("hook_key_id", Value::Null, "hook key", "Odoo has none"),
        ("hook_key_id", json!("01234567"), "hook key", "is not the worker's"),
    ];
    let chain = Chain::sound(19).await;
    for (fact, value, check, words) in stories {
        let before = chain.odoo.state().facts.insert(fact.to_owned(), value);
        is_bad(&chain.examine("").await, check, words);
        chain.odoo.state().facts.insert(fact.to_owned(), before.expect("told before"));
    }
    let rotated = format!("hook.key = {PREVIOUS_KEY:?}\nhook.previous_key = {KEY:?}");
    is_bad(&chain.examine(&rotated).await, "hook key", "previous one");
    is_bad(&chain.examine("hook.key = \"\"").await, "hook key", "the worker has none");
    chain.odoo.state().configs.clear();
    is_bad(&chain.examine("").await, "configurations", "make one in Odoo");
}

#[tokio::test]
async fn the_worker_is_knocked_at_where_odoo_knocks() {
    let chain = Chain::sound(19).await;
    chain.odoo.state().configs[0]["worker_url"] = "http://127.0.0.1:1".into();
    is_bad(&chain.examine("").await, "worker address", "start `sicantik serve`");
    chain.odoo.state().configs[0]["worker_url"] = chain.odoo.url().into();
    is_bad(&chain.examine("").await, "worker address", "which is not the worker");
    // It was started before the key or the database was changed.
    chain.listen(PREVIOUS_KEY, DATABASE_UUID).await;
    is_bad(&chain.examine("").await, "hook", "restart it");
    chain.listen(KEY, "another").await;
    is_bad(&chain.examine("").await, "hook", "paired with another database");
    chain.odoo.state().configs[0]["worker_url"] = Value::Null;
    let findings = chain.examine("").await;
    assert!(findings.all_well(), "polling is enough: {findings}");
}

#[tokio::test]
async fn nothing_is_signed_for_a_host_that_is_not_the_workers_own() {
    // A name that leads here today may lead elsewhere tomorrow.
    let chain = Chain::sound(19).await;
    let elsewhere =
        chain.odoo.state().configs[0]["worker_url"].as_str().expect("set").replace("127.0.0.1", "worker.localhost");
    chain.odoo.state().configs[0]["worker_url"] = elsewhere.into();
    let findings = chain.examine("").await;
    let hook = findings.iter().find(|finding| finding.check == "hook").expect("told");
    assert!(hook.state == State::Skipped || hook.message.contains("internal.hosts"), "{findings}");
    let named = chain.examine("internal.hosts = [\"worker.localhost\"]").await;
    let hook = named.iter().find(|finding| finding.check == "hook").expect("told");
    assert!(hook.state != State::Bad, "{named}");
}

#[tokio::test]
async fn a_listener_in_a_private_network_is_told() {
    let chain = Chain::sound(19).await;
    let findings = chain.examine("internal.listen = \"10.1.2.3:8075\"\ninternal.allow_private = true").await;
    let listener = findings.iter().find(|finding| finding.check == "listener").expect("told");
    assert!(listener.message.contains("10.1.2.3:8075") && listener.message.contains("not encrypted"), "{findings}");
}

#[tokio::test]
async fn a_sicantik_that_does_not_answer_is_named() {
    for (status, words) in [(500, "status 500"), (403, "refuses access"), (404, "does not lead to SICANTIK's API")] {
        let mut chain = Chain::sound(19).await;
        chain.sicantik = Scripted::always(status, "<html></html>").await;
        chain.odoo.state().configs[0]["api_url"] = chain.sicantik.url().into();
        is_bad(&chain.examine("").await, "SICANTIK", words);
        let asked = chain.sicantik.asked().await.len();
        assert!((1..=2).contains(&asked), "once in each form of the API, not again and again: {asked}");
    }
    let chain = Chain::sound(19).await;
    chain.odoo.state().configs[0]["api_url"] = "perizinan.example".into();
    is_bad(&chain.examine("").await, "SICANTIK", "the API URL cannot be used");
}

#[tokio::test]
async fn a_configuration_without_an_address_is_named_and_the_others_are_asked() {
    let mut chain = Chain::sound(19).await;
    let mut unset = settings("");
    unset["name"] = "Kantor Baru".into();
    chain.odoo.state().configs.push(unset.clone());
    let findings = chain.examine("").await;
    is_bad(&findings, "configurations", "Kantor Baru (no address");
    is_bad(&findings, "configurations", "enter it in Odoo");
    assert_eq!(states_of("SICANTIK", &findings), [State::Good], "{findings}");

    chain.sicantik = Scripted::always(200, TYPE_COUNT).await;
    chain.odoo.state().configs = vec![unset];
    let findings = chain.examine(&format!("sicantik.url = {:?}", chain.sicantik.url())).await;
    assert_eq!(states_of("SICANTIK", &findings), [State::Skipped], "{findings}");
    assert!(chain.sicantik.asked().await.is_empty(), "nothing is called, whatever the worker's own setting");
}

/// Odoo, SICANTIK, and a worker that serves between them.
struct Chain {
    odoo: FakeOdoo,
    sicantik: Scripted,
    _folder: TempDir,
    store: Store,
}

impl Chain {
    async fn sound(version: u32) -> Self {
        let (folder, place) = place();
        let store = patient(&place).await;
        let (odoo, sicantik) = (FakeOdoo::spawn().await, Scripted::always(200, TYPE_COUNT).await);
        let chain = Self { odoo, sicantik, _folder: folder, store };
        chain.odoo.state().version = version;
        chain.odoo.state().configs = vec![settings(&chain.sicantik.url())];
        chain.tell("addon_version", format!("{version}.0.1.4.2"));
        chain.tell("now", written(TimeDelta::zero()));
        chain.tell("api_key_expires", written(TimeDelta::days(200)));
        chain.tell("hook_key_id", hook_key_id(&KEY.into()));
        chain.listen(KEY, DATABASE_UUID).await;
        chain
    }

    fn tell(&self, fact: &str, value: impl Into<Value>) {
        self.odoo.state().facts.insert(fact.to_owned(), value.into());
    }

    /// A worker with this key listens from now on, and Odoo knows where.
    async fn listen(&self, key: &str, database_uuid: &str) {
        let exporter = Exporter::of_process().expect("an exporter");
        let (wake, health) = (Arc::default(), Arc::default());
        let (keys, clock, store) = (vec![key.into()], Arc::new(SystemClock), self.store.clone());
        let signatures = Signatures::new(keys, Some(database_uuid), clock, store);
        let state = Internal { signatures, wake, files: None, health, exporter };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router(state)).await });
        self.odoo.state().configs[0]["worker_url"] = address.into();
    }

    async fn examine(&self, lines: &str) -> Findings {
        choose_tls();
        examine(Ok(worker_config::config(&self.odoo, lines)), None).await
    }
}

/// Odoo's form of the time so long from now.
#[expect(clippy::disallowed_methods, reason = "the doctor of these stories has the machine's clock")]
fn written(from_now: TimeDelta) -> Value {
    (Utc::now() + from_now).format("%Y-%m-%d %H:%M:%S").to_string().into()
}

fn states_of(check: &str, findings: &Findings) -> Vec<State> {
    findings.iter().filter(|finding| finding.check == check).map(|finding| finding.state).collect()
}

#[track_caller]
fn is_bad(findings: &Findings, check: &str, words: &str) {
    let found = findings.iter().find(|finding| finding.check == check).expect("looked at");
    assert_eq!(found.state, State::Bad, "{check}\n{findings}");
    assert!(found.message.contains(words), "{words:?} is missing in {:?}", found.message);
    assert!(!findings.all_well());
}

/// Bad there, good before, and nothing looked at behind.
#[track_caller]
fn is_broken_at(findings: &Findings, check: &str, words: &str) {
    is_bad(findings, check, words);
    let states: Vec<State> = findings.iter().map(|finding| finding.state).collect();
    let at = states.iter().position(|state| *state == State::Bad).expect("one");
    assert!(states[..at].iter().all(|state| *state == State::Good), "{findings}");
    assert!(states[at + 1..].iter().all(|state| *state == State::Skipped), "{findings}");
    assert_eq!(states.len(), 23, "every check is told\n{findings}");
}
