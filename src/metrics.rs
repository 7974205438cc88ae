//! Figures for Prometheus: a function for each event, called where it happens. `docs/metrics.md` lists them.
//! No label has more values than the code has words; nothing personal is counted by name.

use std::sync::OnceLock;
use std::time::Duration;

use ::metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::clock::{Clock, SystemClock};
use crate::domain::{MessageState, RunKind, RunState};

const RUNS: &str = "sicantik_runs_total";
const ROWS: &str = "sicantik_rows_total";
const LAST_SUCCESS: &str = "sicantik_run_last_success_timestamp_seconds";
const SOURCE_CALLS: &str = "sicantik_source_calls_total";
const SOURCE_SECONDS: &str = "sicantik_source_call_duration_seconds";
const ODOO_CALLS: &str = "sicantik_odoo_calls_total";
const ODOO_SECONDS: &str = "sicantik_odoo_call_duration_seconds";
const ODOO_UP: &str = "sicantik_odoo_up";
const KEY_EXPIRY: &str = "sicantik_odoo_api_key_expiry_timestamp_seconds";
const HOOKS: &str = "sicantik_hooks_total";
const MESSAGES: &str = "sicantik_messages_total";
const MESSAGE_EVENTS: &str = "sicantik_message_events_total";
const MESSAGES_WAITING: &str = "sicantik_messages_waiting";
const OLDEST_WAITING: &str = "sicantik_messages_oldest_waiting_timestamp_seconds";
const ACCOUNTS_HELD: &str = "sicantik_message_accounts_held";
const INBOX_FILES: &str = "sicantik_inbox_files_total";
const INBOX_WAITING: &str = "sicantik_inbox_waiting";
const UPLOADS: &str = "sicantik_document_uploads_total";
const DOWNLOADS: &str = "sicantik_document_downloads_total";
const DOCUMENT_BYTES: &str = "sicantik_document_bytes_total";
const LOOK_SECONDS: &str = "sicantik_document_look_duration_seconds";
const DOCUMENTS: &str = "sicantik_documents";
const VERSIONS: &str = "sicantik_document_versions";
const KEPT_BYTES: &str = "sicantik_documents_bytes";
const STORAGE_READY: &str = "sicantik_storage_ready";
const STORAGE_FREE: &str = "sicantik_storage_free_bytes";
const STORAGE_SIZE: &str = "sicantik_storage_size_bytes";
const JOB_TICK: &str = "sicantik_job_last_tick_timestamp_seconds";
const CONNECTIONS: &str = "sicantik_connections_dropped_total";
const HANDED_OUT: &str = "sicantik_documents_handed_out_total";
const BUILD: &str = "sicantik_build_info";
const MEMORY: &str = "sicantik_resident_memory_bytes";

/// Bounds of the latency histograms, in seconds: from a quick look-up to a large page or batch.
const BOUNDS: [f64; 10] = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 150.0];

/// What an outcome is called that is no error.
const OK: &str = "ok";

/// What was counted in this process.
#[derive(Clone)]
pub struct Exporter(PrometheusHandle);

impl std::fmt::Debug for Exporter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Exporter")
    }
}

impl Exporter {
    /// The one of this process. Events are counted from the first call on.
    pub fn of_process() -> anyhow::Result<Self> {
        static EXPORTER: OnceLock<Exporter> = OnceLock::new();
        if let Some(exporter) = EXPORTER.get() {
            return Ok(exporter.clone());
        }
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BOUNDS)?;
        let recorder = builder.build_recorder();
        let exporter = EXPORTER.get_or_init(|| Self(recorder.handle()));
        if ::metrics::set_global_recorder(recorder).is_ok() {
            describe();
            gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            gauge!(ODOO_UP).set(0.0);
        }
        Ok(exporter.clone())
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(bytes) = resident_memory() {
            gauge!(MEMORY).set(bytes);
        }
        self.0.render()
    }

    /// Folds the measured times into the histograms, as asking for the text does.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

fn describe() {
    describe_counter!(RUNS, "Runs ended, by kind and state.");
    describe_counter!(ROWS, "Rows of ended runs (permits in runs of permits), by kind of run and outcome.");
    describe_gauge!(LAST_SUCCESS, "When a run of the kind last ended as done.");
    describe_counter!(SOURCE_CALLS, "Calls to SICANTIK, retries included, by endpoint and outcome.");
    describe_histogram!(SOURCE_SECONDS, "Time of calls to SICANTIK, without waiting for the rate limit.");
    describe_counter!(ODOO_CALLS, "Calls to Odoo, retries included, by protocol, method and outcome.");
    describe_histogram!(ODOO_SECONDS, "Time of calls to Odoo.");
    describe_gauge!(ODOO_UP, "1 while Odoo answers the worker, else 0.");
    describe_gauge!(KEY_EXPIRY, "When the worker's API key ends.");
    describe_counter!(HOOKS, "Hooks received, by result.");
    describe_counter!(MESSAGES, "Messages that came into a state.");
    describe_counter!(MESSAGE_EVENTS, "What providers told of messages, by result.");
    describe_gauge!(MESSAGES_WAITING, "Messages that wait in the worker.");
    describe_counter!(INBOX_FILES, "Files of the inbox that were taken, by outcome.");
    describe_gauge!(INBOX_WAITING, "Files that lie in the inbox.");
    describe_gauge!(OLDEST_WAITING, "Since when the oldest of them waits; 0 when none does.");
    describe_gauge!(ACCOUNTS_HELD, "Accounts by which no message goes out now.");
    describe_counter!(UPLOADS, "Documents that came in, by what became of them.");
    describe_counter!(DOWNLOADS, "Documents that were asked for, by what became of that.");
    describe_counter!(DOCUMENT_BYTES, "Clear bytes of documents that came in and were given.");
    describe_histogram!(LOOK_SECONDS, "Time of looks into a PDF, with the wait for the one before.");
    describe_gauge!(DOCUMENTS, "Documents that are kept.");
    describe_gauge!(VERSIONS, "Versions of documents that are kept.");
    describe_gauge!(KEPT_BYTES, "Clear bytes of the documents that are kept; the same bytes count once.");
    describe_gauge!(STORAGE_READY, "1 while documents can be kept and given where they lie, else 0.");
    describe_gauge!(STORAGE_FREE, "Free bytes where the folder of documents lies.");
    describe_gauge!(STORAGE_SIZE, "All bytes where the folder of documents lies.");
    describe_gauge!(JOB_TICK, "When a background job last completed a tick.");
    describe_counter!(
        CONNECTIONS,
        "Connections that gave way to newer ones or asked for too long, by listener and reason."
    );
    describe_counter!(HANDED_OUT, "Asks for documents at their public addresses, by result.");
    describe_gauge!(BUILD, "1, with the worker's version.");
    describe_gauge!(MEMORY, "Memory of the worker's process.");
}

/// A run ended; `rows` = how many rows had which outcome.
pub fn run_ended(kind: RunKind, state: RunState, rows: &[(&'static str, u64)]) {
    let kind = kind.as_str();
    counter!(RUNS, "kind" => kind, "state" => state.as_str()).increment(1);
    for (outcome, count) in rows {
        counter!(ROWS, "kind" => kind, "outcome" => *outcome).increment(*count);
    }
    if state == RunState::Done {
        gauge!(LAST_SUCCESS, "kind" => kind).set(seconds(SystemClock.now()));
    }
}

/// SICANTIK was called; `error` = the error's code, if any.
pub fn source_call(endpoint: &'static str, error: Option<&'static str>, took: Duration) {
    counter!(SOURCE_CALLS, "endpoint" => endpoint, "outcome" => error.unwrap_or(OK)).increment(1);
    histogram!(SOURCE_SECONDS, "endpoint" => endpoint).record(took);
}

/// Odoo was called; `error` = the error's code, if any.
pub fn odoo_call(protocol: &'static str, method: &str, error: Option<&'static str>, took: Duration) {
    let method = method.to_owned();
    let outcome = error.unwrap_or(OK);
    counter!(ODOO_CALLS, "protocol" => protocol, "method" => method.clone(), "outcome" => outcome).increment(1);
    histogram!(ODOO_SECONDS, "method" => method).record(took);
}

/// Odoo answered the last look for orders, or did not.
pub fn odoo_up(up: bool) {
    gauge!(ODOO_UP).set(f64::from(u8::from(up)));
}

/// Odoo told when the API key ends.
pub fn api_key_ends(at: DateTime<Utc>) {
    gauge!(KEY_EXPIRY).set(seconds(at));
}

/// A hook came; `result` = `accepted`, or why it was refused.
pub fn hook(result: &'static str) {
    counter!(HOOKS, "result" => result).increment(1);
}

/// So many messages wait, the oldest since then.
pub fn messages_waiting(count: i64, since: Option<DateTime<Utc>>) {
    #[expect(clippy::cast_precision_loss, reason = "nobody has as many messages")]
    gauge!(MESSAGES_WAITING).set(count as f64);
    gauge!(OLDEST_WAITING).set(since.map_or(0.0, seconds));
}

/// A file of the inbox was taken.
pub fn inbox_file(outcome: &'static str) {
    counter!(INBOX_FILES, "outcome" => outcome).increment(1);
}

/// So many files lie in the inbox.
pub fn inbox_waiting(count: usize) {
    #[expect(clippy::cast_precision_loss, reason = "no folder has as many files")]
    gauge!(INBOX_WAITING).set(count as f64);
}

/// By so many accounts nothing goes out now.
pub fn accounts_held(count: usize) {
    #[expect(clippy::cast_precision_loss, reason = "nobody has as many accounts")]
    gauge!(ACCOUNTS_HELD).set(count as f64);
}

/// A message came into this state; `waiting` = it was not taken, and is tried again.
pub fn message(state: MessageState) {
    counter!(MESSAGES, "state" => state.word()).increment(1);
}

/// A provider told something; `result` = what became of that.
pub fn message_event(result: &'static str) {
    counter!(MESSAGE_EVENTS, "result" => result).increment(1);
}

/// A document came in; `result` = `kept`, `known`, or why it was not kept.
pub fn document_came(result: &'static str, bytes: u64) {
    counter!(UPLOADS, "result" => result).increment(1);
    counter!(DOCUMENT_BYTES, "direction" => "in").increment(bytes);
}

/// A document was asked for; `result` = `given`, or why it was not given.
pub fn document_asked(result: &'static str) {
    counter!(DOWNLOADS, "result" => result).increment(1);
}

/// So much of a document went out.
pub fn document_went(bytes: usize) {
    counter!(DOCUMENT_BYTES, "direction" => "out").increment(bytes as u64);
}

/// A look into a PDF ended.
pub fn document_looked_into(took: Duration) {
    histogram!(LOOK_SECONDS).record(took);
}

/// So much is kept.
#[expect(clippy::cast_precision_loss, reason = "nobody has as many documents")]
pub fn documents_kept(documents: i64, versions: i64, bytes: i64) {
    gauge!(DOCUMENTS).set(documents as f64);
    gauge!(VERSIONS).set(versions as f64);
    gauge!(KEPT_BYTES).set(bytes as f64);
}

/// The place of documents was looked at; `room` = free and all bytes of a folder's disk.
#[expect(clippy::cast_precision_loss, reason = "a few bytes more or less are the same to people")]
pub fn storage(is_ready: bool, room: Option<(u64, u64)>) {
    gauge!(STORAGE_READY).set(f64::from(u8::from(is_ready)));
    if let Some((free, size)) = room {
        gauge!(STORAGE_FREE).set(free as f64);
        gauge!(STORAGE_SIZE).set(size as f64);
    }
}

/// A background job completed a tick.
pub fn job_ticked(job: &'static str, at: DateTime<Utc>) {
    gauge!(JOB_TICK, "job" => job).set(seconds(at));
}

/// A connection of a listener was ended by its limits; `reason` = `full` or `late`.
pub fn connection_dropped(listener: &'static str, reason: &'static str) {
    counter!(CONNECTIONS, "listener" => listener, "reason" => reason).increment(1);
}

/// Somebody asked for a document at its public address; `result` = `given`, or why it was not.
pub fn document_handed_out(result: &'static str) {
    counter!(HANDED_OUT, "result" => result).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a date are far below 2^52")]
fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp() as f64
}

/// As Linux tells it; `None` elsewhere.
fn resident_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024.0)
}
