//! PDFs in every form that something is appended to.

use crate::pdf_files::{CATALOG, FREE, PAGE, PAGES, Pdf};

/// A field of another kind, and where forms and pages name it.
const FIELD: &str = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Sender) /F 4 /Rect [72 300 272 320] /P 3 0 R >>";

/// Each with its name.
pub fn forms() -> Vec<(&'static str, Pdf)> {
    let with_page = |page: &str| {
        let mut pdf = Pdf::permit();
        pdf.set(PAGE, &format!("<< /Type /Page /Parent 2 0 R {page} >>"));
        pdf
    };
    let resources = "/Resources << /Font << /F1 5 0 R >> >>";
    let mut indirect = with_page("/Contents 10 0 R /Resources 11 0 R /Annots 12 0 R /MediaBox 13 0 R /Rotate 14 0 R");
    let objects =
        ["[4 0 R]", "<< /Font << /F1 5 0 R >> /XObject 15 0 R >>", "[]", "[0 0 595.27559 841.88976]", "90", "<< >>"];
    for (number, object) in (FREE..).zip(objects) {
        indirect.set(number, object);
    }
    let mut inherited = with_page("/Contents [4 0 R]");
    let above = format!("/MediaBox [-10 20 585 862] /Rotate 270 {resources}");
    inherited.set(PAGES, &format!("<< /Type /Pages /Kids [3 0 R] /Count 1 {above} >>"));
    let form = |catalog: &str, objects: &[&str]| Pdf::with(catalog, objects);
    vec![
        ("a permit", Pdf::permit()),
        ("objects of their own", indirect),
        ("inherited", inherited),
        ("no contents, resources and annotations", with_page("")),
        (
            "annotations",
            with_page(&format!(
                "/Contents 4 0 R {resources} /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] >>]"
            )),
        ),
        ("a form in the catalog", form("/AcroForm << /Fields [10 0 R] >>", &[FIELD])),
        ("a form", form("/AcroForm 11 0 R", &[FIELD, "<< /Fields [10 0 R] /SigFlags 0 >>"])),
        ("a form and its list", form("/AcroForm 11 0 R", &[FIELD, "<< /Fields 12 0 R /SigFlags 3 >>", "[10 0 R]"])),
        ("300 pages", many(300)),
    ]
}

/// So many pages.
pub fn many(count: u32) -> Pdf {
    let mut pdf = Pdf::permit();
    let numbers = FREE..FREE + count;
    let kids: Vec<String> = numbers.clone().map(|number| format!("{number} 0 R")).collect();
    pdf.set(PAGES, &format!("<< /Type /Pages /Count {count} /Kids [{}] /MediaBox [0 0 595 842] >>", kids.join(" ")));
    for number in numbers {
        pdf.set(number, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>");
    }
    pdf.objects.remove(&PAGE);
    pdf
}

/// As files: with a table, with a stream for a table, and with one after the other.
pub fn files(pdf: &Pdf) -> [Vec<u8>; 3] {
    let file = pdf.bytes();
    let again = Pdf { objects: [(CATALOG, pdf.objects[&CATALOG].clone())].into(), trailer: pdf.trailer.clone() };
    let updated = again.updating(&file, &[]);
    [file, pdf.in_object_stream(), updated]
}
