//! `sicantik run KIND`: one run now, with progress on the terminal.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::app::App;
use crate::config::Config;
use crate::domain::RunKind;

use super::order::{self, Claimed, Order};
use super::{dry_run, output};

/// What to run, and how much of it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to bring.
    kind: Kind,
    /// Which configuration, by its id in Odoo; needed where several are active.
    #[arg(long, value_name = "ID")]
    pub(super) configuration: Option<i64>,
    /// At most so many permits (0 = all).
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(super) limit: usize,
    /// Read everything: the whole list, and details that are not due yet.
    #[arg(long)]
    full: bool,
    /// Change no permit. Of permits: tell what a run would change in Odoo; of the rest: what is there. Odoo keeps it as
    /// a run of the kind Dry Run. Works without Odoo when `sicantik.url` is set, and then tells what is there.
    #[arg(long)]
    dry_run: bool,
    /// End with one line of JSON on standard output.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Permit types.
    Types,
    /// The permit list.
    Permits,
    /// Expiry dates, one call a permit.
    Expiry,
    /// Types, then permits, then expiry dates.
    All,
    /// How SICANTIK answers.
    Probe,
}

impl Arguments {
    pub(super) fn kind(&self) -> RunKind {
        match self.kind {
            Kind::Types => RunKind::Types,
            Kind::Permits => RunKind::Permits,
            Kind::Expiry => RunKind::Expiry,
            Kind::All => RunKind::All,
            Kind::Probe => RunKind::Probe,
        }
    }
}

/// Orders the run in Odoo, like a button does, takes it and does it; follows it where another worker does.
pub(super) async fn run(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.dry_run {
        return Box::pin(dry_run::dry_run(config, arguments)).await;
    }
    let app = App::of_command(config).await?;
    let (kind, configuration) = (arguments.kind(), arguments.configuration);
    let order = Order { kind, configuration, limit: arguments.limit, full: arguments.full };
    match order::take(&app, order, arguments.json).await? {
        Claimed::Ours(claimed) => {
            let run = order::begin(&app, *claimed).await?;
            let end = order::perform(&run).await?;
            output::summary(&run, &end, arguments.json);
            Ok(order::exit_code(end.state))
        }
        Claimed::Followed(status) => {
            output::followed(&status, kind, arguments.json);
            Ok(order::exit_code_of(&status))
        }
    }
}
