//! The list queries: newest receipt first and no tie-breaker, so that rows of one
//! day come in another order with each query, and small pages overlap and miss rows.

use super::db_value::Cell;
use super::fixed_shares::mix;
use super::wire_xml::{Field, Row};
use super::world::{Application, World};

/// One row of a list: an application's position and the positions of what is joined to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowAt {
    pub application: usize,
    pub letter: usize,
    pub applicant: usize,
    pub kind: usize,
}

/// All rows of a list in groups of equal dates, newest first.
#[derive(Default)]
pub struct Ordered {
    pub rows: Vec<RowAt>,
    /// Where each group begins, and the number of rows at the end.
    starts: Vec<usize>,
}

/// One query: which it is, and its LIMIT.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// Number of this query since the start; another number, another order.
    pub number: u64,
    pub limit: usize,
    pub offset: usize,
}

impl Ordered {
    /// The issued list: numbers × applicants × types.
    pub fn issued(all: &[Application]) -> Self {
        Self::new(all, |application| 0..application.letters.len())
    }

    /// The list in process: applicants × types.
    pub fn pending(all: &[Application]) -> Self {
        Self::new(all, |_| 0..1)
    }

    fn new(all: &[Application], letters: impl Fn(&Application) -> std::ops::Range<usize>) -> Self {
        let mut by_day: Vec<usize> = (0..all.len()).collect();
        by_day.sort_by_key(|at| std::cmp::Reverse(all[*at].day));
        let mut made = Self { rows: Vec::with_capacity(all.len()), starts: Vec::new() };
        let mut day = None;
        for application in by_day {
            let one = &all[application];
            if day != Some(one.day) {
                day = Some(one.day);
                made.starts.push(made.rows.len());
            }
            for letter in letters(one) {
                for applicant in 0..one.applicants.len() {
                    made.rows.extend((0..one.types.len()).map(|kind| RowAt { application, letter, applicant, kind }));
                }
            }
        }
        made.starts.push(made.rows.len());
        made
    }

    /// The rows of one page. A single query over everything gives each row exactly once.
    pub fn page(&self, seed: u64, query: Query) -> Vec<RowAt> {
        let total = self.rows.len();
        let from = query.offset.min(total);
        let to = query.offset.saturating_add(query.limit).min(total);
        let mut page = Vec::with_capacity(to - from);
        let mut group = self.starts.partition_point(|start| *start <= from).saturating_sub(1);
        while page.len() < to - from {
            let (start, end) = (self.starts[group], self.starts[group + 1]);
            let mut rows = self.rows[start..end].to_vec();
            fastrand::Rng::with_seed(mix((seed, query.number, query.limit, query.offset, group))).shuffle(&mut rows);
            page.extend_from_slice(&rows[from.max(start) - start..to.min(end) - start]);
            group += 1;
        }
        page
    }
}

/// A row of `listpermohonanterbit`. `num_rows` counts something else, as there.
pub fn issued_row(world: &World, at: RowAt, with_expiry: bool) -> Row<'_> {
    let one = &world.issued[at.application];
    let mut row = head(world, one, at);
    row.push(("no_surat", Field::Text(&one.letters[at.letter].number)));
    if with_expiry {
        row.push(("d_berlaku_izin", Field::Text(&one.expiry)));
    }
    row.push(("num_rows", Field::Own(world.pending_order.rows.len().to_string())));
    row
}

/// A row of `listpermohonanproses`.
pub fn pending_row(world: &World, at: RowAt) -> Row<'_> {
    let mut row = head(world, &world.pending[at.application], at);
    row.push(("num_rows", Field::Own((world.pending_order.rows.len() * 9 / 10).to_string())));
    row
}

/// A row of the second dialect's issued list.
pub fn simple_row(world: &World, at: RowAt, with_expiry: bool) -> Row<'_> {
    let mut row = issued_row(world, at, with_expiry);
    row.pop();
    row.push(("d_terima_berkas", Field::Text(&world.issued[at.application].received)));
    row
}

/// Name of a type, by its place in the application.
pub fn type_name<'a>(world: &'a World, one: &Application, kind: usize) -> &'a Cell {
    &world.types[one.types[kind]].name
}

fn head<'a>(world: &'a World, one: &'a Application, at: RowAt) -> Row<'a> {
    vec![
        ("pendaftaran_id", Field::Own(one.registration.clone())),
        ("n_pemohon", Field::Text(&one.applicants[at.applicant].name)),
        ("n_perizinan", Field::Text(type_name(world, one, at.kind))),
    ]
}
