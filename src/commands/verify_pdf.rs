//! `sicantik verify-pdf`: what `tte verify` starts to read a file. People use that.

use std::process::ExitCode;

use clap::Args;

use crate::pdf::verify;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Of the file that comes by the input, in bytes.
    #[arg(long)]
    largest: u64,
}

/// Says on one line, as JSON, what the signatures of the file are worth.
pub(super) fn verify_pdf(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    verify::serve(arguments.largest)?;
    Ok(ExitCode::SUCCESS)
}
