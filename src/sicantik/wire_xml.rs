//! XML as PHP's REST_Controller writes it: `htmlentities` put into a document that declares none of them.

use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, Event};

use super::wire::{Format, Record, Summary, Unreadable};

/// Reads one document. Unknown entities stay as they are written; a document type is refused.
pub(super) fn read(text: &str, each: &mut dyn FnMut(&Record)) -> Result<Summary, Unreadable> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = false;
    let mut rows = Rows::new(each);
    while !rows.finished {
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

/// `<xml>`, then `<item>`s with columns, or columns (of a single object, or an `<error>`) at once.
/// The buffers are used again for every row: a page has a hundred thousand values.
struct Rows<'a> {
    each: &'a mut dyn FnMut(&Record),
    /// Elements that are open.
    depth: usize,
    /// Name of the element below the root, and of the one in it.
    outer: String,
    inner: String,
    text: String,
    record: Record,
    single: Record,
    count: usize,
    error: Option<String>,
    finished: bool,
}

impl<'a> Rows<'a> {
    fn new(each: &'a mut dyn FnMut(&Record)) -> Self {
        let (outer, inner, text) = Default::default();
        let (record, single) = Default::default();
        Self { each, depth: 0, outer, inner, text, record, single, count: 0, error: None, finished: false }
    }

    fn open(&mut self, name: &str) {
        self.depth += 1;
        self.text.clear();
        let place = match self.depth {
            2 => &mut self.outer,
            3 => &mut self.inner,
            _ => return,
        };
        place.clear();
        place.push_str(name);
    }

    fn close(&mut self) {
        match (self.depth, self.outer.as_str()) {
            (0, _) => return,
            (1, _) => self.end(),
            (2, "item") => {
                self.count += 1;
                (self.each)(&self.record);
                self.record.clear();
            }
            (2, "error") => self.error = Some(std::mem::take(&mut self.text)),
            (2, column) => self.single.push(column, &self.text),
            (3, _) => self.record.push(&self.inner, &self.text),
            _ => {}
        }
        self.depth -= 1;
        self.text.clear();
    }

    fn end(&mut self) {
        if !self.single.is_empty() {
            self.count += 1;
            (self.each)(&self.single);
        }
        self.finished = true;
    }
}
