//! The names of the addon's models and methods, in one place.

pub(super) const RUN: &str = "sicantik.sync.run";
pub(super) const PERMIT: &str = "sicantik.permit";
pub(super) const PERMIT_TYPE: &str = "sicantik.permit.type";
pub(super) const CONFIG: &str = "sicantik.config";
pub(super) const MESSAGE: &str = "sicantik.whatsapp.message";
pub(super) const DOCUMENT_VERSION: &str = "sicantik.document.version";
pub(super) const ACCOUNT: &str = "sicantik.whatsapp.account";
pub(super) const ARRIVAL: &str = "sicantik.document.arrival";
pub(super) const DOCUMENT: &str = "sicantik.document";

pub(super) const ORDER: &str = "order";
pub(super) const QUEUED: &str = "queued";
pub(super) const CLAIM: &str = "claim";
pub(super) const HEAR: &str = "hear";
pub(super) const OFFER: &str = "offer";
pub(super) const KEPT: &str = "kept";
pub(super) const REPORT: &str = "report";
pub(super) const STATUS: &str = "status";
pub(super) const FINISH: &str = "finish";
pub(super) const UPSERT_BATCH: &str = "upsert_batch";
pub(super) const DUE_DETAILS: &str = "due_details";
pub(super) const APPLY_DETAILS: &str = "apply_details";
pub(super) const KEYS: &str = "keys";
pub(super) const MARK_MISSING: &str = "mark_missing";
pub(super) const HANDED_OUT: &str = "handed_out";
pub(super) const OF_HASHES: &str = "of_hashes";
pub(super) const WORKER_SETTINGS: &str = "worker_settings";

/// How the message of a refused token begins.
pub(super) const STALE_TOKEN: &str = "stale_token";
