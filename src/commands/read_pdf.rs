//! `sicantik read-pdf`: what the worker starts to look into files. People have `qpdf --check`.

use std::process::ExitCode;

use clap::Args;

use crate::pdf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Of the largest file that comes by the input, in bytes.
    #[arg(long)]
    largest: u64,
}

/// Says on one line for each file, as JSON, what is in it; or makes what is to be appended to it.
pub(super) fn read_pdf(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    pdf::serve(arguments.largest)?;
    Ok(ExitCode::SUCCESS)
}
