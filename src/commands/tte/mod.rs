//! `sicantik tte`: electronic signatures (*tanda tangan elektronik*).

mod by_service;
mod keys;
mod typed;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::{Config, ConfigError};

/// What to do with signatures.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// One line of JSON instead of lines for people.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Says for each signature of a PDF what it is worth. Ends with 0 where all passed, 1 where one failed, 3 where that
    /// cannot be told. Fetches nothing: what is not in the file has to be given.
    Verify(verify::Arguments),
    /// Tells what BSrE's service itself says of a file's signatures.
    SecondOpinion { file: PathBuf },
    #[command(flatten)]
    ByService(by_service::Action),
    #[command(flatten)]
    Keys(keys::Action),
}

/// Does it. A file is verified without any settings.
pub(super) async fn tte(config: Result<Config, ConfigError>, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        Action::Verify(asked) => verify::verify(asked, arguments.json).await,
        Action::SecondOpinion { file } => by_service::second_opinion(&config?, file, arguments.json).await,
        Action::ByService(action) => by_service::ask(&config?, action, arguments.json).await,
        Action::Keys(action) => keys::keep(&config?, action).await,
    }
}
