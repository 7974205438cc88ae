//! Logs: readable lines, or one JSON object a line. Secrets, names, phone numbers and bodies never go there.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

use crate::config::{LogConfig, LogFormat};

/// jsonrpsee prints whole answers at trace and debug: it stays at warn whatever the filter says. sqlx prints each try of
/// a failing statement; its errors come back to the caller, who tells them once.
const CAPPED: [&str; 6] =
    ["jsonrpsee=warn", "jsonrpsee_core=warn", "jsonrpsee_http_client=warn", "hyper_util=warn", "h2=warn", "sqlx=off"];

/// What is logged: what `directives` say (a tracing filter), except for the crates that print what they carry.
pub fn filter(directives: &str) -> anyhow::Result<EnvFilter> {
    let mut filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse(directives)?;
    for directive in CAPPED {
        filter = filter.add_directive(directive.parse()?);
    }
    Ok(filter)
}

/// Starts logging to standard error. Call once.
pub fn start(config: &LogConfig) -> anyhow::Result<()> {
    let filter = filter(&config.filter)?;
    let colours = std::io::stderr().is_terminal();
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match config.format {
        LogFormat::Text => lines.with_target(false).compact().try_init(),
        LogFormat::Json => lines.json().try_init(),
    }
    .map_err(|error| anyhow::anyhow!("logging could not be started: {error}"))
}
