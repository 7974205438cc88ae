//! One row of an answer, as text. Filled by the readers beside it, understood by `convert`.

/// One `<item>` or JSON object: column names with their text. NULL and empty cannot be told apart in XML,
/// so both are the empty text. The readers use one record for all rows of a body: its texts keep their room.
#[derive(Debug, Clone, Default)]
pub(in crate::sicantik) struct Record {
    columns: Vec<Column>,
    used: usize,
}

#[derive(Debug, Clone, Default)]
struct Column {
    name: String,
    text: String,
    is_number: bool,
}

impl Record {
    /// Adds a column. Control characters go: neither XML nor Odoo's database takes them.
    pub(in crate::sicantik) fn push(&mut self, column: &str, text: &str) {
        if self.used == self.columns.len() {
            self.columns.push(Column::default());
        }
        let place = &mut self.columns[self.used];
        self.used += 1;
        place.name.clear();
        place.name.push_str(column);
        place.text.clear();
        place.is_number = false;
        if text.contains(is_forbidden) {
            place.text.extend(text.chars().filter(|c| !is_forbidden(*c)));
        } else {
            place.text.push_str(text);
        }
    }

    /// Adds a column whose value came as a number of JSON, not as a text: what it was in the database may have
    /// had leading zeros.
    pub(in crate::sicantik) fn push_number(&mut self, column: &str, text: &str) {
        self.push(column, text);
        self.columns[self.used - 1].is_number = true;
    }

    /// Makes it empty for the next row.
    pub(in crate::sicantik) fn clear(&mut self) {
        self.used = 0;
    }

    pub(in crate::sicantik) fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The text of a column; empty when there is none.
    pub(in crate::sicantik) fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or("")
    }

    /// The text of a column, by a name in any case.
    pub(in crate::sicantik) fn get(&self, column: &str) -> Option<&str> {
        self.column(column).map(|found| found.text.as_str())
    }

    /// Whether the value of a column came as a number.
    pub(in crate::sicantik) fn is_number(&self, column: &str) -> bool {
        self.column(column).is_some_and(|found| found.is_number)
    }

    pub(in crate::sicantik) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns[..self.used].iter().map(|column| column.name.as_str())
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.columns[..self.used].iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// Control characters that neither XML nor Odoo's database takes.
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}
