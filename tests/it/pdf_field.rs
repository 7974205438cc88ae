//! Signature fields in every form of a file. That others find the signatures valid is told in
//! `tests/odoo/test_signing_field.py`.

use chrono::DateTime;
use futures_util::stream;
use sicantik_companion::pdf::{Field, Limits, Prepared, Reader, Refusal, Unrevisable, look, prepare};

use crate::pdf_files::{Pdf, bomb};
use crate::pdf_forms::{files, forms};
use crate::pdf_verdicts::LIMITS;

pub fn field() -> Field {
    Field {
        name: "Signature".to_owned(),
        signer: Some("Pejabat Contoh".to_owned()),
        reason: Some("Izin (uji)".to_owned()),
        location: None,
        at: DateTime::parse_from_rfc3339("2026-11-29T18:00:00+07:00").expect("a time"),
        room: 100,
    }
}

/// The file with a signature in it, which says nothing.
fn signed(file: &[u8], prepared: Prepared) -> Vec<u8> {
    [file, &prepared.fill(&[0x30, 0x80, 0xff]).expect("room")].concat()
}

#[test]
fn what_is_signed_is_all_but_the_signature() {
    for (name, pdf) in forms() {
        for mut file in files(&pdf) {
            for signatures in 1..=3 {
                let prepared = prepare(&file, &field()).expect(name);
                let [start, gap, behind, rest] = prepared.byte_range;
                let whole = [&file[..], &prepared.appended].concat();
                let at = |place: u64| usize::try_from(place).expect("small");
                assert_eq!((start, at(behind + rest)), (0, whole.len()), "{name}");
                assert_eq!(whole[at(gap)..at(behind)], [&b"<"[..], &[b'0'; 200], b">"].concat(), "{name}");
                let parts = [&whole[..at(gap)], &whole[at(behind)..]].concat();
                assert_eq!(prepared.signed(&file).concat(), parts, "{name}");
                file = signed(&file, prepared);
                let limits = Limits { most_pages: 300, ..LIMITS };
                assert_eq!(look(&file, &limits).expect(name).signatures, signatures, "{name}");
            }
            let text = String::from_utf8_lossy(&file);
            assert!(
                ["(Signature)", "(Signature-2)", "(Signature-3)"].iter().all(|field| text.contains(field)),
                "{name}"
            );
        }
    }
}

#[test]
fn a_signature_fits_or_is_refused() {
    let prepared = prepare(&Pdf::permit().bytes(), &field()).expect("a field");
    assert_eq!(prepared.room(), 100);
    let (hole, length) = (prepared.hole.clone(), prepared.appended.len());
    let filled = prepared.clone().fill(&[0xab; 100]).expect("room");
    assert_eq!((filled.len(), &filled[hole.clone()]), (length, "ab".repeat(100).as_bytes()));
    assert_eq!(
        (&filled[..hole.start], &filled[hole.end..]),
        (&prepared.appended[..hole.start], &prepared.appended[hole.end..])
    );
    assert_eq!(prepared.fill(&[0; 101]).expect_err("no room").needed, 101);
}

#[test]
fn a_name_is_free_whatever_way_it_is_written() {
    for taken in [
        "(Signature)",
        "<5369676e6174757265>",
        "(\\123ignature)",
        "<FEFF005300690067006E00610074007500720065>",
        "10 0 R",
    ] {
        let taken = if taken.ends_with('R') { "11 0 R" } else { taken };
        let widget = format!("<< /FT /Tx /T {taken} >>");
        let pdf = Pdf::with("/AcroForm << /Fields [10 0 R] >>", &[&widget, "(Signature)"]);
        let prepared = prepare(&pdf.bytes(), &field()).expect("a field");
        assert!(String::from_utf8_lossy(&prepared.appended).contains("/T (Signature-2)"), "{taken}");
    }
    let dotted = prepare(&Pdf::permit().bytes(), &Field { name: "a.b".to_owned(), ..field() }).expect("a field");
    assert!(String::from_utf8_lossy(&dotted.appended).contains("/T (a-b)"));
}

#[test]
fn what_gets_no_field() {
    let why = |pdf: Pdf| prepare(&pdf.bytes(), &field()).expect_err("no field").code();
    for catalog in
        ["/AcroForm 3", "/AcroForm << /Fields 3 >>", "/AcroForm << /Fields [3] >>", "/AcroForm 77 0 R", "/Perms 3"]
    {
        assert_eq!(why(Pdf::with(catalog, &[])), "unfit", "{catalog}");
    }
    let looping = Pdf::with("/AcroForm << /Fields [10 0 R] >>", &["<< /T (a) /Kids [10 0 R] >>"]);
    assert_eq!(why(looping), "unfit");
    for room in [0, u32::MAX] {
        let refused = prepare(&Pdf::permit().bytes(), &Field { room, ..field() });
        assert_eq!(refused, Err(Unrevisable::TooLong), "{room}");
    }
    assert_eq!(prepare(b"%PDF-", &field()), Err(Unrevisable::Refused(Refusal::Damaged)));
}

#[tokio::test]
async fn the_child_prepares_the_same() {
    let reader = Reader::new(env!("CARGO_BIN_EXE_sicantik").into()).with_patience(std::time::Duration::from_mins(1));
    let file = Pdf::permit().bytes();
    let size = file.len() as u64;
    let answer = reader.prepare(stream::iter([Ok(&file)]), size, field()).await.expect("an answer");
    assert_eq!(answer, prepare(&file, &field()));
    let mut contents = Pdf::permit();
    contents.stream(4, "/Filter /FlateDecode", &bomb(128));
    let bomb = contents.bytes();
    let answer = reader.prepare(stream::iter([Ok(&bomb)]), bomb.len() as u64, field()).await.expect("an answer");
    assert_eq!(answer, Err(Unrevisable::Refused(Refusal::TooComplex)));
}
