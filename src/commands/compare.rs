//! `sicantik compare`: where SICANTIK and Odoo differ.

use std::process::ExitCode;

use clap::Args;

use crate::app::App;
use crate::config::Config;
use crate::domain::RunKind;
use crate::sync::compare::Comparing;

use super::{output, run};

/// How far to look.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Ask also for the details of the newest permits and compare their expiry date.
    #[arg(long, default_value_t = 0, value_name = "N")]
    details: usize,
    /// End with one object of JSON on standard output.
    #[arg(long)]
    json: bool,
}

/// Reads both sides as a run in Odoo and tells every difference; exit code 3 if there is any.
pub(super) async fn compare(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let app = App::new(config)?;
    let order = run::claim(&app, RunKind::Compare, 0, false).await?;
    let mut work = app.run(order)?;
    work.comparing = Comparing { details: arguments.details, keep: usize::MAX };
    let end = run::perform(&work).await?;
    output::differences(&work, &end, arguments.json);
    Ok(run::exit_code(&end))
}
