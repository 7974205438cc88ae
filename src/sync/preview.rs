//! What is there, for a dry run: counted, and what of it would be flagged or refused. Nothing is written.

use serde_json::{Map, Value, json};

use crate::domain::{ListIndex, ListedPermit, PermitNumber, RegistrationNumber, RunKind};
use crate::sicantik::{Client, DetailAnswer, SicantikError};

use super::list_pass::ListPass;
use super::permits::list_pass;
use super::{Run, SyncError};

/// Details that are asked for when no limit is given, and rows that a probe looks at.
const SAMPLE: usize = 10;

/// What was counted.
#[derive(Debug, Default)]
pub struct Counted {
    /// Each figure by its name.
    pub figures: Map<String, Value>,
    /// Rows that cannot be read.
    pub refused: usize,
}

/// Counts what a run of this kind would read.
pub(super) async fn count(run: &Run) -> Result<Counted, SyncError> {
    run.progress.stage(RunKind::Permits);
    let pass = list_pass(run, run.memory.recall().await, rows_to_read(run.previewed, run.order.limit));
    let counted = count_source(&run.source, pass, run.previewed, run.order.limit).await?;
    run.count_calls();
    run.progress.update(|report| report.failed = counted.refused as u64);
    Ok(counted)
}

/// How many rows of the list a dry run of this kind reads; 0 = all.
#[must_use]
pub fn rows_to_read(kind: RunKind, limit: usize) -> usize {
    if kind == RunKind::Probe { SAMPLE } else { limit }
}

/// The same of a SICANTIK that no run belongs to.
pub async fn count_source(
    client: &Client,
    pass: ListPass<'_>,
    kind: RunKind,
    limit: usize,
) -> Result<Counted, SicantikError> {
    let mut figures = Map::new();
    if matches!(kind, RunKind::Types | RunKind::All | RunKind::Probe) {
        figures.insert("types".to_owned(), client.permit_types().await?.len().into());
    }
    let mut list = List::default();
    if kind != RunKind::Types {
        let sample = if limit == 0 { SAMPLE } else { limit };
        list.read(pass, sample).await?;
        list.tell(&mut figures);
        if matches!(kind, RunKind::Expiry | RunKind::All) {
            figures.insert("details".to_owned(), details(client, &list.sample).await?);
        }
    }
    figures.insert("api_calls".to_owned(), client.calls().into());
    Ok(Counted { figures, refused: list.refused })
}

/// What a pass over the list counts. A permit that comes in pieces counts once.
#[derive(Default)]
struct List {
    index: ListIndex,
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
                if self.index.note(permit) {
                    self.count(permit, sample);
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, permit: &ListedPermit, sample: usize) {
        let row = permit.row();
        self.flagged += usize::from(!row.flags.is_empty());
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
            ("permits", self.index.count()),
            ("numbered", self.numbered),
            ("flagged", self.flagged),
            ("with_expiry_in_list", self.with_expiry),
            ("refused", self.refused),
        ];
        found.extend(figures.map(|(name, figure)| (name.to_owned(), figure.into())));
    }
}

async fn details(client: &Client, sample: &[(RegistrationNumber, PermitNumber)]) -> Result<Value, SicantikError> {
    let (mut with_expiry, mut without_detail) = (0, 0);
    for (registration, number) in sample {
        match client.detail(registration, number).await? {
            DetailAnswer::Found(detail) => with_expiry += usize::from(detail.expiry_date.is_some()),
            DetailAnswer::NoData => without_detail += 1,
        }
    }
    Ok(json!({ "asked": sample.len(), "with_expiry": with_expiry, "no_data": without_detail }))
}
