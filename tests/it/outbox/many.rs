//! Many messages, three workers, a provider that fails now and then, and months in a moment: no limit is exceeded in any
//! window, and nobody is told twice. The provider counts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sicantik_companion::clock::Clock;
use sicantik_companion::outbox::{Next, Outbox};

use super::meta::Answer;
use super::post_office::{ACCOUNT, PostOffice};
use crate::arrivals::{Allowed, Arrival};

/// How many messages; a proof takes more of them.
const MESSAGES: &str = "OUTBOX_MESSAGES";
const USUAL: usize = 400;

/// What the account may do. To as many people Meta lets a new business write.
const ALLOWED: Allowed = Allowed { per_minute: 20, per_day: 700, spacing: Duration::from_secs(6), people: 250 };
const PEOPLE: usize = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_limit_is_exceeded_in_any_window_and_nobody_is_told_twice() {
    let messages = std::env::var(MESSAGES).map_or(USUAL, |number| number.parse().expect("a number"));
    for (at, office) in PostOffice::in_both().await.into_iter().enumerate() {
        let seed = fastrand::u64(..);
        println!("store {at}, {messages} messages, seed {seed}");
        Box::pin(play(&office, messages, fastrand::Rng::with_seed(seed))).await;
    }
}

async fn play(office: &PostOffice, messages: usize, mut rng: fastrand::Rng) {
    {
        let mut odoo = office.odoo.state();
        odoo.accounts[0]["per_minute"] = ALLOWED.per_minute.into();
        odoo.accounts[0]["per_day"] = ALLOWED.per_day.into();
        for number in 0..messages {
            let to = format!("+6283601{:05}", rng.usize(..PEOPLE));
            odoo.order_message(ACCOUNT, &number.to_string(), &to);
        }
    }
    let answers: Vec<Answer> = (0..2 * messages).map(|_| answer(&mut rng)).collect();
    office.meta.answer("*", &answers);
    office.take_in().await;
    let [second, third] = [office.another("second").await, office.another("third").await];
    loop {
        let next = tokio::join!(
            send(office, &office.worker, rng.u32(1..4)),
            send(office, &second, rng.u32(1..4)),
            send(office, &third, rng.u32(1..4))
        );
        let waits: Vec<_> = [next.0, next.1, next.2].into_iter().flatten().collect();
        if waits.len() < 3 {
            office.clock.go_on(Duration::from_millis(rng.u64(..1_500)));
            continue;
        }
        let Some(wait) = waits.into_iter().flatten().min() else { break };
        office.clock.go_on(wait.max(Duration::from_millis(1)));
    }
    office.worker.settle().await.expect("settled");
    office.worker.tell().await.expect("told");
    judge(office, messages);
}

/// Sends some in a row; how long none may be sent, where none may.
async fn send(office: &PostOffice, worker: &Outbox, most: u32) -> Option<Option<Duration>> {
    let sent = AtomicU32::new(0);
    let goes_on = || sent.fetch_add(1, Ordering::Relaxed) + 1 < most;
    match worker.send_some(office.account().await, goes_on).await.expect("sent") {
        Next::Again => None,
        Next::Wait(wait) => Some(wait),
    }
}

fn answer(rng: &mut fastrand::Rng) -> Answer {
    match rng.u8(..100) {
        0 => Answer::TakeAndBreak,
        1 => Answer::Refuse(400, 131_016),
        2 => Answer::Refuse(429, 130_429),
        3 => Answer::Refuse(400, 131_056),
        _ => Answer::Take,
    }
}

fn judge(office: &PostOffice, messages: usize) {
    let mut ends = BTreeMap::<String, usize>::new();
    for message in &office.odoo.state().messages {
        *ends.entry(message.states().pop().unwrap_or_default()).or_default() += 1;
    }
    println!("{ends:?} until {}", office.clock.now());
    let taken = office.meta.post().taken.clone();
    let mut references: Vec<&str> = taken.iter().map(|message| message.reference.as_str()).collect();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), taken.len(), "nobody was told twice");
    let of = |end: &str| ends.get(end).copied().unwrap_or_default();
    assert_eq!(of("accepted") + of("unknown: no_answer"), taken.len(), "Odoo knows of each, and of no other: {ends:?}");
    let failed: usize = ends.iter().filter(|(end, _)| end.starts_with("failed")).map(|(_, count)| count).sum();
    assert_eq!(taken.len() + failed, messages, "each came to an end: {ends:?}");
    assert!(failed * 1_000 < messages, "four refusals in a row are rare: {ends:?}");
    let arrivals = taken.into_iter().map(|message| Arrival { at: message.at, by: message.by, to: message.to });
    assert_eq!(ALLOWED.exceeded(arrivals.collect()), None);
}
