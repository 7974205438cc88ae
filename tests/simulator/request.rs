//! The forms of a call: path pairs, query pairs, collapsed segments, and the ways to ask for JSON.

/// How the answer is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xml,
    Json,
    /// `Accept: text/html` alone.
    Html,
    /// A format that the server does not check: it prints the word `Array`.
    Unknown,
}

/// One call, read as REST_Controller reads it.
#[derive(Debug)]
pub struct Request {
    /// The method's name in lower case (PHP's are case-insensitive); empty if there was none.
    pub endpoint: String,
    /// Arguments: those of the query, then those of the path, which win.
    pub args: Vec<(String, String)>,
    pub format: Format,
}

/// A path segment holds a character outside `permitted_uri_chars`.
#[derive(Debug)]
pub struct DisallowedCharacter;

const FORMATS: [&str; 7] = ["xml", "rawxml", "json", "serialize", "php", "html", "csv"];

impl Request {
    /// Reads a call: the path after `/backoffice/api`, the query, the `Accept` header.
    pub fn parse(path: &str, query: &str, accept: &str) -> Result<Self, DisallowedCharacter> {
        let segments: Vec<String> =
            path.split('/').filter(|part| !part.is_empty()).map(|part| decode(part, false)).collect();
        if !segments.iter().all(|segment| segment.chars().all(is_permitted)) {
            return Err(DisallowedCharacter);
        }
        let mut args = query_pairs(query);
        for pair in segments.get(1..).unwrap_or_default().chunks(2) {
            let value = pair.get(1).cloned().unwrap_or_default();
            match args.iter_mut().find(|(name, _)| *name == pair[0]) {
                Some(known) => known.1 = value,
                None => args.push((pair[0].clone(), value)),
            }
        }
        let suffix = args.last_mut().and_then(|(_, value)| cut_suffix(value));
        let named = args.iter().find(|(name, _)| name == "format").map(|(_, value)| value.as_str());
        let format = match suffix.or(named) {
            Some(name) => by_name(name),
            None => by_accept(accept),
        };
        Ok(Self { endpoint: segments.first().map(|name| name.to_lowercase()).unwrap_or_default(), args, format })
    }

    /// An argument, if it is there and not empty.
    pub fn arg(&self, name: &str) -> Option<&str> {
        argument(&self.args, name)
    }
}

/// An argument of a list of pairs, if it is there and not empty.
pub fn argument<'a>(args: &'a [(String, String)], name: &str) -> Option<&'a str> {
    args.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// The pairs of a query string; the last of equal names wins, as in PHP.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, value) = (decode(name, true), decode(value, true));
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => pairs.push((name, value)),
        }
    }
    pairs
}

/// `a-z 0-9~.:_-?=`, without case.
fn is_permitted(c: char) -> bool {
    c.is_ascii_alphanumeric() || " ~.:_-?=".contains(c)
}

fn by_name(name: &str) -> Format {
    match name {
        "xml" | "rawxml" => Format::Xml,
        "json" => Format::Json,
        "html" => Format::Html,
        _ => Format::Unknown,
    }
}

fn by_accept(accept: &str) -> Format {
    if accept.contains("application/json") {
        Format::Json
    } else if accept.trim() == "text/html" {
        Format::Html
    } else {
        Format::Xml
    }
}

/// Cuts `.json` and the like from the last argument's value.
fn cut_suffix(value: &mut String) -> Option<&'static str> {
    let (rest, suffix) = value.rsplit_once('.')?;
    let format = FORMATS.into_iter().find(|format| *format == suffix)?;
    *value = rest.to_owned();
    Some(format)
}

fn decode(text: &str, plus_is_blank: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (bytes[at], hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
                continue;
            }
            (b'+', _) if plus_is_blank => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn call(path: &str, query: &str) -> Request {
        Request::parse(path, query, "*/*").expect("permitted characters")
    }

    #[test]
    fn every_form_says_the_same() {
        for (path, query) in [
            ("/ListPermohonanTerbit/limit/50/offset/0", ""),
            ("/listpermohonanterbit/limit//50//offset/0/", ""),
            ("/listpermohonanterbit", "limit=50&offset=0"),
            ("/listpermohonanterbit/offset/0", "offset=7&limit=50"),
        ] {
            let request = call(path, query);
            assert_eq!(request.endpoint, "listpermohonanterbit");
            assert_eq!((request.arg("limit"), request.arg("offset")), (Some("50"), Some("0")), "{path}?{query}");
            assert_eq!(request.format, Format::Xml);
        }
    }

    #[test]
    fn json_can_be_asked_for_in_four_ways() {
        let suffixed = call("/x/limit/50/offset/0.json", "");
        assert_eq!((suffixed.format, suffixed.arg("offset")), (Format::Json, Some("0")));
        assert_eq!(call("/x/format/json", "").format, Format::Json);
        assert_eq!(call("/x", "format=json").format, Format::Json);
        assert_eq!(call("/x", "format=yaml").format, Format::Unknown);
        let accepts = |accept| Request::parse("/x", "", accept).map(|request| request.format).ok();
        assert_eq!(accepts("application/json"), Some(Format::Json));
        assert_eq!(accepts("text/html"), Some(Format::Html));
        assert_eq!(accepts("text/html,*/*"), Some(Format::Xml));
    }

    #[test]
    fn a_plus_is_refused_in_a_path_and_a_blank_in_a_query() {
        assert!(Request::parse("/cekperizinanizin/no_izin/Tm9+", "", "").is_err());
        assert!(Request::parse("/cekperizinanizin/no_izin/Tm9%2B", "", "").is_err());
        assert_eq!(call("/x", "no_izin=Tm9+").arg("no_izin"), Some("Tm9 "));
        assert_eq!(call("/x", "no_izin=Tm9%2B%3d").arg("no_izin"), Some("Tm9+="));
    }
}
