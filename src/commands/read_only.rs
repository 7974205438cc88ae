//! `sicantik run KIND --dry-run`: reads SICANTIK and writes nothing.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::app::{self, App};
use crate::config::Config;
use crate::domain::{ListedPermit, RunKind, Settings};
use crate::net::RateLimit;
use crate::sicantik::{Client, DetailAnswer};
use crate::sync::list_pass::{ListLimits, ListPass};

use super::run::Arguments;
use super::{OK, PARTIAL, output};

/// Where Odoo is not asked: the politeness of the default configuration.
const DEFAULT_RATE: f64 = 10.0;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Details that a dry run asks for when no limit is given.
const DETAIL_SAMPLE: usize = 10;

/// Counts what is there, and what would be flagged or refused.
pub(super) async fn read_only(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (client, limits) = open(config).await?;
    let mut found = Map::new();
    let kind = arguments.kind();
    if matches!(kind, RunKind::Types | RunKind::All | RunKind::Probe) {
        found.insert("types".to_owned(), client.permit_types().await?.len().into());
    }
    let mut refused = 0;
    if kind != RunKind::Types {
        let limit = if kind == RunKind::Probe { DETAIL_SAMPLE } else { arguments.limit };
        let (permits, unreadable) = read_list(&client, limits, limit).await?;
        refused = unreadable;
        count_permits(&mut found, &permits);
        found.insert("refused".to_owned(), refused.into());
        if matches!(kind, RunKind::Expiry | RunKind::All) {
            count_details(&mut found, &client, &permits, arguments.limit).await?;
        }
    }
    found.insert("api_calls".to_owned(), client.calls().into());
    output::found(&found, arguments.json);
    Ok(ExitCode::from(if refused > 0 { PARTIAL } else { OK }))
}

/// Odoo is asked for the settings unless the address is given.
async fn open(config: Config) -> anyhow::Result<(Client, ListLimits)> {
    let mut limits = app::list_limits(&config);
    let (url, timeout, rate) = if config.sicantik.url.is_empty() {
        let app = App::new(config.clone())?;
        let settings: Settings = app
            .odoo
            .settings(&app.instance, app::VERSION)
            .await?
            .into_iter()
            .next()
            .ok_or_else(|| anyhow::anyhow!("no configuration is active in Odoo (SICANTIK › Configuration)"))?;
        limits.first_page = settings.page_size;
        (settings.api_url, settings.timeout, settings.rate_per_second)
    } else {
        (String::new(), DEFAULT_TIMEOUT, DEFAULT_RATE)
    };
    let options = app::source_options(&config, &url, timeout);
    let client = Client::new(&options, Arc::new(RateLimit::per_second(rate)))?;
    Ok((client, limits))
}

async fn read_list(client: &Client, limits: ListLimits, limit: usize) -> anyhow::Result<(Vec<ListedPermit>, usize)> {
    let mut pass = ListPass::new(client, limits, limit);
    let (mut permits, mut refused) = (Vec::new(), 0);
    while let Some(step) = pass.next().await? {
        permits.extend(step.permits);
        refused += step.refused.len();
    }
    Ok((permits, refused))
}

fn count_permits(found: &mut Map<String, Value>, permits: &[ListedPermit]) {
    let count = |test: &dyn Fn(&ListedPermit) -> bool| permits.iter().filter(|permit| test(permit)).count();
    found.insert("permits".to_owned(), permits.len().into());
    found.insert("numbered".to_owned(), count(&|permit| permit.row().number.is_some()).into());
    found.insert("flagged".to_owned(), count(&|permit| !permit.row().notes.is_empty()).into());
    found.insert("with_expiry_in_list".to_owned(), count(&|permit| permit.expiry_date().is_some()).into());
}

async fn count_details(
    found: &mut Map<String, Value>,
    client: &Client,
    permits: &[ListedPermit],
    limit: usize,
) -> anyhow::Result<()> {
    let limit = if limit == 0 { DETAIL_SAMPLE } else { limit };
    let (mut asked, mut with_expiry, mut without_detail) = (0, 0, 0);
    for permit in permits {
        let Some(number) = permit.row().number.as_ref() else { continue };
        if asked == limit {
            break;
        }
        asked += 1;
        match client.detail(&permit.row().registration, number).await? {
            DetailAnswer::Found(detail) => with_expiry += usize::from(detail.expiry_date.is_some()),
            DetailAnswer::NoData => without_detail += 1,
        }
    }
    found
        .insert("details".to_owned(), json!({ "asked": asked, "with_expiry": with_expiry, "no_data": without_detail }));
    Ok(())
}
