//! The queue within what others allow, on both databases, on a clock that is passed in: many days in a moment. The other
//! side is played here and counts what arrives by itself; no limit of it is ever exceeded, whoever vanishes meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sicantik_companion::clock::Clock;
use sicantik_companion::config::StoreAddress;
use sicantik_companion::queue::{Need, Pauses, Taken, take};
use sicantik_companion::store::{Allowance, Durability, End, Job, Line, NewJob, Store};

use crate::fake_odoo::DATABASE_UUID;
use crate::store::{both, patient};
use crate::store_jobs;

/// How many messages; a proof takes more of them.
const MESSAGES: &str = "QUEUE_MESSAGES";
const USUAL: usize = 600;

const CLAIMERS: usize = 3;
const SENDER: &str = "sender 1";
const PORTFOLIO: &str = "portfolio";
const LINE: Line<'_> = Line { database_uuid: DATABASE_UUID, kind: "message", lane: SENDER };

/// The longest that a request takes.
const LONGEST: Duration = Duration::from_secs(30);
const MINUTE: i64 = 60_000;
const BEGIN: i64 = 1_790_000_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// So long one of the texts is held.
const PAUSED: Duration = Duration::from_hours(30);
const PAUSED_MILLIS: i64 = 30 * 60 * MINUTE;

/// What the other side allows, which is what the worker is told.
const PER_MINUTE: u32 = 8;
const PER_DAY: u32 = 120;
const RECIPIENTS: u32 = 75;
const SPACING: Duration = Duration::from_secs(6);

/// A clock that goes when it is told to.
#[derive(Debug)]
struct Hands(AtomicI64);

impl Hands {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(BEGIN)))
    }

    fn millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn go_on(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_millis()).expect("a short time"), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis()).expect("a time")
    }
}

/// As an account has it: what its number may do, and what all numbers of its owner may do together.
fn need(job: &Job) -> Need {
    let nothing = Allowance {
        scope: String::new(),
        per_minute: None,
        per_day: None,
        recipients_per_day: None,
        spacing: Duration::ZERO,
    };
    let number = Allowance {
        scope: SENDER.to_owned(),
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

/// What arrived on the other side, and when.
#[derive(Debug, Default)]
struct Provider {
    arrivals: Vec<(i64, String)>,
}

impl Provider {
    /// That none of its limits was exceeded in any window.
    fn check(mut self) {
        self.arrivals.sort();
        let (mut first_of_minute, mut first_of_day) = (0, 0);
        let mut of_day = BTreeMap::<&str, usize>::new();
        let mut last = BTreeMap::<&str, i64>::new();
        for (index, (at, recipient)) in self.arrivals.iter().enumerate() {
            while self.arrivals[first_of_minute].0 <= at - MINUTE {
                first_of_minute += 1;
            }
            while self.arrivals[first_of_day].0 <= at - DAY {
                let gone = of_day.get_mut(self.arrivals[first_of_day].1.as_str()).expect("counted");
                *gone -= 1;
                if *gone == 0 {
                    of_day.remove(self.arrivals[first_of_day].1.as_str());
                }
                first_of_day += 1;
            }
            *of_day.entry(recipient).or_default() += 1;
            assert!(index - first_of_minute < PER_MINUTE as usize, "a minute too full at {at}");
            assert!(index - first_of_day < PER_DAY as usize, "a day too full at {at}");
            assert!(of_day.len() <= RECIPIENTS as usize, "too many recipients at {at}");
            if let Some(before) = last.insert(recipient, *at) {
                assert!(i128::from(at - before) >= SPACING.as_millis() as i128, "too soon for {recipient} at {at}");
            }
        }
    }
}

/// What one claimer is doing.
struct InFlight {
    job: Box<Job>,
    need: Need,
    ends_at: i64,
    outcome: Outcome,
}

enum Outcome {
    Acknowledged,
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
        let job = NewJob { line: LINE, payload: &recipient, priority, max_attempts, ..store_jobs::job(&key) };
        assert!(transaction.enqueue(&job).await.expect("enqueued"));
    }
    transaction.hold(DATABASE_UUID, "text b", PAUSED, "paused").await.expect("held");
    transaction.commit().await.expect("committed");

    let mut provider = Provider::default();
    let mut working: Vec<Option<InFlight>> = (0..CLAIMERS).map(|_| None).collect();
    // Of those who vanished: when they end.
    let mut leases = Vec::new();
    let (mut acknowledged, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    while acknowledged.len() + unknown.len() < messages {
        let mut until = Vec::new();
        // They claim at the same time.
        let one = async |number: usize| match working[number] {
            Some(_) => Taken::Again,
            None => claim(&stores[number]).await,
        };
        let (first, second, third) = tokio::join!(one(0), one(1), one(2));
        for (work, taken) in working.iter_mut().zip([first, second, third]) {
            match taken {
                Taken::Job(job, need) => {
                    assert!(text_of(&job) == "a" || clock.millis() >= BEGIN + PAUSED_MILLIS, "its text is held");
                    let takes = rng.i64(1..i64::try_from(LONGEST.as_millis()).expect("short"));
                    let outcome = match rng.u8(..20) {
                        0 => Outcome::Refused,
                        1 => Outcome::Vanished,
                        _ => Outcome::Acknowledged,
                    };
                    let ends_at = clock.millis() + takes;
                    if matches!(outcome, Outcome::Vanished) {
                        leases.push(clock.millis() + i64::try_from(LONGEST.as_millis()).expect("short"));
                    }
                    if !matches!(outcome, Outcome::Refused) {
                        provider.arrivals.push((rng.i64(clock.millis()..=ends_at), need.recipient.clone()));
                    }
                    *work = Some(InFlight { job, need, ends_at, outcome });
                }
                Taken::Nothing(Some(wait)) => {
                    until.push(clock.millis() + i64::try_from(wait.as_millis()).expect("short"))
                }
                Taken::Nothing(None) | Taken::Again => {}
            }
        }
        until.extend(working.iter().flatten().map(|work| work.ends_at));
        until.extend(leases.iter().copied());
        let next = until.into_iter().min().expect("something follows");
        clock.go_on(Duration::from_millis(u64::try_from(next - clock.millis()).unwrap_or_default()));
        for (store, work) in stores.iter().zip(&mut working) {
            let Some(done) = work.take_if(|work| work.ends_at <= clock.millis()) else { continue };
            if end(store, &done).await {
                assert!(acknowledged.insert(done.job.key.clone()), "{} was sent twice", done.job.key);
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
    assert_eq!(provider.arrivals.len(), messages, "{address}: each arrived once");
    provider.check();
}

async fn claim(store: &Store) -> Taken {
    let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
    let taken = take(&mut transaction, &LINE, LONGEST, need).await.expect("an answer");
    transaction.commit().await.expect("committed");
    taken
}

/// True when the other side acknowledged it.
async fn end(store: &Store, done: &InFlight) -> bool {
    let pauses = Pauses { first: Duration::from_secs(10), longest: Duration::from_mins(10) };
    let lease = &done.job.lease;
    let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
    let acknowledged = match done.outcome {
        Outcome::Vanished => return false,
        Outcome::Acknowledged => {
            transaction.complete(lease).await.expect("held");
            true
        }
        Outcome::Refused => {
            transaction.retry_later(lease, pauses.after(done.job.attempt, None), "refused").await.expect("held");
            false
        }
    };
    let need = &done.need;
    transaction.arrived(DATABASE_UUID, &need.allowances, &need.recipient, lease).await.expect("counted");
    transaction.commit().await.expect("committed");
    acknowledged
}

async fn vanished(store: &Store) -> Vec<String> {
    let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
    let settled = transaction.settle(DATABASE_UUID, LINE.kind).await.expect("an answer");
    transaction.commit().await.expect("committed");
    assert!(settled.iter().all(|settled| settled.end == End::Unknown), "{settled:?}");
    settled.into_iter().map(|settled| settled.key).collect()
}
