//! `sicantik run KIND --dry-run`: reads SICANTIK and writes nothing.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::app::{self, App};
use crate::config::Config;
use crate::domain::{ListedPermit, PermitNumber, RegistrationNumber, RunKind, Seen, Settings, TypeAliases};
use crate::net::RateLimit;
use crate::sicantik::{Client, DetailAnswer, SicantikError};
use crate::sync::Finding;
use crate::sync::list_pass::{ListLimits, ListPass};

use super::run::{self, Arguments};
use super::{OK, PARTIAL, output};

/// Where Odoo is not asked: the politeness of the default configuration.
const DEFAULT_RATE: f64 = 10.0;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Details that a dry run asks for when no limit is given.
const DETAIL_SAMPLE: usize = 10;

/// Of permits, tells what a run would change in Odoo; where there is no Odoo, and of everything else, counts what
/// is there, and what would be flagged or refused.
pub(super) async fn read_only(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.kind() == RunKind::Permits && has_odoo(&config) {
        return Box::pin(preview(config, arguments)).await;
    }
    let (client, limits, aliases) = open(config).await?;
    let mut found = Map::new();
    let kind = arguments.kind();
    if matches!(kind, RunKind::Types | RunKind::All | RunKind::Probe) {
        found.insert("types".to_owned(), client.permit_types().await?.len().into());
    }
    let mut list = List::default();
    if kind != RunKind::Types {
        let limit = if kind == RunKind::Probe { DETAIL_SAMPLE } else { arguments.limit };
        let pass = ListPass::new(&client, limits, limit).with_aliases(&aliases);
        list.read(pass, detail_sample(arguments)).await?;
        list.tell(&mut found);
        if matches!(kind, RunKind::Expiry | RunKind::All) {
            count_details(&mut found, &client, &list.sample).await?;
        }
    }
    found.insert("api_calls".to_owned(), client.calls().into());
    output::found(&found, arguments.json);
    Ok(ExitCode::from(if list.refused > 0 { PARTIAL } else { OK }))
}

fn has_odoo(config: &Config) -> bool {
    !config.odoo.url.is_empty() && config.odoo.required_database().is_ok() && config.odoo.required_api_key().is_ok()
}

/// A comparison, told as what a run would do. Odoo keeps it as a run of that kind.
async fn preview(config: Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let app = App::new(config)?;
    let order = run::claim(&app, RunKind::Compare, arguments.limit, false).await?;
    let mut work = app.run(order)?;
    work.comparing.keep = usize::MAX;
    let end = run::perform(&work).await?;
    output::preview(&work, &end, arguments.json);
    // Differences are what was asked for, not a failure.
    Ok(match &end.finding {
        Finding::Comparison(comparison) if comparison.refused.is_empty() => ExitCode::from(OK),
        _ => run::exit_code(&end),
    })
}

/// Odoo is asked for the settings unless the address is given.
async fn open(config: Config) -> anyhow::Result<(Client, ListLimits, TypeAliases)> {
    let mut limits = app::list_limits(&config);
    let (options, rate, aliases) = if config.sicantik.url.is_empty() {
        let app = App::new(config.clone())?;
        let settings: Settings = app
            .odoo
            .settings(&app.instance, app::VERSION)
            .await?
            .into_iter()
            .next()
            .ok_or_else(|| anyhow::anyhow!("no configuration is active in Odoo (SICANTIK › Configuration)"))?;
        limits.first_page = settings.page_size;
        limits.learnt_page = settings.learnt_page_size;
        (app::source_options_of(&config, &settings), settings.rate_per_second, settings.type_aliases)
    } else {
        (app::source_options(&config, "", DEFAULT_TIMEOUT), DEFAULT_RATE, TypeAliases::default())
    };
    let client = Client::new(&options, Arc::new(RateLimit::per_second(rate)))?;
    Ok((client, limits, aliases))
}

/// What a pass over the list counts. A permit that comes in pieces counts once.
#[derive(Default)]
struct List {
    seen: Seen,
    numbered: usize,
    flagged: usize,
    with_expiry: usize,
    refused: usize,
    /// The first permits that have a number.
    sample: Vec<(RegistrationNumber, PermitNumber)>,
}

impl List {
    async fn read(&mut self, mut pass: ListPass<'_>, sample: usize) -> Result<(), SicantikError> {
        while let Some(step) = pass.next().await? {
            self.refused += step.refused.len();
            for permit in &step.permits {
                if self.seen.note(permit) {
                    self.count(permit, sample);
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, permit: &ListedPermit, sample: usize) {
        let row = permit.row();
        self.flagged += usize::from(!row.notes.is_empty());
        self.with_expiry += usize::from(permit.expiry_date().is_some());
        if let Some(number) = &row.number {
            self.numbered += 1;
            if self.sample.len() < sample {
                self.sample.push((row.registration.clone(), number.clone()));
            }
        }
    }

    fn tell(&self, found: &mut Map<String, Value>) {
        let figures = [
            ("permits", self.seen.count()),
            ("numbered", self.numbered),
            ("flagged", self.flagged),
            ("with_expiry_in_list", self.with_expiry),
            ("refused", self.refused),
        ];
        found.extend(figures.map(|(name, figure)| (name.to_owned(), figure.into())));
    }
}

fn detail_sample(arguments: &Arguments) -> usize {
    if arguments.limit == 0 { DETAIL_SAMPLE } else { arguments.limit }
}

async fn count_details(
    found: &mut Map<String, Value>,
    client: &Client,
    sample: &[(RegistrationNumber, PermitNumber)],
) -> Result<(), SicantikError> {
    let (mut with_expiry, mut without_detail) = (0, 0);
    for (registration, number) in sample {
        match client.detail(registration, number).await? {
            DetailAnswer::Found(detail) => with_expiry += usize::from(detail.expiry_date.is_some()),
            DetailAnswer::NoData => without_detail += 1,
        }
    }
    let figures = json!({ "asked": sample.len(), "with_expiry": with_expiry, "no_data": without_detail });
    found.insert("details".to_owned(), figures);
    Ok(())
}
