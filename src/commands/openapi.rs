//! `sicantik openapi`: the description of the internal listener.

use std::process::ExitCode;

use crate::http;

/// Prints it as JSON.
#[expect(clippy::print_stdout, reason = "this is the answer to a command")]
pub(super) fn openapi() -> anyhow::Result<ExitCode> {
    println!("{}", http::document().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
