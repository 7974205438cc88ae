//! `[worker]` and `[log]`.

use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;

/// Variables `SICANTIK__WORKER__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerConfig {
    /// `NAME`: how the worker is called in Odoo; empty = the machine's name.
    name: String,
    /// `POLL_SECONDS`: how often orders are looked for when no hook comes.
    poll_seconds: u64,
    /// `LEASE_SECONDS`: a run of a killed worker is taken up again after this time.
    lease_seconds: u64,
}

impl WorkerConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let bad = |key, value: u64, remedy: &str| {
            Err(ConfigError::Bad { key, value: value.to_string(), remedy: remedy.to_owned() })
        };
        if !(5..=600).contains(&self.lease_seconds) {
            return bad("worker.lease_seconds", self.lease_seconds, "give 5 to 600 seconds");
        }
        if self.poll_seconds == 0 {
            return bad("worker.poll_seconds", self.poll_seconds, "give at least one second");
        }
        Ok(())
    }

    /// How the worker is called in Odoo.
    #[must_use]
    pub fn name(&self) -> String {
        let machine = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let given = (!self.name.is_empty()).then(|| self.name.clone());
        given.or_else(machine).map_or_else(|| "worker".to_owned(), |name| name.trim().to_owned())
    }

    /// How often orders are looked for.
    #[must_use]
    pub fn poll(&self) -> Duration {
        Duration::from_secs(self.poll_seconds)
    }

    /// How long a lease holds without a report.
    #[must_use]
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds)
    }
}

/// Variables `SICANTIK__LOG__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// `FILTER`: a tracing filter.
    pub filter: String,
    /// `FORMAT`: text or json.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one object a line.
    Json,
}
