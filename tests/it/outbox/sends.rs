//! What goes out, and what comes of it.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sicantik_companion::outbox::Next;
use sicantik_companion::whatsapp::Outcome;

use super::meta::{Answer, TOKEN};
use super::post_office::{ACCOUNT, NUMBER, PostOffice, send_next, status};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_out_once_and_odoo_hears_of_each_state() {
    for office in PostOffice::in_both().await {
        let order = office.order("permit_expiring | 503/0001", NUMBER);
        office.work().await;
        assert_eq!(office.states(&order), ["waiting", "accepted"]);
        let taken = office.meta.post().taken.clone();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].to, NUMBER.trim_start_matches('+'));
        assert_eq!(taken[0].body["template"]["name"], "permit_expiring_v1");
        assert_eq!(taken[0].body["template"]["components"][0]["parameters"][0]["text"], "BUDI CONTOH");
        assert!(!taken[0].reference.contains("503") && !taken[0].reference.is_empty(), "{}", taken[0].reference);

        assert_eq!(office.receipts(&[status(&taken[0].id, "sent"), status(&taken[0].id, "delivered")]).await, 200);
        office.work().await;
        assert_eq!(office.receipts(&[status(&taken[0].id, "read")]).await, 200);
        office.work().await;
        office.work().await;
        assert_eq!(office.states(&order), ["waiting", "accepted", "delivered", "read"]);
        let last = office.message(&order).reports.last().cloned().expect("a report");
        assert_eq!((&last["provider_id"], &last["category"]), (&taken[0].id.clone().into(), &"utility".into()));
        assert_eq!(last["at"], "2026-09-21 14:15:00", "when it was read, by the provider's clock");
        assert_eq!(office.meta.post().asked, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_has_its_outcome() {
    for (answers, told, asked) in [
        (vec![Answer::Refuse(400, 131_030)], vec!["waiting", "failed: recipient_not_allowed"], 1),
        (vec![Answer::Refuse(400, 132_000)], vec!["waiting", "failed: wrong_parameters"], 1),
        (vec![Answer::TakeAndBreak], vec!["waiting", "unknown: no_answer"], 1),
        (vec![Answer::Refuse(500, 131_000)], vec!["waiting", "unknown: no_answer"], 1),
        // Certainly not taken: again later, at most three times.
        (vec![Answer::Refuse(400, 131_016); 9], vec!["waiting", "waiting: provider_down", "failed: provider_down"], 4),
        (vec![Answer::Refuse(400, 131_016), Answer::Take], vec!["waiting", "waiting: provider_down", "accepted"], 2),
    ] {
        let office = PostOffice::in_a_file().await;
        office.meta.answer("*", &answers);
        let order = office.order("key", NUMBER);
        for _ in 0..8 {
            office.work().await;
            office.clock.go_on(Duration::from_mins(40));
        }
        assert_eq!(office.states(&order), told, "{answers:?}");
        assert_eq!(office.meta.post().asked, asked, "{answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_text_a_sender_or_an_account_is_to_blame_for_holds_what_goes_the_same_way() {
    for (code, why, rest_goes) in [
        (132_015, "text_paused", false),
        (130_429, "busy", false),
        (190, "credentials", false),
        (131_042, "account_blocked", false),
        (131_026, "not_on_whatsapp", true),
    ] {
        let office = PostOffice::in_a_file().await;
        office.meta.answer("628360100001", &[Answer::Refuse(400, code)]);
        office.order("first", NUMBER);
        office.order("second", "+628360100002");
        office.work().await;
        let asked = office.meta.post().asked;
        assert_eq!(asked, if rest_goes { 2 } else { 1 }, "{why}");
        let account = office.odoo.state().account_reports.last().cloned();
        office.take_in().await;
        if !rest_goes && why != "text_paused" {
            let told = office.odoo.state().account_reports.last().cloned().expect("a report");
            assert_eq!(told["held"]["why"], why, "{told} after {account:?}");
        }
        // It is mended, or its time is over: both go out, once.
        office.clock.go_on(Duration::from_hours(2));
        office.work().await;
        office.clock.go_on(Duration::from_hours(2));
        office.work().await;
        let mut taken = office.meta.taken();
        taken.sort();
        let all: &[&str] = if rest_goes { &["628360100002"] } else { &["628360100001", "628360100002"] };
        assert_eq!(taken, all, "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_token_sends_nothing_and_a_check_says_so() {
    let office = PostOffice::in_a_file().await;
    office.vault.forget(&format!("whatsapp.{ACCOUNT}.token")).await.expect("forgotten");
    let order = office.order("key", NUMBER);
    office.odoo.state().accounts[0]["check"] = true.into();
    office.work().await;
    assert_eq!(office.states(&order), ["waiting"]);
    let told = office.odoo.state().account_reports.last().cloned().expect("a report");
    assert_eq!((&told["check"]["ok"], &told["check"]["why"]), (&false.into(), &"no_secret".into()));
    assert_eq!((told["secrets"]["token"].is_null(), told["secrets"]["app_secret"].is_string()), (true, true));

    office.vault.set(&format!("whatsapp.{ACCOUNT}.token"), &"EAAsalah".into()).await.expect("set");
    office.odoo.state().accounts[0]["check"] = true.into();
    office.work().await;
    let told = office.odoo.state().account_reports.last().cloned().expect("a report");
    assert_eq!(told["check"]["why"], "credentials", "{told}");

    office.vault.set(&format!("whatsapp.{ACCOUNT}.token"), &TOKEN.into()).await.expect("set");
    office.meta.post().tier = Some("TIER_2K");
    office.odoo.state().accounts[0]["check"] = true.into();
    // The check ends what held the account up.
    office.take_in().await;
    office.clock.go_on(Duration::from_secs(6));
    office.work().await;
    let told = office.odoo.state().account_reports.iter().rev().find(|one| one["check"].is_object()).cloned();
    let check = told.expect("a report")["check"].clone();
    assert_eq!(
        (&check["ok"], &check["daily_limit"], &check["quality"]),
        (&true.into(), &2_000.into(), &"GREEN".into())
    );
    assert_eq!(office.states(&order).last().map(String::as_str), Some("accepted"));
    assert_eq!(office.account().await.daily_limit, Some(2_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_typed_in_a_browser_is_kept_and_what_was_sealed_to_another_key_is_refused() {
    let office = PostOffice::in_a_file().await;
    office.vault.forget(&format!("whatsapp.{ACCOUNT}.token")).await.expect("forgotten");
    let name = format!("whatsapp.{ACCOUNT}.token");
    let bound = sicantik_companion::secrets::Name::new(crate::fake_odoo::DATABASE_UUID, &name).expect("a name");
    let key = office.vault.key().await.expect("a key");
    let other = sicantik_companion::secrets::MasterKey::generate();
    for (sealed, state) in [(other.seal(&bound, b"EAAlain"), "refused"), (key.seal(&bound, TOKEN.as_bytes()), "kept")] {
        let text = BASE64_STANDARD.encode(sealed.expect("sealed"));
        office.odoo.state().accounts[0]["sealed"] = serde_json::json!({ "token": text });
        office.take_in().await;
        let told = office.odoo.state().account_reports.last().cloned().expect("a report");
        assert_eq!(told["sealed"]["token"]["state"], state, "{told}");
        assert_eq!(told["secrets"]["token"].is_null(), state == "refused");
    }
    let order = office.order("key", NUMBER);
    office.work().await;
    assert_eq!(office.states(&order), ["waiting", "accepted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_night_holds_what_was_pushed_into_it() {
    let office = PostOffice::in_a_file().await;
    // It is 14:13 in UTC.
    office.odoo.state().accounts[0]["night"] = serde_json::json!(["13:00", "02:00"]);
    let waits = office.order("waits", NUMBER);
    let urgent = office.order("urgent", "+628360100002");
    office.odoo.state().message(&urgent).order["at_night"] = true.into();
    office.work().await;
    assert_eq!(office.meta.taken(), ["628360100002"]);
    assert_eq!(office.states(&waits), ["waiting", "waiting: night"]);
    office.clock.go_on(Duration::from_hours(12));
    office.work().await;
    assert_eq!(office.meta.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_the_day_holds_the_account_and_is_told() {
    let office = PostOffice::in_a_file().await;
    office.odoo.state().accounts[0]["per_day"] = 2.into();
    let orders: Vec<String> = (1..=4).map(|at| office.order(&format!("{at}"), &format!("+62836010000{at}"))).collect();
    office.work().await;
    assert_eq!(office.meta.taken().len(), 2);
    office.take_in().await;
    let told = office.odoo.state().account_reports.last().cloned().expect("a report");
    assert_eq!(told["held"]["why"], "limit_day", "{told}");
    assert_eq!(office.states(&orders[2]), ["waiting", "waiting: limit_day"]);
    office.clock.go_on(Duration::from_hours(25));
    office.work().await;
    assert_eq!(office.meta.taken().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_business_writes_to_no_more_people_than_meta_lets_it() {
    let office = PostOffice::in_a_file().await;
    for at in 0..252 {
        office.order(&format!("{at}"), &format!("+62836010{at:04}"));
    }
    office.work().await;
    assert_eq!(office.meta.taken().len(), 250);
    // Meta raises it, and says so.
    let raised = serde_json::json!({ "object": "whatsapp_business_account", "entry": [{ "id": "200000000000002", "changes": [{
        "field": "business_capability_update",
        "value": { "max_daily_conversations_per_business": "TIER_2K", "max_daily_conversation_per_phone": 2_000 },
    }] }] });
    assert_eq!(office.webhook(&raised).await, 200);
    office.work().await;
    assert_eq!(office.meta.taken().len(), 252);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_or_is_taken_back_does_not_go_out() {
    for office in PostOffice::in_both().await {
        let late = office.order("late", NUMBER);
        office.odoo.state().message(&late).order["expires_at"] = "2026-09-22 00:00:00".into();
        let back = office.order("back", "+628360100002");
        office.take_in().await;
        office.odoo.state().message(&back).cancel = true;
        office.clock.go_on(Duration::from_hours(24));
        office.work().await;
        office.worker.tell().await.expect("told");
        assert_eq!(office.states(&late), ["waiting", "expired"]);
        assert_eq!(office.states(&back), ["waiting", "cancelled"]);
        assert_eq!(office.meta.post().asked, 0);
        assert_eq!(office.send_all().await, None, "nothing waits");

        // One that another store had, which is gone.
        let lost = office.order("lost", NUMBER);
        {
            let mut state = office.odoo.state();
            let message = state.message(&lost);
            (message.is_lost, message.cancel) = (true, true);
        }
        office.take_in().await;
        assert_eq!(office.states(&lost), ["cancelled"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_said_fails_at_once_and_holds_nothing_up() {
    let office = PostOffice::in_a_file().await;
    let few = office.order("few", NUMBER);
    office.odoo.state().message(&few).order["parameters"] = serde_json::json!(["BUDI"]);
    let empty = office.order("empty", NUMBER);
    office.odoo.state().message(&empty).order["parameters"] = serde_json::json!(["BUDI", " \n"]);
    let stranger = office.order("stranger", NUMBER);
    office.odoo.state().message(&stranger).order["ways"][0]["account"] = "of nobody".into();
    let good = office.order("good", "+628360100002");
    office.work().await;
    assert_eq!(office.states(&few), ["failed: wrong_parameters"]);
    assert_eq!(office.states(&empty), ["failed: wrong_parameters"]);
    assert_eq!(office.states(&stranger), ["failed: no_account"]);
    office.work().await;
    assert_eq!(office.states(&good).last().map(String::as_str), Some("accepted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_is_kept_though_the_next_one_cannot_begin() {
    let office = PostOffice::in_a_file().await;
    let [order, next] = ["1", "2"].map(|at| office.order(at, &format!("+62836010000{at}")));
    office.take_in().await;
    let account = office.account().await;
    let begun = office.worker.begin_next(&account).await.expect("an answer").expect("a message");
    let address = crate::store::address(&format!("sqlite:{}/store.db", office.folder.display()));
    let mut database = crate::store::stranger(&address).await;
    crate::store::order(&mut database, "ALTER TABLE limit_counts RENAME TO away").await;
    let taken = Outcome::Accepted { id: "wamid.1".to_owned() };
    let begins = office.worker.keep_and_begin_next(&account, &begun, &taken).await.expect("kept");
    assert_eq!(begins.expect_err("none begins"), Next::Again);
    assert!(office.worker.begin_next(&account).await.is_err(), "the fault is told where nothing else is at stake");
    crate::store::order(&mut database, "ALTER TABLE away RENAME TO limit_counts").await;
    office.work().await;
    let ends = [&order, &next].map(|uuid| office.states(uuid).pop());
    assert_eq!(ends, [Some("accepted".to_owned()), Some("accepted".to_owned())]);
    assert_eq!(office.meta.post().asked, 1, "the first was handed over by this test");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_again_at_once_after_a_silence_and_each_time_later() {
    let office = PostOffice::in_a_file().await;
    office.meta.answer("*", &[Answer::TakeAndBreak, Answer::TakeAndBreak, Answer::Take, Answer::Take]);
    for at in 1..=4 {
        office.order(&format!("{at}"), &format!("+62836010000{at}"));
    }
    office.take_in().await;
    let account = office.account().await;
    let mut waits = Vec::new();
    for _ in 0..2 {
        assert_eq!(send_next(&office.worker, &account).await, Next::Again);
        let Next::Wait(Some(wait)) = send_next(&office.worker, &account).await else { panic!("no hold") };
        waits.push(wait);
        office.clock.go_on(wait);
    }
    assert_eq!(waits, [Duration::from_mins(1), Duration::from_mins(2)]);
    office.send_all().await;
    assert_eq!(office.meta.post().asked, 4);
}
