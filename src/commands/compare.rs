//! `sicantik compare`: where SICANTIK and Odoo differ.

use std::process::ExitCode;

use clap::Args;

use crate::app::App;
use crate::config::Config;
use crate::domain::RunKind;
use crate::sync::compare::Comparing;

use super::order::{self, Claimed, Order};
use super::output;

/// How far to look.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Ask also for the details of the newest permits and compare their expiry date.
    #[arg(long, default_value_t = 0, value_name = "N")]
    details: usize,
    /// Which configuration, by its id in Odoo; needed where several are active.
    #[arg(long, value_name = "ID")]
    configuration: Option<i64>,
    /// End with one object of JSON on standard output.
    #[arg(long)]
    json: bool,
}

/// Reads both sides as a run in Odoo and tells every difference; exit code 3 if there is any. Of a comparison that
/// another worker does, Odoo has the differences.
pub(super) async fn compare(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let app = App::of_command(config).await?;
    let order = Order { kind: RunKind::Compare, configuration: arguments.configuration, limit: 0, full: false };
    match order::take(&app, order, arguments.json).await? {
        Claimed::Ours(claimed) => {
            let mut run = order::begin(&app, *claimed).await?;
            run.comparing = Comparing { details: arguments.details, keep: usize::MAX };
            let end = order::perform(&run).await?;
            output::differences(&run, &end, arguments.json);
            Ok(order::exit_code(end.state))
        }
        Claimed::Followed(status) => {
            output::followed(&status, RunKind::Compare, arguments.json);
            Ok(order::exit_code_of(&status))
        }
    }
}
