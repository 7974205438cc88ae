//! Bodies as SICANTIK sends them, and worse.

use std::ops::ControlFlow;

use super::*;

/// A body with its rows.
#[derive(Debug)]
struct Document {
    records: Vec<Record>,
    error: Option<String>,
}

fn read(body: &[u8]) -> Result<Document, Unreadable> {
    let mut records = Vec::new();
    let summary = super::read(body, &mut |record| {
        records.push(record.clone());
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.rows, records.len());
    Ok(Document { records, error: summary.error })
}

fn xml(items: &str) -> Document {
    read(format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xml>{items}</xml>").as_bytes()).expect("a document")
}

#[test]
fn entities_that_nobody_declared_are_read() {
    let document = xml("<item><n_pemohon>CV. CAF&eacute;&nbsp;CONTOH &amp; REKAN &ldquo;X&rdquo;</n_pemohon></item>");
    assert_eq!(document.records[0].text("n_pemohon"), "CV. CAFé\u{a0}CONTOH & REKAN “X”");
}

#[test]
fn a_bare_ampersand_an_unknown_entity_and_a_control_character_lose_nothing() {
    let document = xml("<item><a>X & Y &unknown; \u{b}Z</a><b>&#13;\nC</b></item>");
    assert_eq!(document.records[0].text("a"), "X & Y &unknown; Z");
    assert_eq!(document.records[0].text("b").trim(), "C");
}

#[test]
fn empty_elements_of_both_spellings_are_empty_text() {
    let document = xml("<item><v/><w></w></item><item><v>1</v></item>");
    assert_eq!(document.records.len(), 2);
    assert_eq!(document.records[0].get("v"), Some(""));
    assert_eq!(document.records[0].get("w"), Some(""));
    assert_eq!(document.records[0].get("x"), None);
}

#[test]
fn an_error_and_a_single_object_are_told_apart() {
    assert_eq!(xml("<error>Tidak ada data..</error>").error.as_deref(), Some("Tidak ada data.."));
    assert_eq!(xml("<id>77</id><nama>A</nama>").records[0].text("nama"), "A");
    assert_eq!(read(br#"{"error":"Tidak ada data.."}"#).expect("json").error.as_deref(), Some("Tidak ada data.."));
}

#[test]
fn json_of_both_dialects_is_read() {
    let document = read(br#"[{"no_surat":"503\/0001","npwp":null,"jumlah":89}]"#).expect("json");
    assert_eq!(document.records[0].text("no_surat"), "503/0001");
    assert_eq!(document.records[0].text("npwp"), "");
    assert_eq!(document.records[0].text("JUMLAH"), "89");
    assert!(read(b"[]").expect("json").records.is_empty());
}

#[test]
fn what_came_as_a_number_is_known_from_a_text() {
    let document = read(br#"[{"a":107701072025,"b":"107701072025","c":1.5,"d":null},{"a":"1"}]"#).expect("json");
    let row = &document.records[0];
    assert_eq!(["a", "b", "c", "d", "e"].map(|column| row.is_number(column)), [true, false, true, false, false]);
    assert_eq!((row.text("a"), row.text("c")), ("107701072025", "1.5"));
    assert!(!document.records[1].is_number("A"), "the record is used again");
    let truths = read(br#"[{"a":false,"b":true}]"#).expect("json");
    assert_eq!((truths.records[0].text("a"), truths.records[0].text("b")), ("", "1"));
}

#[test]
fn half_a_character_in_json_costs_itself_only() {
    let document =
        read(br#"[{"a":"X\ud83d","b":"\ude00Y","c":"\ud83d\ude00","d":"\\ud83d","e":"\ud83d\ud83d\ude00"}]"#)
            .expect("json");
    let row = &document.records[0];
    let texts = ["a", "b", "c", "d", "e"].map(|column| row.text(column));
    assert_eq!(texts, ["X\u{fffd}", "\u{fffd}Y", "\u{1f600}", "\\ud83d", "\u{fffd}\u{1f600}"]);
    assert_eq!(read(b"[{\"a\":\"\\").expect_err("cut"), Unreadable::Cut);
}

#[test]
fn a_row_keeps_nothing_of_the_row_before_it() {
    let document = xml("<item><a>1</a><b>2</b></item><item><a>3</a></item><item/>");
    let columns = |at: usize| document.records[at].names().collect::<Vec<_>>();
    assert_eq!((columns(0), columns(1), columns(2)), (vec!["a", "b"], vec!["a"], vec![]));
    assert_eq!((document.records[1].text("a"), document.records[1].get("b")), ("3", None));
}

#[test]
fn a_control_character_in_json_costs_itself_only() {
    for body in [b"[{\"a\":\"X\x0bY\"}]".as_slice(), br#"[{"a":"X\u000bY"}]"#] {
        assert_eq!(read(body).expect("json").records[0].text("a"), "XY");
    }
}

#[test]
fn text_before_the_payload_is_passed_over() {
    let warning = "\u{feff}<br />\n<b>Warning</b>: something in /a[1].php\n";
    let document = read(format!("{warning}<xml><item><a>1</a></item></xml>").as_bytes()).expect("xml");
    assert_eq!(document.records[0].text("a"), "1");
    let document = read(format!("{warning}[{{\"a\":\"1\"}}]").as_bytes()).expect("json");
    assert_eq!(document.records[0].text("a"), "1");
}

#[test]
fn bytes_that_are_not_utf8_become_windows_1252() {
    let document = read(b"<xml><item><a>CAF\xe9 \x93A\x94</a></item></xml>").expect("xml");
    assert_eq!(document.records[0].text("a"), "CAFé “A”");
}

#[test]
fn what_is_not_an_answer_is_an_error_never_an_empty_list() {
    let cases: [(&[u8], Unreadable); 8] = [
        (b"", Unreadable::Empty),
        (b" \n", Unreadable::Empty),
        (b"<!DOCTYPE html><html><body>A Database Error Occurred</body></html>", Unreadable::Html),
        (b"<xml><item><a>1</a></item><item><a>2", Unreadable::Cut),
        (b"<xml><item><a>1</a></item>", Unreadable::Cut),
        (b"[{\"a\":\"1\"},{\"a\"", Unreadable::Cut),
        (b"<?xml version=\"1.0\"?><!DOCTYPE xml [<!ENTITY a \"b\">]><xml/>", Unreadable::DocType),
        (b"PHP Warning: nothing else", Unreadable::Unknown),
    ];
    for (body, expected) in cases {
        assert_eq!(read(body).expect_err("no document"), expected, "{}", String::from_utf8_lossy(body));
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = read(&body);
        let mut document = b"<xml><item><a>".to_vec();
        document.extend(&body);
        document.extend(b"</a></item></xml>");
        let _ = read(&document);
    }
}

#[test]
fn what_comes_first_is_the_language_of_a_body() {
    let json = r#"[{"a":"<xml><item><a>no</a></item></xml>"}]"#;
    for body in [json.to_owned(), format!("<b>Notice</b>: Array [0]<br />\n{json}")] {
        let document = read(body.as_bytes()).expect("json");
        assert_eq!(document.records[0].text("a"), "<xml><item><a>no</a></item></xml>");
    }
    let document = read(br#"<b>Notice</b>: [0]<br /><xml><item><a>[{"a":"no"}]</a></item></xml>"#).expect("xml");
    assert_eq!(document.records[0].text("a"), r#"[{"a":"no"}]"#);
}

#[test]
fn rows_in_an_envelope_are_the_rows() {
    for body in [
        r#"{"status":true,"error":false,"data":[{"a":"1"},{"a":"2"}],"total":2}"#,
        "<xml><status>1</status><error/><data><item><a>1</a></item><item><a>2</a></item></data><total>2</total></xml>",
    ] {
        let document = read(body.as_bytes()).expect("a document");
        let rows: Vec<&str> = document.records.iter().map(|record| record.text("a")).collect();
        assert_eq!((rows, document.error), (vec!["1", "2"], None), "{body}");
    }
    let single = read(br#"{"status":true,"data":{"a":"1"}}"#).expect("json");
    assert_eq!(single.records[0].text("a"), "1");
}
