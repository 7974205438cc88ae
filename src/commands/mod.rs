//! The command line: one file a command, thin.

mod compare;
pub mod doctor;
mod dry_run;
mod files;
mod migrate;
mod openapi;
mod order;
mod output;
mod read_pdf;
mod run;
mod secret;
mod serve;
mod tte;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError, EnvFile};
use crate::lifecycle::Lifecycle;
use crate::odoo::OdooError;
use crate::secrets::SecretsError;
use crate::sicantik::SicantikError;
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
    /// File of variables, one NAME=VALUE a line, as Connect Worker in Odoo shows them (usually
    /// /etc/sicantik/worker.env); the variables of the process win.
    #[arg(long, global = true, value_name = "FILE")]
    env_file: Option<PathBuf>,
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
    /// The secrets that the worker keeps, and the master key that seals them.
    Secret(secret::Arguments),
    /// The documents that the worker keeps.
    Files(files::Arguments),
    /// Prints the description of a listener (OpenAPI).
    Openapi(openapi::Arguments),
    /// Electronic signatures: what those of a PDF are worth, and an account that signs tried out.
    Tte(tte::Arguments),
    /// Looks into the PDFs that come by its input; the worker starts it, nobody else needs it.
    #[command(hide = true)]
    ReadPdf(read_pdf::Arguments),
}

/// Reads the command line and does what it says.
pub async fn main() -> ExitCode {
    let line = CommandLine::parse();
    // It knows nothing of the worker's settings, and has no signal to listen to.
    if let Command::ReadPdf(arguments) = &line.command {
        return read_pdf::read_pdf(arguments).unwrap_or_else(|error| complain(&error));
    }
    let file = line.config.as_deref();
    let env_file = EnvFile::read(line.env_file.as_deref());
    let config = env_file.as_ref().map_err(Clone::clone).and_then(|env_file| Config::load_with(file, env_file));
    let env_file = env_file.unwrap_or_default();
    if let Ok(Err(error)) = config.as_ref().map(|config| telemetry::start(&config.log)) {
        return complain(&error);
    }
    if let Some(path) = env_file.path.as_ref().filter(|_| env_file.is_too_open) {
        tracing::warn!(file = %path.display(), "others can read the file of settings or change it; chmod 600 it");
    }
    let outcome = match Lifecycle::of_process() {
        // Whatever hangs, the hard stop ends it.
        Ok(lifecycle) => {
            let work = obey(line.command, config, file, &env_file, &lifecycle);
            match lifecycle.run_until_told(work).await {
                Ok(outcome) => outcome,
                Err(interrupted) => Err(interrupted.into()),
            }
        }
        Err(error) => Err(error.into()),
    };
    outcome.unwrap_or_else(|error| complain(&error))
}

async fn obey(
    command: Command,
    config: Result<Config, ConfigError>,
    file: Option<&Path>,
    env_file: &EnvFile,
    lifecycle: &Lifecycle,
) -> anyhow::Result<ExitCode> {
    match (command, config) {
        (Command::Openapi(arguments), _) => openapi::openapi(&arguments),
        (Command::ReadPdf(arguments), _) => read_pdf::read_pdf(&arguments),
        (Command::Tte(arguments), config) => lifecycle.run_until_asked(Box::pin(tte::tte(config, &arguments))).await?,
        // A wrong configuration is one of its findings.
        (Command::Doctor(arguments), config) => {
            lifecycle.run_until_asked(Box::pin(doctor::doctor(config, file, env_file, &arguments))).await?
        }
        (_, Err(error)) => Err(error.into()),
        (Command::Serve, Ok(config)) => Box::pin(serve::serve(config, lifecycle)).await,
        // These hand back what they have claimed.
        (Command::Run(arguments), Ok(config)) => Box::pin(run::run(config, &arguments)).await,
        (Command::Compare(arguments), Ok(config)) => Box::pin(compare::compare(config, &arguments)).await,
        (Command::Secret(arguments), Ok(config)) => {
            lifecycle.run_until_asked(Box::pin(secret::secret(config, &arguments))).await?
        }
        (Command::Files(arguments), Ok(config)) => {
            lifecycle.run_until_asked(Box::pin(files::files(config, &arguments))).await?
        }
        (Command::Migrate(arguments), Ok(config)) => {
            lifecycle.run_until_asked(migrate::migrate(&config, &arguments)).await?
        }
    }
}

/// One sentence a person can act on; a wrong configuration has its own exit code.
#[expect(clippy::print_stderr, reason = "this is the answer to a command")]
pub fn complain(error: &anyhow::Error) -> ExitCode {
    let odoo = error.downcast_ref::<OdooError>();
    let in_full = odoo.map_or_else(|| format!("{error:#}"), OdooError::in_full);
    eprintln!("sicantik: {in_full}");
    let is_usage = error.downcast_ref::<ConfigError>().is_some()
        || matches!(odoo, Some(OdooError::BadSettings { .. }))
        || matches!(error.downcast_ref(), Some(SicantikError::BadSettings { .. }))
        || error.downcast_ref::<SecretsError>().is_some_and(|error| !error.is_passing())
        || error.downcast_ref::<StoreError>().is_some_and(|error| !error.is_passing());
    ExitCode::from(if is_usage { USAGE } else { FAILED })
}
