//! `sicantik openapi`: the description of the internal listener.

use std::io::Write;
use std::process::ExitCode;

use crate::http;

/// Prints it as JSON.
pub(super) fn openapi() -> anyhow::Result<ExitCode> {
    writeln!(std::io::stdout(), "{}", http::document().to_pretty_json()?)?;
    Ok(ExitCode::SUCCESS)
}
