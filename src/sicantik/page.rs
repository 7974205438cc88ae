//! The shapes that rows are content into.

use crate::domain::text::fingerprint;
use crate::domain::{Issue, ListRow, PermitDetail, PermitType};

use super::answer::RowSink;
use super::convert;
use super::wire::Record;

/// One page of the list.
#[derive(Debug, Default)]
pub struct Page {
    pub rows: Vec<ListRow>,
    pub refused: Vec<RefusedRow>,
    /// How many rows the server sent; 0 = the end of the list.
    pub received: usize,
    /// Rows whose application or permit number is a number, where a text belongs.
    pub named_by_numbers: usize,
    /// The names of the columns, for the probe.
    pub columns: Vec<String>,
    /// `xml` or `json`.
    pub format: &'static str,
}

/// A row that nothing names.
#[derive(Debug)]
pub struct RefusedRow {
    /// Its place in the page, from 0 on.
    pub place: usize,
    /// Stands for what its columns hold: the same row of another query has the same one.
    pub fingerprint: u64,
    /// Why; its key is empty where the row has no number either.
    pub issue: Issue,
}

impl Page {
    /// Leaves out all rows but the first ones.
    pub fn truncate(&mut self, rows: usize) {
        self.refused.retain(|row| row.place < rows);
        self.rows.truncate(rows.saturating_sub(self.refused.len()));
    }

    /// Whether the list carries the expiry date, so that no detail call is needed.
    #[must_use]
    pub fn has_expiry_column(&self) -> bool {
        self.columns.iter().any(|column| column.eq_ignore_ascii_case(convert::EXPIRY_COLUMN))
    }
}

const LIST_COLUMNS: &[&str] = &["pendaftaran_id", "no_surat", "n_perizinan", "n_pemohon"];

impl RowSink for Page {
    const COLUMNS: &'static [&'static str] = LIST_COLUMNS;

    fn most_rows(largest_page: usize) -> usize {
        largest_page
    }

    fn take(&mut self, record: &Record) {
        if self.received == 0 {
            self.columns = record.names().map(str::to_owned).collect();
        }
        self.named_by_numbers += usize::from(convert::is_named_by_numbers(record));
        match convert::list_row(record) {
            Ok(row) => self.rows.push(row),
            Err(issue) => {
                let columns: Vec<&str> = LIST_COLUMNS.iter().map(|column| record.text(column)).collect();
                let fingerprint = fingerprint(&columns.join("\u{1f}"));
                self.refused.push(RefusedRow { place: self.received, fingerprint, issue });
            }
        }
        self.received += 1;
    }
}

/// An office has some hundred types; the list of them knows no limit.
const MOST_TYPES: usize = 10_000;

impl RowSink for Vec<PermitType> {
    const COLUMNS: &'static [&'static str] = &["id", "jenis_perizinan", "n_perizinan"];

    fn most_rows(_: usize) -> usize {
        MOST_TYPES
    }

    fn take(&mut self, record: &Record) {
        self.extend(convert::permit_type(record));
    }
}

/// The count of permit types, of the first row that has one.
#[derive(Debug, Default)]
pub(super) struct TypeCount(pub(super) Option<u64>);

impl RowSink for TypeCount {
    const COLUMNS: &'static [&'static str] = &["jumlahPerizinan", "total"];

    fn most_rows(_: usize) -> usize {
        MOST_TYPES
    }

    fn take(&mut self, record: &Record) {
        self.0 = self.0.or_else(|| record.text("jumlahPerizinan").trim().parse().ok());
    }
}

/// What the detail calls say of a permit.
#[derive(Debug, Clone, PartialEq)]
pub enum DetailAnswer {
    Found(Box<PermitDetail>),
    /// A definite "no data": normal for permits of individuals.
    NoData,
}
