//! One row of an answer, as text. Filled by the readers beside it, understood by `convert`.

/// One `<item>` or JSON object: column names with their text. NULL and empty cannot be told apart in XML,
/// so both are the empty text. The readers use one record for all rows of a body: its texts keep their room.
#[derive(Debug, Clone, Default)]
pub(in crate::sicantik) struct Record {
    columns: Vec<(String, String)>,
    used: usize,
}

impl Record {
    /// Adds a column. Control characters go: neither XML nor Odoo's database takes them.
    pub(in crate::sicantik) fn push(&mut self, column: &str, text: &str) {
        if self.used == self.columns.len() {
            self.columns.push(Default::default());
        }
        let (name, value) = &mut self.columns[self.used];
        self.used += 1;
        name.clear();
        name.push_str(column);
        value.clear();
        if text.contains(is_forbidden) {
            value.extend(text.chars().filter(|c| !is_forbidden(*c)));
        } else {
            value.push_str(text);
        }
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
        let found = self.columns().find(|(name, _)| name.eq_ignore_ascii_case(column));
        found.map(|(_, text)| text)
    }

    pub(in crate::sicantik) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns().map(|(name, _)| name)
    }

    fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns[..self.used].iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// Control characters that neither XML nor Odoo's database takes.
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}
