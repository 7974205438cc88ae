//! Compares SICANTIK's whole list with what Odoo holds, permit by permit and field by field, and changes
//! nothing. What counts as a difference is what an upsert would change; the rules stand in `domain`.
//!
//! Memory stays flat: of Odoo a few bytes a permit are kept, and only the values of permits that differ are
//! looked at twice.

mod known;
mod result;

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::{
    FieldDifference, Issue, ListIndex, ListedPermit, PermitNumber, Presence, RegistrationNumber, RunKind,
};
use crate::sicantik::DetailAnswer;

use super::list_pass::Step;
use super::odoo_permits::{PAGE, with_values};
use super::permits::list_pass;
use super::{Run, SyncError};

use known::Known;
pub use result::{Comparison, Difference};

/// Differences that become issues of the run in Odoo.
const MAX_ISSUES: usize = 500;

/// How far a comparison goes.
#[derive(Debug, Clone, Copy)]
pub struct Comparing {
    /// Details to ask for, from the newest permit on.
    pub details: usize,
    /// Differences to keep; the others are only counted.
    pub keep: usize,
}

impl Default for Comparing {
    fn default() -> Self {
        Self { details: 0, keep: MAX_ISSUES }
    }
}

/// Reads both sides and tells the differences to the run.
pub async fn compare(run: &Run) -> Result<Comparison, SyncError> {
    run.progress.stage(RunKind::Permits);
    let mut work = Work {
        run,
        known: Known::read(run).await?,
        index: ListIndex::default(),
        found: Comparison::default(),
        suspects: Vec::new(),
        drafts: Vec::new(),
        sample: Vec::new(),
    };
    let mut pass = list_pass(run, run.memory.recall().await, run.order.limit);
    while let Some(step) = pass.next().await? {
        work.weigh(step).await?;
    }
    work.look_closer().await?;
    let outcome = pass.outcome();
    if run.order.kind == RunKind::Compare {
        run.memory.keep(&outcome).await;
    }
    if outcome.complete {
        work.find_unlisted().await?;
    }
    work.ask_details().await?;
    work.found.complete = outcome.complete;
    Ok(work.conclude())
}

struct Work<'a> {
    run: &'a Run,
    known: Known,
    index: ListIndex,
    found: Comparison,
    /// Permits that are not just as Odoo holds them, with Odoo's id: the values decide.
    suspects: Vec<(i64, ListedPermit)>,
    /// Unnumbered permits that Odoo does not have; a later row may give them their number.
    drafts: Vec<(String, Difference)>,
    /// Permits whose detail is to be asked.
    sample: Vec<(Difference, RegistrationNumber, PermitNumber)>,
}

impl Work<'_> {
    async fn weigh(&mut self, step: Step) -> Result<(), SyncError> {
        let refused = step.refused.len() as u64;
        let listed = step.permits.len() as u64;
        self.run.progress.update(|report| report.total += refused + listed);
        self.run.count_calls();
        for issue in &step.refused {
            self.run.progress.issue(issue.clone());
        }
        self.found.refused.extend(step.refused);
        for permit in &step.permits {
            self.weigh_permit(permit);
            if self.suspects.len() >= PAGE {
                self.look_closer().await?;
            }
        }
        self.run.progress.update(|report| report.done += refused + listed);
        Ok(())
    }

    fn weigh_permit(&mut self, permit: &ListedPermit) {
        let is_new = self.index.note(permit);
        let becomes_numbered = self.unnumbered_in_odoo(permit);
        match self.known.get(permit.identity()).copied() {
            Some(known) => {
                if is_new {
                    self.choose_for_details(permit, known.id);
                }
                if !known.equals(permit) {
                    self.suspects.push((known.id, permit.clone()));
                }
            }
            None if !is_new || !becomes_numbered.is_empty() => {}
            None if permit.row().number.is_some() => {
                self.found.add_only_in_sicantik(Difference::only_in_sicantik(permit), self.run.comparing.keep);
            }
            None if self.known.is_numbered_by_now(permit.identity()) => {}
            None => self.drafts.push((permit.identity().to_owned(), Difference::only_in_sicantik(permit))),
        }
        self.suspects.extend(becomes_numbered.into_iter().map(|id| (id, permit.clone())));
    }

    /// Odoo's unnumbered permits that the addon would make part of a numbered one.
    fn unnumbered_in_odoo(&self, permit: &ListedPermit) -> Vec<i64> {
        if permit.row().number.is_none() {
            return Vec::new();
        }
        permit.unnumbered_identities().filter_map(|identity| Some(self.known.get(&identity)?.id)).collect()
    }

    fn choose_for_details(&mut self, permit: &ListedPermit, id: i64) {
        if let Some(number) = &permit.row().number
            && self.sample.len() < self.run.comparing.details
        {
            let difference = Difference::of(permit, result::DIFFERS, Some(id));
            self.sample.push((difference, permit.row().registration.clone(), number.clone()));
        }
    }

    /// Compares the values of the suspects.
    async fn look_closer(&mut self) -> Result<(), SyncError> {
        let mut by_id: HashMap<i64, Vec<ListedPermit>> = HashMap::new();
        for (id, permit) in self.suspects.drain(..) {
            by_id.entry(id).or_default().push(permit);
        }
        let (found, keep) = (&mut self.found, self.run.comparing.keep);
        with_values(self.run, by_id.keys().copied().collect(), |held| {
            let Some(values) = held.values.as_ref() else { return };
            for permit in by_id.get(&held.id).into_iter().flatten() {
                let difference = Difference::of(permit, result::DIFFERS, Some(held.id));
                found.differ(&difference, permit.differences(values), keep);
            }
        })
        .await?;
        Ok(())
    }

    /// What Odoo has and the list has not. People have closed some of them, and some are marked already.
    async fn find_unlisted(&mut self) -> Result<(), SyncError> {
        let mut unlisted = Vec::new();
        for (identity, known) in self.known.iter() {
            if !self.index.has(identity) {
                unlisted.push(known.id);
            } else if known.missing {
                self.found.seen_again += 1;
            }
        }
        let (index, found, keep) = (&self.index, &mut self.found, self.run.comparing.keep);
        with_values(self.run, unlisted, |held| match index.presence_of(&held) {
            Presence::Listed => found.seen_again += usize::from(held.missing),
            Presence::Unlisted | Presence::Undecided if held.missing || !held.status.is_open() => {}
            Presence::Unlisted | Presence::Undecided => found.add_only_in_odoo(&held, keep),
        })
        .await?;
        Ok(())
    }

    /// Asks for the chosen details, one after the other, and compares the expiry date.
    async fn ask_details(&mut self) -> Result<(), SyncError> {
        let sample = std::mem::take(&mut self.sample);
        if sample.is_empty() {
            return Ok(());
        }
        self.run.progress.stage(RunKind::Expiry);
        let ids = sample.iter().filter_map(|(difference, ..)| difference.permit_id).collect();
        let mut dates: HashMap<i64, Option<NaiveDate>> = HashMap::new();
        with_values(self.run, ids, |held| {
            dates.insert(held.id, held.values.and_then(|values| values.expiry_date));
        })
        .await?;
        self.run.progress.update(|report| report.total += sample.len() as u64);
        for (permit, registration, number) in sample {
            let answer = self.run.source.detail(&registration, &number).await?;
            self.run.count_calls();
            self.run.progress.update(|report| report.done += 1);
            self.found.details += 1;
            let held = permit.permit_id.and_then(|id| dates.get(&id).copied()).flatten();
            if let DetailAnswer::Found(detail) = answer {
                let field = FieldDifference::between("expiry_date", detail.expiry_date.as_ref(), held.as_ref());
                self.found.differ(&permit, field.into_iter().collect(), self.run.comparing.keep);
            }
        }
        Ok(())
    }

    /// Counts, and tells the first differences to Odoo.
    fn conclude(mut self) -> Comparison {
        let keep = self.run.comparing.keep;
        for (identity, draft) in self.drafts {
            if !self.index.is_numbered_by_now(&identity) {
                self.found.add_only_in_sicantik(draft, keep);
            }
        }
        self.found.listed = self.index.count();
        for difference in self.found.differences.iter().take(MAX_ISSUES) {
            self.run.progress.note(Issue::from(difference));
        }
        let differing = self.found.only_in_sicantik + self.found.differing;
        let unchanged = self.found.listed.saturating_sub(differing) as u64;
        self.run.progress.update(|report| report.unchanged = unchanged);
        self.run.progress.say(self.found.remark());
        self.found
    }
}
