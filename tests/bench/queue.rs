//! What a message costs the worker: `sicantik-queue-bench STORE FOLDER ROUNDS COUNT`. In each round as many durable commits
//! of one row as messages that are kept, taken within limits and ended; the provider answers at once. Prints one line of
//! JSON: `[[commits a second, messages a second], ...]`, a pair for each round.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "it measures, or fails")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::config::{Protocol, Providers, StoreAddress};
use sicantik_companion::domain::MessageAccount;
use sicantik_companion::net::{Guard, HttpClient, HttpOptions, RetryPolicy};
use sicantik_companion::odoo::{Client, ClientOptions, OrderedMessage, Way};
use sicantik_companion::outbox::{Account, Journal, Outbox, Parts};
use sicantik_companion::secrets::Vault;
use sicantik_companion::store::{Durability, Store};
use sicantik_companion::whatsapp::Outcome;

const DATABASE: &str = "11111111-2222-3333-4444-555555555555";

/// What a number may do in a minute, unless an office says something else.
const PER_MINUTE: usize = 60;

/// As many numbers of an office as may send all messages of a round: every limit is looked at, and none binds.
fn accounts(round: &str, count: usize) -> Vec<Account> {
    (0..count.div_ceil(PER_MINUTE)).map(|number| account(&format!("{round} {number}"))).collect()
}

fn account(name: &str) -> Account {
    let settings = MessageAccount {
        uuid: name.to_owned(),
        provider: "meta".to_owned(),
        sender_id: name.to_owned(),
        business_id: Some("200000000000002".to_owned()),
        key_id: None,
        people_per_day: None,
        verify_token: "token-contoh".to_owned(),
        per_minute: u32::try_from(PER_MINUTE).expect("few"),
        per_day: 1_000,
        retries: 3,
        retry_seconds: 300,
        night: ("00:00".to_owned(), "00:00".to_owned()),
        check: false,
        sealed: std::collections::BTreeMap::new(),
        texts: Vec::new(),
    };
    Account { settings, daily_limit: Some(100_000) }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("STORE FOLDER ROUNDS COUNT");
    let address = StoreAddress::parse(&next().into()).expect("an address");
    let folder = PathBuf::from(next());
    let (rounds, count): (usize, usize) = (next().parse().expect("a number"), next().parse().expect("a number"));
    let store = Store::open(&address).await.expect("open").with_patience(Duration::from_secs(30));
    let outbox = outbox(&store, &folder).await;
    let mut figures = Vec::new();
    // Another run in the same store has other messages.
    let run = std::process::id();
    for round in (0..rounds).map(|round| format!("{run} {round}")) {
        let commits = a_second(count, async |number| one_row(&store, &format!("{round} {number}")).await).await;
        let begun = Instant::now();
        let accounts = accounts(&round, count);
        let ways = || accounts.iter().cycle().take(count);
        let orders = ways().enumerate().map(|(number, account)| order(&format!("{round} {number}"), account));
        for some in orders.collect::<Vec<_>>().chunks(100) {
            outbox.keep_all(&accounts, some).await.expect("kept");
        }
        let mut sent = 0;
        for (at, account) in accounts.iter().enumerate() {
            sent += send(&outbox, account, &format!("{round}.{at}")).await;
        }
        assert_eq!(sent, count, "no limit binds");
        figures.push([commits, rate(count, begun)]);
    }
    println!("{}", serde_json::to_string(&figures).expect("JSON"));
}

fn rate(count: usize, begun: Instant) -> f64 {
    f64::from(u32::try_from(count).expect("few")) / begun.elapsed().as_secs_f64()
}

async fn a_second(count: usize, act: impl AsyncFn(usize)) -> f64 {
    let begun = Instant::now();
    for number in 0..count {
        act(number).await;
    }
    rate(count, begun)
}

/// Sends what an account has, as the worker does: what came of one is kept together with the claim of the next. How many.
async fn send(outbox: &Outbox, account: &Account, id: &str) -> usize {
    let mut sent = 0;
    let mut begins = outbox.begin_next(account).await.expect("an answer");
    while let Ok(begun) = begins {
        let taken = Outcome::Accepted { id: format!("wamid.{id}.{sent}") };
        begins = outbox.keep_and_begin_next(account, &begun, &taken).await.expect("kept");
        sent += 1;
    }
    sent
}

/// A row of the table that messages stand in.
async fn one_row(store: &Store, key: &str) {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    assert!(transaction.keep_gone(DATABASE, key, 0, "bench").await.expect("kept"));
    transaction.commit().await.expect("committed");
}

fn order(key: &str, account: &Account) -> OrderedMessage {
    OrderedMessage {
        uuid: key.to_owned(),
        attempt: 1,
        key: key.to_owned(),
        ways: vec![Way { account: account.settings.uuid.clone(), text: "permit_expiring_v1".to_owned() }],
        configuration: 1,
        number: format!("+62836{key}"),
        language: "id".to_owned(),
        parameters: ["BUDI CONTOH", "503/0001/CONTOH/2026"].map(str::to_owned).to_vec(),
        may_be_empty: Vec::new(),
        variables: 2,
        priority: 10,
        expires_at: Some(SystemClock.now() + chrono::TimeDelta::days(3)),
        at_night: false,
        button: None,
        header: None,
    }
}

/// Neither Odoo nor the provider is asked.
async fn outbox(store: &Store, folder: &std::path::Path) -> Outbox {
    rustls::crypto::ring::default_provider().install_default().expect("the first");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let nowhere: url::Url = "http://127.0.0.1:9".parse().expect("an address");
    let second = Duration::from_secs(1);
    let options = ClientOptions {
        url: nowhere.clone(),
        database: "x".to_owned(),
        database_uuid: None,
        login: "x".to_owned(),
        api_key: "x".into(),
        hook_key: None,
        ca_file: None,
        clock: Arc::clone(&clock),
        protocol: Protocol::Auto,
        timeout: second,
        lease: second,
        retry: RetryPolicy { first: second, longest: second, total: second, tries: 1 },
    };
    let guard = Guard { private: true, public: true };
    let http = HttpOptions { timeout: second, guard, authorities: Vec::new(), proxy: None };
    let (journal, begun) = Journal::open(folder.join("sent.journal"), clock.now()).await.expect("a journal");
    let vault = Vault::open(store.clone(), folder.join("master.key"), DATABASE).await.expect("a vault");
    let parts = Parts {
        store: store.clone(),
        vault,
        odoo: Arc::new(Client::new(options).expect("a client")),
        http: Arc::new(HttpClient::new(http).expect("a client")),
        journal,
        clock,
        database_uuid: DATABASE.to_owned(),
        worker: "bench".to_owned(),
        providers: Providers {
            meta: nowhere.clone(),
            meta_version: "v26.0".to_owned(),
            twilio: nowhere.clone(),
            twilio_content: nowhere.clone(),
            bird: None,
            vonage: nowhere,
        },
        public_address: None,
    };
    Outbox::open(parts, &begun).await.expect("an outbox")
}
