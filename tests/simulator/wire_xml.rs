//! PHP's XML writer: `htmlentities` and then SimpleXML, ill-formed output included.

use super::db_value::Cell;
use super::entities::name_of;

/// One value of an answer.
pub enum Field<'a> {
    /// A database column: always a string on the wire, or NULL.
    Text(&'a Cell),
    /// Text that the server makes itself.
    Own(String),
    /// The one number of the API (`jumlahPerizinan`).
    Number(usize),
}

/// One row: column names and values, in order.
pub type Row<'a> = Vec<(&'static str, Field<'a>)>;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// A list of rows: `<xml><item>…</item>…</xml>`.
pub fn rows<'a>(rows: impl Iterator<Item = Row<'a>>) -> Vec<u8> {
    let mut out = String::from(HEAD);
    out.push_str("<xml>");
    for row in rows {
        out.push_str("<item>");
        for (name, field) in &row {
            element(&mut out, name, field);
        }
        out.push_str("</item>");
    }
    out.push_str("</xml>\n");
    out.into_bytes()
}

/// `<xml><error>…</error></xml>`.
pub fn error(message: &str) -> Vec<u8> {
    format!("{HEAD}<xml><error>{message}</error></xml>\n").into_bytes()
}

fn element(out: &mut String, name: &str, field: &Field<'_>) {
    let before = out.len();
    out.extend(["<", name, ">"]);
    let start = out.len();
    match field {
        Field::Text(cell) => text(out, cell.as_deref().unwrap_or_default()),
        Field::Own(own) => text(out, own.as_bytes()),
        Field::Number(number) => out.push_str(&number.to_string()),
    }
    if out.len() == start {
        out.truncate(before);
        out.extend(["<", name, "/>"]);
    } else {
        out.extend(["</", name, ">"]);
    }
}

/// `htmlentities(ENT_NOQUOTES, 'UTF-8')`: nothing at all for bytes that are not UTF-8; CR is escaped by libxml.
fn text(out: &mut String, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if bytes.iter().all(|byte| byte.is_ascii() && !matches!(byte, b'&' | b'<' | b'>' | b'\r')) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c if c.is_ascii() => out.push(c),
            c => match name_of(c) {
                Some(name) => out.extend(["&", name, ";"]),
                None => out.push(c),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::db_value::cell;
    use super::*;

    fn written(value: &Cell) -> String {
        let xml = rows(std::iter::once(vec![("v", Field::Text(value))]));
        String::from_utf8_lossy(&xml).replace(HEAD, "").trim_end().to_owned()
    }

    #[test]
    fn writes_what_php_writes() {
        let cases = [
            ("A & B <x>", "A &amp; B &lt;x&gt;"),
            ("A \"q\" 'q'", "A \"q\" 'q'"),
            ("CAFÉ é\u{a0}“–”°²ÿ", "CAF&Eacute; &eacute;&nbsp;&ldquo;&ndash;&rdquo;&deg;&sup2;&yuml;"),
            ("A &amp; B", "A &amp;amp; B"),
            ("a\u{b}b\u{1}", "a\u{b}b\u{1}"),
            ("a\r\nb", "a&#13;\nb"),
            ("😀 例", "😀 例"),
        ];
        for (stored, xml) in cases {
            assert_eq!(written(&cell(stored)), format!("<xml><item><v>{xml}</v></item></xml>"));
        }
        for nothing in [None, cell(""), Some(vec![b'A', 0xE9, b'B'])] {
            assert_eq!(written(&nothing), "<xml><item><v/></item></xml>");
        }
    }
}
