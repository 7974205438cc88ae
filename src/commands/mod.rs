//! The command line: one file a command, thin.

mod compare;
pub mod doctor;
mod migrate;
mod openapi;
mod output;
mod read_only;
mod run;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError};
use crate::odoo::OdooError;
use crate::store::StoreError;
use crate::telemetry;

/// Everything went well.
const OK: u8 = 0;
/// It did not.
const FAILED: u8 = 1;
/// The command line or the configuration is wrong.
const USAGE: u8 = 2;
/// Some rows were refused, the source failed midway, or a comparison found differences.
const PARTIAL: u8 = 3;

/// Keeps an Odoo true to SICANTIK.
#[derive(Debug, Parser)]
#[command(name = "sicantik", version, about)]
struct CommandLine {
    /// File with settings that differ from the defaults.
    #[arg(long, global = true, env = "SICANTIK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Works off what is ordered in Odoo, until told to end.
    Serve,
    /// Does one run now and tells how it ended.
    Run(run::Arguments),
    /// Compares SICANTIK with Odoo, permit by permit, and changes nothing.
    Compare(compare::Arguments),
    /// Looks at every link between SICANTIK, the worker and Odoo, and says what to do.
    Doctor(doctor::Arguments),
    /// Brings the worker's own database to the shape of this version; `serve` does it by itself.
    Migrate(migrate::Arguments),
    /// Prints the description of the internal listener (OpenAPI).
    Openapi,
}

/// Reads the command line and does what it says.
pub async fn main() -> ExitCode {
    let line = CommandLine::parse();
    let file = line.config.as_deref();
    let config = Config::load(file);
    if let Ok(Err(error)) = config.as_ref().map(|config| telemetry::start(&config.log)) {
        return complain(&error);
    }
    let outcome = match (line.command, config) {
        (Command::Openapi, _) => openapi::openapi(),
        // A wrong configuration is one of its findings.
        (Command::Doctor(arguments), config) => Box::pin(doctor::doctor(config, file, &arguments)).await,
        (_, Err(error)) => Err(error.into()),
        (Command::Serve, Ok(config)) => serve::serve(config).await,
        (Command::Run(arguments), Ok(config)) => Box::pin(run::run(config, &arguments)).await,
        (Command::Compare(arguments), Ok(config)) => Box::pin(compare::compare(config, &arguments)).await,
        (Command::Migrate(arguments), Ok(config)) => migrate::migrate(&config, &arguments).await,
    };
    outcome.unwrap_or_else(|error| complain(&error))
}

/// One sentence a person can act on; a wrong configuration has its own exit code.
#[expect(clippy::print_stderr, reason = "this is the answer to a command")]
fn complain(error: &anyhow::Error) -> ExitCode {
    let in_full = error.downcast_ref::<OdooError>().map_or_else(|| format!("{error:#}"), OdooError::in_full);
    eprintln!("sicantik: {in_full}");
    let is_usage = error.downcast_ref::<ConfigError>().is_some()
        || error.downcast_ref::<StoreError>().is_some_and(|error| !error.is_passing());
    ExitCode::from(if is_usage { USAGE } else { FAILED })
}
