//! `sicantik run KIND`: one run now, with progress on the terminal.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::app::App;
use crate::config::Config;
use crate::domain::{Order, RunKind, RunState};
use crate::odoo::Ordered;
use crate::sync::{self, Run, RunEnd};
use crate::{app, shutdown};

use super::{FAILED, OK, PARTIAL, output, read_only};

/// Odoo's word for a run, or a SICANTIK, that another worker has.
const LEASED: &str = "leased";

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
    /// Write nothing. Of permits: tell what a run would change in Odoo. Works without Odoo when `sicantik.url` is
    /// set, and then tells what is there.
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
        return Box::pin(read_only::read_only(config, arguments)).await;
    }
    let app = App::new(config)?;
    let order = claim(&app, arguments.kind(), arguments.limit, arguments.full).await?;
    let run = app.run(order)?;
    let end = perform(&run).await?;
    output::summary(&run, &end, arguments.json);
    Ok(exit_code(&end))
}

/// Does a claimed run, with a bar on the terminal, until its end or a signal.
pub(super) async fn perform(run: &Run) -> anyhow::Result<RunEnd> {
    let shutdown = shutdown::on_signal()?;
    Ok(tokio::select! {
        end = sync::execute(run) => end,
        never = output::show_progress(&run.progress) => match never {},
        never = run.stop.follow(&shutdown) => match never {},
    })
}

pub(super) fn exit_code(end: &RunEnd) -> ExitCode {
    ExitCode::from(match end.state {
        RunState::Done => OK,
        RunState::Partial => PARTIAL,
        RunState::Failed | RunState::Cancelled | RunState::Queued => FAILED,
    })
}

/// Orders a run in Odoo and takes it.
pub(super) async fn claim(app: &App, kind: RunKind, limit: usize, full: bool) -> anyhow::Result<Order> {
    app.odoo.queued(&app.instance, app::VERSION).await?;
    let Ordered { id, mut claim } = app.odoo.order(kind, limit, full, &app.instance, app.config.worker.lease()).await?;
    if let Some(order) = claim.orders.pop() {
        return Ok(order);
    }
    match claim.refused.pop() {
        Some(refusal) if refusal.code != LEASED => {
            anyhow::bail!("run {id} cannot be done: {}", refusal.message)
        }
        refusal => {
            let reason = refusal.map_or_else(String::new, |refusal| format!(": {}", refusal.message));
            anyhow::bail!(
                "run {id} is ordered, but another worker is at work{reason}; see SICANTIK › Sync Runs in Odoo"
            )
        }
    }
}
