//! `sicantik migrate`: brings the store to the shape of this version.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::process::ExitCode;

use clap::Args;

use crate::config::Config;
use crate::store;

use super::{OK, PARTIAL};

/// Whether to change anything.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Change nothing; tell what is pending, with exit code 3 when there is something.
    #[arg(long)]
    check: bool,
}

/// Tells each migration that was applied, or would be.
pub(super) async fn migrate(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let address = config.store.address()?;
    let (names, word) = if arguments.check {
        (store::pending(&address).await?, "pending")
    } else {
        (store::migrate(&address).await?, "applied")
    };
    for name in &names {
        println!("{word}: {name}");
    }
    if names.is_empty() {
        println!("nothing to do: {address} is up to date");
    }
    Ok(ExitCode::from(if arguments.check && !names.is_empty() { PARTIAL } else { OK }))
}
