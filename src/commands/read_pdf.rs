//! `sicantik read-pdf`: what the worker starts to look into a file. People have `qpdf --check`.

use std::process::ExitCode;

use clap::Args;

use crate::pdf::{self, Limits, Order};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Of the file that comes by the input, in bytes.
    #[arg(long)]
    size: u64,
    /// A file with more is refused.
    #[arg(long)]
    most_pages: u32,
    /// Files inside the file are no reason to refuse it.
    #[arg(long)]
    allow_embedded: bool,
    /// A file that is signed is refused.
    #[arg(long)]
    wants_original: bool,
}

/// Says on one line, as JSON, what is in the file.
pub(super) fn read_pdf(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let limits = Limits {
        most_pages: arguments.most_pages,
        allow_embedded: arguments.allow_embedded,
        wants_original: arguments.wants_original,
    };
    pdf::serve(&Order { size: arguments.size, limits })?;
    Ok(ExitCode::SUCCESS)
}
