//! What a simulator can be told: by flags, by an `Options` value in a test, or by `POST /_admin/settings`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which of the two dialects is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The real API, `/backoffice/api/…`.
    #[default]
    Api,
    /// The Docker stand-in, `/backoffice/www/api_simple.php`.
    Simple,
}

/// All settings. Times are added to every answer of their kind; zero means at once.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
#[derive(Clone, Debug, Serialize, Deserialize, clap::Args)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: String,
    /// Number of permits (by the product's identity rule, not rows).
    #[arg(long, default_value_t = 500)]
    pub permits: usize,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Milliseconds per query that is not a detail.
    #[arg(long, default_value_t = 0)]
    pub query_ms: u64,
    /// Microseconds per row answered by a list.
    #[arg(long, default_value_t = 0)]
    pub row_us: u64,
    /// Milliseconds per detail.
    #[arg(long, default_value_t = 0)]
    pub detail_ms: u64,
    /// Most rows in one page; a larger `limit` silently gives only that many; 0 = no maximum.
    #[arg(long, default_value_t = 0)]
    pub max_page_rows: usize,
    /// The server heeds neither limit nor offset: each page of a list is the whole of it.
    #[arg(long)]
    pub ignores_limit: bool,
    /// The list carries `d_berlaku_izin` (the upgrade that the office has asked for).
    #[arg(long)]
    pub list_has_expiry: bool,
    /// The server has no XML writer: whatever is asked, it answers JSON.
    #[arg(long)]
    pub no_xml: bool,
    /// The server does not read arguments in the path (its rewrite rules are others).
    #[arg(long)]
    pub query_only: bool,
    /// The server ends at a missing parameter, for which PHP takes `0`: the offset must be written `00`.
    #[arg(long)]
    pub zero_refused: bool,
    /// An office in full life, for the demo: permits of every month, mobile numbers, renewals by types named so.
    #[arg(long)]
    pub living: bool,
    /// Which server is imitated.
    #[arg(long, value_enum, default_value_t = Dialect::Api)]
    pub dialect: Dialect,
    /// The day around which permits are made: newest receipt, expiry dates near it. Flag: today (WIB); in tests: 2026-01-15.
    #[arg(long, default_value_t = today_in_jakarta())]
    pub today: NaiveDate,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            permits: 500,
            seed: 1,
            query_ms: 0,
            row_us: 0,
            detail_ms: 0,
            max_page_rows: 0,
            ignores_limit: false,
            list_has_expiry: false,
            no_xml: false,
            query_only: false,
            zero_refused: false,
            living: false,
            dialect: Dialect::Api,
            today: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap_or_default(),
        }
    }
}

/// The server's zone is Asia/Jakarta, which has no summer time.
fn today_in_jakarta() -> NaiveDate {
    (chrono::Utc::now() + chrono::TimeDelta::hours(7)).date_naive()
}
