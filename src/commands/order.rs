//! How a command comes to a run: it names a configuration, orders the run in Odoo like a button does, and takes it; where
//! another worker has it, it follows.

use std::process::ExitCode;
use std::time::Duration;

use crate::app::{App, VERSION};
use crate::domain::{RunKind, RunState};
use crate::lifecycle::Lifecycle;
use crate::odoo::{Claim, Configuration, NewRun, Ordered, RunStatus};
use crate::orders::ClaimedRun;
use crate::sicantik::SicantikError;
use crate::sync::{self, Run, RunEnd, StopReason};

use super::{FAILED, OK, PARTIAL, output};

/// Odoo's word for a run, or a SICANTIK, that another worker has.
const LEASED: &str = "leased";

/// Odoo's word for a run that has ended.
const NOT_OPEN: &str = "not_open";

/// Another worker's run is looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What is to be run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub(super) kind: RunKind,
    /// Odoo's id of the configuration; `None` = the only active one.
    pub(super) configuration: Option<i64>,
    /// At most so many permits; 0 = all.
    pub(super) limit: usize,
    pub(super) full: bool,
}

/// Who does it.
pub(super) enum Claimed {
    /// This command.
    Ours(Box<ClaimedRun>),
    /// Another worker did it.
    Followed(RunStatus),
}

/// Orders the run and takes it, or follows it until its end: a worker that breaks off is stepped in for. The soft stop
/// ends the waiting, but for calls whose answer may be a claim: that one is for `perform` to hand back.
pub(super) async fn take(app: &App, order: Order, as_json: bool) -> anyhow::Result<Claimed> {
    let lifecycle = Lifecycle::of_process()?;
    let configs = lifecycle.run_until_asked(app.odoo.configurations(&app.instance, VERSION)).await??;
    let config_id = chosen(&configs, order.configuration)?;
    let new = NewRun { config_id, kind: order.kind, limit: order.limit, full: order.full };
    let mut told = false;
    loop {
        let Ordered { id, uuid, claim } = app.odoo.order(new, &app.instance, app.config.worker.lease()).await?;
        if let Some(run) = taken(claim, id)? {
            return Ok(Claimed::Ours(Box::new(run)));
        }
        if !std::mem::replace(&mut told, true) {
            output::waiting(id, order.kind);
        }
        if order.kind != RunKind::Preview {
            return follow(app, &lifecycle, id, uuid, as_json).await;
        }
        // A dry run does not stay behind in Odoo for another worker: it is ordered anew.
        lifecycle.run_until_asked(tokio::time::sleep(LOOK_EVERY)).await?;
    }
}

/// The run, if it is ours; an error where nobody will do it.
fn taken(mut claim: Claim, id: i64) -> anyhow::Result<Option<ClaimedRun>> {
    if let Some(run) = claim.runs.pop() {
        return Ok(Some(run));
    }
    match claim.refused.pop() {
        Some(refusal) if refusal.code != LEASED => anyhow::bail!("run {id} cannot be done: {}", refusal.message),
        _ => Ok(None),
    }
}

async fn follow(app: &App, lifecycle: &Lifecycle, id: i64, uuid: String, as_json: bool) -> anyhow::Result<Claimed> {
    let mut display = output::Following::new(as_json);
    let uuids = [uuid];
    loop {
        let claim = app.odoo.claim(&uuids, &app.instance, app.config.worker.lease()).await?;
        let has_ended = claim.refused.iter().any(|refusal| refusal.code == NOT_OPEN);
        if !has_ended && let Some(run) = taken(claim, id)? {
            return Ok(Claimed::Ours(Box::new(run)));
        }
        let status = lifecycle.run_until_asked(app.odoo.run_status(&uuids[0])).await??;
        let status = status.ok_or_else(|| anyhow::anyhow!("run {id} is not in Odoo any more"))?;
        if status.end().is_some() {
            return Ok(Claimed::Followed(status));
        }
        display.show(&status);
        lifecycle.run_until_asked(tokio::time::sleep(LOOK_EVERY)).await?;
    }
}

fn chosen(configs: &[Configuration], wanted: Option<i64>) -> anyhow::Result<i64> {
    let named = |config: &Configuration| format!("{} ({})", config.settings.config_id, config.settings.name);
    let all = configs.iter().map(named).collect::<Vec<_>>().join(", ");
    match (wanted, configs) {
        (_, []) => anyhow::bail!("no configuration is active in Odoo (SICANTIK › Configuration)"),
        (None, [only]) => Ok(only.settings.config_id),
        (None, _) => anyhow::bail!("several configurations are active; name one with --configuration: {all}"),
        (Some(id), _) if configs.iter().any(|config| config.settings.config_id == id) => Ok(id),
        (Some(id), _) => anyhow::bail!("no active configuration has the id {id}; there are: {all}"),
    }
}

/// The run of what was claimed. One whose address cannot be used ends in Odoo, too, with that sentence: it would wait for
/// its lease, and keep others off SICANTIK.
pub(super) async fn begin(app: &App, claimed: ClaimedRun) -> Result<Run, SicantikError> {
    let begun = app.run(claimed.clone());
    if let Err(error) = &begun {
        sync::refuse(&app.odoo, &claimed, error).await;
    }
    begun
}

/// Does a claimed run, with a bar on the terminal, until its end or a signal: then it goes back to the queue, but a dry
/// run ends, because nobody else would take it up.
pub(super) async fn perform(run: &Run) -> anyhow::Result<RunEnd> {
    let lifecycle = Lifecycle::of_process()?;
    let stop = async {
        if run.order.kind == RunKind::Preview {
            lifecycle.soft().cancelled().await;
            run.stop.now(StopReason::Person);
        }
        run.stop.follow(lifecycle.soft()).await
    };
    Ok(tokio::select! {
        end = sync::execute(run) => end,
        never = output::show_progress(&run.progress) => match never {},
        never = stop => match never {},
    })
}

pub(super) fn exit_code(state: RunState) -> ExitCode {
    ExitCode::from(match state {
        RunState::Done => OK,
        RunState::Partial => PARTIAL,
        RunState::Failed | RunState::Cancelled | RunState::Queued | RunState::LeaseLost => FAILED,
    })
}

/// The end of a run that another worker did.
pub(super) fn exit_code_of(status: &RunStatus) -> ExitCode {
    exit_code(status.end().unwrap_or(RunState::Failed))
}
