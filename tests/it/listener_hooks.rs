//! The signed hook: only our own Odoo, just now and only once, wakes the worker.

use chrono::{DateTime, TimeDelta};
use proptest::prelude::{ProptestConfig, prop_assert_eq};
use proptest::test_runner::TestRunner;
use serde_json::json;
use sicantik_companion::health::OdooHealth;
use tokio::time::timeout;

use crate::fake_odoo::DATABASE_UUID;
use crate::listener::{BODY, Hook, KEY, Listener, NONCE, NOW, PREVIOUS_KEY};
use crate::office::PATIENCE;
use crate::store::{order, stranger};

/// Made with `openssl dgst -sha256 -hmac`, from the words of `docs/interfaces.md`.
const SIGNATURE: &str = "v1=b85f86e20386b29e1b3650e4432e79185d3557599ded21762ac25e16a3dd0013";

#[tokio::test]
async fn a_hook_signed_by_another_program_is_accepted_and_wakes_the_worker() {
    let worker = Listener::spawn(&[KEY]).await;
    let hook = Hook { signature: Some(SIGNATURE.to_owned()), ..Hook::signed() };
    assert_eq!(worker.receive(&hook).await, (202, json!({ "status": "accepted" })));
    assert!(worker.was_woken());
    assert_eq!(Hook::signed().signature.as_deref(), Some(SIGNATURE), "the stories below sign alike");
}

#[tokio::test]
async fn an_unsigned_or_wrongly_signed_hook_is_refused() {
    let worker = Listener::spawn(&[KEY]).await;
    let signature = |signature: &str| Hook { signature: Some(signature.to_owned()), ..Hook::signed() };
    let hooks = [
        Hook { signature: None, ..Hook::signed() },
        Hook { timestamp: None, ..Hook::signed() },
        Hook { nonce: None, ..Hook::signed() },
        signature(&SIGNATURE.replace("b85f", "b86f")),
        signature(SIGNATURE.trim_start_matches("v1=")),
        signature(&SIGNATURE.replace("v1=", "v2=")),
        signature(&SIGNATURE[..40]),
        signature(&SIGNATURE.to_uppercase()),
        signature("v1="),
        Hook::signed_with("another-key-0123456789abcdef", NOW, NONCE, BODY),
        Hook { body: BODY.replace("operator", "director"), ..Hook::signed() },
        Hook { timestamp: Some((NOW + 1).to_string()), ..Hook::signed() },
        Hook { nonce: Some(NONCE.replace("00", "01")), ..Hook::signed() },
        Hook { path: "/hooks/v1/runs/", ..Hook::signed() },
        // Signed well, but the nonce is no nonce.
        Hook::signed_with(KEY, NOW, "short", BODY),
        Hook::signed_with(KEY, NOW, &"z".repeat(32), BODY),
    ];
    for hook in &hooks {
        let (status, body) = worker.receive(hook).await;
        assert!(matches!(status, 401 | 404), "{hook:?}: {status} {body}");
        assert!(!worker.was_woken(), "{hook:?}");
    }
    assert_eq!(worker.receive(&Hook::signed()).await.0, 202, "a forged hook does not use up the nonce of a true one");
}

#[tokio::test]
async fn a_worker_without_a_key_accepts_no_hook() {
    let worker = Listener::spawn(&[]).await;
    worker.refuses(&Hook::signed(), 401, "unsigned").await;
    worker.refuses(&Hook::signed_with("", NOW, NONCE, BODY), 401, "unsigned").await;
}

#[tokio::test]
async fn a_hook_is_good_for_five_minutes_either_way() {
    let worker = Listener::spawn(&[KEY]).await;
    for (at, offset) in [-301, 301, -100_000, i64::MAX - NOW].into_iter().enumerate() {
        worker.refuses(&Hook::signed_with(KEY, NOW + offset, &nonce(at), BODY), 401, "stale").await;
    }
    for (at, offset) in [-300, 0, 300].into_iter().enumerate() {
        let (status, _) = worker.receive(&Hook::signed_with(KEY, NOW + offset, &nonce(at), BODY)).await;
        assert_eq!(status, 202, "{offset} seconds off");
        assert!(worker.was_woken());
    }
}

#[tokio::test]
async fn a_hook_is_good_once() {
    let worker = Listener::spawn(&[KEY]).await;
    assert_eq!(worker.receive(&Hook::signed()).await.0, 202);
    assert!(worker.was_woken());
    worker.refuses(&Hook::signed(), 409, "replayed").await;
    worker.refuses(&Hook::signed_with(KEY, NOW + 1, NONCE, BODY), 409, "replayed").await;
    assert_eq!(worker.receive(&Hook::signed_with(KEY, NOW, &nonce(1), BODY)).await.0, 202);
}

#[tokio::test]
async fn a_hook_that_was_received_before_a_restart_is_not_good_after_it() {
    let worker = Listener::spawn(&[KEY]).await;
    assert_eq!(worker.receive(&Hook::signed()).await.0, 202);
    let worker = worker.restart(&[KEY]).await;
    worker.refuses(&Hook::signed(), 409, "replayed").await;
    assert_eq!(worker.receive(&Hook::signed_with(KEY, NOW, &nonce(1), BODY)).await.0, 202);
}

#[tokio::test]
async fn while_the_store_is_locked_nothing_is_acknowledged() {
    let worker = Listener::spawn_hasty(&[KEY]).await;
    let mut backup = stranger(&worker.store).await;
    order(&mut backup, "BEGIN EXCLUSIVE").await;
    worker.refuses(&Hook::signed(), 503, "store_unavailable").await;
    let unavailable = json!({ "status": "unavailable", "odoo": "not_asked_yet", "store": "unavailable", "jobs": {} });
    assert_eq!(worker.get("/readyz").await, (503, unavailable));
    assert_eq!(worker.get("/healthz").await.0, 200, "the process itself is well");
    worker.refuses(&Hook { signature: None, ..Hook::signed() }, 401, "unsigned").await;

    // Waits behind the first one, whose statement has ended then: nothing of it is stored after the lock is gone.
    worker.refuses(&Hook::signed_with(KEY, NOW, &nonce(7), BODY), 503, "store_unavailable").await;
    order(&mut backup, "ROLLBACK").await;
    // On a busy machine a second may still be too short.
    let sent_again = async || loop {
        match worker.receive(&Hook::signed()).await.0 {
            503 => {}
            status => return status,
        }
    };
    assert_eq!(timeout(PATIENCE, sent_again()).await, Ok(202), "the same hook, sent again, is good");
    assert!(worker.was_woken());
    let readiness = async || loop {
        match worker.get("/readyz").await.0 {
            503 => {}
            status => return status,
        }
    };
    assert_eq!(timeout(PATIENCE, readiness()).await, Ok(200));
}

#[tokio::test]
async fn a_body_may_have_64_kib_and_no_byte_more() {
    let worker = Listener::spawn(&[KEY]).await;
    let padded = |size: usize| format!("{BODY}{}", " ".repeat(size - BODY.len()));
    worker.refuses(&Hook::signed_with(KEY, NOW, NONCE, &padded(64 * 1024 + 1)), 413, "too_large").await;
    assert_eq!(worker.receive(&Hook::signed_with(KEY, NOW, NONCE, &padded(64 * 1024))).await.0, 202);
}

#[tokio::test]
async fn a_query_is_refused_because_nobody_signs_it() {
    let worker = Listener::spawn(&[KEY]).await;
    worker.refuses(&Hook { path: "/hooks/v1/runs?kind=all", ..Hook::signed() }, 400, "query").await;
    assert_eq!(worker.receive(&Hook::signed()).await.0, 202);
}

#[tokio::test]
async fn readiness_asked_by_a_stranger_writes_nothing() {
    let worker = Listener::spawn(&[KEY]).await;
    let checks = async || {
        let mut store = stranger(&worker.store).await;
        let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM store_checks").fetch_one(&mut store);
        count.await.expect("a count")
    };
    let before = checks().await;
    for _ in 0..5 {
        assert_eq!(worker.get("/readyz").await.0, 200);
    }
    assert_eq!(checks().await, before);
}

#[tokio::test]
async fn a_job_that_hangs_is_seen_in_readiness() {
    let worker = Listener::spawn(&[KEY]).await;
    worker.health.set_odoo(OdooHealth::Reached(DATABASE_UUID.to_owned()));
    let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(NOW);
    let poll = std::time::Duration::from_secs(30);
    worker.health.expect_job("poll", poll, now - TimeDelta::seconds(200));
    let told = |last_tick: serde_json::Value, late| json!({ "poll": { "last_tick": last_tick, "late": late } });
    let (status, body) = worker.get("/readyz").await;
    assert_eq!((status, &body["status"], &body["jobs"]), (200, &"degraded".into(), &told(json!(null), true)));
    worker.health.job_ticked("poll", now - TimeDelta::seconds(90));
    let (_, body) = worker.get("/readyz").await;
    assert_eq!((&body["status"], &body["jobs"]), (&"ready".into(), &told("2025-12-31T23:58:30Z".into(), false)));
}

#[tokio::test]
async fn a_hook_of_another_database_is_refused() {
    let worker = Listener::spawn(&[KEY]).await;
    let copied = BODY.replace(DATABASE_UUID, "99999999-2222-3333-4444-555555555555");
    worker.refuses(&Hook::signed_with(KEY, NOW, NONCE, &copied), 403, "wrong_database").await;
}

#[tokio::test]
async fn a_signed_body_that_is_no_hook_is_refused() {
    let worker = Listener::spawn(&[KEY]).await;
    let bodies = ["", "{}", "[]", "null", "run", r#"{"database_uuid":1,"run_uuid":"x","login":"y"}"#, "\u{0}"];
    for (at, body) in bodies.into_iter().enumerate() {
        worker.refuses(&Hook::signed_with(KEY, NOW, &nonce(at), body), 400, "malformed").await;
    }
}

#[tokio::test]
async fn while_the_key_is_changed_both_keys_are_good() {
    let worker = Listener::spawn(&[KEY, PREVIOUS_KEY]).await;
    for (at, key) in [KEY, PREVIOUS_KEY].into_iter().enumerate() {
        assert_eq!(worker.receive(&Hook::signed_with(key, NOW, &nonce(at), BODY)).await.0, 202);
        assert!(worker.was_woken());
    }
}

#[tokio::test]
async fn during_a_rotation_one_good_signature_of_several_is_enough() {
    const OTHER_KEY: &str = "contoh-kunci-lain-0123456789abcdef";
    let of = |key: &str, at: usize| Hook::signed_with(key, NOW, &nonce(at), BODY).signature.expect("a signature");
    let with = |signature: String, at: usize| Hook {
        signature: Some(signature),
        ..Hook::signed_with(KEY, NOW, &nonce(at), BODY)
    };
    // The worker has one key, the other one, or both.
    for (at, keys) in [&[KEY][..], &[PREVIOUS_KEY], &[KEY, PREVIOUS_KEY]].into_iter().enumerate() {
        let worker = Listener::spawn(keys).await;
        let both = [of(KEY, at), of(PREVIOUS_KEY, at)];
        assert_eq!(worker.receive(&with(both.join(","), at)).await.0, 202, "{keys:?}");
        assert!(worker.was_woken());
        worker.refuses(&with(both.join(", "), at), 409, "replayed").await;
        worker.refuses(&with(of(OTHER_KEY, 9), 9), 401, "unsigned").await;
    }
    let worker = Listener::spawn(&[KEY]).await;
    let strangers = |count: usize| vec![of(OTHER_KEY, 1); count].join(",");
    worker.refuses(&with(strangers(4), 1), 401, "unsigned").await;
    let last_of_five = format!("{},{}", strangers(4), of(KEY, 1));
    worker.refuses(&with(last_of_five, 1), 401, "unsigned").await;
    worker.refuses(&with(",,".to_owned(), 1), 401, "unsigned").await;
    let last_of_four = format!("{},v2=00, {}", strangers(2), of(KEY, 1));
    assert_eq!(worker.receive(&with(last_of_four, 1)).await.0, 202);
}

#[tokio::test]
async fn health_is_told_unsigned_and_without_details() {
    let worker = Listener::spawn(&[KEY]).await;
    assert_eq!(worker.get("/healthz").await, (200, json!({ "status": "ok" })));
    let ready = async |health: Option<OdooHealth>| {
        if let Some(health) = health {
            worker.health.set_odoo(health);
        }
        worker.get("/readyz").await
    };
    assert_eq!(
        ready(None).await,
        (200, json!({ "status": "degraded", "odoo": "not_asked_yet", "store": "ok", "jobs": {} }))
    );
    let reached = OdooHealth::Reached(DATABASE_UUID.to_owned());
    assert_eq!(
        ready(Some(reached)).await,
        (200, json!({ "status": "ready", "odoo": "ok", "store": "ok", "jobs": {} }))
    );
    let failed = OdooHealth::Failed("odoo_unavailable");
    assert_eq!(
        ready(Some(failed)).await,
        (200, json!({ "status": "degraded", "odoo": "odoo_unavailable", "store": "ok", "jobs": {} }))
    );
    for path in ["/", "/hooks/v1/runs", "/docs"] {
        assert!(matches!(worker.get(path).await.0, 404 | 405), "{path}");
    }
}

#[test]
fn nothing_that_a_stranger_sends_wakes_the_worker() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let worker = runtime.block_on(Listener::spawn(&[KEY, PREVIOUS_KEY]));
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    let headers = ("-?[0-9]{0,20}", "[0-9a-f]{32}|[ -~]{0,40}", "(v1=)?[0-9a-f]{64}|[ -~]{0,80}");
    let outcome = TestRunner::new(config).run(&(headers, ".{0,200}"), |((timestamp, nonce, signature), body)| {
        let given = |text: String| Some(text.trim().to_owned());
        let (timestamp, nonce, signature) = (given(timestamp), given(nonce), given(signature));
        let hook = Hook { path: "/hooks/v1/runs", timestamp, nonce, signature, body };
        let (status, _) = runtime.block_on(worker.receive(&hook));
        prop_assert_eq!((status, worker.was_woken()), (401, false));
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
}

fn nonce(at: usize) -> String {
    format!("{at:032x}")
}
