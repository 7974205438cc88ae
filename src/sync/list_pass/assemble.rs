//! From the rows of a page to permits that are handed on.

use std::collections::{HashMap, HashSet, VecDeque};
use std::vec::IntoIter;

use crate::domain::{Issue, ListedPermit, MessageArgs, PermitGrouper, TypeAliases};
use crate::sicantik::RefusedRow;

use super::Step;
use super::read::{Part, Reading};

/// Permits handed on at once.
const PERMITS_A_STEP: usize = 1000;

/// Makes permits of rows, and keeps what is not handed on yet.
#[derive(Debug, Default)]
pub(super) struct Assembler<'a> {
    /// Permits of merged types get the type that remains.
    pub(super) aliases: Option<&'a TypeAliases>,
    /// Query by query: a page is never copied.
    permits: VecDeque<IntoIter<ListedPermit>>,
    refused: Vec<Issue>,
    /// Keys of the bad rows that were told.
    told: HashSet<String>,
    /// Rows that nothing names, by fingerprint: how often one query gave them.
    unnamed: HashMap<u64, usize>,
    told_of_numbers: bool,
}

impl Assembler<'_> {
    /// Takes what a query gave.
    pub(super) fn assemble(&mut self, reading: Reading) {
        for part in reading.parts {
            self.group(part);
        }
        for issue in reading.bad {
            if self.told.insert(issue.key.clone()) {
                self.refused.push(issue);
            }
        }
    }

    /// The next permits and refused rows, while there are any.
    pub(super) fn hand_on(&mut self) -> Option<Step> {
        let front = self.permits.front_mut();
        let permits: Vec<_> = front.map(|front| front.take(PERMITS_A_STEP).collect()).unwrap_or_default();
        if self.permits.front().is_some_and(|front| front.len() == 0) {
            self.permits.pop_front();
        }
        let step = Step { permits, refused: std::mem::take(&mut self.refused) };
        (!step.permits.is_empty() || !step.refused.is_empty()).then_some(step)
    }

    /// Whether every row so far names a permit.
    pub(super) fn named_all(&self) -> bool {
        self.unnamed.is_empty()
    }

    fn group(&mut self, Part { offset, page, whole }: Part) {
        let mut grouper = PermitGrouper::new(whole);
        for mut row in page.rows {
            if let Some(aliases) = self.aliases {
                aliases.resolve(&mut row.permit_type);
            }
            grouper.add(row);
        }
        self.tell_unnamed(page.refused, offset);
        if page.named_by_numbers > 0 && !self.told_of_numbers {
            self.told_of_numbers = true;
            self.refused.push(numbers_for_texts());
        }
        let permits = grouper.finish();
        if !permits.is_empty() {
            self.permits.push_back(permits.into_iter());
        }
    }

    /// Each row once in a pass: equal ones as often as one query gave them.
    fn tell_unnamed(&mut self, rows: Vec<RefusedRow>, offset: usize) {
        let mut given = HashMap::<u64, usize>::new();
        for RefusedRow { place, fingerprint, mut issue } in rows {
            let times = given.entry(fingerprint).or_default();
            *times += 1;
            let told = self.unnamed.entry(fingerprint).or_default();
            if times > told {
                *told = *times;
                if issue.key.is_empty() {
                    issue.key = format!("row {}", offset + place + 1);
                }
                self.refused.push(issue);
            }
        }
    }
}

/// Of the whole list, once in a pass.
fn numbers_for_texts() -> Issue {
    Issue {
        key: "–".to_owned(),
        code: "numbers_for_texts".to_owned(),
        message: "SICANTIK's server sends numbers where texts belong, so that zeros before them are lost. Application \
                  numbers were filled up to 16 digits; permit numbers that came so were not taken. Ask its \
                  administrator to send texts (PHP: without JSON_NUMERIC_CHECK) or XML"
            .to_owned(),
        values: MessageArgs::new(),
        permit_id: None,
    }
}
