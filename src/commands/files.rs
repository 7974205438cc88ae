//! `sicantik files`: whether every document is where it was put, as it was put, and what an earlier store has forgotten.
#![expect(clippy::print_stdout, reason = "this is the answer to a command")]

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::app::App;
use crate::config::Config;
use crate::files::{Files, Recovered, Shown, Verified};
use crate::odoo::{OdooError, ShownVersion};
use crate::secrets::Vault;
use crate::store::DocumentVersion;

use super::{FAILED, OK};

/// What to do with them.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Reads every document anew and names what is missing, altered, forgotten, left over or not the worker's; changes
    /// nothing. The service may run meanwhile.
    Verify {
        /// Takes away what uploads left that did not come to their end.
        #[arg(long)]
        remove_orphans: bool,
        /// One line of JSON instead of lines for people.
        #[arg(long)]
        json: bool,
    },
    /// After an earlier store came back: knows again what Odoo knows and the place of files has, and erases again what was
    /// erased since. The service may run meanwhile.
    Recover {
        /// One line of JSON instead of lines for people.
        #[arg(long)]
        json: bool,
    },
}

/// Does it, in the store of the service; 0 = nothing is lost.
pub(super) async fn files(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
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
    let mut found = files.verify(app.clock.now()).await?;
    let shown = ask_odoo(&app, &files, &found).await?;
    match arguments.action {
        Action::Verify { remove_orphans, json } => {
            if let Ok(shown) = &shown {
                files.judge(&mut found, shown).await?;
            }
            tell(&found, shown.as_ref().err(), remove_orphans && shown.is_ok(), json);
            if remove_orphans {
                if let Err(error) = shown {
                    bail!("nothing is taken away, for it may be what an earlier store has forgotten: {error}");
                }
                files.remove_orphans(&found).await?;
            }
            Ok(ExitCode::from(if found.is_well() { OK } else { FAILED }))
        }
        Action::Recover { json } => {
            let shown = match shown {
                Ok(shown) => shown,
                Err(error) => bail!("nothing is done, for only Odoo knows what was forgotten: {error}"),
            };
            files.judge(&mut found, &shown).await?;
            let done = files.recover(&found, &shown).await?;
            tell_recovered(&done, json);
            Ok(ExitCode::from(if done.unreadable.is_empty() { OK } else { FAILED }))
        }
    }
}

/// What Odoo knows of all that is here.
async fn ask_odoo(app: &App, files: &Files, found: &Verified) -> anyhow::Result<Result<Shown, OdooError>> {
    let unknown = match app.odoo.versions_of_hashes(&found.unknown_hashes()).await {
        Ok(unknown) => unknown,
        Err(error) => return Ok(Err(error)),
    };
    let known = match app.odoo.versions_of_hashes(&files.hashes().await?).await {
        Ok(known) => known,
        Err(error) => return Ok(Err(error)),
    };
    let living =
        unknown.living.into_iter().chain(known.living).map(|version| (version_of(&version), version.size)).collect();
    let erased = unknown.erased.into_iter().chain(known.erased).collect();
    Ok(Ok(Shown { living, erased }))
}

fn version_of(shown: &ShownVersion) -> DocumentVersion {
    DocumentVersion {
        uuid: shown.version.clone(),
        document_uuid: shown.document.clone(),
        number: i64::from(shown.number),
        stage: shown.stage.clone(),
        sha256: shown.sha256.clone(),
        made_by: shown.by.clone(),
    }
}

fn tell(found: &Verified, away: Option<&OdooError>, are_removed: bool, as_json: bool) {
    let Verified { sound, missing, altered, orphans, foreign, forgotten, forgotten_versions, again, strange, .. } =
        found;
    if as_json {
        let told = json!({
            "sound": sound, "missing": missing, "altered": altered, "orphans": orphans, "foreign": foreign,
            "forgotten": forgotten, "forgotten_versions": forgotten_versions, "erased_again": again, "strange": strange, "odoo": away.is_none(),
        });
        println!("{told}");
        return;
    }
    println!("{sound} objects are as they were put");
    let left = match away {
        Some(_) => "not known to the worker; whether Odoo knows it cannot be told now",
        None if are_removed => "taken away",
        None => "left by an upload that broke off; --remove-orphans takes it away",
    };
    for (names, what) in [
        (missing, "MISSING: bring it back from a backup of the place of files, or upload the document again"),
        (altered, "ALTERED: bring it back from a backup of the place of files, or upload the document again"),
        (forgotten, "FORGOTTEN: Odoo knows it, and an earlier store does not; `sicantik files recover` brings it back"),
        (
            forgotten_versions,
            "FORGOTTEN: Odoo knows this version, and an earlier store does not; `sicantik files recover`",
        ),
        (again, "HERE AGAIN: Odoo knows this version as erased; `sicantik files recover` erases it again"),
        (orphans, left),
        (strange, "sealed for another database of Odoo, or to a key that is not here; left alone"),
        (foreign, "not the worker's; nobody but the worker puts anything there"),
    ] {
        for name in names {
            println!("{name}: {what}");
        }
    }
    if let Some(error) = away {
        println!("Odoo could not be asked what it knows of them: {error}");
    }
}

fn tell_recovered(done: &Recovered, as_json: bool) {
    let Recovered { recovered, unreadable, versions, erased } = done;
    if as_json {
        println!(
            "{}",
            json!({ "recovered": recovered, "versions": versions, "unreadable": unreadable, "erased": erased })
        );
        return;
    }
    let (objects, versions, erased) = (recovered.len(), versions.len(), erased.len());
    println!("{objects} objects and {versions} further versions are known again, {erased} are erased again");
    for name in unreadable {
        println!("{name}: altered, or sealed to a key that is not here; put that beside master.key as master.key.old");
    }
}
