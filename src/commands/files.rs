//! `sicantik files`: whether every document is where it was put, as it was put.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::app::App;
use crate::config::Config;
use crate::files::Verified;
use crate::secrets::Vault;

use super::{FAILED, OK};

/// What to do with them.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Reads every document anew and names what is missing, altered, left over or not the worker's; changes nothing. The
    /// service may run meanwhile.
    Verify {
        /// Takes away what uploads left that did not come to their end.
        #[arg(long)]
        remove_orphans: bool,
        /// One line of JSON instead of lines for people.
        #[arg(long)]
        json: bool,
    },
}

/// Does it, in the store of the service; 0 = nothing is lost.
pub(super) async fn files(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Action::Verify { remove_orphans, json } = arguments.action;
    let app = App::of_command(config).await?;
    let address = app.config.store.address()?;
    let Some(store) = app.store.clone() else {
        bail!("{address} is no store of this version: look from the folder of the service, with its settings");
    };
    let file = app.config.secrets.master_key_file(&address)?;
    let Some(vault) = Vault::look(store.clone(), file, &app.config.odoo.database_uuid).await? else {
        bail!("there is no master key yet, and no document");
    };
    let Some(files) = app.open_files(&store, &vault)? else {
        bail!("documents belong to a database of Odoo: put the line that Connect Worker shows into the settings");
    };
    let found = files.verify(app.clock.now()).await?;
    if remove_orphans {
        files.remove_orphans(&found).await?;
    }
    if json {
        let Verified { sound, missing, altered, orphans, foreign } = &found;
        let told =
            json!({ "sound": sound, "missing": missing, "altered": altered, "orphans": orphans, "foreign": foreign });
        println!("{told}");
    } else {
        tell(&found, remove_orphans);
    }
    Ok(ExitCode::from(if found.is_well() { OK } else { FAILED }))
}

fn tell(found: &Verified, are_removed: bool) {
    println!("{} objects are as they were put", found.sound);
    let left =
        if are_removed { "taken away" } else { "left by an upload that broke off; --remove-orphans takes it away" };
    for (names, what) in [
        (&found.missing, "MISSING: bring it back from a backup of the place of files, or upload the document again"),
        (&found.altered, "ALTERED: bring it back from a backup of the place of files, or upload the document again"),
        (&found.orphans, left),
        (&found.foreign, "not the worker's; nobody but the worker puts anything there"),
    ] {
        for name in names {
            println!("{name}: {what}");
        }
    }
}
