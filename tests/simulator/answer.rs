//! What goes back: status, type and body, written as `response()` writes them.

use super::request::Format;
use super::wire_json;
use super::wire_xml::{self, Field, Row};

/// An answer before any fault is laid over it.
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    /// Rows in the body, for the call log and the time that they take.
    pub rows: usize,
    /// Whether it is a detail, which has its own time.
    pub is_detail: bool,
}

/// PHP's default type: what is sent where the code sets none.
pub const HTML: &str = "text/html; charset=UTF-8";

const NO_DATA: &str = "Tidak ada data..";

impl Answer {
    /// Rows, or the 404 that is the normal end of a list.
    pub fn rows(format: Format, rows: Vec<Row<'_>>) -> Self {
        if rows.is_empty() {
            return Self::error(format, NO_DATA);
        }
        let count = rows.len();
        let (content_type, body) = match format {
            Format::Xml => ("application/xml", wire_xml::rows(rows.into_iter())),
            Format::Json => ("application/json", wire_json::rows(rows.into_iter())),
            Format::Html => (HTML, table(&rows)),
            Format::Unknown => (HTML, b"Array".to_vec()),
        };
        Self { status: 200, content_type, body, rows: count, is_detail: false }
    }

    /// 404 with a message in the format asked for.
    pub fn error(format: Format, message: &str) -> Self {
        let (content_type, body) = match format {
            Format::Xml => ("application/xml", wire_xml::error(message)),
            Format::Json => ("application/json", wire_json::error(message)),
            Format::Html | Format::Unknown => (HTML, b"Array".to_vec()),
        };
        Self { status: 404, content_type, body, rows: 0, is_detail: false }
    }

    /// An HTML page: CodeIgniter's error page, or the web server's own.
    pub fn html(status: u16, title: &str, message: &str) -> Self {
        let body = format!(
            "<html>\n<head>\n<title>{title}</title>\n</head>\n<body>\n\t<div id=\"content\">\n\t\t<h1>{title}</h1>\n\t\t<p>{message}</p>\t</div>\n</body>\n</html>\n"
        );
        Self { status, content_type: HTML, body: body.into_bytes(), rows: 0, is_detail: false }
    }

    /// What an SQL error looks like, for instance `LIMIT , ` when the limit is missing.
    pub fn sql_error() -> Self {
        Self::html(500, "A Database Error Occurred", "Error Number: 1064")
    }

    /// 404 without a body: master data without rows.
    pub fn nothing() -> Self {
        Self { status: 404, content_type: HTML, body: Vec::new(), rows: 0, is_detail: false }
    }
}

fn table(rows: &[Row<'_>]) -> Vec<u8> {
    let mut out = b"<table>".to_vec();
    for row in rows {
        out.extend(b"<tr>");
        for (_, field) in row {
            out.extend(b"<td>");
            match field {
                Field::Text(cell) => out.extend(cell.as_deref().unwrap_or_default()),
                Field::Own(own) => out.extend(own.as_bytes()),
                Field::Number(number) => out.extend(number.to_string().as_bytes()),
            }
            out.extend(b"</td>");
        }
        out.extend(b"</tr>");
    }
    out.extend(b"</table>");
    out
}
