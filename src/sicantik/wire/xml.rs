//! XML as PHP's REST_Controller writes it: `htmlentities` put into a document that declares none of them.

use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, Event};

use super::record::Record;
use super::rows::{Format, Summary, Take, Unreadable, is_envelope, is_no_error};

/// Reads one document. Unknown entities stay as they are written; a document type is refused.
pub(super) fn read(text: &str, take: Take<'_>) -> Result<Summary, Unreadable> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = false;
    let mut rows = Rows::new(take);
    while !rows.finished {
        if rows.too_many {
            return Err(Unreadable::TooMany);
        }
        match reader.read_event().map_err(|_| Unreadable::Cut)? {
            Event::Start(tag) => rows.open(tag.local_name().as_ref()),
            Event::Empty(tag) => {
                rows.open(tag.local_name().as_ref());
                rows.close();
            }
            Event::End(_) => rows.close(),
            Event::Text(part) => rows.text.push_str(&part),
            Event::CData(part) => rows.text.push_str(&part),
            Event::GeneralRef(entity) => push_entity(&mut rows.text, &entity),
            Event::DocType(_) => return Err(Unreadable::DocType),
            Event::Eof => return Err(if rows.depth == 0 { Unreadable::Unknown } else { Unreadable::Cut }),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
    Ok(Summary { format: Format::Xml, rows: rows.count, error: rows.error })
}

fn push_entity(text: &mut String, entity: &BytesRef<'_>) {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        text.push(if character.is_control() { ' ' } else { character });
        return;
    }
    match resolve_html5_entity(entity) {
        Some(known) => text.push_str(known),
        None => text.extend(["&", entity, ";"]),
    }
}

/// `<xml>`, then `<item>`s with columns, or columns (of a single object, or an `<error>`) at once. The items may
/// stand in an envelope. The buffers are used again for every row: a page has a hundred thousand values.
struct Rows<'a> {
    take: Take<'a>,
    /// Elements that are open.
    depth: usize,
    /// At which depth the items stand: 2, or 3 in an envelope.
    items_at: usize,
    /// Name of the element below the root, and of the column of an item.
    outer: String,
    column: String,
    text: String,
    record: Record,
    single: Record,
    count: usize,
    error: Option<String>,
    too_many: bool,
    finished: bool,
}

impl<'a> Rows<'a> {
    fn new(take: Take<'a>) -> Self {
        let (outer, column, text) = Default::default();
        let (record, single) = Default::default();
        Self {
            take,
            depth: 0,
            items_at: 2,
            outer,
            column,
            text,
            record,
            single,
            count: 0,
            error: None,
            too_many: false,
            finished: false,
        }
    }

    fn open(&mut self, name: &str) {
        self.depth += 1;
        self.text.clear();
        if self.depth == 3 && self.items_at == 2 && name == "item" && is_envelope(&self.outer) {
            self.items_at = 3;
            self.record.clear();
        }
        let place = match self.depth {
            2 => &mut self.outer,
            depth if depth == self.items_at + 1 => &mut self.column,
            _ => return,
        };
        place.clear();
        place.push_str(name);
    }

    fn close(&mut self) {
        match self.depth {
            0 => return,
            1 => self.end(),
            depth if depth == self.items_at && (depth == 3 || self.outer == "item") => self.row(),
            2 if self.outer == "error" => self.error = Some(std::mem::take(&mut self.text)).filter(|e| !is_no_error(e)),
            2 if self.items_at == 3 && is_envelope(&self.outer) => {}
            2 => self.single.push(&self.outer, &self.text),
            depth if depth == self.items_at + 1 => self.record.push(&self.column, &self.text),
            _ => {}
        }
        self.depth -= 1;
        self.text.clear();
    }

    fn row(&mut self) {
        self.count += 1;
        self.too_many |= (self.take)(&self.record).is_break();
        self.record.clear();
    }

    fn end(&mut self) {
        if !self.single.is_empty() && self.items_at == 2 {
            self.count += 1;
            self.too_many |= (self.take)(&self.single).is_break();
        }
        self.finished = true;
    }
}
