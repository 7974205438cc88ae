//! Several accounts: another one takes over what the first certainly did not send and is to blame for, and nothing else.

use std::time::Duration;

use serde_json::Value;
use sicantik_companion::whatsapp::{Outcome, Reason, Why};

use super::meta::Answer;
use super::post_office::{ACCOUNT, NUMBER, PostOffice, send_next};
use crate::fake_odoo::messages::account;
use crate::store::{order as tell_database, stranger};

const OTHER: &str = "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee";
/// As Meta calls their numbers.
const NUMBERS: [&str; 2] = ["100000000000001", "100000000000002"];
const WAYS: [(&str, &str); 2] = [(ACCOUNT, "permit_expiring_v1"), (OTHER, "permit_expiring_v2")];

/// Two accounts that work.
async fn with_two(mut office: PostOffice) -> PostOffice {
    let mut other = account(OTHER);
    other["sender_id"] = NUMBERS[1].into();
    office.odoo.state().accounts.push(other);
    office.set_secrets(OTHER).await;
    office.start_anew().await;
    office
}

fn order(office: &PostOffice, key: &str, number: &str) -> String {
    office.odoo.state().order_by(&WAYS, key, number)
}

/// By which accounts Odoo heard that it goes.
fn accounts(office: &PostOffice, order: &str) -> Vec<Value> {
    let mut accounts: Vec<Value> =
        office.message(order).reports.iter().map(|report| report["account"].clone()).collect();
    accounts.dedup();
    accounts
}

/// Meta's ids of the numbers by which messages went out, with their texts.
fn went(office: &PostOffice) -> Vec<(String, String)> {
    let post = office.meta.post();
    let text = |body: &Value| body["template"]["name"].as_str().expect("a text").to_owned();
    post.taken.iter().map(|taken| (taken.by.clone(), text(&taken.body))).collect()
}

fn by_the_other() -> (String, String) {
    (NUMBERS[1].to_owned(), "permit_expiring_v2".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_sends_while_it_can() {
    let office = with_two(PostOffice::in_a_file().await).await;
    let order = order(&office, "key", NUMBER);
    office.work().await;
    office.work().await;
    assert_eq!(went(&office), [(NUMBERS[0].to_owned(), "permit_expiring_v1".to_owned())]);
    assert_eq!(accounts(&office, &order), [ACCOUNT]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_text_or_the_sender_may_not_do_there_goes_by_the_other_account() {
    for office in PostOffice::in_both().await {
        let office = with_two(office).await;
        // One is refused at once, the others are held with their text.
        for code in [131_030, 132_001, 132_015] {
            office.meta.answer(NUMBERS[0], &[Answer::Refuse(400, code)]);
            let order = order(&office, &format!("{code}"), NUMBER);
            for _ in 0..3 {
                office.work().await;
                office.clock.go_on(Duration::from_secs(10));
            }
            assert_eq!(went(&office).pop(), Some(by_the_other()), "{code}");
            assert_eq!(office.states(&order).last().map(String::as_str), Some("accepted"), "{code}");
            assert_eq!(accounts(&office, &order), [ACCOUNT, OTHER], "{code}");
        }
        assert_eq!(went(&office).len(), 3, "each once");
        // The third was not asked for there: its text was held already.
        assert_eq!(office.meta.post().asked, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_an_account_that_may_not_send_goes_by_the_other() {
    for office in PostOffice::in_both().await {
        let office = with_two(office).await;
        office.meta.answer(NUMBERS[0], &[Answer::Refuse(401, 190)]);
        let orders: Vec<String> =
            (1..=3).map(|at| order(&office, &format!("{at}"), &format!("+62836010000{at}"))).collect();
        for _ in 0..3 {
            office.work().await;
        }
        assert_eq!(went(&office), [by_the_other(), by_the_other(), by_the_other()]);
        assert_eq!(office.meta.post().asked, 4, "the first account was asked once");
        for order in &orders {
            assert_eq!(office.states(order).last().map(String::as_str), Some("accepted"));
            assert_eq!(accounts(&office, order).last(), Some(&OTHER.into()));
        }
        // Mended, it is the first again.
        office.odoo.state().accounts[0]["check"] = true.into();
        order(&office, "4", "+628360100004");
        for _ in 0..2 {
            office.work().await;
        }
        assert_eq!(went(&office).pop().map(|(by, _)| by).as_deref(), Some(NUMBERS[0]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_token_leaves_its_messages_to_the_other() {
    let office = with_two(PostOffice::in_a_file().await).await;
    office.vault.forget(&format!("whatsapp.{ACCOUNT}.token")).await.expect("forgotten");
    order(&office, "key", NUMBER);
    for _ in 0..3 {
        office.work().await;
    }
    assert_eq!(went(&office), [by_the_other()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_at_every_try_leaves_its_message_to_the_other() {
    let office = with_two(PostOffice::in_a_file().await).await;
    office.meta.answer(NUMBERS[0], &vec![Answer::Refuse(400, 131_016); 9]);
    order(&office, "key", NUMBER);
    for _ in 0..8 {
        office.work().await;
        office.clock.go_on(Duration::from_mins(40));
    }
    assert_eq!(went(&office), [by_the_other()]);
    assert_eq!(office.meta.post().asked, 5, "the first was asked as often as its retries say");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_gone_out_and_what_the_person_is_to_blame_for_goes_by_no_other() {
    for (answer, told) in [
        (Answer::TakeAndBreak, "unknown: no_answer"),
        (Answer::Refuse(500, 131_000), "unknown: no_answer"),
        (Answer::Refuse(400, 131_026), "failed: not_on_whatsapp"),
        (Answer::Refuse(400, 131_050), "failed: opted_out"),
        (Answer::Refuse(400, 132_000), "failed: wrong_parameters"),
    ] {
        let office = with_two(PostOffice::in_a_file().await).await;
        office.meta.answer(NUMBERS[0], std::slice::from_ref(&answer));
        let order = order(&office, "key", NUMBER);
        for _ in 0..3 {
            office.work().await;
            office.clock.go_on(Duration::from_mins(40));
        }
        assert_eq!(office.states(&order).last().map(String::as_str), Some(told), "{answer:?}");
        assert_eq!(office.meta.post().asked, 1, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_account_can_the_last_one_says_why() {
    let office = with_two(PostOffice::in_a_file().await).await;
    office.meta.answer("*", &[Answer::Refuse(400, 131_030), Answer::Refuse(400, 131_030)]);
    let order = order(&office, "key", NUMBER);
    for _ in 0..3 {
        office.work().await;
    }
    assert_eq!(office.states(&order).last().map(String::as_str), Some("failed: recipient_not_allowed"));
    assert_eq!(accounts(&office, &order), [ACCOUNT, OTHER]);
    assert_eq!(office.meta.post().asked, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_an_account_that_was_archived_goes_by_the_other() {
    for office in PostOffice::in_both().await {
        let office = with_two(office).await;
        let order = order(&office, "key", NUMBER);
        office.take_in().await;
        office.odoo.state().accounts.remove(0);
        for _ in 0..2 {
            office.work().await;
        }
        assert_eq!(went(&office), [by_the_other()]);
        // Without any it says so, and waits for one.
        let alone = office.odoo.state().order_message(OTHER, "alone", "+628360100002");
        office.take_in().await;
        office.odoo.state().accounts.clear();
        for _ in 0..3 {
            office.work().await;
        }
        assert_eq!(office.states(&alone), ["waiting", "waiting: no_account"]);
        assert_eq!(office.states(&order).last().map(String::as_str), Some("accepted"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_opened_stops_its_account_only() {
    let office = with_two(PostOffice::in_a_file().await).await;
    let address = crate::store::address(&format!("sqlite:{}/store.db", office.folder.display()));
    let mut other = stranger(&address).await;
    tell_database(&mut other, "UPDATE secrets SET sealed = x'00' WHERE name LIKE '%aaaaaaaa%.token'").await;
    order(&office, "key", NUMBER);
    office.take_in().await;
    for _ in 0..2 {
        office.worker.settle().await.expect("settled");
        office.worker.tell().await.expect("told");
    }
    let account = office.worker.accounts().await.expect("accounts").swap_remove(1);
    send_next(&office.worker, &account).await;
    assert_eq!(went(&office), [by_the_other()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_whose_commit_was_not_heard_of_fails_nothing_that_another_account_has() {
    for office in PostOffice::in_both().await {
        let office = with_two(office).await;
        let order = order(&office, "key", NUMBER);
        office.take_in().await;
        let account = office.account().await;
        let Ok(begun) = office.worker.begin_next(&account).await.expect("an answer") else { panic!("nothing begins") };
        let refused = Outcome::Refused(Reason::new(Why::RecipientNotAllowed, "meta_131030", "no"));
        for _ in 0..2 {
            office.worker.keep_outcome(&account, &begun, &refused).await.expect("kept");
        }
        office.work().await;
        assert_eq!(went(&office), [by_the_other()]);
        assert_eq!(office.states(&order), ["waiting", "waiting", "accepted"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_to_an_account_that_cannot_send_either() {
    let office = with_two(PostOffice::in_a_file().await).await;
    office.vault.forget(&format!("whatsapp.{OTHER}.token")).await.expect("forgotten");
    office.meta.answer(NUMBERS[0], &[Answer::Refuse(400, 131_030)]);
    let order = order(&office, "key", NUMBER);
    office.work().await;
    assert_eq!(office.states(&order).last().map(String::as_str), Some("failed: recipient_not_allowed"));
}
