//! XML as PHP's REST_Controller writes it: `htmlentities` put into a document that declares none of them.

use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, Event};

use super::wire::{Document, Format, Record, Unreadable};

/// Reads one document. Unknown entities stay as they are written; a document type is refused.
pub(super) fn read(text: &str) -> Result<Document, Unreadable> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = false;
    let mut builder = Builder::default();
    while !builder.finished {
        match reader.read_event().map_err(|_| Unreadable::Cut)? {
            Event::Start(tag) => builder.open(tag.local_name().as_ref()),
            Event::Empty(tag) => {
                builder.open(tag.local_name().as_ref());
                builder.close();
            }
            Event::End(_) => builder.close(),
            Event::Text(part) => builder.text.push_str(&part),
            Event::CData(part) => builder.text.push_str(&part),
            Event::GeneralRef(entity) => push_entity(&mut builder.text, &entity),
            Event::DocType(_) => return Err(Unreadable::DocType),
            Event::Eof => return Err(if builder.path.is_empty() { Unreadable::Unknown } else { Unreadable::Cut }),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
    Ok(Document { format: Format::Xml, records: builder.records, error: builder.error })
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
#[derive(Default)]
struct Builder {
    path: Vec<String>,
    text: String,
    record: Record,
    single: Record,
    records: Vec<Record>,
    error: Option<String>,
    finished: bool,
}

impl Builder {
    fn open(&mut self, name: &str) {
        self.path.push(name.to_owned());
        self.text.clear();
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else { return };
        match (self.path.len(), name.as_str()) {
            (0, _) => self.end(),
            (1, "item") => self.records.push(std::mem::take(&mut self.record)),
            (1, "error") => self.error = Some(std::mem::take(&mut self.text)),
            (1, _) => self.single.push(name, std::mem::take(&mut self.text)),
            (2, _) => self.record.push(name, std::mem::take(&mut self.text)),
            _ => {}
        }
        self.text.clear();
    }

    fn end(&mut self) {
        if self.single != Record::default() {
            self.records.push(std::mem::take(&mut self.single));
        }
        self.finished = true;
    }
}
