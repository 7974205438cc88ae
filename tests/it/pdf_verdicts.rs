//! What is taken and what is refused, file by file. That qpdf agrees is told in `tests/odoo/test_pdf.py`.

use sicantik_companion::pdf::{Limits, Refusal, Seen, look};

use crate::pdf_files::{CATALOG, FREE, PAGE, PAGES, Pdf, TEXT, packed, replaced, start_of_table};

pub const LIMITS: Limits = Limits { most_pages: 100, allow_embedded: false, wants_original: false };

fn seen(file: &[u8]) -> Result<Seen, &'static str> {
    look(file, &LIMITS).map_err(Refusal::code)
}

fn code(file: &[u8]) -> &'static str {
    seen(file).map_or_else(|code| code, |_| "taken")
}

#[test]
fn a_permit_is_taken_in_either_form() {
    for file in [Pdf::permit().bytes(), Pdf::permit().in_object_stream()] {
        let seen = seen(&file).expect("taken");
        assert_eq!((seen.pages, seen.title.as_deref(), seen.signatures), (1, Some("Surat Izin"), 0));
        assert_eq!(seen.text.trim(), TEXT);
    }
}

#[test]
fn every_refusal_has_the_name_that_is_written_in_json() {
    for refusal in Refusal::ALL {
        assert_eq!(serde_json::to_value(refusal).expect("a name"), refusal.code());
    }
}

#[test]
fn what_is_no_pdf_is_told_apart_from_what_is_damaged() {
    let file = Pdf::permit().bytes();
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"\x89PNG\r\n\x1a\n"), "not_pdf");
    assert_eq!(code(&[&[b' '; 1025], &file[..]].concat()), "not_pdf");
    assert_eq!(code(&[&[b' '; 1000], &file[..]].concat()), "taken");
    assert_eq!(code(b"%PDF-1.7\nnothing more"), "damaged");
}

#[test]
fn little_may_follow_the_end_and_nothing_that_looks_like_another() {
    let file = Pdf::permit().bytes();
    assert_eq!(code(&[&file[..], &[b'\n'; 1000]].concat()), "taken");
    assert_eq!(code(&[&file[..], &[b'x'; 1000]].concat()), "taken");
    assert_eq!(code(&[&file[..], &[b'\n'; 1100]].concat()), "damaged");
    assert_eq!(code(&[&file[..], b"startxref\n9\n"].concat()), "damaged");
    assert_eq!(code(&[&file[..], b"startxref\n9\n%%EOF\n"].concat()), "damaged");
}

#[test]
fn habits_of_honest_programs_are_no_damage() {
    let file = Pdf::permit().bytes();
    // Lines of the table with a single character at their ends.
    let start = start_of_table(&file);
    let table = String::from_utf8(file[start..].to_vec()).expect("text").replace(" \n", "\n");
    assert_eq!(code(&[&file[..start], table.as_bytes()].concat()), "taken");
    // More in the line of the header.
    assert_eq!(code(&replaced(&file, "%PDF-1.7\n%", "%PDF-1.7 %")), "taken");
}

#[test]
fn what_needs_a_repair_is_damaged() {
    let file = Pdf::permit().bytes();
    let start = start_of_table(&file);
    assert_eq!(code(&[&file[..start], b" ", &file[start..]].concat()), "damaged", "the table begins elsewhere");
    assert_eq!(code(&[&file[..100], b"   ", &file[100..]].concat()), "damaged", "objects begin elsewhere");
    assert_eq!(code(&replaced(&file, "5 0 obj", "7 0 obj")), "damaged", "an object with another number");
    let loops = Pdf { trailer: format!("/Prev {start:04}"), ..Pdf::permit() };
    let looping = loops.bytes();
    let looping = replaced(&looping, &format!("{start:04}"), &format!("{:04}", start_of_table(&looping)));
    assert_eq!(code(&looping), "damaged", "a table that comes before itself");
    let mut pdf = Pdf::permit();
    let mut content = packed(b"BT ET");
    content[4] ^= 0xff;
    pdf.stream(4, "/Filter /FlateDecode", &content);
    assert_eq!(code(&pdf.bytes()), "damaged", "contents that cannot be unpacked");
    let wrapped = packed(b"BT ET").iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    pdf.stream(4, "/Filter [/ASCIIHexDecode /FlateDecode]", format!("{wrapped}>").as_bytes());
    assert_eq!(code(&pdf.bytes()), "taken");
    pdf.stream(4, "/Filter [/ASCIIHexDecode /FlateDecode]", format!("{}ff>", &wrapped[..10]).as_bytes());
    assert_eq!(code(&pdf.bytes()), "damaged", "the same in another wrapping");
    assert_eq!(code(&replaced(&file, "/FlateDecode", "/FlateDecoke")), "damaged", "wrapped in what nobody knows");
    let packed_file = Pdf::permit().in_object_stream();
    assert_eq!(code(&replaced(&packed_file, "/Type /XRef", "/Type /XRif")), "damaged", "a table that is none");
    assert_eq!(code(&replaced(&file, "endobj\n5 0", "endob \n5 0")), "damaged", "a stream without an end");
    assert_eq!(code(&replaced(&file, "endobj\n6 0", "endob \n6 0")), "damaged", "an object without an end");
    for end in 0..file.len() - 1 {
        let verdict = code(&file[..end]);
        assert!(["empty", "not_pdf", "damaged"].contains(&verdict), "cut at {end}: {verdict}");
    }
}

#[test]
fn a_page_tree_is_walked_and_counted() {
    let tree = |pages: &str, page: &str| {
        let mut pdf = Pdf::permit();
        pdf.set(PAGES, &format!("<< /Type /Pages {pages} >>"));
        pdf.set(PAGE, page);
        code(&pdf.bytes())
    };
    let page = "<< /Type /Page /Parent 2 0 R >>";
    assert_eq!(tree("/Kids [3 0 R] /Count 1", page), "taken");
    assert_eq!(tree("/Kids [3 0 R] /Count 2", page), "damaged", "it lies");
    assert_eq!(tree("/Kids [3 0 R 3 0 R] /Count 2", page), "damaged", "one page twice");
    assert_eq!(tree("/Kids [2 0 R] /Count 1", page), "damaged", "a loop");
    assert_eq!(tree("/Kids [3 0 R] /Count 1", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), "damaged", "a loop");
    assert_eq!(tree("/Kids [] /Count 0", page), "damaged", "no page");
    assert_eq!(tree("/Kids [99 0 R] /Count 1", page), "damaged", "a page that is not there");
    assert_eq!(tree("/Count 1", page), "damaged", "no children");

    let mut pdf = Pdf::with("", &["[3 0 R]"]);
    pdf.set(PAGES, "<< /Type /Pages /Kids 10 0 R /Count 1 >>");
    assert_eq!([code(&pdf.bytes()), code(&pdf.in_object_stream())], ["taken"; 2], "children in an array of their own");
}

#[test]
fn too_many_pages_are_told_as_that() {
    let mut pdf = Pdf::permit();
    let kids: Vec<String> = (FREE..FREE + 101).map(|number| format!("{number} 0 R")).collect();
    (FREE..FREE + 101).for_each(|number| pdf.set(number, "<< /Type /Page /Parent 2 0 R >>"));
    let mut of = |count: usize| {
        pdf.set(PAGES, &format!("<< /Type /Pages /Count {count} /Kids [{}] >>", kids[..count].join(" ")));
        code(&pdf.bytes())
    };
    assert_eq!([of(100), of(101)], ["taken", "too_many_pages"]);
}

#[test]
fn a_nest_is_no_document() {
    let nest = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let pdf = Pdf::with("", &[&nest]);
    assert_eq!([code(&pdf.bytes()), code(&pdf.in_object_stream())], ["damaged"; 2]);
    let nest = format!("{}1{}", "<< /A ".repeat(10_000), ">>".repeat(10_000));
    assert_eq!(code(&Pdf::with("", &[&nest]).bytes()), "damaged");
}

#[test]
fn what_is_encrypted_is_told_also_where_nobody_knows_how() {
    let pdf = Pdf { trailer: "/Encrypt 10 0 R".to_owned(), ..Pdf::with("", &["<< /Filter /Unheard /V 9 >>"]) };
    assert_eq!([code(&pdf.bytes()), code(&pdf.in_object_stream())], ["encrypted"; 2]);
}

#[test]
fn who_was_first_to_sign_is_counted() {
    let field = "/AcroForm << /Fields [10 0 R] >>";
    let signature = "<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>";
    let signed = |objects: &[&str]| {
        let file = Pdf::with(field, objects).bytes();
        let original = look(&file, &Limits { wants_original: true, ..LIMITS }).map_err(Refusal::code);
        (seen(&file).expect("taken").signatures, original.map_or_else(|code| code, |_| "taken"))
    };
    assert_eq!(signed(&["<< /FT /Sig /T (a) /V 11 0 R >>", signature]), (1, "signed"));
    assert_eq!(signed(&[&format!("<< /FT /Sig /T (a) /V {signature} >>")]), (1, "signed"));
    assert_eq!(signed(&["<< /FT /Sig /T (a) /Kids [12 0 R] >>", signature, "<< /V 11 0 R >>"]), (1, "signed"));
    assert_eq!(signed(&["<< /FT /Sig /T (a) >>", "null"]), (0, "taken"), "a field that waits for a signature");
    let rights = ["<< /FT /Tx /T (a) /V (b) >>", signature, "<< /UR3 11 0 R >>"];
    assert_eq!(signed(&rights), (0, "taken"), "what a program signed, in nobody's name");
}

#[test]
fn what_the_last_revision_holds_counts() {
    let plain = Pdf::permit();
    let script = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert) >> >>";
    let change = |catalog: &str| {
        let mut pdf = Pdf { objects: std::collections::BTreeMap::new(), ..Pdf::permit() };
        pdf.set(CATALOG, catalog);
        pdf
    };
    let (brings, takes) = (change(script), change("<< /Type /Catalog /Pages 2 0 R >>"));
    let with_table = brings.updating(&plain.bytes(), &[]);
    assert_eq!([code(&with_table), code(&takes.updating(&with_table, &[]))], ["javascript", "taken"]);
    let packed = brings.updating_packed(&plain.in_object_stream(), 1100);
    assert_eq!([code(&packed), code(&takes.updating_packed(&packed, 1200))], ["javascript", "taken"]);
    let unused = Pdf::with("", &["<< /S /JavaScript /JS (app.alert) >>"]);
    assert_eq!(code(&unused.bytes()), "javascript", "nothing leads to it, and it is there");
    assert_eq!(code(&takes.updating(&unused.bytes(), &[FREE])), "taken", "it is gone");
}
