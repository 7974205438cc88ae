//! Scripts, actions that reach outside, files inside files: found wherever they stand, and only they.

use sicantik_companion::pdf::{Limits, Refusal, look};

use crate::pdf_files::{CATALOG, FREE, PAGE, Pdf, replaced, start_of_table};
use crate::pdf_verdicts::LIMITS;

fn code(file: &[u8], limits: Limits) -> &'static str {
    look(file, &limits).map_or_else(Refusal::code, |_| "taken")
}

/// Both ways to write it.
fn both(pdf: &Pdf) -> [&'static str; 2] {
    [code(&pdf.bytes(), LIMITS), code(&pdf.in_object_stream(), LIMITS)]
}

#[test]
fn scripts_are_found() {
    for (catalog, objects) in [
        ("/OpenAction << /S /JavaScript /JS (app.alert) >>", &[][..]),
        ("/OpenAction 10 0 R", &["<< /S /JavaScript /JS 11 0 R >>", "(app.alert)"]),
        ("/OpenAction << /S 10 0 R /J#53 (app.alert) >>", &["/JavaScript"]),
        ("/OpenAction << /S 10 0 R >>", &["/JavaScript"]),
        ("/OpenAction << /#53 /#4aava#53cript >>", &[]),
        ("/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /GoTo /Next << /S /JavaScript >> >>] >>", &[]),
        ("/AA << /WC << /S /JavaScript >> >>", &[]),
        ("/Names << /JavaScript << /Names [(a) 10 0 R] >> >>", &["<< /JS (app.alert) >>"]),
        ("/Names << /JavaScript 10 0 R >>", &["<< /Names [(a) << /S /JavaScript >>] >>"]),
        ("/OpenAction << /S /Rendition /JS (app.alert) >>", &[]),
        ("/OpenAction << /S /URI /URI ( Java\nScript:app.alert) >>", &[]),
        ("/OpenAction << /S /URI /URI 10 0 R >>", &["<6A617661736372697074 3A61>"]),
        ("/AcroForm << /XFA 10 0 R >>", &["null"]),
        ("/AcroForm << /Fields [10 0 R] >>", &["<< /FT /Tx /T (a) /AA << /K << /S /JavaScript >> >> >>"]),
        ("", &["[ [ << /A [ << /S /JavaScript >> ] >> ] ]"]),
    ] {
        assert_eq!(both(&Pdf::with(catalog, objects)), ["javascript"; 2], "{catalog} {objects:?}");
    }
    let mut pdf = Pdf::permit();
    pdf.packed_stream(FREE, "/Type /3D /OnInstantiate 11 0 R", b"model");
    assert_eq!(both(&pdf), ["javascript"; 2], "in the dictionary of a stream");
    let pdf = Pdf { trailer: "/Odd << /S /JavaScript >>".to_owned(), ..Pdf::permit() };
    assert_eq!(code(&pdf.bytes(), LIMITS), "javascript", "in the trailer");
    let mut pdf = Pdf::permit();
    pdf.set(PAGE, "<< /Type /Page /Parent 2 0 R /AA << /O << /S /JavaScript >> >> >>");
    assert_eq!(both(&pdf), ["javascript"; 2], "on a page");
    pdf.set(PAGE, "<< /Type /Page /Parent 2 0 R /Annots [<< /Subtype /Link /A << /S /JavaScript >> >>] >>");
    assert_eq!(both(&pdf), ["javascript"; 2], "on an annotation");
}

#[test]
fn what_reaches_outside_is_found() {
    for action in [
        "/S /Launch /F (calc.exe)",
        "/S /L#61unch",
        "/S /GoTo /D [3 0 R /Fit] /Next << /S /Launch >>",
        "/S /GoToR /F (other.pdf) /D [0 /Fit]",
        "/S /GoToE /T << /R /C >>",
        "/S /ImportData /F (data.fdf)",
        "/S /SubmitForm /F (https://example.org)",
        "/S /Thread /F (other.pdf) /D 0",
    ] {
        assert_eq!(both(&Pdf::with(&format!("/OpenAction << {action} >>"), &[])), ["launch"; 2], "{action}");
    }
}

#[test]
fn files_inside_are_found_and_may_be_allowed() {
    for (catalog, object) in [
        ("/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>", "<< /Type /Filespec /F (a) /EF << /F 11 0 R >> >>"),
        ("/Names << /EmbeddedFiles 10 0 R >>", "<< /Names [(a) << /F (a) /E#46 << /F 11 0 R >> >>] >>"),
        ("/AF [10 0 R]", "<< /Type /Filespec /F (a) /EF << /F 11 0 R >> >>"),
        ("", "<< /Type /Annot /Subtype /FileAttachment >>"),
        ("", "<< /Type /Annot /Subtype /RichMedia >>"),
        ("", "<< /Type /Annot /Subtype /#53ound >>"),
    ] {
        let pdf = Pdf::with(catalog, &[object]);
        assert_eq!(both(&pdf), ["embedded_files"; 2], "{catalog} {object}");
        let allowing = Limits { allow_embedded: true, ..LIMITS };
        assert_eq!(code(&pdf.bytes(), allowing), "taken", "{catalog} {object}");
    }
    let mut pdf = Pdf::permit();
    pdf.packed_stream(FREE, "/Type /EmbeddedFile", b"a file");
    assert_eq!(both(&pdf), ["embedded_files"; 2]);
}

#[test]
fn what_is_found_first_is_said() {
    let all = ["<< /S /JavaScript >>", "<< /S /Launch >>", "<< /Type /EmbeddedFile >>"];
    let said = |objects: &[&str]| code(&Pdf::with("", objects).bytes(), LIMITS);
    assert_eq!([said(&all), said(&all[1..]), said(&all[2..])], ["javascript", "launch", "embedded_files"]);
}

#[test]
fn nothing_else_is_found() {
    for (catalog, object) in [
        ("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", "null"),
        ("/OpenAction [3 0 R /Fit]", "null"),
        ("", "<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org/javascript:) >> >>"),
        ("/Names << /JavaScript << /Names [] >> /EmbeddedFiles << /Names [] >> >>", "null"),
        ("/Names << /JavaScript 10 0 R /EmbeddedFiles 10 0 R >>", "<< /Names [] >>"),
        ("/Names << /JavaScript null /EmbeddedFiles << >> >> /AF []", "null"),
        ("", "<< /Title (/S /JavaScript /JS) % /S /JavaScript\n >>"),
        ("/OpenAction << /S /Named /N /NextPage >>", "<< /S /Transparency >>"),
        ("", "<< /JSX (a) /S /JavaScriptX /EFX [1] >>"),
    ] {
        assert_eq!(both(&Pdf::with(catalog, &[object])), ["taken"; 2], "{catalog} {object}");
    }
    let mut pdf = Pdf::permit();
    pdf.packed_stream(4, "", b"/S /JavaScript /JS /Launch gs");
    assert_eq!(both(&pdf), ["taken"; 2], "in what a page shows");
}

#[test]
fn one_key_twice_hides_nothing() {
    for object in [
        "<< /S /JavaScript /S /GoTo >>",
        "<< /A [ << /#53 /JavaScript /S /GoTo >> ] >>",
        "<< /A (\\)) /B [1 0 R] /B <AA> >>",
        "<< /A (a(b)c) /A % a comment >>\n 1 >>",
    ] {
        assert_eq!(both(&Pdf::with("", &[object])), ["damaged"; 2], "{object}");
    }
    for object in ["<< /A /B /B /A /C 1 0 R /D << /A 1 >> /E << /A 1 >> >>", "<< /A (/A /A) /B <</A/A>>/C[/A/A] >>"] {
        assert_eq!(both(&Pdf::with("", &[object])), ["taken"; 2], "{object}");
    }
}

#[test]
fn one_number_twice_in_an_object_stream_hides_nothing() {
    let mut pdf = Pdf::with("", &["<< /S /JavaScript >>"]);
    let index = "10 0 10 21 ";
    let dictionary = format!("/Type /ObjStm /N 2 /First {}", index.len());
    pdf.stream(12, &dictionary, format!("{index}<< /S /JavaScript >> << /S /GoTo >>").as_bytes());
    assert_eq!(code(&pdf.bytes(), LIMITS), "damaged");
}

#[test]
fn a_place_in_an_object_stream_that_is_another_ones_hides_nothing() {
    // 10 is harmless by its number, and the script by its place.
    let mut pdf = Pdf::with("/OpenAction 10 0 R", &[]);
    pdf.stream(12, "/Type /ObjStm /N 2 /First 11", b"10 0 11 16 << /S /GoTo >>  << /S /JavaScript >>");
    let with_place = |place: u8| {
        let mut pdf = pdf.clone();
        pdf.stream(13, "/Type /XRef /W [1 4 2] /Index [10 1] /Size 14 /Root 1 0 R", &[2, 0, 0, 0, 12, 0, place]);
        let start = pdf.bytes().windows(9).position(|window| window == b"13 0 obj\n").expect("the second table");
        code(&Pdf { trailer: format!("/XRefStm {start}"), ..pdf }.bytes(), LIMITS)
    };
    assert_eq!([with_place(0), with_place(1)], ["taken", "damaged"]);
}

#[test]
fn words_that_stand_close_together_hide_nothing() {
    let file = Pdf::with("", &["<< /S /JavaScript /S /GoTo >>"]).bytes();
    assert_eq!(code(&replaced(&file, "10 0 obj\n<< ", "10 0obj  << "), LIMITS), "damaged");
}

#[test]
fn what_older_readers_are_not_to_see_is_seen() {
    // A hybrid file: the table calls 10 free, and a second table, a stream, says where it is.
    let mut pdf = Pdf::with("/OpenAction 10 0 R", &[]);
    pdf.packed_stream(11, "/Type /ObjStm /N 1 /First 5", b"10 0 << /S /JavaScript >>");
    let rows = [2, 0, 0, 0, 11, 0, 0];
    pdf.packed_stream(12, "/Type /XRef /W [1 4 2] /Index [10 1] /Size 13 /Root 1 0 R", &rows);
    let file = pdf.bytes();
    let start = file.windows(9).position(|window| window == b"12 0 obj\n").expect("the second table");
    let hybrid = Pdf { trailer: format!("/XRefStm {start}"), ..pdf.clone() };
    assert_eq!(code(&hybrid.bytes(), LIMITS), "javascript");
    // One that cannot be read is no reason to go on without it, however the first table is written.
    let broken = replaced(&hybrid.bytes(), "/W [1 4 2]", "/Q [1 4 2]");
    assert_eq!(code(&broken, LIMITS), "damaged");
    let start = start_of_table(&broken);
    let table = String::from_utf8(broken[start..].to_vec()).expect("text").replace(" \n", "\n");
    assert_eq!(code(&[&broken[..start], table.as_bytes()].concat(), LIMITS), "damaged");
    let spelt = table.replace("/XRefStm", "/XRef#53tm");
    assert_eq!(code(&[&broken[..start], spelt.as_bytes()].concat(), LIMITS), "damaged");
    let mut harmless = Pdf::permit();
    harmless.set(CATALOG, "<< /Type /Catalog /Pages 2 0 R >>");
    assert_eq!(code(&harmless.bytes(), LIMITS), "taken");
}
