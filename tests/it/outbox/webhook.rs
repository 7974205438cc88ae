//! The webhook itself: who may register it, who may tell something, and what nobody is believed.

use serde_json::json;

use super::post_office::{ACCOUNT, APP_SECRET, NUMBER, PostOffice, signature, status, statuses_of};
use crate::store::{order as tell_database, stranger};

const HANDSHAKE: &str = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=token-contoh";

#[tokio::test(flavor = "multi_thread")]
async fn its_address_is_registered_by_whoever_knows_the_token() {
    let office = PostOffice::in_a_file().await;
    let path = format!("/webhooks/whatsapp/meta/{ACCOUNT}");
    assert_eq!(office.ask(&format!("{path}{HANDSHAKE}")).await.0, 404, "no account is known yet");
    office.take_in().await;
    assert_eq!(
        office.ask(&format!("{path}{HANDSHAKE}")).await,
        (200.try_into().expect("a status"), "1158201444".into())
    );
    for (further, expected) in [
        ("", 403),
        ("?hub.mode=subscribe&hub.challenge=1&hub.verify_token=", 403),
        ("?hub.mode=subscribe&hub.challenge=1&hub.verify_token=salah", 403),
        ("?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=token-contoh", 403),
    ] {
        assert_eq!(office.ask(&format!("{path}{further}")).await.0, expected, "{further}");
    }
    for other in ["/webhooks/whatsapp/meta/of-nobody", &format!("/webhooks/whatsapp/twilio/{ACCOUNT}")] {
        assert_eq!(office.ask(&format!("{other}{HANDSHAKE}")).await.0, 404, "{other}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_believed_that_the_account_did_not_sign() {
    let office = PostOffice::in_a_file().await;
    let order = office.order("key", NUMBER);
    office.work().await;
    let body = statuses_of("100000000000001", &[status("wamid.1", "read")]).to_string().into_bytes();
    let good = signature(&body, APP_SECRET);
    let mut changed = body.clone();
    *changed.last_mut().expect("a byte") = b' ';
    let mut emoji = json!({ "object": "whatsapp_business_account", "note": "😀" }).to_string().into_bytes();
    let signed_emoji = signature(&emoji, APP_SECRET);
    emoji = String::from_utf8(emoji).expect("text").replace('😀', "\\ud83d\\ude00").into_bytes();
    for (body, signature) in [
        (body.clone(), None),
        (body.clone(), Some("sha256=")),
        (body.clone(), Some("sha1=0000000000000000000000000000000000000000")),
        (body.clone(), Some(&*signature(&body, "rahasia lain"))),
        (changed, Some(&*good)),
        (emoji, Some(&*signed_emoji)),
        (Vec::new(), Some(&*good)),
    ] {
        assert_eq!(office.deliver(ACCOUNT, body, signature).await, 403, "{signature:?}");
    }
    assert_eq!(office.deliver("of-nobody", body.clone(), Some(&good)).await, 404);
    office.work().await;
    assert_eq!(office.states(&order), ["waiting", "accepted"]);
    // The same in place of a replay: nothing changes a second time.
    for _ in 0..3 {
        assert_eq!(office.deliver(ACCOUNT, body.clone(), Some(&good)).await, 200);
        office.work().await;
    }
    assert_eq!(office.states(&order), ["waiting", "accepted", "read"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_signed_and_odd_harms_nothing() {
    let office = PostOffice::in_a_file().await;
    office.take_in().await;
    let big = json!({ "object": "whatsapp_business_account", "entry": [], "x": "x".repeat(1_000_000) }).to_string();
    let twice = r#"{"object":"whatsapp_business_account","object":"whatsapp_business_account","entry":[],"entry":[]}"#;
    for (body, expected) in [
        (big.into_bytes(), 200),
        (twice.as_bytes().to_vec(), 200),
        (b"{\"object\":\"whatsapp_business_account\",\"entry\":null}".to_vec(), 200),
        // It would come again for days.
        (b"\xff\xfe not text".to_vec(), 200),
        (b"{}".to_vec(), 200),
        (b"[".repeat(100_000), 200),
        (vec![b'x'; 5_000_000], 413),
    ] {
        let signature = signature(&body, APP_SECRET);
        let bytes = body.len();
        assert_eq!(office.deliver(ACCOUNT, body, Some(&signature)).await, expected, "{bytes} bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_judged_or_kept_is_asked_for_again() {
    let office = PostOffice::in_a_file().await;
    office.take_in().await;
    let secret = format!("whatsapp.{ACCOUNT}.app_secret");
    office.vault.forget(&secret).await.expect("forgotten");
    assert_eq!(office.receipts(&[status("wamid.1", "read")]).await, 503, "no secret was entered yet");
    office.vault.set(&secret, &APP_SECRET.into()).await.expect("set");

    let address = crate::store::address(&format!("sqlite:{}/store.db", office.folder.display()));
    let mut other = stranger(&address).await;
    tell_database(&mut other, "ALTER TABLE message_events RENAME TO away").await;
    assert_eq!(office.receipts(&[status("wamid.1", "read")]).await, 503, "it cannot be kept");
    tell_database(&mut other, "ALTER TABLE away RENAME TO message_events").await;
    assert_eq!(office.receipts(&[status("wamid.1", "read")]).await, 200);
}
