//! What came back of a call that signs. Files are taken out of the answer while it arrives; of the rest, which is
//! short, a skeleton is kept, in which they are empty.

use bytes::Bytes;
use serde_json::Value;

use super::files::{Arriving, Decoding, HEADER};
use crate::signing::{Signed, Why};

/// The list of files in version 2, and the one file of version 1.
const FILES: &[u8] = b"file";
const FILE: &[u8] = b"base64_signed_file";

/// Everything but the files.
const MOST_SKELETON: usize = 64 * 1024;

/// No answer is so deep.
const DEEPEST: usize = 32;

/// Reads one answer.
pub(super) struct Reading {
    originals: Vec<Bytes>,
    kind: Kind,
    files: Vec<Result<Signed, Why>>,
    skeleton: Vec<u8>,
    is_too_long: bool,
}

enum Kind {
    /// Nothing came yet but white space.
    Nothing,
    /// A file as it is.
    Pdf(Box<Arriving>),
    Json(Box<Place>),
    Other,
}

/// Where in the JSON the next byte stands.
#[derive(Default)]
struct Place {
    /// What is open: braces and brackets.
    open: Vec<u8>,
    /// In the outermost object, the name whose value is here.
    name: Vec<u8>,
    is_value: bool,
    text: Text,
}

#[derive(Default)]
enum Text {
    #[default]
    Outside,
    /// Where it begins in the skeleton; a backslash came last.
    Any { start: usize, is_escaped: bool },
    /// A file; what came of an escape.
    File(Box<Decoding>, Vec<u8>),
    /// One more file than was sent.
    TooMany { is_escaped: bool },
}

/// What it was.
pub(super) struct Answer {
    /// Each file that was in it.
    pub(super) files: Vec<Result<Signed, Why>>,
    /// The rest as JSON; null where it is none.
    pub(super) said: Value,
}

impl Reading {
    /// To be compared with these.
    pub(super) fn new(originals: &[Bytes]) -> Self {
        Self {
            originals: originals.iter().rev().cloned().collect(),
            kind: Kind::Nothing,
            files: Vec::new(),
            skeleton: Vec::new(),
            is_too_long: false,
        }
    }

    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        if matches!(self.kind, Kind::Nothing) {
            bytes = bytes.trim_ascii_start();
            let Some(first) = bytes.first() else { return };
            self.kind = match first {
                b'{' => Kind::Json(Box::default()),
                // Version 1 has one file in a call.
                first if HEADER.first() == Some(first) => match self.originals.pop() {
                    Some(original) => Kind::Pdf(Box::new(Arriving::new(original))),
                    None => Kind::Other,
                },
                _ => Kind::Other,
            };
        }
        match &mut self.kind {
            Kind::Pdf(file) => file.take(bytes),
            Kind::Json(_) => self.take_json(bytes),
            Kind::Nothing | Kind::Other => {}
        }
    }

    fn take_json(&mut self, mut bytes: &[u8]) {
        let Self { originals, kind: Kind::Json(place), files, skeleton, is_too_long } = self else { return };
        while let Some((&byte, rest)) = bytes.split_first() {
            match &mut place.text {
                Text::File(file, escape) if escape.is_empty() => {
                    let length = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(bytes.len());
                    file.take(&bytes[..length]);
                    bytes = &bytes[length..];
                    let Some((&byte, rest)) = bytes.split_first() else { break };
                    bytes = rest;
                    if byte == b'\\' {
                        escape.push(byte);
                    } else {
                        if let Text::File(file, _) = std::mem::take(&mut place.text) {
                            files.push(file.end());
                        }
                        skeleton.push(byte);
                    }
                    continue;
                }
                Text::File(file, escape) => {
                    escape.push(byte);
                    if let Some(meant) = unescaped(escape) {
                        file.take(&[meant]);
                        escape.clear();
                    }
                }
                Text::TooMany { is_escaped } => {
                    if byte == b'"' && !*is_escaped {
                        files.push(Err(Why::WrongCount));
                        skeleton.push(byte);
                        place.text = Text::Outside;
                    } else {
                        *is_escaped = byte == b'\\' && !*is_escaped;
                    }
                }
                Text::Any { .. } | Text::Outside => {
                    if skeleton.len() >= MOST_SKELETON {
                        *is_too_long = true;
                        return;
                    }
                    skeleton.push(byte);
                    if place.step(byte, skeleton) {
                        place.text = match originals.pop() {
                            Some(original) => Text::File(Box::new(Decoding::new(original)), Vec::new()),
                            None => Text::TooMany { is_escaped: false },
                        };
                    }
                }
            }
            bytes = rest;
        }
    }

    /// What came, once all of it is here.
    pub(super) fn end(mut self) -> Answer {
        match self.kind {
            Kind::Pdf(file) => Answer { files: vec![file.end()], said: Value::Null },
            // What is no JSON as a whole holds no file either: it was cut, or is something else.
            _ => match serde_json::from_slice(&self.skeleton) {
                Ok(said) if !self.is_too_long => Answer { files: std::mem::take(&mut self.files), said },
                _ => Answer { files: Vec::new(), said: Value::Null },
            },
        }
    }
}

impl Place {
    /// One byte further, which stands at the end of the skeleton; whether a file begins behind it.
    fn step(&mut self, byte: u8, skeleton: &[u8]) -> bool {
        if let Text::Any { start, is_escaped } = &mut self.text {
            if byte == b'"' && !*is_escaped {
                if self.open == b"{" && !self.is_value {
                    self.name = skeleton[*start..skeleton.len() - 1].to_vec();
                }
                self.text = Text::Outside;
            } else {
                *is_escaped = byte == b'\\' && !*is_escaped;
            }
            return false;
        }
        match byte {
            b'"' if self.is_file() => return true,
            b'"' => self.text = Text::Any { start: skeleton.len(), is_escaped: false },
            b'{' | b'[' if self.open.len() < DEEPEST => self.open.push(byte),
            b'}' | b']' => {
                self.open.pop();
            }
            b':' if self.open == b"{" => self.is_value = true,
            b',' if self.open == b"{" => self.is_value = false,
            _ => {}
        }
        false
    }

    fn is_file(&self) -> bool {
        self.is_value && (self.open == b"{[" && self.name == FILES || self.open == b"{" && self.name == FILE)
    }
}

/// The character of a whole escape. One that is no character of base64 is one that it does not know.
fn unescaped(escape: &[u8]) -> Option<u8> {
    match escape.get(1)? {
        b'n' | b'r' | b't' => Some(b'\n'),
        b'u' if escape.len() < 6 => None,
        b'u' => {
            let code = std::str::from_utf8(&escape[2..]).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
            Some(code.unwrap_or(b'?'))
        }
        other => Some(*other),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn original(number: usize) -> Bytes {
        Bytes::from(format!("%PDF-1.7 number {number}"))
    }

    /// How each file came, in a word, and the rest; read in pieces of every length.
    fn read(sent: usize, text: &str) -> (String, Value) {
        let originals: Vec<Bytes> = (0..sent).map(original).collect();
        let mut results = [1, 2, 7, 1_000_000].map(|step| {
            let mut reading = Reading::new(&originals);
            text.as_bytes().chunks(step).for_each(|piece| reading.take(piece));
            let Answer { files, said } = reading.end();
            let words = files.iter().map(|file| file.as_ref().map_or_else(|why| why.code(), |_| "good"));
            (words.collect::<Vec<_>>().join(" "), said)
        });
        results.rotate_left(1);
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        results[0].clone()
    }

    fn signed(number: usize) -> String {
        STANDARD.encode([&original(number)[..], b" signed?"].concat())
    }

    #[test]
    fn files_are_taken_out_of_the_answer_and_the_rest_is_kept() {
        let (one, two) = (signed(0), signed(1));
        let (files, said) =
            read(2, &format!(" {{\"time\": 12, \"file\" : [\"{one}\", \"{two}\"], \"x\":{{\"file\":[\"y\"]}}}}\n"));
        assert_eq!(files, "good good");
        assert_eq!(said, serde_json::json!({ "time": 12, "file": ["", ""], "x": { "file": ["y"] } }));
        assert_eq!(read(2, &format!("{{\"file\":[\"{two}\",\"{one}\"]}}")).0, "other_file other_file");
        assert_eq!(read(2, &format!("{{\"file\":[\"{one}\"]}}")).0, "good");
        assert_eq!(read(1, &format!("{{\"file\":[\"{one}\",\"\\\"{two}\"]}}")).0, "good wrong_count");
        assert_eq!(read(1, &format!("{{\"a\\\"b\":\"file\",\"base64_signed_file\":\"{one}\"}}")).0, "good");
        assert_eq!(read(1, "%PDF-1.7 number 0 signed?").0, "good");
        let same = STANDARD.encode(original(0));
        assert_eq!(read(1, &format!("{{\"file\":[\"{same}\"]}}")).0, "same_file");
    }

    #[test]
    fn escapes_and_line_breaks_in_base64_mean_what_json_says() {
        // A slash, padding and a line break, as some writers of JSON escape them.
        let original = Bytes::from_static(b"%PDF-\xff\xff\xff\xff");
        let text = STANDARD.encode([&original[..], b"?!"].concat());
        assert!(text.contains('/') && text.ends_with('='), "{text}");
        let escaped = text.replace('/', "\\/").replace('=', "\\u003d").replace("Rg", "R\\r\\ng");
        for step in [1, 3, 100] {
            let mut reading = Reading::new(std::slice::from_ref(&original));
            format!("{{\"file\":[\"{escaped}\"]}}").as_bytes().chunks(step).for_each(|piece| reading.take(piece));
            let files = reading.end().files;
            assert_eq!(files[0].as_ref().map(Signed::appended), Ok(&b"?!"[..]), "{escaped}");
        }
    }

    #[test]
    fn what_is_cut_or_no_json_holds_no_file() {
        let one = signed(0);
        for text in [
            format!("{{\"file\":[\"{one}"),
            format!("{{\"file\":[\"{one}\""),
            format!("{{\"file\":[\"{one}\"]"),
            format!("{{\"file\":[\"{one}\"]}} more"),
            format!("[\"{one}\"]"),
            "<html><body>Bad Gateway</body></html>".to_owned(),
            "null".to_owned(),
            String::new(),
            format!("{{\"x\":\"{}\",\"file\":[\"{one}\"]}}", "y".repeat(MOST_SKELETON)),
        ] {
            let (files, said) = read(1, &text);
            assert_eq!((files.as_str(), said), ("", Value::Null), "{text:.80}");
        }
    }

    /// Any JSON, with texts that look like what is searched for.
    fn any_json() -> impl Strategy<Value = Value> {
        let text = || {
            prop_oneof![
                "[a-z\"\\\\\n/{}\\[\\]:,é]{0,12}",
                Just("file".to_owned()),
                Just("base64_signed_file".to_owned())
            ]
        };
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text().prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(text(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        /// It sees what serde_json sees, wherever the pieces end.
        #[test]
        fn any_answer_is_read_as_json(
            mut rest in prop::collection::btree_map("[a-z\"\\\\]{0,8}", any_json(), 0..4),
            files in 0_usize..4,
            is_pretty: bool,
            step in 1_usize..40,
        ) {
            rest.remove("file");
            rest.remove("base64_signed_file");
            let mut whole: Value = rest.into_iter().collect();
            whole["file"] = (0..files).map(signed).collect();
            let text = if is_pretty { format!("{whole:#}") } else { whole.to_string() };
            let originals: Vec<Bytes> = (0..3).map(original).collect();
            let mut reading = Reading::new(&originals);
            text.as_bytes().chunks(step).for_each(|piece| reading.take(piece));
            let answer = reading.end();
            prop_assert_eq!(answer.files.len(), files);
            prop_assert!(answer.files.iter().all(Result::is_ok));
            whole["file"] = vec![""; files].into();
            prop_assert_eq!(answer.said, whole);
        }

        #[test]
        fn no_bytes_are_too_odd(
            bytes: Vec<u8>,
            begins in prop_oneof![Just("{\"file\":[\""), Just("{"), Just("%PDF-1.7 number 0"), Just("")],
            step in 1_usize..9,
        ) {
            let mut reading = Reading::new(&[original(0)]);
            let bytes = [begins.as_bytes(), &bytes].concat();
            bytes.chunks(step).for_each(|piece| reading.take(piece));
            let answer = reading.end();
            prop_assert!(answer.files.iter().all(Result::is_err) || bytes.starts_with(&original(0)));
        }
    }
}
