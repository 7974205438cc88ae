//! The shapes that rows are gathered into.

use crate::domain::{Issue, ListRow, PermitDetail, PermitType};

use super::answer::Gather;
use super::convert;
use super::wire::Record;

/// One page of the list.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows that could be read.
    pub rows: Vec<ListRow>,
    /// The rows that could not, with the reason.
    pub refused: Vec<Issue>,
    /// How many rows the server sent; 0 = the end of the list.
    pub received: usize,
    /// The names of the columns, for the probe.
    pub columns: Vec<String>,
    /// `xml` or `json`.
    pub format: &'static str,
}

impl Page {
    /// Whether the list carries the expiry date, so that no detail call is needed.
    #[must_use]
    pub fn has_expiry_column(&self) -> bool {
        self.columns.iter().any(|column| column.eq_ignore_ascii_case(convert::EXPIRY_COLUMN))
    }
}

impl Gather for Page {
    fn take(&mut self, record: &Record) {
        if self.received == 0 {
            self.columns = record.names().map(str::to_owned).collect();
        }
        self.received += 1;
        match convert::list_row(record) {
            Ok(row) => self.rows.push(row),
            Err(issue) => self.refused.push(issue),
        }
    }
}

impl Gather for Vec<PermitType> {
    fn take(&mut self, record: &Record) {
        self.extend(convert::permit_type(record));
    }
}

/// The count of permit types, of the first row that has one.
#[derive(Debug, Default)]
pub(super) struct TypeCount(pub(super) Option<u64>);

impl Gather for TypeCount {
    fn take(&mut self, record: &Record) {
        self.0 = self.0.or_else(|| record.text("jumlahPerizinan").trim().parse().ok());
    }
}

/// What the detail calls say of a permit.
#[derive(Debug, Clone, PartialEq)]
pub enum DetailAnswer {
    /// The detail.
    Found(Box<PermitDetail>),
    /// A definite "no data": normal for permits of individuals.
    NoData,
}
