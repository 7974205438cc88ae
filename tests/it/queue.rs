//! The queue within what others allow, on both databases, on a clock that is passed in: many days in a moment. The other
//! side is played here and counts what arrives by itself; no limit of it is ever exceeded, whoever vanishes meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sicantik_companion::clock::Clock;
use sicantik_companion::config::StoreAddress;
use sicantik_companion::queue::{Begun, Need, Pauses, Taken, take};
use sicantik_companion::store::{ANY, Allowance, Durability, End, Job, Line, NewJob, Store, StoreError, Transaction};

use crate::arrivals::{Allowed, Arrival};
use crate::fake_odoo::DATABASE_UUID;
use crate::store::{both, patient};
use crate::store_jobs;

/// How many messages; a proof takes more of them.
const MESSAGES: &str = "QUEUE_MESSAGES";
const USUAL: usize = 600;

const CLAIMERS: usize = 3;
/// Two numbers of one owner.
const SENDERS: [&str; 2] = ["sender 1", "sender 2"];
const PORTFOLIO: &str = "portfolio";
const KIND: &str = "message";

const fn line(sender: &str) -> Line<'_> {
    Line { database_uuid: DATABASE_UUID, kind: KIND, lane: sender }
}

/// The longest that a request takes until it has arrived. Its answer may come later.
const LONGEST: Duration = Duration::from_secs(30);
/// The queue's own: an answer of the last moment is still taken.
const MARGIN: Duration = Duration::from_secs(30);
const BEGIN: i64 = 1_790_000_000_000;

/// So long one of the texts is held.
const PAUSED: Duration = Duration::from_hours(30);

/// What the other side allows, which is what the worker is told.
const PER_MINUTE: u32 = 8;
const PER_DAY: u32 = 50;
const RECIPIENTS: u32 = 57;
const SPACING: Duration = Duration::from_secs(6);

/// A clock that goes when it is told to.
#[derive(Debug)]
pub struct Hands(AtomicI64);

impl Hands {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(BEGIN)))
    }

    fn millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn go_on(&self, time: Duration) {
        self.0.fetch_add(millis(time), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis()).expect("a time")
    }
}

/// As an account has it: what its number may do, and what all numbers of its owner may do together.
fn need(sender: &str, job: &Job) -> Need {
    let nothing = Allowance {
        scope: String::new(),
        per_minute: None,
        per_day: None,
        recipients_per_day: None,
        spacing: Duration::ZERO,
    };
    let number = Allowance {
        scope: sender.to_owned(),
        per_minute: Some(PER_MINUTE),
        per_day: Some(PER_DAY),
        spacing: SPACING,
        ..nothing.clone()
    };
    let owner = Allowance { scope: PORTFOLIO.to_owned(), recipients_per_day: Some(RECIPIENTS), ..nothing };
    Need {
        recipient: job.payload.clone(),
        allowances: vec![number, owner],
        scopes: vec![format!("text {}", text_of(job))],
    }
}

/// Every tenth message is of another text.
fn text_of(job: &Job) -> &'static str {
    if job.key.ends_with('0') { "b" } else { "a" }
}

/// What one claimer is doing.
struct InFlight {
    begun: Box<Begun>,
    ends_at: i64,
    outcome: Outcome,
}

enum Outcome {
    Acknowledged,
    /// The same, and the answer comes after the longest time.
    AcknowledgedLate,
    /// Certainly not taken: another attempt.
    Refused,
    /// The claimer vanishes after it has sent.
    Vanished,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_limit_is_exceeded_in_any_window_and_each_message_ends_once() {
    let messages = std::env::var(MESSAGES).map_or(USUAL, |number| number.parse().expect("a number"));
    let (_folder, addresses) = both().await;
    for address in addresses {
        let seed = fastrand::u64(..);
        println!("{address}: {messages} messages, seed {seed}");
        play(&address, messages, fastrand::Rng::with_seed(seed)).await;
    }
}

/// Three claimers until every message has ended.
async fn play(address: &StoreAddress, messages: usize, mut rng: fastrand::Rng) {
    let clock = Hands::new();
    let mut stores = Vec::new();
    for _ in 0..CLAIMERS {
        stores.push(patient(address).await.with_clock(clock.clone()));
    }
    let store = &stores[0];
    let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
    for number in 0..messages {
        // To a few people often, to many once.
        let among = if rng.u8(..10) < 3 { 3 } else { messages / 3 };
        let (key, recipient) = (number.to_string(), format!("recipient {}", rng.usize(..among)));
        let (priority, max_attempts) = (rng.i64(0..3), 1_000);
        let line = line(SENDERS[rng.usize(..2)]);
        let job = NewJob { line, payload: &recipient, priority, max_attempts, ..store_jobs::job(&key) };
        assert!(transaction.enqueue(&job).await.expect("enqueued"));
    }
    transaction.hold(DATABASE_UUID, "text b", PAUSED, "paused").await.expect("held");
    transaction.commit().await.expect("committed");

    let mut arrivals = Vec::new();
    let mut working: Vec<Option<InFlight>> = (0..CLAIMERS).map(|_| None).collect();
    // Of those who vanished: when they end.
    let mut leases = Vec::new();
    let (mut acknowledged, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    while acknowledged.len() + unknown.len() < messages {
        let mut until = Vec::new();
        // They claim at the same time.
        let any = rng.usize(..2);
        let one = async |number: usize, sender: usize| match working[number] {
            Some(_) => Taken::Again,
            None => claim(&stores[number], SENDERS[sender]).await,
        };
        let taken = tokio::join!(one(0, 0), one(1, 1), one(2, any));
        let taken = [(taken.0, SENDERS[0]), (taken.1, SENDERS[1]), (taken.2, SENDERS[any])];
        for (work, (taken, sender)) in working.iter_mut().zip(taken) {
            let begun = match taken {
                Taken::Job(begun) => begun,
                Taken::Nothing(wait) => {
                    until.extend(wait.map(|wait| clock.millis() + millis(wait)));
                    continue;
                }
                Taken::Again => continue,
            };
            assert!(text_of(&begun.job) == "a" || clock.millis() >= BEGIN + millis(PAUSED), "its text is held");
            let arrives = clock.millis() + rng.i64(1..millis(LONGEST));
            let (outcome, after) = match rng.u8(..20) {
                0 => (Outcome::Refused, 0),
                1 => (Outcome::Vanished, 0),
                2 => (Outcome::AcknowledgedLate, millis(LONGEST)),
                _ => (Outcome::Acknowledged, 0),
            };
            if matches!(outcome, Outcome::Vanished) {
                leases.push(clock.millis() + millis(LONGEST + MARGIN));
            }
            if !matches!(outcome, Outcome::Refused) {
                arrivals.push(Arrival { at: arrives, by: sender.to_owned(), to: begun.need.recipient.clone() });
            }
            *work = Some(InFlight { begun, ends_at: arrives + after.min(millis(MARGIN) - 1), outcome });
        }
        until.extend(working.iter().flatten().map(|work| work.ends_at));
        until.extend(leases.iter().copied());
        let next = until.into_iter().min().expect("something follows");
        clock.go_on(Duration::from_millis(u64::try_from(next - clock.millis()).unwrap_or_default()));
        for (store, work) in stores.iter().zip(&mut working) {
            let Some(done) = work.take_if(|work| work.ends_at <= clock.millis()) else { continue };
            if end(store, &done).await {
                let key = &done.begun.job.key;
                assert!(acknowledged.insert(key.clone()), "{key} was sent twice");
            }
        }
        // Whoever claims meanwhile leaves them alone.
        if leases.iter().all(|ends_at| *ends_at > clock.millis()) || rng.bool() {
            continue;
        }
        leases.retain(|ends_at| *ends_at > clock.millis());
        for key in vanished(store).await {
            assert!(unknown.insert(key.clone()) && !acknowledged.contains(&key), "{key} ended twice");
        }
    }
    assert_eq!(acknowledged.len() + unknown.len(), messages, "{address}");
    assert!(messages < 500 || !unknown.is_empty(), "nobody vanished");
    assert_eq!(arrivals.len(), messages, "{address}: each arrived once");
    let allowed = Allowed {
        per_minute: PER_MINUTE as usize,
        per_day: PER_DAY as usize,
        spacing: SPACING,
        people: RECIPIENTS as usize,
    };
    assert_eq!(allowed.exceeded(arrivals), None, "{address}");
}

pub fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).expect("a short time")
}

/// One change, again while another writer holds the store.
async fn change<T>(store: &Store, act: impl AsyncFn(&mut Transaction) -> Result<T, StoreError>) -> T {
    loop {
        let tried = async {
            let mut transaction = store.begin(Durability::Relaxed).await?;
            let outcome = act(&mut transaction).await?;
            transaction.commit().await.map(|()| outcome)
        };
        match tried.await {
            Ok(outcome) => return outcome,
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
    }
}

async fn claim(store: &Store, sender: &str) -> Taken {
    change(store, async |transaction| take(transaction, &line(sender), LONGEST, ANY, |job| need(sender, job)).await)
        .await
}

/// True when the other side acknowledged it.
async fn end(store: &Store, done: &InFlight) -> bool {
    let pauses = Pauses { first: Duration::from_secs(10), longest: Duration::from_mins(10) };
    let Begun { job, need, .. } = &*done.begun;
    let lease = &job.lease;
    let end = async |transaction: &mut Transaction| {
        if matches!(done.outcome, Outcome::Refused) {
            transaction.retry_later(lease, pauses.after(job.attempt, None), "refused").await?;
        } else {
            transaction.complete(lease).await?;
        }
        transaction.arrived(DATABASE_UUID, &need.allowances, lease).await
    };
    if !matches!(done.outcome, Outcome::Vanished) {
        change(store, end).await;
    }
    matches!(done.outcome, Outcome::Acknowledged | Outcome::AcknowledgedLate)
}

async fn vanished(store: &Store) -> Vec<String> {
    let settled = change(store, async |transaction| transaction.settle(DATABASE_UUID, KIND).await).await;
    assert!(settled.iter().all(|settled| settled.end == End::Unknown), "{settled:?}");
    settled.into_iter().map(|settled| settled.key).collect()
}
