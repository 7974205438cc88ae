//! JSON-RPC or JSON-2: which is chosen, when it is chosen anew, and that both carry the same.

use serde_json::{Value, json};
use sicantik_companion::config::Protocol;
use sicantik_companion::domain::RunKind;
use sicantik_companion::odoo::Client;
use sicantik_companion::sync;

use crate::fake_odoo::{Call, DATABASE_UUID, Failure, FakeOdoo, How};
use crate::office::{Office, WORKER, sink, sink_with};

const QUEUED: &str = "sync.run.queued";

#[tokio::test]
async fn odoo_is_asked_once_and_gets_the_protocol_of_its_version() {
    for (version, protocol) in [(17, "jsonrpc"), (18, "jsonrpc"), (19, "json2"), (20, "json2")] {
        let odoo = odoo_of(version).await;
        let client = sink(&odoo);
        for _ in 0..3 {
            ask(&client).await.expect("a queue");
        }
        assert_eq!(protocols(&odoo), [protocol; 3], "Odoo {version}");
        assert_eq!(odoo.state().versions_asked, 1, "Odoo {version}");
    }
}

#[tokio::test]
async fn the_setting_wins_over_the_version() {
    let odoo = odoo_of(19).await;
    let client = sink_with(&odoo, |options| options.protocol = Protocol::Jsonrpc);
    ask(&client).await.expect("19 serves JSON-RPC, too");
    assert_eq!(protocols(&odoo), ["jsonrpc"]);

    let odoo = odoo_of(18).await;
    let client = sink_with(&odoo, |options| options.protocol = Protocol::Json2);
    assert_eq!(ask(&client).await, Err("odoo_gone"), "18 does not serve JSON-2");
    assert_eq!(odoo.state().versions_asked, 0);
}

#[tokio::test]
async fn an_odoo_that_is_upgraded_or_replaced_under_the_worker_gets_its_own_protocol() {
    let odoo = odoo_of(18).await;
    let client = sink(&odoo);
    ask(&client).await.expect("a queue");
    odoo.state().version = 19;
    ask(&client).await.expect("19 serves JSON-RPC, too, and tells its version");
    ask(&client).await.expect("a queue");
    odoo.state().version = 18;
    ask(&client).await.expect("JSON-2 is gone, so the version is asked for");
    assert_eq!(protocols(&odoo), ["jsonrpc", "jsonrpc", "json2", "jsonrpc"]);
    assert_eq!(odoo.state().versions_asked, 2);
}

#[tokio::test]
async fn a_19_without_its_addon_rpc_is_told_what_it_lacks() {
    let odoo = odoo_of(19).await;
    let client = sink(&odoo);
    for before in [false, true] {
        if before {
            ask(&client).await.expect("a queue");
        }
        odoo.state().rpc_is_gone = true;
        let error = client.queued(WORKER, "0").await.expect_err("gone");
        assert_eq!(error.code(), "odoo_gone");
        assert!(error.to_string().contains("addon `rpc`"), "{error}");
        odoo.state().rpc_is_gone = false;
    }
}

#[tokio::test]
async fn while_odoo_is_away_no_protocol_is_chosen() {
    let odoo = odoo_of(19).await;
    let client = sink(&odoo);
    odoo.fail([Failure::of("version", How::Status(502))]);
    assert_eq!(ask(&client).await, Err("odoo_unavailable"));
    odoo.fail([]);
    ask(&client).await.expect("a queue");
    assert_eq!(protocols(&odoo), ["json2"]);
}

#[tokio::test]
async fn a_database_that_is_none_is_named() {
    for version in [18, 19] {
        let odoo = odoo_of(version).await;
        let client = sink_with(&odoo, |options| "contho".clone_into(&mut options.database));
        let error = client.queued(WORKER, "0").await.expect_err("no database");
        assert_eq!((error.code(), error.to_string().contains("contho")), ("odoo_no_database", true), "{error}");
    }
}

#[tokio::test]
async fn a_database_that_a_19_hides_from_this_host_name_is_told_with_the_ways_out() {
    let odoo = odoo_of(19).await;
    let client = sink_with(&odoo, |options| "hidden".clone_into(&mut options.database));
    let told = client.queued(WORKER, "0").await.expect_err("hidden").to_string();
    for words in ["hidden", "127.0.0.1", "dbfilter", "odoo.url", "odoo.protocol"] {
        assert!(told.contains(words), "{words:?} is missing in {told}");
    }
}

#[tokio::test]
async fn a_lease_is_never_printed() {
    let office = Office::with_permits(1).await;
    let run = office.run(RunKind::Types).await;
    let token = office.odoo.state().run(&run.order.lease.uuid).token.clone();
    assert!(!token.is_empty() && !format!("{:?}", run.order).contains(&token));
}

#[tokio::test]
async fn what_an_older_addon_lacks_is_asked_of_the_administrator() {
    for version in [18, 19] {
        let odoo = odoo_of(version).await;
        odoo.fail([Failure::of(QUEUED, How::Exception("builtins.AttributeError", "The method does not exist"))]);
        let error = sink(&odoo).queued(WORKER, "0").await.expect_err("refused");
        assert_eq!(error.code(), "odoo_refused");
        assert!(error.to_string().contains("is the addon SICANTIK Connector there, and up to date?"), "{error}");
    }
}

#[tokio::test]
async fn both_protocols_carry_the_same_words() {
    let [jsonrpc, json2] = [everything_sent_to(18).await, everything_sent_to(19).await];
    let methods: Vec<&str> = jsonrpc.iter().map(|(method, _)| method.as_str()).collect();
    let upserts = ["permit.type.upsert_batch", "permit.upsert_batch"];
    assert_eq!(methods, ["sync.run.claim", upserts[0], upserts[1], "permit.keys", "permit.due_details"]);
    assert!(jsonrpc == json2, "the arguments differ");
}

#[tokio::test]
async fn the_keys_in_use_are_named_with_each_look_at_the_queue() {
    for version in [18, 19] {
        let odoo = odoo_of(version).await;
        let client = sink_with(&odoo, |options| options.hook_key = Some("contoh-kunci-hook-0123456789abcdef".into()));
        ask(&client).await.expect("a queue");
        client.configurations(WORKER, "0").await.expect("settings");
        for method in [QUEUED, "config.worker_settings"] {
            let keys = odoo.calls(method)[0].arguments["keys"].clone();
            assert_eq!(keys, json!({ "api_key": "kunci-ap", "hook_key": HOOK_KEY_ID }), "{method}");
        }
    }
}

/// The first 8 hex digits of `sha256sum`.
const HOOK_KEY_ID: &str = "56d705dd";

#[tokio::test]
async fn nothing_is_done_with_a_neutralised_copy() {
    for version in [18, 19] {
        let odoo = odoo_of(version).await;
        odoo.state().facts.insert("neutralized".to_owned(), true.into());
        let client = sink(&odoo);
        assert_eq!(ask(&client).await, Err("odoo_neutralized"));
        let error = client.configurations(WORKER, "0").await.expect_err("refused");
        assert!(error.to_string().contains("neutralised copy"), "{error}");
    }
}

#[tokio::test]
async fn what_odoo_says_of_itself_comes_with_the_queue() {
    let odoo = odoo_of(19).await;
    odoo.state().facts.insert("api_key_expires".to_owned(), "2027-01-31 10:00:00".into());
    let queue = sink(&odoo).queued(WORKER, "0").await.expect("a queue");
    assert_eq!((queue.server.database_uuid.as_str(), queue.server.odoo_version.as_str()), (DATABASE_UUID, "19.0"));
    let ends = queue.server.api_key_expires.expect("a time");
    assert_eq!(ends.to_rfc3339(), "2027-01-31T10:00:00+00:00");
}

async fn odoo_of(version: u32) -> FakeOdoo {
    let odoo = FakeOdoo::spawn().await;
    odoo.state().version = version;
    odoo
}

async fn ask(client: &Client) -> Result<(), &'static str> {
    client.queued(WORKER, "0").await.map(drop).map_err(|error| error.code())
}

fn protocols(odoo: &FakeOdoo) -> Vec<&'static str> {
    odoo.calls(QUEUED).iter().map(|call| call.protocol).collect()
}

/// Methods and arguments up to the first question for details; those come in the order of their answers.
async fn everything_sent_to(version: u32) -> Vec<(String, Value)> {
    let office = Office::with_permits(12).await;
    office.odoo.state().version = version;
    let end = sync::execute(&office.run(RunKind::All).await).await;
    assert_eq!(end.error.map(|error| error.to_string()), None);
    let port = office.sicantik.base_url();
    let sent = |call: &Call| {
        let arguments = call.arguments.to_string().replace(&port, "");
        (call.method.clone(), serde_json::from_str(&arguments).expect("JSON"))
    };
    let of_interest = |call: &&Call| !matches!(call.method.as_str(), "authenticate" | "sync.run.report");
    office.odoo.state().calls.iter().filter(of_interest).map(sent).take(5).collect()
}
