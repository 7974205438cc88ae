//! What the logs hold at their most talkative: no secret, no person, nothing of what was carried.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use sicantik_companion::domain::{RunKind, RunState};
use sicantik_companion::sicantik::endpoint;
use sicantik_companion::{sync, telemetry};
use tracing_subscriber::fmt::MakeWriter;

use crate::fake_odoo::{API_KEY, Failure, How};
use crate::listener::{Hook, KEY, Listener, PREVIOUS_KEY};
use crate::office::{Office, fault, sink_with};
use crate::simulator::{Kind, Rule};

const UPSERT: &str = "permit.upsert_batch";

/// An administrator who looks for a fault may write anything into `log.filter`.
const TALKATIVE: [&str; 2] = [
    "trace",
    "trace,jsonrpsee=trace,jsonrpsee_core=trace,jsonrpsee_core::middleware=trace,jsonrpsee_http_client::transport=trace,\
     hyper_util=trace,hyper_util::client=trace,reqwest=trace,rustls=trace,[method_call]=trace",
];

#[tokio::test]
async fn nothing_that_is_carried_stands_in_the_logs() {
    for (directives, version) in TALKATIVE.into_iter().flat_map(|directives| [(directives, 18), (directives, 19)]) {
        let logs = Logs::default();
        let filter = telemetry::filter(directives).expect("a filter");
        let lines = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(logs.clone()).finish();
        // With a single subscriber, tracing would ask the threads of other stories, which have none, what to log.
        let _second = tracing::Dispatch::new(tracing_subscriber::registry());
        let guard = tracing::subscriber::set_default(lines);
        let office = Box::pin(a_bad_day(version)).await;
        drop(guard);

        let text = logs.text();
        for expected in
            ["a run begins", "a run ended", "will be tried again", "progress", "a hook came", "were refused"]
        {
            assert!(text.contains(expected), "{expected:?} is not logged:\n{text}");
        }
        let state = office.odoo.state();
        let tokens: Vec<String> = state.runs.iter().map(|run| run.token.clone()).collect();
        let mut forbidden: BTreeSet<String> =
            [API_KEY, KEY, PREVIOUS_KEY, "wrong-key-0123456789", "Traceback", "RAHASIA"].map(str::to_owned).into();
        forbidden.extend(tokens);
        forbidden.extend(["pendaftaran_id", "n_pemohon", "<item>", "jsonrpc\\\"", "execute_kw"].map(str::to_owned));
        forbidden.extend(personal_data(&office.sicantik.truth()));
        let found: Vec<_> = forbidden.iter().filter(|word| text.contains(word.as_str())).collect();
        assert!(found.is_empty(), "{found:?} in\n{text}");
        assert!(forbidden.len() > 200, "{} words were looked for", forbidden.len());
    }
}

/// Everything that can be said is said: good runs, failing ones, refusals of every kind.
async fn a_bad_day(version: u32) -> Office {
    let office = Office::with_permits(120).await;
    office.odoo.state().version = version;
    let refused = office.sicantik.truth()["permits"][7]["registration_number"].as_str().expect("text").to_owned();
    office.odoo.state().refuse_rows_with = Some(refused);
    office.sicantik.set_faults(vec![
        fault(endpoint::ISSUED, Kind::Html, 1),
        fault(endpoint::TYPES, Kind::Truncate, 1),
        fault(endpoint::DETAIL_BY_NUMBER, Kind::Reset, 2),
    ]);
    let conflict = How::Exception("psycopg2.errors.SerializationFailure", "could not serialize\nDETAIL: RAHASIA");
    office.odoo.fail([
        Failure::of(UPSERT, conflict).times(1),
        Failure::of("permit.apply_details", How::ResetAfter).times(1),
        Failure::of("sync.run.report", How::Status(404)).times(1),
    ]);
    let end = sync::execute(&office.run(RunKind::All).await).await;
    assert_eq!(end.state, RunState::Partial, "{:?}", end.error);

    let constraint = How::Exception("odoo.exceptions.ValidationError", "The name RAHASIA is taken.\nDETAIL: RAHASIA");
    office.odoo.fail([Failure::of(UPSERT, constraint)]);
    sync::execute(&office.run(RunKind::Permits).await).await;
    office.odoo.fail([Failure::of("sync.run.finish", How::Exception("odoo.exceptions.ValidationError", "RAHASIA"))]);
    sync::execute(&office.run(RunKind::Types).await).await;
    office.odoo.fail([]);

    let details = [endpoint::DETAIL_BY_NUMBER, endpoint::DETAIL_BY_CODE];
    office.sicantik.set_faults(details.map(|it| Rule { after: 20, ..fault(it, Kind::NotJson, 0) }).into());
    sync::execute(&office.run(RunKind::Expiry).await).await;

    let stale = office.run(RunKind::Types).await;
    office.odoo.state().take_over(&stale.order.lease.uuid);
    sync::execute(&stale).await;
    let stranger = sink_with(&office.odoo, |options| options.api_key = "wrong-key-0123456789".into());
    stranger.queued("worker", "0").await.expect_err("denied");
    office.odoo.state().revoked = true;
    let late = office_run_without_sign_in(&office).await;
    sync::execute(&late).await;

    let worker = Listener::spawn(&[KEY, PREVIOUS_KEY]).await;
    worker.receive(&Hook::signed()).await;
    worker.receive(&Hook::signed()).await;
    worker.receive(&Hook { signature: None, ..Hook::signed() }).await;
    office
}

/// A run whose key is revoked as soon as it has been claimed.
async fn office_run_without_sign_in(office: &Office) -> sync::Run {
    office.odoo.state().revoked = false;
    let run = office.run(RunKind::Types).await;
    office.odoo.state().revoked = true;
    run
}

/// Names of applicants and companies, addresses and phone numbers, as SICANTIK holds them and as they are sent.
fn personal_data(truth: &Value) -> BTreeSet<String> {
    const COLUMNS: [&str; 5] = ["n_pemohon", "a_pemohon", "telp_pemohon", "n_perusahaan", "npwp"];
    let permits = truth["permits"].as_array().expect("permits");
    let names = permits.iter().flat_map(|permit| permit["applicants"].as_array().expect("a list"));
    let details = permits.iter().flat_map(|permit| COLUMNS.map(|column| &permit["detail"][column]));
    let texts = names.chain(details).filter_map(Value::as_str);
    texts.map(str::trim).filter(|text| text.chars().count() >= 5).map(str::to_owned).collect()
}

/// Log lines in memory.
#[derive(Clone, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("text")
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
