//! `sicantik run KIND`: one run now, with progress on the terminal.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::app::App;
use crate::config::Config;
use crate::domain::{Order, RunKind, RunState};
use crate::sync;
use crate::{app, shutdown};

use super::{FAILED, OK, PARTIAL, output, read_only};

/// What to run, and how much of it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to bring.
    kind: Kind,
    /// At most so many permits (0 = all).
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(super) limit: usize,
    /// Read everything: the whole list, and details that are not due yet.
    #[arg(long)]
    full: bool,
    /// Read SICANTIK and tell what is there; write nothing. Works without Odoo when `sicantik.url` is set.
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

/// Orders the run in Odoo, like a button does, takes it and does it.
pub(super) async fn run(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.dry_run {
        return read_only::read_only(config, arguments).await;
    }
    let app = App::new(config)?;
    let order = claim(&app, arguments).await?;
    let run = app.run(order)?;
    let shutdown = shutdown::on_signal()?;
    let end = tokio::select! {
        end = sync::execute(&run) => end,
        never = output::show_progress(&run.progress) => match never {},
        never = run.stop.follow(&shutdown) => match never {},
    };
    output::summary(&run, &end, arguments.json);
    Ok(ExitCode::from(match end.state {
        RunState::Done => OK,
        RunState::Partial => PARTIAL,
        RunState::Failed | RunState::Cancelled | RunState::Queued => FAILED,
    }))
}

async fn claim(app: &App, arguments: &Arguments) -> anyhow::Result<Order> {
    app.odoo.queued(&app.instance, app::VERSION).await?;
    let opened = app.odoo.order(arguments.kind(), arguments.limit, arguments.full).await?;
    let uuid = opened.run.uuid;
    let mut claim = app.odoo.claim(std::slice::from_ref(&uuid), &app.instance, app.config.worker.lease()).await?;
    if let Some(order) = claim.orders.pop() {
        return Ok(order);
    }
    let reason = claim.refused.pop().map_or_else(String::new, |refusal| format!(": {}", refusal.message));
    anyhow::bail!(
        "run {} is ordered, but another worker is at work{reason}; see SICANTIK › Sync Runs in Odoo",
        opened.run.id
    )
}
