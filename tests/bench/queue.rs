//! What a message costs the worker's store: `sicantik-queue-bench STORE ROUNDS COUNT`. In each round as many durable
//! commits of one row as messages that are taken within limits and ended, each by two durable commits. Prints one line of
//! JSON: `[[commits a second, messages a second], ...]`, a pair for each round.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "it measures, or fails")]

use std::time::{Duration, Instant};

use sicantik_companion::config::StoreAddress;
use sicantik_companion::queue::{Begun, Need, Taken, take};
use sicantik_companion::store::{Allowance, Durability, Job, Line, NewJob, Store};

const DATABASE: &str = "11111111-2222-3333-4444-555555555555";
const LINE: Line<'_> = Line { database_uuid: DATABASE, kind: "message", lane: "sender" };
const LONGEST: Duration = Duration::from_secs(30);

/// What a number at Meta may do at most. None of it binds here, all of it is looked at.
fn need(job: &Job) -> Need {
    let number = Allowance {
        scope: LINE.lane.to_owned(),
        per_minute: Some(80 * 60),
        per_day: Some(1_000_000),
        recipients_per_day: None,
        spacing: Duration::from_secs(6),
    };
    let owner = Allowance {
        scope: "portfolio".to_owned(),
        per_minute: None,
        per_day: None,
        recipients_per_day: Some(100_000),
        spacing: Duration::ZERO,
    };
    Need { recipient: job.payload.clone(), allowances: vec![number, owner], scopes: vec!["text".to_owned()] }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("STORE ROUNDS COUNT");
    let address = StoreAddress::parse(&next().into()).expect("an address");
    let (rounds, count): (usize, usize) = (next().parse().expect("a number"), next().parse().expect("a number"));
    let store = Store::open(&address).await.expect("open").with_patience(Duration::from_secs(30));
    let mut figures = Vec::new();
    for round in 0..rounds {
        let commits = a_second(count, async |number| enqueue(&store, &format!("{round} {number}")).await).await;
        let messages = a_second(count, async |_| send(&store).await).await;
        figures.push([commits, messages]);
    }
    println!("{}", serde_json::to_string(&figures).expect("JSON"));
}

async fn a_second(count: usize, act: impl AsyncFn(usize)) -> f64 {
    let begun = Instant::now();
    for number in 0..count {
        act(number).await;
    }
    f64::from(u32::try_from(count).expect("few")) / begun.elapsed().as_secs_f64()
}

async fn enqueue(store: &Store, key: &str) {
    let job = NewJob {
        line: LINE,
        configuration: 1,
        key,
        payload: key,
        priority: 0,
        max_attempts: 3,
        delay: Duration::ZERO,
        expires: Some(Duration::from_hours(72)),
    };
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    assert!(transaction.enqueue(&job).await.expect("enqueued"));
    transaction.commit().await.expect("committed");
}

/// All but the provider.
async fn send(store: &Store) {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    let taken = take(&mut transaction, &LINE, LONGEST, need).await.expect("an answer");
    transaction.commit().await.expect("committed");
    let Taken::Job(begun) = taken else { panic!("nothing may be sent: {taken:?}") };
    let Begun { job, need, .. } = *begun;
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    transaction.complete(&job.lease).await.expect("held");
    transaction.arrived(DATABASE, &need.allowances, &need.recipient, &job.lease).await.expect("counted");
    transaction.commit().await.expect("committed");
}
