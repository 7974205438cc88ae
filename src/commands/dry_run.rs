//! `sicantik run KIND --dry-run`: reads SICANTIK and changes nothing that Odoo holds of permits. It claims a run of its
//! own kind, so that SICANTIK is never asked more often than it may be; that run tells no issues and teaches nothing.

use std::process::ExitCode;

use crate::app::{self, App};
use crate::config::Config;
use crate::domain::RunKind;
use crate::lifecycle::Lifecycle;
use crate::sync::list_pass::{ListLimits, ListPass};
use crate::sync::{Finding, ListMemory, preview};

use super::order::{self, Claimed, Order};
use super::run::Arguments;
use super::{OK, PARTIAL, output};

/// Of permits, tells what a run would change in Odoo; where there is no Odoo, and of everything else, counts what
/// is there, and what would be flagged or refused.
pub(super) async fn dry_run(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if config.odoo.url.is_empty() && !config.sicantik.url.is_empty() {
        return Box::pin(without_odoo(config, arguments)).await;
    }
    let app = App::of_command(config).await?;
    let order =
        Order { kind: RunKind::Preview, configuration: arguments.configuration, limit: arguments.limit, full: false };
    let Claimed::Ours(claimed) = order::take(&app, order, arguments.json).await? else {
        anyhow::bail!("the run of the dry run was cancelled");
    };
    let mut run = order::begin(&app, *claimed).await?;
    run.previewed = arguments.kind();
    run.comparing.keep = usize::MAX;
    let end = order::perform(&run).await?;
    match &end.finding {
        Finding::Counted(counted) => output::found(&counted.figures, arguments.json),
        _ => output::preview(&run, &end, arguments.json),
    }
    Ok(order::exit_code(end.state))
}

async fn without_odoo(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (kind, limit) = (arguments.kind(), arguments.limit);
    let known = ListMemory::of(app::look(&config).await, &config.sicantik.url).recall().await;
    let limits = ListLimits { learnt_page: known.page_size, ..app::list_limits(&config) };
    let client = crate::sources::Sources::new(&config)?.open_own()?;
    let pass = ListPass::new(&client, limits, preview::rows_to_read(kind, limit));
    let counting = preview::count_source(&client, pass, kind, limit);
    let counted = Lifecycle::of_process()?.run_until_asked(counting).await??;
    output::found(&counted.figures, arguments.json);
    Ok(ExitCode::from(if counted.refused > 0 { PARTIAL } else { OK }))
}
