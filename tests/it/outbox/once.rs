//! Nobody is told twice: answers that are lost, workers that are killed, databases that are restored.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sicantik_companion::config::StoreAddress;

use super::meta::Answer;
use super::post_office::{NUMBER, PostOffice, send_next};
use crate::fake_odoo::{API_KEY, DATABASE, DATABASE_UUID, Failure, How, LOGIN};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_whose_first_report_was_lost_is_given_again_and_goes_out_once() {
    for office in PostOffice::in_both().await {
        let order = office.order("key", NUMBER);
        office.odoo.fail([Failure::of("whatsapp.message.report", How::ResetBefore)]);
        office.worker.take_in().await.expect_err("Odoo does not hear of it");
        office.send_all().await;
        office.odoo.fail([]);
        office.work().await;
        office.work().await;
        assert_eq!(office.states(&order).last().map(String::as_str), Some("accepted"));
        assert_eq!(office.meta.post().asked, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odoo_that_was_restored_orders_again_and_hears_that_it_was_told() {
    for office in PostOffice::in_both().await {
        office.order("permit_expiring | 503/0001", NUMBER);
        office.work().await;
        // Its order is gone, and comes again under another name.
        office.odoo.state().messages.clear();
        office.odoo.state().order_message("x", "another", NUMBER);
        office.odoo.state().messages.clear();
        let again = {
            let mut state = office.odoo.state();
            let uuid = state.order_message(super::post_office::ACCOUNT, "permit_expiring | 503/0001", NUMBER);
            state.message(&uuid).order["uuid"] = "restored".into();
            "restored".to_owned()
        };
        office.work().await;
        assert_eq!(office.states(&again), ["accepted: told_before"]);
        assert_eq!(office.meta.post().asked, 1);
        assert_eq!(office.receipts(&[super::post_office::status("wamid.1", "read")]).await, 200);
        office.work().await;
        assert_eq!(office.states(&again), ["accepted: told_before", "read"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odoo_hears_again_of_what_it_asks_for_and_that_nobody_knows_what_is_not_here() {
    let office = PostOffice::in_a_file().await;
    let order = office.order("key", NUMBER);
    office.work().await;
    office.odoo.state().message(&order).reports.clear();
    let lost = office.order("lost", NUMBER);
    office.odoo.state().message(&lost).is_new = false;
    office.odoo.state().ask = [&order, &lost].map(|uuid| serde_json::json!({ "uuid": uuid, "attempt": 1 })).to_vec();
    office.work().await;
    assert_eq!(office.states(&order), ["accepted"]);
    assert_eq!(office.states(&lost), ["unknown: restored"]);
    assert_eq!(office.meta.post().asked, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_goes_out_when_it_is_ordered_anew() {
    for office in PostOffice::in_both().await {
        let first = office.order("key", NUMBER);
        office.take_in().await;
        office.odoo.state().message(&first).cancel = true;
        office.take_in().await;
        office.odoo.state().message(&first).cancel = false;
        let second = office.order("key", NUMBER);
        office.work().await;
        assert_eq!(office.states(&first), ["waiting", "cancelled"]);
        assert_eq!(office.states(&second), ["waiting", "accepted"]);
        assert_eq!(office.meta.post().asked, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_store_tells_nobody_again_whom_the_journal_knows() {
    let mut office = PostOffice::in_a_file().await;
    let kept = office.order("kept before the backup", NUMBER);
    office.take_in().await;
    let backup = office.folder.join("backup.db");
    let address = crate::store::address(&format!("sqlite:{}/store.db", office.folder.display()));
    let mut other = crate::store::stranger(&address).await;
    let statement: &'static str = format!("VACUUM INTO '{}'", backup.display()).leak();
    crate::store::order(&mut other, statement).await;
    drop(other);
    office.order("ordered after it", "+628360100002");
    office.order("not taken", "+628360100003");
    office.meta.answer("628360100003", &[Answer::Refuse(400, 131_016)]);
    office.work().await;
    assert_eq!(office.meta.taken().len(), 2);

    // Store and Odoo are what they were an hour ago.
    office.end_worker().await;
    let restored = office.folder.join("restored.db");
    std::fs::copy(&backup, &restored).expect("a copy");
    let mut again = PostOffice::open(&office.folder, &StoreAddress::Sqlite(restored)).await;
    again.meta = std::mem::replace(&mut office.meta, super::meta::Meta::spawn(again.clock.clone()).await);
    again.odoo.state().messages = office.odoo.state().messages.iter().take(1).cloned().collect();
    again.odoo.state().message(&kept).reports.clear();
    again.clock.go_on(Duration::from_hours(1));
    again.start_anew().await;
    let later = again.order("ordered after it", "+628360100002");
    let open = again.order("not taken", "+628360100003");
    again.work().await;
    again.work().await;
    assert_eq!(again.states(&kept).last().map(String::as_str), Some("unknown: restored"));
    assert_eq!(again.states(&later), ["unknown: restored"]);
    assert_eq!(again.states(&open).last().map(String::as_str), Some("accepted"), "it certainly was not taken before");
    let mut taken = again.meta.taken();
    taken.sort();
    assert_eq!(taken, ["628360100001", "628360100002", "628360100003"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_runs_on_while_its_store_is_restored_keeps_the_others_from_telling_again() {
    let office = PostOffice::in_a_file().await;
    let order = office.order("key", NUMBER);
    office.order("later", "+628360100002");
    office.take_in().await;
    let address = crate::store::address(&format!("sqlite:{}/store.db", office.folder.display()));
    let mut database = crate::store::stranger(&address).await;
    for statement in ["CREATE TABLE old_jobs AS SELECT * FROM jobs", "CREATE TABLE old AS SELECT * FROM messages"] {
        crate::store::order(&mut database, statement).await;
    }
    let account = office.account().await;
    send_next(&office.worker, &account).await;
    office.worker.settle().await.expect("settled");
    assert_eq!(office.meta.taken(), ["628360100001"]);
    for statement in [
        "DELETE FROM jobs",
        "INSERT INTO jobs SELECT * FROM old_jobs",
        "DELETE FROM messages",
        "INSERT INTO messages SELECT * FROM old",
        "DELETE FROM limit_uses",
    ] {
        crate::store::order(&mut database, statement).await;
    }
    office.clock.go_on(Duration::from_mins(1));
    office.worker.settle().await.expect("settled");
    let second = office.another("second").await;
    for _ in 0..2 {
        send_next(&second, &account).await;
    }
    office.worker.tell().await.expect("told");
    assert_eq!(office.meta.taken(), ["628360100001", "628360100002"]);
    assert_eq!(office.states(&order).last().map(String::as_str), Some("unknown: restored"));
}

/// The whole service as a process, killed time and again while it sends.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_at_any_moment_tells_nobody_twice() {
    const MESSAGES: usize = 1_000;
    const KILLS: usize = 15;
    /// On their way by one account.
    const AT_ONCE: usize = 4;
    let mut office = PostOffice::in_a_file().await;
    office.end_worker().await;
    office.odoo.state().accounts[0]["check"] = true.into();
    office.odoo.state().accounts[0]["night"] = serde_json::json!(["00:00", "00:00"]);
    office.meta.post().tier = Some("UNLIMITED");
    office.meta.post().pause = Duration::from_millis(20);
    for at in 0..MESSAGES {
        office.order(&format!("key {at}"), &format!("+62836010{at:04}"));
    }
    for _ in 0..KILLS {
        let worker = serve(&office);
        let before = office.meta.post().asked;
        // It has begun; where in its work it is killed is left to chance.
        crate::office::until(|| office.meta.post().asked > before.min(MESSAGES - 100)).await;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(1..300))).await;
        drop(worker);
    }
    // One more, in peace: it tells the rest. Leases of the killed ones end by the database's clock.
    let worker = serve(&office);
    let settled = |state: &crate::fake_odoo::State| {
        state.messages.iter().all(|message| message.states().last().is_some_and(|last| !last.starts_with("waiting")))
    };
    office.odoo.until(settled).await;
    drop(worker);

    let taken = office.meta.taken();
    let mut once = taken.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), taken.len(), "somebody was told twice");
    let mut unknown = 0;
    for message in office.odoo.state().messages.clone() {
        let number = message.order["number"].as_str().expect("a number").trim_start_matches('+').to_owned();
        let was_taken = taken.contains(&number);
        match message.states().last().map(String::as_str) {
            Some("accepted") => assert!(was_taken, "{number} was not told"),
            Some("unknown: vanished" | "unknown: no_answer") => unknown += 1,
            other => panic!("{number}: {other:?}"),
        }
    }
    println!("{} messages taken, {unknown} of which nobody knows", taken.len());
    assert!(unknown <= KILLS * AT_ONCE, "more are unknown than were on their way: {unknown}");
}

/// Killed when it is dropped.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("ended");
    }
}

fn serve(office: &PostOffice) -> Killed {
    let store = format!("sqlite:{}/store.db", office.folder.display());
    let log = std::fs::OpenOptions::new().append(true).create(true).open(office.folder.join("worker.log"));
    let variables = [
        ("ODOO__URL", office.odoo.url()),
        ("ODOO__DATABASE", DATABASE.to_owned()),
        ("ODOO__DATABASE_UUID", DATABASE_UUID.to_owned()),
        ("ODOO__LOGIN", LOGIN.to_owned()),
        ("ODOO__API_KEY", API_KEY.to_owned()),
        ("INTERNAL__LISTEN", "127.0.0.1:0".to_owned()),
        ("WORKER__POLL_SECONDS", "1".to_owned()),
        ("STORE__URL", store),
        ("WHATSAPP__META_URL", office.meta.url()),
    ];
    let child = Command::new(env!("CARGO_BIN_EXE_sicantik"))
        .arg("serve")
        .envs(variables.map(|(name, value)| (format!("SICANTIK__{name}"), value)))
        .stdout(Stdio::null())
        .stderr(log.expect("a file"))
        .spawn();
    Killed(child.expect("a process"))
}
