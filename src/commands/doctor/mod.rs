//! `sicantik doctor`: looks at every link between SICANTIK, the worker and Odoo, in order, and says what to do.
//! It changes nothing in Odoo or SICANTIK, asks SICANTIK one cheap question while no worker
//! speaks to it, and shows no secret.

mod address;
mod documents;
mod findings;
mod inbox;
mod listener;
mod messages;
mod odoo;
mod secrets;
mod source;

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::app::App;
use crate::config::{Config, ConfigError, EnvFile};

use super::{FAILED, OK};

pub use findings::{Finding, Findings, State};

const CONFIGURATION: &str = "configuration";

/// How to tell what was found.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// One line of JSON instead of lines for people.
    #[arg(long)]
    json: bool,
}

/// Examines and prints; 0 = all is well.
#[expect(clippy::print_stdout, reason = "this is the answer to a command")]
pub(super) async fn doctor(
    config: Result<Config, ConfigError>,
    file: Option<&Path>,
    env_file: &EnvFile,
    arguments: &Arguments,
) -> anyhow::Result<ExitCode> {
    let findings = examine_with(config, file, env_file).await;
    if arguments.json {
        println!("{}", serde_json::to_string(&findings)?);
    } else {
        println!("{findings}");
    }
    Ok(ExitCode::from(if findings.all_well() { OK } else { FAILED }))
}

/// Looks at every link. What an earlier failure hides is skipped.
pub async fn examine(config: Result<Config, ConfigError>, file: Option<&Path>) -> Findings {
    examine_with(config, file, &EnvFile::default()).await
}

async fn examine_with(config: Result<Config, ConfigError>, file: Option<&Path>, env_file: &EnvFile) -> Findings {
    let mut findings = Findings::default();
    let app = match config.map_err(anyhow::Error::from).and_then(|config| App::new(config.without_retries())) {
        Ok(app) => app,
        Err(error) => {
            findings.bad(CONFIGURATION, format!("{error:#}"));
            findings.skip(
                secrets::CHECKS.into_iter().chain(messages::CHECKS).chain(documents::CHECKS).chain(inbox::CHECKS),
            );
            findings.skip(odoo::CHECKS);
            findings.skip(listener::CHECKS.into_iter().chain(source::CHECKS));
            return findings;
        }
    };
    let sources = sources_of_settings(file, env_file);
    if env_file.is_too_open {
        findings.bad(CONFIGURATION, format!("{sources}; others can read that file or change it: chmod 600 it"));
    } else {
        findings.good(CONFIGURATION, sources);
    }
    secrets::examine(&app, &mut findings).await;
    messages::examine(&app, &mut findings).await;
    documents::examine(&app, &mut findings).await;
    inbox::examine(&app, &mut findings).await;
    let Some(handshake) = odoo::examine(&app, &mut findings).await else {
        findings.skip(listener::CHECKS.into_iter().chain(source::CHECKS));
        return findings;
    };
    listener::examine(&app, &handshake, &mut findings).await;
    source::examine(&app, &handshake, &mut findings).await;
    findings
}

/// Which files and which variables were read; names only.
fn sources_of_settings(file: Option<&Path>, env_file: &EnvFile) -> String {
    let files: Vec<String> =
        file.into_iter().chain(env_file.path.as_deref()).map(|path| path.display().to_string()).collect();
    let files = if files.is_empty() { "no file".to_owned() } else { files.join(", ") };
    let process = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut variables: Vec<String> = process.chain(env_file.names().map(str::to_owned)).collect();
    variables.retain(|name| name.starts_with("SICANTIK__"));
    variables.sort();
    variables.dedup();
    let variables = if variables.is_empty() { "no variables".to_owned() } else { variables.join(", ") };
    format!("read from {files} and {variables}")
}
