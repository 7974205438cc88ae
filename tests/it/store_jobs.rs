//! Jobs in the store, on both databases: each is claimed once, a token that is old changes nothing, and what was
//! committed is there after a kill.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use secrecy::ExposeSecret;
use sicantik_companion::config::StoreAddress;
use sicantik_companion::store::{Durability, End, Job, JobLease, Line, NewJob, Settled, Store, StoreError};

use crate::fake_odoo::DATABASE_UUID;
use crate::store::{address, both, patient};

const KIND: &str = "contoh";
const LINE: Line<'_> = Line { database_uuid: DATABASE_UUID, kind: KIND, lane: "" };
const LONG: Duration = Duration::from_mins(10);

const ELSEWHERE: Line<'_> = Line { database_uuid: "another", ..LINE };
const NOWHERE: Line<'_> = Line { database_uuid: "", ..LINE };

/// Over as soon as anybody looks again.
const OVER: Duration = Duration::ZERO;

const CLAIMERS: usize = 6;
const JOBS: usize = 120;

pub fn job(key: &str) -> NewJob<'_> {
    NewJob {
        line: LINE,
        configuration: 7,
        key,
        payload: r#"{"permit":"contoh"}"#,
        priority: 0,
        max_attempts: 3,
        delay: Duration::ZERO,
        expires: None,
    }
}

pub async fn enqueue(store: &Store, job: &NewJob<'_>) -> bool {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    let is_new = transaction.enqueue(job).await.expect("enqueued");
    transaction.commit().await.expect("committed");
    is_new
}

pub async fn claim(store: &Store, lease: Duration) -> Option<Job> {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    let job = transaction.claim(&LINE, lease).await.expect("an answer");
    transaction.commit().await.expect("committed");
    job
}

/// One change of a held job, in a transaction of its own.
macro_rules! change {
    ($store:expr, $method:ident, $($argument:expr),+) => {{
        let mut transaction = $store.begin(Durability::Durable).await.expect("begun");
        let outcome = transaction.$method($($argument),+).await;
        if outcome.is_ok() {
            transaction.commit().await.expect("committed");
        }
        outcome
    }};
}

/// What ended without anybody who said so.
async fn settle(store: &Store) -> Vec<(String, End)> {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    let settled = transaction.settle(DATABASE_UUID, KIND).await.expect("an answer");
    transaction.commit().await.expect("committed");
    settled.into_iter().map(|Settled { key, end, .. }| (key, end)).collect()
}

/// Every change of one who does not hold the job any more is refused.
async fn expect_refused(store: &Store, stale: &JobLease) {
    let outcomes = [
        change!(store, renew, stale, LONG),
        change!(store, complete, stale),
        change!(store, retry_later, stale, OVER, "late"),
        change!(store, give_up, stale, "late"),
        change!(store, hand_back, stale, None),
        change!(store, begin_attempt, stale),
        change!(store, leave_unknown, stale, "late"),
        change!(store, postpone, stale, OVER, "late"),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(StoreError::LeaseLost(_))), "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_claimers_each_job_has_one() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        for number in 0..JOBS {
            assert!(enqueue(&store, &job(&number.to_string())).await);
        }
        let mut claimers = Vec::new();
        for _ in 0..CLAIMERS {
            // Several processes: each has its own connections.
            let store = patient(&address).await;
            claimers.push(tokio::spawn(claim_all(store)));
        }
        let mut times = BTreeMap::<String, usize>::new();
        for claimer in claimers {
            for key in claimer.await.expect("no panic") {
                *times.entry(key).or_default() += 1;
            }
        }
        assert_eq!(times.len(), JOBS, "{address}");
        assert!(times.values().all(|times| *times == 1), "{address}: {times:?}");
        assert!(!store.holds_work().await.expect("an answer"), "{address}");
    }
}

/// The keys of the jobs that fell to this one. A writer that waits too long for another is no failure.
async fn claim_all(store: Store) -> Vec<String> {
    let mut keys = Vec::new();
    loop {
        match claim_and_complete(&store).await {
            Ok(Some(key)) => keys.push(key),
            Ok(None) => return keys,
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
    }
}

async fn claim_and_complete(store: &Store) -> Result<Option<String>, StoreError> {
    let mut transaction = store.begin(Durability::Durable).await?;
    let Some(job) = transaction.claim(&LINE, LONG).await? else { return Ok(None) };
    transaction.commit().await?;
    loop {
        let done = async {
            let mut transaction = store.begin(Durability::Durable).await?;
            transaction.complete(&job.lease).await?;
            transaction.commit().await
        };
        match done.await {
            Err(error) if error.is_passing() => {}
            outcome => return outcome.map(|()| Some(job.key)),
        }
    }
}

#[tokio::test]
async fn a_job_is_there_once_for_its_key_and_with_what_caused_it() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let mut taken_back = store.begin(Durability::Durable).await.expect("begun");
        assert!(taken_back.enqueue(&job("permit 1")).await.expect("enqueued"));
        drop(taken_back);
        assert!(claim(&store, LONG).await.is_none(), "{address}");

        assert!(enqueue(&store, &job("permit 1")).await, "{address}");
        assert!(!enqueue(&store, &job("permit 1")).await, "{address}");
        assert!(enqueue(&store, &NewJob { configuration: 8, ..job("permit 1") }).await, "another office's");
        assert!(enqueue(&store, &NewJob { line: ELSEWHERE, ..job("permit 1") }).await, "another Odoo's");
        let first = claim(&store, LONG).await.expect("a job");
        let second = claim(&store, LONG).await.expect("a job");
        assert_eq!([first.configuration, second.configuration], [7, 8], "the one that waits longest comes first");
        assert_eq!((first.key.as_str(), first.payload.as_str()), ("permit 1", r#"{"permit":"contoh"}"#));
        assert!(claim(&store, LONG).await.is_none(), "another database's work is left alone");
        change!(store, complete, &first.lease).expect("done");
        assert!(!enqueue(&store, &job("permit 1")).await, "what was done is not done again");
    }
}

#[tokio::test]
async fn a_lease_that_ended_is_claimed_again_and_its_holder_changes_nothing() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        enqueue(&store, &job("permit 1")).await;
        let suspended = claim(&store, OVER).await.expect("a job");
        let taken_up = claim(&store, LONG).await.expect("its lease is over");
        assert_eq!((suspended.attempt, taken_up.attempt), (1, 2), "{address}");
        expect_refused(&store, &suspended.lease).await;
        assert!(claim(&store, LONG).await.is_none(), "{address}: nothing of that took it from its holder");
        assert!(!format!("{taken_up:?}").contains("token"), "{taken_up:?}");

        change!(store, renew, &taken_up.lease, LONG).expect("held");
        change!(store, complete, &taken_up.lease).expect("held");
        expect_refused(&store, &taken_up.lease).await;
    }
}

#[tokio::test]
async fn a_renewed_job_is_nobody_else_s_and_a_job_that_was_handed_back_anybody_s() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        enqueue(&store, &job("permit 1")).await;
        let held = claim(&store, OVER).await.expect("a job");
        change!(store, renew, &held.lease, LONG).expect("nobody took it meanwhile");
        assert!(claim(&store, LONG).await.is_none(), "{address}");
        change!(store, hand_back, &held.lease, None).expect("held");
        let again = claim(&store, LONG).await.expect("a job");
        assert_eq!(again.attempt, 1, "{address}: nothing was tried");
    }
}

#[tokio::test]
async fn a_job_that_fails_waits_and_is_dead_after_its_last_attempt() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        enqueue(&store, &NewJob { delay: LONG, ..job("later") }).await;
        enqueue(&store, &job("permit 1")).await;
        for attempt in 1..=3 {
            let held = claim(&store, LONG).await.expect("a job");
            assert_eq!((held.key.as_str(), held.attempt), ("permit 1", attempt), "{address}");
            change!(store, retry_later, &held.lease, OVER, "the provider is away").expect("held");
        }
        assert!(claim(&store, LONG).await.is_none(), "{address}: one is dead, one waits for its time");
        assert!(store.holds_work().await.expect("an answer"), "{address}");

        enqueue(&store, &job("permit 2")).await;
        let held = claim(&store, LONG).await.expect("a job");
        change!(store, retry_later, &held.lease, LONG, "come back later").expect("held");
        assert!(claim(&store, LONG).await.is_none(), "{address}: the pause is stored");
        enqueue(&store, &job("permit 3")).await;
        let held = claim(&store, LONG).await.expect("a job");
        change!(store, give_up, &held.lease, "no such number").expect("held");
        assert!(claim(&store, LONG).await.is_none(), "{address}");
    }
}

#[tokio::test]
async fn a_job_that_kills_each_of_its_holders_ends() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        enqueue(&store, &job("permit 1")).await;
        for _ in 0..3 {
            claim(&store, OVER).await.expect("a job");
        }
        assert!(claim(&store, OVER).await.is_none(), "{address}");
        assert_eq!(settle(&store).await, [("permit 1".to_owned(), End::Abandoned)], "{address}");
        assert!(!store.holds_work().await.expect("an answer"), "{address}");
    }
}

#[tokio::test]
async fn what_had_begun_and_whose_holder_vanished_is_unknown_and_a_person_decides() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        enqueue(&store, &job("permit 1")).await;
        let begun = claim(&store, LONG).await.expect("a job");
        change!(store, begin_attempt, &begun.lease).expect("held");
        change!(store, renew, &begun.lease, OVER).expect("held");
        assert!(claim(&store, LONG).await.is_none(), "{address}: it may have been done");
        assert_eq!(settle(&store).await, [("permit 1".to_owned(), End::Unknown)], "{address}");
        assert_eq!(settle(&store).await, [], "{address}: told once");
        expect_refused(&store, &begun.lease).await;

        let again = |key| requeue(&store, key);
        assert!(!again("permit 2").await && again("permit 1").await && !again("permit 1").await, "{address}");
        let held = claim(&store, LONG).await.expect("a job");
        assert_eq!(held.attempt, 1, "{address}");
        change!(store, begin_attempt, &held.lease).expect("held");
        // Whoever comes back knows what happened, and a certain failure is no unknown.
        change!(store, retry_later, &held.lease, OVER, "refused").expect("held");
        let held = claim(&store, LONG).await.expect("it waits again");
        change!(store, begin_attempt, &held.lease).expect("held");
        change!(store, leave_unknown, &held.lease, "no answer").expect("held");
        assert!(claim(&store, LONG).await.is_none() && again("permit 1").await, "{address}");
        let held = claim(&store, LONG).await.expect("a job");
        change!(store, complete, &held.lease).expect("held");
        assert!(!again("permit 1").await, "{address}: what is done is not done again");
    }
}

async fn requeue(store: &Store, key: &str) -> bool {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    let found = transaction.requeue(&job(key)).await.expect("an answer");
    transaction.commit().await.expect("committed");
    found
}

#[tokio::test]
async fn what_is_too_late_or_cancelled_is_not_done() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        enqueue(&store, &NewJob { expires: Some(OVER), ..job("late") }).await;
        enqueue(&store, &NewJob { expires: Some(OVER), delay: LONG, ..job("postponed until too late") }).await;
        enqueue(&store, &NewJob { expires: Some(LONG), ..job("in time") }).await;
        enqueue(&store, &job("cancelled")).await;
        assert!(cancel(&store, "cancelled").await && !cancel(&store, "cancelled").await, "{address}");

        let held = claim(&store, LONG).await.expect("a job");
        assert_eq!(held.key, "in time", "{address}");
        assert!(claim(&store, LONG).await.is_none(), "{address}");
        let mut settled = settle(&store).await;
        settled.sort();
        let late = ["late", "postponed until too late"].map(|key| (key.to_owned(), End::Expired));
        assert_eq!(settled, late, "{address}");
        assert!(!cancel(&store, "in time").await, "{address}: it is being done");
        assert!(requeue(&store, "late").await && requeue(&store, "cancelled").await, "{address}");
    }
}

async fn cancel(store: &Store, key: &str) -> bool {
    let mut transaction = store.begin(Durability::Durable).await.expect("begun");
    let found = transaction.cancel(&LINE, 7, key).await.expect("an answer");
    transaction.commit().await.expect("committed");
    found
}

#[tokio::test]
async fn a_lane_waits_for_nobody_in_another_and_what_is_urgent_comes_first() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let other = Line { lane: "another number", ..LINE };
        enqueue(&store, &NewJob { line: other, ..job("another lane's") }).await;
        enqueue(&store, &NewJob { priority: 1, ..job("a reminder") }).await;
        enqueue(&store, &job("an approval")).await;
        let first = claim(&store, LONG).await.expect("a job");
        change!(store, postpone, &first.lease, OVER, "not yet").expect("held");
        let again = claim(&store, LONG).await.expect("a job");
        assert_eq!((first.key.as_str(), again.key.as_str(), again.attempt), ("an approval", "an approval", 1));
        assert_eq!(claim(&store, LONG).await.expect("a job").key, "a reminder", "{address}");
        assert!(claim(&store, LONG).await.is_none(), "{address}");
    }
}

#[tokio::test]
async fn nothing_is_kept_of_a_transaction_in_which_something_failed() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let mut transaction = store.begin(Durability::Durable).await.expect("begun");
        assert!(transaction.enqueue(&job("permit 1")).await.expect("enqueued"));
        let error = transaction.enqueue(&NewJob { line: NOWHERE, ..job("permit 2") }).await.expect_err("whose?");
        assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
        transaction.commit().await.expect_err("refused");
        assert!(!store.holds_work().await.expect("an answer"), "{address}");
    }
}

/// Where the child of the next story finds the store.
const CHILD: &str = "STORE_OF_THE_CHILD";

#[tokio::test]
async fn what_was_committed_is_there_after_a_kill() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let url = match &address {
            StoreAddress::Sqlite(file) => format!("sqlite:{}", file.display()),
            StoreAddress::Postgres(postgres) => postgres.secret().expose_secret().to_owned(),
        };
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let command = command.args(["--exact", "store_jobs::a_child_that_enqueues_until_it_is_killed", "--nocapture"]);
        let mut child = command.env(CHILD, url).stdout(Stdio::piped()).spawn().expect("a child");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let committed =
            lines.map(|line| line.expect("text")).filter_map(|line| line.strip_prefix("job ")?.parse().ok());
        let told: Vec<usize> = committed.take(25).collect();
        child.kill().expect("killed");
        child.wait().expect("ended");

        let store = patient(&address).await;
        let mut found = Vec::new();
        while let Some(job) = claim(&store, LONG).await {
            found.push(job.key.parse::<usize>().expect("a number"));
        }
        assert_eq!(told.len(), 25, "{address}: {told:?}");
        assert!(found.starts_with(&told), "{address}: {told:?} was told, {found:?} is there");
    }
}

#[tokio::test]
async fn a_child_that_enqueues_until_it_is_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let store = patient(&address(&url)).await;
    for number in 0.. {
        enqueue(&store, &job(&number.to_string())).await;
        println!("job {number}");
    }
}
