//! Receipts: early, late, twice, backwards, of another account, and of a message that nobody was sure of.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sicantik_companion::clock::Clock;
use sicantik_companion::domain::text::hex;

use super::meta::Answer;
use super::post_office::{NUMBER, PostOffice, status, statuses_of};
use crate::fake_odoo::messages::account;
use crate::fake_odoo::{Failure, How};

#[tokio::test(flavor = "multi_thread")]
async fn the_order_in_which_receipts_come_changes_nothing() {
    for receipts in [
        vec!["sent", "delivered", "read"],
        vec!["read", "delivered", "sent"],
        vec!["delivered", "sent", "read", "read", "delivered"],
        vec!["read"],
        vec!["delivered", "failed", "read"],
    ] {
        for office in PostOffice::in_both().await {
            let order = office.order("key", NUMBER);
            office.work().await;
            for receipt in &receipts {
                assert_eq!(office.receipts(&[status("wamid.1", receipt)]).await, 200);
                office.work().await;
            }
            assert_eq!(office.states(&order).last().map(String::as_str), Some("read"), "{receipts:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_after_all_is_told_with_its_reason_and_what_arrived_does_not_fail() {
    let office = PostOffice::in_a_file().await;
    let orders = [office.order("a", NUMBER), office.order("b", "+628360100002")];
    office.work().await;
    let mut failed = status("wamid.1", "failed");
    failed["errors"] = json!([{ "code": 131_026, "title": "Message undeliverable" }]);
    assert_eq!(office.receipts(&[failed.clone(), status("wamid.2", "delivered")]).await, 200);
    office.work().await;
    failed["id"] = "wamid.2".into();
    assert_eq!(office.receipts(&[failed]).await, 200);
    office.work().await;
    let last = |order| office.states(order).pop().expect("a state");
    assert_eq!((last(&orders[0]).as_str(), last(&orders[1]).as_str()), ("failed: not_on_whatsapp", "delivered"));
    let report = office.message(&orders[0]).reports.pop().expect("a report");
    assert_eq!(report["code"], "meta_131026");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_comes_before_the_answer_waits_for_it() {
    for office in PostOffice::in_both().await {
        office.take_in().await;
        assert_eq!(office.receipts(&[status("wamid.1", "delivered"), status("wamid.strange", "read")]).await, 200);
        office.worker.hear().await.expect("heard");
        let order = office.order("key", NUMBER);
        office.work().await;
        office.work().await;
        assert_eq!(office.states(&order), ["waiting", "accepted", "delivered"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_of_another_number_and_of_unknown_messages_move_nothing() {
    let office = PostOffice::in_a_file().await;
    let order = office.order("key", NUMBER);
    office.work().await;
    let other = statuses_of("100000000000009", &[status("wamid.1", "read")]);
    assert_eq!(office.webhook(&other).await, 200, "acknowledged: it would come again for days");
    assert_eq!(office.receipts(&[status("wamid.99", "read")]).await, 200);
    office.work().await;
    assert_eq!(office.states(&order), ["waiting", "accepted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_was_sure_of_is_known_by_its_receipt() {
    for office in PostOffice::in_both().await {
        office.meta.answer("*", &[Answer::TakeAndBreak]);
        let order = office.order("key", NUMBER);
        office.work().await;
        assert_eq!(office.states(&order), ["waiting", "unknown: no_answer"]);
        let taken = office.meta.post().taken[0].clone();
        let mut receipt = status(&taken.id, "delivered");
        receipt["biz_opaque_callback_data"] = taken.reference.into();
        assert_eq!(office.receipts(&[receipt]).await, 200);
        office.work().await;
        assert_eq!(office.receipts(&[status(&taken.id, "read")]).await, 200);
        office.work().await;
        assert_eq!(office.states(&order), ["waiting", "unknown: no_answer", "delivered", "read"]);
        assert_eq!(office.meta.post().asked, 1);
    }
}

/// Of a message that went out as `order_message` names it.
fn failed(id: &str, at: DateTime<Utc>) -> Value {
    let mut receipt = status(id, "failed");
    receipt["errors"] = json!([{ "code": 131_026, "title": "Message undeliverable" }]);
    receipt["timestamp"] = at.timestamp().to_string().into();
    receipt["biz_opaque_callback_data"] = hex(&Sha256::digest(b"key")).into();
    receipt
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_before_it_was_tried_again_fails_no_later_attempt() {
    for office in PostOffice::in_both().await {
        office.meta.answer("*", &[Answer::Refuse(400, 131_016), Answer::TakeAndBreak]);
        let order = office.order("key", NUMBER);
        office.work().await;
        let before = office.clock.now();
        assert_eq!(office.receipts(&[failed("wamid.early", before)]).await, 200);
        office.clock.go_on(Duration::from_mins(40));
        office.work().await;
        // And one that is late itself.
        assert_eq!(office.receipts(&[failed("wamid.late", before)]).await, 200);
        office.work().await;
        let mut told = vec!["waiting", "waiting: provider_down", "unknown: no_answer"];
        assert_eq!(office.states(&order), told);
        let taken = office.meta.post().taken[0].clone();
        office.clock.go_on(Duration::from_mins(1));
        assert_eq!(office.receipts(&[failed(&taken.id, office.clock.now())]).await, 200);
        office.work().await;
        told.push("failed: not_on_whatsapp");
        assert_eq!(office.states(&order), told, "the attempt itself");
        let mut read = status(&taken.id, "read");
        read["biz_opaque_callback_data"] = taken.reference.into();
        assert_eq!(office.receipts(&[read]).await, 200);
        office.work().await;
        assert_eq!(office.states(&order).pop().as_deref(), Some("read"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_before_it_was_taken_back_stays_taken_back() {
    for office in PostOffice::in_both().await {
        office.meta.answer("*", &[Answer::Refuse(400, 131_016)]);
        let first = office.order("key", NUMBER);
        office.work().await;
        office.odoo.state().message(&first).cancel = true;
        office.take_in().await;
        office.odoo.state().message(&first).cancel = false;
        assert_eq!(office.receipts(&[failed("wamid.early", office.clock.now())]).await, 200);
        office.work().await;
        assert_eq!(office.states(&first).pop().as_deref(), Some("cancelled"));
        let again = office.order("key", NUMBER);
        office.clock.go_on(Duration::from_mins(1));
        office.work().await;
        assert_eq!(office.states(&again), ["waiting", "accepted"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_and_what_becomes_of_texts_is_passed_on_once() {
    let office = PostOffice::in_a_file().await;
    office.take_in().await;
    let change = |field: &str, value: Value| {
        let changes = json!([{ "field": field, "value": value }]);
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "200000000000002", "changes": changes }] })
    };
    let wrote = |to: &str| {
        let written = json!([{
            "id": "wamid.in", "from": "628360100001", "timestamp": "1790000100", "type": "text",
            "text": { "body": "BERHENTI ya 😀" },
        }]);
        change("messages", json!({ "metadata": { "phone_number_id": to }, "messages": written }))
    };
    let paused = json!({
        "event": "PAUSED", "message_template_name": "permit_expiring_v1", "message_template_language": "id",
    });
    let moved = json!({
        "message_template_name": "permit_expiring_v1", "message_template_language": "id",
        "previous_category": "UTILITY", "new_category": "MARKETING",
    });
    for body in [
        wrote("100000000000001"),
        wrote("100000000000001"),
        wrote("100000000000009"),
        change("message_template_status_update", paused),
        change("template_category_update", moved),
    ] {
        assert_eq!(office.webhook(&body).await, 200);
    }
    office.odoo.fail([Failure::of("whatsapp.account.hear", How::ResetAfter).times(1)]);
    office.worker.pass_on().await.expect_err("the answer is lost");
    office.work().await;
    office.work().await;
    let heard = office.odoo.state().heard.clone();
    let told: Vec<_> = heard.iter().map(|event| event["kind"].as_str().expect("a kind")).collect();
    assert_eq!(told, ["inbound", "inbound", "text", "category"]);
    assert_eq!(heard[0], heard[1], "the same one again, under the same id");
    assert_eq!((&heard[0]["from"], &heard[0]["text"]), (&"628360100001".into(), &"BERHENTI ya 😀".into()));
    assert_eq!(heard[0]["at"], "2026-09-21 14:15:00");
    assert_eq!((&heard[2]["name"], &heard[2]["state"]), (&"permit_expiring_v1".into(), &"paused".into()));
    assert_eq!(heard[3]["category"], "MARKETING");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_odoo_refuses_keeps_no_other_from_being_told() {
    let office = PostOffice::in_a_file().await;
    let orders = [office.order("a", NUMBER), office.order("b", "+628360100002")];
    office.take_in().await;
    office.send_all().await;
    // All at once, then the first by itself.
    let refuses = How::Exception("builtins.ValueError", "something odd");
    office.odoo.fail([Failure::of("whatsapp.message.report", refuses).times(2)]);
    office.worker.tell().await.expect("told");
    let told: Vec<_> = orders.iter().map(|order| office.states(order)).collect();
    assert_eq!(told, [vec!["waiting"], vec!["waiting", "accepted"]]);
    // What happens to the first later is told again.
    assert_eq!(office.receipts(&[status("wamid.1", "read")]).await, 200);
    office.work().await;
    assert_eq!(office.states(&orders[0]), ["waiting", "read"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_of_metas_calls_one_address_for_all_its_numbers() {
    const OTHER: &str = "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee";
    let office = PostOffice::in_a_file().await;
    let mut other = account(OTHER);
    other["sender_id"] = "100000000000002".into();
    office.odoo.state().accounts.push(other);
    office.set_secrets(OTHER).await;
    let order = office.odoo.state().order_message(OTHER, "key", NUMBER);
    office.work().await;
    let read = statuses_of("100000000000002", &[status("wamid.1", "read")]);
    assert_eq!(office.webhook(&read).await, 200, "at the address of the first account");
    office.work().await;
    assert_eq!(office.states(&order), ["waiting", "accepted", "read"]);
    // The limit is of the business, so both have it.
    let limit = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "200000000000002", "changes": [{
        "field": "business_capability_update", "value": { "max_daily_conversations_per_business": 2_000 },
    }] }] });
    assert_eq!(office.webhook(&limit).await, 200);
    office.work().await;
    let limits: Vec<_> =
        office.worker.accounts().await.expect("accounts").into_iter().map(|account| account.daily_limit).collect();
    assert_eq!(limits, [Some(2_000), Some(2_000)]);

    // Whoever knows the secret of one app speaks for no other's number.
    office.vault.set(&format!("whatsapp.{OTHER}.app_secret"), &"another".into()).await.expect("set");
    let again = office.odoo.state().order_message(OTHER, "again", "+628360100002");
    office.work().await;
    let forged = statuses_of("100000000000002", &[status("wamid.2", "read")]);
    assert_eq!(office.webhook(&forged).await, 200);
    office.work().await;
    assert_eq!(office.states(&again), ["waiting", "accepted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_wrote_waits_for_odoo_however_long_it_is_away() {
    let office = PostOffice::in_a_file().await;
    office.take_in().await;
    let written = json!([{ "id": "wamid.in", "from": "628360100001", "type": "text", "text": { "body": "STOP" } }]);
    let value = json!({ "metadata": { "phone_number_id": "100000000000001" }, "messages": written });
    let changes = json!([{ "field": "messages", "value": value }]);
    let entry = json!([{ "id": "200000000000002", "changes": changes }]);
    let body = json!({ "object": "whatsapp_business_account", "entry": entry });
    assert_eq!(office.webhook(&body).await, 200);
    office.clock.go_on(Duration::from_hours(30 * 24));
    office.work().await;
    assert_eq!(office.odoo.state().heard.len(), 1);
}
