//! `sicantik openapi`: the description of a listener.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::http;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Of the public listener; without it, of the internal one.
    #[arg(long)]
    public: bool,
}

/// Prints it as JSON.
pub(super) fn openapi(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let document = if arguments.public { http::public::document() } else { http::document() };
    writeln!(std::io::stdout(), "{}", document.to_pretty_json()?)?;
    Ok(ExitCode::SUCCESS)
}
