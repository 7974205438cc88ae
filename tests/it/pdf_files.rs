//! PDFs made by hand, so that each can be wrong in one way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The catalog.
pub const CATALOG: u32 = 1;
/// The root of the page tree.
pub const PAGES: u32 = 2;
/// The only page.
pub const PAGE: u32 = 3;
/// Numbers from here on are free.
pub const FREE: u32 = 10;

/// What the page says.
pub const TEXT: &str = "IZIN 503/0001/2026";

/// Objects by their numbers, and what the trailer says besides.
#[derive(Clone)]
pub struct Pdf {
    pub objects: BTreeMap<u32, Vec<u8>>,
    pub trailer: String,
}

/// Where a revision has its objects.
enum Entry {
    Free,
    At(usize),
    In(u32, usize),
}

impl Pdf {
    /// One page with a text, a title, no more.
    pub fn permit() -> Self {
        let content = format!("BT /F1 12 Tf 72 700 Td ({TEXT}) Tj ET");
        let mut pdf = Self { objects: BTreeMap::new(), trailer: "/Info 6 0 R".to_owned() };
        pdf.set(CATALOG, "<< /Type /Catalog /Pages 2 0 R >>");
        pdf.set(PAGES, "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>");
        pdf.set(PAGE, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>");
        pdf.packed_stream(4, "", content.as_bytes());
        let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
        pdf.set(5, font);
        pdf.set(6, "<< /Title (Surat Izin) >>");
        pdf
    }

    /// The same with what a catalog has besides, and further objects from `FREE` on.
    pub fn with(catalog: &str, objects: &[&str]) -> Self {
        let mut pdf = Self::permit();
        pdf.set(CATALOG, &format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"));
        for (number, object) in (FREE..).zip(objects) {
            pdf.set(number, object);
        }
        pdf
    }

    pub fn set(&mut self, number: u32, object: &str) {
        self.objects.insert(number, object.as_bytes().to_vec());
    }

    pub fn stream(&mut self, number: u32, dictionary: &str, content: &[u8]) {
        let head = format!("<< {dictionary} /Length {} >>\nstream\n", content.len());
        self.objects.insert(number, [head.as_bytes(), content, b"\nendstream"].concat());
    }

    pub fn packed_stream(&mut self, number: u32, dictionary: &str, content: &[u8]) {
        self.stream(number, &format!("{dictionary} /Filter /FlateDecode"), &packed(content));
    }

    /// With a table, as older programs write it.
    pub fn bytes(&self) -> Vec<u8> {
        self.revision(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), "", &[])
    }

    /// With all that can be in an object stream in one, and a table that is a stream.
    pub fn in_object_stream(&self) -> Vec<u8> {
        self.packed_revision(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), 1000, "")
    }

    /// These objects as an update of a file that had one with a table; those of `freed` are gone.
    pub fn updating(&self, file: &[u8], freed: &[u32]) -> Vec<u8> {
        let previous = format!("/Prev {}", start_of_table(file));
        self.revision(file.to_vec(), &previous, freed)
    }

    /// These objects as an update with an object stream of that number.
    pub fn updating_packed(&self, file: &[u8], container: u32) -> Vec<u8> {
        self.packed_revision(file.to_vec(), container, &format!("/Prev {}", start_of_table(file)))
    }

    fn revision(&self, mut file: Vec<u8>, more: &str, freed: &[u32]) -> Vec<u8> {
        let mut entries: BTreeMap<u32, Entry> = freed.iter().map(|number| (*number, Entry::Free)).collect();
        for (number, object) in &self.objects {
            entries.insert(*number, Entry::At(put(&mut file, *number, object)));
        }
        let start = file.len();
        let mut table = "xref\n0 1\n0000000000 65535 f \n".to_owned();
        for (number, entry) in &entries {
            let (offset, kind) = match entry {
                Entry::At(offset) => (*offset, 'n'),
                Entry::Free | Entry::In(..) => (0, 'f'),
            };
            let generation = u8::from(kind == 'f');
            let _ = writeln!(table, "{number} 1\n{offset:010} {generation:05} {kind} ");
        }
        let size = entries.keys().max().map_or(1, |number| number + 1).max(2000);
        let trailer = &self.trailer;
        let _ = write!(table, "trailer\n<< /Size {size} /Root 1 0 R {trailer} {more} >>\nstartxref\n{start}\n%%EOF\n");
        file.extend_from_slice(table.as_bytes());
        file
    }

    fn packed_revision(&self, mut file: Vec<u8>, container: u32, more: &str) -> Vec<u8> {
        let mut entries = BTreeMap::new();
        let (mut index, mut body) = (String::new(), Vec::new());
        for (number, object) in &self.objects {
            if object.ends_with(b"endstream") {
                entries.insert(*number, Entry::At(put(&mut file, *number, object)));
                continue;
            }
            let place = index.split_whitespace().count() / 2;
            let _ = write!(index, "{number} {} ", body.len());
            body.extend_from_slice(object);
            body.push(b'\n');
            entries.insert(*number, Entry::In(container, place));
        }
        let mut streams = Self { objects: BTreeMap::new(), trailer: String::new() };
        let dictionary = format!("/Type /ObjStm /N {} /First {}", index.split_whitespace().count() / 2, index.len());
        streams.packed_stream(container, &dictionary, &[index.as_bytes(), &body].concat());
        entries.insert(container, Entry::At(put(&mut file, container, &streams.objects[&container])));
        let table = container + 1;
        entries.insert(table, Entry::At(file.len()));
        let (mut rows, mut numbers) = (Vec::new(), String::new());
        for (number, entry) in &entries {
            let (kind, second, third) = match entry {
                Entry::Free => (0, 0, 0),
                Entry::At(offset) => (1, u32::try_from(*offset).expect("small"), 0),
                Entry::In(container, place) => (2, *container, u16::try_from(*place).expect("few")),
            };
            rows.push(kind);
            rows.extend_from_slice(&second.to_be_bytes());
            rows.extend_from_slice(&third.to_be_bytes());
            let _ = write!(numbers, "{number} 1 ");
        }
        let trailer = &self.trailer;
        let dictionary = format!(
            "/Type /XRef /W [1 4 2] /Index [{numbers}] /Size {} /Root 1 0 R {trailer} {more}",
            (table + 1).max(2000)
        );
        streams.packed_stream(table, &dictionary, &rows);
        let start = put(&mut file, table, &streams.objects[&table]);
        file.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        file
    }
}

fn put(file: &mut Vec<u8>, number: u32, object: &[u8]) -> usize {
    let offset = file.len();
    file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    file.extend_from_slice(object);
    file.extend_from_slice(b"\nendobj\n");
    offset
}

/// Where the last table of a file begins, as its end says.
pub fn start_of_table(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(&file[file.len() - 60..]).into_owned();
    let (_, said) = text.rsplit_once("startxref\n").expect("an end");
    said.lines().next().and_then(|line| line.parse().ok()).expect("a number")
}

/// With one word in place of another of the same length.
pub fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "places shift");
    let at = file.windows(from.len()).position(|window| window == from.as_bytes()).expect("it is there");
    [&file[..at], to.as_bytes(), &file[at + to.len()..]].concat()
}

pub fn packed(content: &[u8]) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::default());
    packing.write_all(content).expect("packed");
    packing.finish().expect("packed")
}

/// What unpacks to that many times 32 MiB of spaces.
pub fn bomb(times: usize) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::default());
    let spaces = vec![b' '; 1 << 20];
    let mut start = 0;
    for _ in 0..33 {
        // The first of these only brings the window to what it will be before each of the others.
        packing.write_all(&spaces).expect("packed");
        if start == 0 {
            packing.flush().expect("packed");
            start = packing.get_ref().len();
        }
    }
    packing.flush().expect("packed");
    let whole = packing.get_ref();
    let mut bomb = whole[..start].to_vec();
    (0..times).for_each(|_| bomb.extend_from_slice(&whole[start..]));
    bomb
}
