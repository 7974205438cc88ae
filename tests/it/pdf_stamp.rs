//! Stamps on every form of a file. That they are seen where they should be is told in `tests/odoo/test_signing_stamp.py`.

use futures_util::stream;
use sicantik_companion::pdf::{
    Corner, Limits, Pages, Place, Reader, Refusal, Stamp, Unrevisable, look, prepare, stamp,
};

use crate::pdf_field::field;
use crate::pdf_files::{FREE, PAGE, Pdf, start_of_table};
use crate::pdf_forms::{files, forms, many};
use crate::pdf_verdicts::LIMITS;

fn with(pages: Pages, place: Place) -> Stamp {
    Stamp {
        pages,
        place,
        side: Stamp::SIDE,
        address: "https://example.org/d/3mJr7bXW9sQk2VhTzPc4Ya".to_owned(),
        words: vec!["503/0001/2026".to_owned(), "7KXM4QPA9R".to_owned()],
    }
}

pub fn ordinary() -> Stamp {
    with(Pages::All, Place::Corner(Corner::BottomRight))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_stamped_file_is_taken_like_the_one_before() {
    let limits = Limits { most_pages: 300, wants_original: true, ..LIMITS };
    for (name, pdf) in forms() {
        for file in files(&pdf) {
            let before = look(&file, &limits).expect(name);
            let appended = stamp(&file, &ordinary()).expect(name);
            let after = look(&[file, appended].concat(), &limits).expect(name);
            assert_eq!((after.pages, after.title), (before.pages, before.title), "{name}");
        }
    }
}

#[test]
fn a_file_has_its_table_in_one_form_and_keeps_what_its_trailer_says() {
    let pdf = Pdf { trailer: "/Info 6 0 R /ID [<0102> (a\\)b)]".to_owned(), ..Pdf::permit() };
    let [table, streamed, updated] = files(&pdf);
    for (file, is_table) in [(table, true), (streamed, false), (updated, true)] {
        let appended = stamp(&file, &ordinary()).expect("a stamp");
        let end = text(&appended[start_of_table(&[&file[..], &appended].concat()) - file.len()..]);
        assert_eq!(end.starts_with("xref\n"), is_table, "{end}");
        assert!(end.contains(&format!("/Prev {}", start_of_table(&file))), "{end}");
        assert!(end.contains("/Root 1 0 R") && end.contains("/Info 6 0 R"), "{end}");
        assert!(end.contains("/ID [<0102>(a\\)b)]"), "{end}");
    }
}

#[test]
fn whatever_stands_behind_the_end_stays_there() {
    let file = Pdf::permit().bytes();
    for behind in [&b""[..], b"\n\n\n", b" ", &[b'x'; 900]] {
        let file = [file.trim_ascii_end(), behind].concat();
        let appended = stamp(&file, &ordinary()).expect("a stamp");
        look(&[file, appended].concat(), &LIMITS).expect("taken");
    }
}

#[test]
fn numbers_of_a_page_stay_as_they_are_written() {
    let mut pdf = Pdf::permit();
    pdf.set(PAGE, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.275590551 841.88976378] /Contents 4 0 R >>");
    let appended = text(&stamp(&pdf.bytes(), &ordinary()).expect("a stamp"));
    assert!(appended.contains("[0 0 595.275590551 841.88976378]"), "{appended}");
}

#[test]
fn a_page_that_others_share_things_with_changes_nothing_for_them() {
    let mut pdf = many(2);
    pdf.set(FREE, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 50 0 R >>");
    pdf.set(FREE + 1, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 50 0 R >>");
    pdf.set(50, "<< /Font << /F1 5 0 R >> >>");
    let first = with(Pages::First, Place::Corner(Corner::TopLeft));
    let appended = text(&stamp(&pdf.bytes(), &first).expect("a stamp"));
    for untouched in ["\n50 0 obj", "\n4 0 obj", "\n11 0 obj", "\n2 0 obj", "\n1 0 obj"] {
        assert!(!appended.contains(untouched), "{untouched}: {appended}");
    }
    assert!(appended.contains("10 0 obj\n"), "{appended}");
}

#[test]
fn many_pages_share_one_drawing() {
    let appended = stamp(&many(300).bytes(), &ordinary()).expect("a stamp");
    assert_eq!(text(&appended).matches("/Subtype /Form").count(), 1);
    assert!(appended.len() < 100_000, "{}", appended.len());
}

#[test]
fn what_gets_no_stamp() {
    let file = Pdf::permit().bytes();
    let why = |file: &[u8], wanted: &Stamp| stamp(file, wanted).expect_err("no stamp").code();
    let signed = Pdf::with("", &["<< /V << /ByteRange [] /Contents <> >> >>"]).bytes();
    assert_eq!(why(&signed, &ordinary()), "signed");
    assert_eq!(stamp(b"", &ordinary()), Err(Unrevisable::Refused(Refusal::Empty)));
    let script = Pdf::with("/OpenAction << /S /JavaScript /JS (x) >>", &[]).bytes();
    assert_eq!(why(&script, &ordinary()), "javascript");
    assert_eq!(why(&[b"\n", &file[..]].concat(), &ordinary()), "unfit");
    let beside = [(-1.0, 10.0), (10.0, -0.1), (590.0, 10.0), (10.0, 800.0), (f64::NAN, 10.0)];
    for (x, y) in beside {
        assert_eq!(why(&file, &with(Pages::First, Place::At { x, y })), "no_room", "{x} {y}");
    }
    for side in [0.0, -57.0, 10.0, 500.0, f64::NAN, f64::INFINITY] {
        assert_eq!(why(&file, &Stamp { side, ..ordinary() }), "no_room", "{side}");
    }
    assert_eq!(why(&file, &Stamp { address: "x".repeat(5000), ..ordinary() }), "too_long");
    assert_eq!(why(&file, &Stamp { words: vec!["word ".repeat(3000)], ..ordinary() }), "no_room");
}

#[test]
fn pages_of_which_nobody_knows_the_size_get_none() {
    for page in [
        "/MediaBox [0 0 595]",
        "/MediaBox /A4",
        "/MediaBox [0 0 (595) 842]",
        "/MediaBox 77 0 R",
        "/Contents 5 0 R /MediaBox [0 0 595 842]",
    ] {
        let mut pdf = Pdf::permit();
        pdf.set(PAGE, &format!("<< /Type /Page /Parent 2 0 R {page} >>"));
        assert_eq!(stamp(&pdf.bytes(), &ordinary()), Err(Unrevisable::Unfit), "{page}");
    }
}

#[test]
fn whatever_is_flipped_there_is_an_answer_and_what_comes_of_it_is_taken() {
    let files = [Pdf::permit().bytes(), Pdf::permit().in_object_stream()];
    let mut random = fastrand::Rng::with_seed(20_261_129);
    let mut stamped = 0;
    for round in 0..400 {
        let mut file = files[round % 2].clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..file.len());
            file[at] ^= 1 << random.u8(..8);
        }
        if let Ok(appended) = stamp(&file, &ordinary()) {
            stamped += 1;
            look(&[&file[..], &appended].concat(), &LIMITS).expect("taken");
        }
        if let Ok(prepared) = prepare(&file, &field()) {
            look(&[file, prepared.appended].concat(), &LIMITS).expect("taken");
        }
    }
    assert!(stamped > 5, "{stamped}");
}

#[tokio::test]
async fn the_child_makes_the_same_stamp() {
    let reader = Reader::new(env!("CARGO_BIN_EXE_sicantik").into()).with_patience(std::time::Duration::from_mins(1));
    let file = many(300).bytes();
    let pieces = || stream::iter(file.chunks(4096).map(Ok));
    let size = file.len() as u64;
    for _ in 0..2 {
        let appended = reader.stamp(pieces(), size, ordinary()).await.expect("an answer").expect("a stamp");
        assert_eq!(Ok(appended), stamp(&file, &ordinary()));
        let limits = Limits { most_pages: 300, ..LIMITS };
        assert_eq!(reader.read(pieces(), size, limits).await.expect("an answer").expect("taken").pages, 300);
    }
    let without_room = Stamp { side: 1.0, ..ordinary() };
    assert_eq!(reader.stamp(pieces(), size, without_room).await.expect("an answer"), Err(Unrevisable::NoRoom));
    let damaged = &file[..file.len() - 30];
    let answer = reader.stamp(stream::iter([Ok(damaged)]), size - 30, ordinary()).await.expect("an answer");
    assert_eq!(answer, Err(Unrevisable::Refused(Refusal::Damaged)));
}
