//! What needs the tables of the limits, and the databases' own clocks.

use super::jobs::JobLease;
use super::tests::{DATABASE, both, number, order, patient};
use super::*;

const LINE: Line<'_> = Line { database_uuid: DATABASE, kind: "sample", lane: "" };

/// A job that is claimed.
async fn held(transaction: &mut Transaction, key: &str) -> JobLease {
    let (delay, expires) = (Duration::ZERO, None);
    let job = NewJob { line: LINE, configuration: 1, key, payload: "", priority: 0, max_attempts: 1, delay, expires };
    assert!(transaction.enqueue(&job).await.expect("enqueued"));
    transaction.claim(&LINE, Duration::from_mins(1)).await.expect("an answer").expect("a job").lease
}

fn allowance(scope: &str) -> Allowance {
    let (per_minute, per_day, recipients_per_day) = (Some(1_000), Some(1_000), Some(1_000));
    Allowance { scope: scope.to_owned(), per_minute, per_day, recipients_per_day, spacing: Duration::ZERO }
}

/// On the database's own clock. Whatever was used again, came late or was forgotten.
#[tokio::test]
async fn what_is_counted_is_what_there_is() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        for number in 0..60_i64 {
            let (key, recipient) = (number.to_string(), format!("recipient {}", number % 7));
            let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
            let held = held(&mut transaction, &key).await;
            // Named in any order, and one of them twice.
            let mut allowances = vec![allowance("b"), allowance("a"), allowance("b")];
            allowances.rotate_left(usize::try_from(number % 3).expect("small"));
            let longest = Duration::from_secs(30);
            let wait = transaction.spend(DATABASE, &allowances, &recipient, &held, longest).await.expect("an answer");
            assert_eq!(wait, None, "{address}");
            if number % 2 == 0 {
                transaction.arrived(DATABASE, &allowances, &held).await.expect("counted");
            }
            transaction.commit().await.expect("committed");
            if number % 20 == 19 {
                order(&store, "UPDATE limit_uses SET at = at - 90000000 WHERE at % 3 = 0").await;
            }
        }
        for scope in ["a", "b"] {
            for (column, what) in [("uses", "*"), ("recipients", "DISTINCT recipient")] {
                let counted = format!("SELECT {column} FROM limit_counts WHERE scope = '{scope}'");
                let there = format!("SELECT COUNT({what}) FROM limit_uses WHERE scope = '{scope}'");
                let (counted, there) = (number(&store, counted).await, number(&store, there).await);
                assert_eq!(counted, there, "{column} of {scope} in {address}");
                assert!(counted > 0, "{column} of {scope} in {address}");
            }
        }
    }
}

/// While a day ends for some of them, moment by moment.
#[tokio::test]
async fn what_ends_while_it_is_counted_is_counted_once() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
        for number in 0..300 {
            let held = held(&mut transaction, &number.to_string()).await;
            let recipient = format!("recipient {number}");
            let spent = transaction.spend(DATABASE, &[allowance("a")], &recipient, &held, Duration::ZERO).await;
            assert_eq!(spent.expect("an answer"), None, "{address}");
        }
        transaction.commit().await.expect("committed");
        let now = match &address {
            StoreAddress::Sqlite(_) => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            StoreAddress::Postgres(_) => "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)",
        };
        let place = "CAST(SUBSTR(recipient, 11) AS INTEGER)";
        let ends = format!("UPDATE limit_uses SET at = {now} - 86400000 + {place}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(ends)).execute(&store.pools.writer).await.expect("done");
        let full = Allowance { per_day: Some(1), ..allowance("a") };
        loop {
            let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
            let lease = held(&mut transaction, &fastrand::u64(..).to_string()).await;
            let spent = transaction.spend(DATABASE, std::slice::from_ref(&full), "x", &lease, Duration::ZERO).await;
            transaction.commit().await.expect("committed");
            let counted = number(&store, "SELECT recipients FROM limit_counts".to_owned()).await;
            let there = number(&store, "SELECT COUNT(DISTINCT recipient) FROM limit_uses".to_owned()).await;
            assert_eq!(counted, there, "{address}");
            if spent.expect("an answer").is_none() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_limit_says_how_long_it_lasts_and_a_hold_can_be_released() {
    let (_folder, addresses) = both().await;
    for address in addresses {
        let store = patient(&address).await;
        let mut transaction = store.begin(Durability::Relaxed).await.expect("begun");
        let lease = held(&mut transaction, "1").await;
        let roomy = allowance("a");
        let none = Duration::ZERO;
        let spent = transaction.spend(DATABASE, std::slice::from_ref(&roomy), "one", &lease, none).await;
        assert_eq!(spent.expect("an answer"), None, "{address}");
        for (tight, recipient, limit, at_most) in [
            (Allowance { per_minute: Some(1), ..roomy.clone() }, "two", Limit::Minute, Duration::from_mins(1)),
            (Allowance { per_day: Some(1), ..roomy.clone() }, "two", Limit::Day, Duration::from_hours(24)),
            (
                Allowance { recipients_per_day: Some(1), ..roomy.clone() },
                "two",
                Limit::Recipients,
                Duration::from_hours(24),
            ),
            (
                Allowance { spacing: Duration::from_mins(1), ..roomy.clone() },
                "one",
                Limit::Spacing,
                Duration::from_mins(1),
            ),
        ] {
            let wait = transaction.spend(DATABASE, &[tight], recipient, &lease, none).await.expect("an answer");
            let wait = wait.expect("it has to wait");
            assert_eq!((wait.limit, wait.scope.as_str()), (limit, "a"), "{address}");
            assert!(wait.wait <= at_most && wait.wait > at_most / 2, "{limit:?}: {:?} in {address}", wait.wait);
        }
        // Whoever was written to today is no further recipient.
        let tight = Allowance { recipients_per_day: Some(1), ..roomy };
        let second = held(&mut transaction, "2").await;
        let spent = transaction.spend(DATABASE, &[tight], "one", &second, none).await.expect("an answer");
        assert_eq!(spent, None, "{address}");

        assert!(!transaction.release(DATABASE, "text").await.expect("an answer"), "{address}");
        for (hours, reason) in [(2, "paused"), (1, "shorter"), (3, "longer")] {
            transaction.hold(DATABASE, "text", Duration::from_hours(hours), reason).await.expect("held");
        }
        let all = transaction.held_up(DATABASE, &["other", "text"]).await.expect("an answer");
        let held: Vec<_> = all.iter().map(|held| (held.scope.as_str(), held.reason.as_str())).collect();
        assert_eq!(held, [("text", "longer")], "{address}");
        assert!(transaction.release(DATABASE, "text").await.expect("an answer"), "{address}");
        assert_eq!(transaction.held_up(DATABASE, &["other", "text"]).await.expect("an answer"), [], "{address}");
        transaction.commit().await.expect("committed");
    }
}
