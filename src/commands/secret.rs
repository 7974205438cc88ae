//! `sicantik secret`: the secrets that the worker keeps, and the master key that seals them. Shows none of them.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::io::{IsTerminal, Read, stdin};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::config::{Config, ConfigError};
use crate::secrets::{Vault, forget_and_begin_anew};
use crate::store::Store;

use super::OK;

/// A key of several lines, of which a terminal gives one.
const PEM: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";

/// More is no secret; what comes behind is not read.
const MOST_BYTES: u64 = 64 * 1024;

/// What to do with them.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Keeps a secret in place of the one of that name. It is asked for, or read from the standard input.
    Set { name: String },
    /// Tells which secrets there are, and since when; never what they say.
    List,
    /// Forgets a secret.
    Forget { name: String },
    /// Changes the master key and seals every secret to the new one; the service may run meanwhile.
    Rekey {
        /// The master key is lost: forget what it sealed, and begin anew.
        #[arg(long)]
        forget: bool,
    },
}

/// Does it, in the store of the service.
pub(super) async fn secret(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let place = config.store.address()?;
    let file = config.secrets.master_key_file(&place)?;
    let Some(store) = Store::look(&place).await else {
        bail!(
            "{place} is no store of this version: start `sicantik serve` once with these settings; where the service has \
             another folder, call this from there"
        );
    };
    if let Action::Rekey { forget: true } = arguments.action {
        let forgotten = forget_and_begin_anew(&store, &file).await?;
        println!("a new master key is in {}; every secret ({forgotten}) is forgotten: set them anew", file.display());
        println!("save a copy of the key apart from the store, and restart the service");
        return Ok(ExitCode::from(OK));
    }
    let database_uuid = config.odoo.database_uuid.as_str();
    if database_uuid.is_empty() {
        let remedy = "a secret belongs to a database of Odoo: put the line that Connect Worker shows into the settings";
        return Err(ConfigError::Missing { key: "odoo.database_uuid", remedy: remedy.to_owned() }.into());
    }
    let Some(vault) = Vault::look(store, file.clone(), database_uuid).await? else {
        bail!("there is no master key yet: start `sicantik serve` once with these settings");
    };
    match &arguments.action {
        Action::Set { name } => {
            vault.set(name, &typed(name).await?).await?;
            println!("{name} is set");
        }
        Action::List => {
            for kept in vault.list().await? {
                println!("{}  set {}", kept.name, kept.set_at.format("%Y-%m-%d %H:%M:%S UTC"));
            }
            println!("master key {} in {}", vault.key().await?.fingerprint(), file.display());
        }
        Action::Forget { name } => {
            let was_there = vault.forget(name).await?;
            println!("{name} {}", if was_there { "is forgotten" } else { "was not set" });
        }
        Action::Rekey { .. } => {
            let secrets = vault.rekey().await?;
            println!(
                "master key {} is in {}; it seals every secret ({secrets})",
                vault.key().await?.fingerprint(),
                file.display()
            );
            println!("save a copy of it apart from the store; the old key beside it opens older backups only");
        }
    }
    Ok(ExitCode::from(OK))
}

/// The secret that a person types, unseen, or that is piped in; without the line's end.
async fn typed(name: &str) -> anyhow::Result<SecretString> {
    let prompt = format!("{name}: ");
    let read = move || {
        if stdin().is_terminal() {
            return rpassword::prompt_password(prompt).map(Zeroizing::new);
        }
        let mut text = Zeroizing::new(String::new());
        stdin().take(MOST_BYTES).read_to_string(&mut text).map(|_| text)
    };
    let text = tokio::task::spawn_blocking(read).await?.context("the secret cannot be read")?;
    if text.starts_with(PEM) && !text.contains(PEM_END) {
        bail!("this key has several lines, and only the first was read: sicantik secret set {name} < FILE");
    }
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}
