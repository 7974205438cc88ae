//! The permit types: some ninety, a few of them odd (`jenisPerizinanList`).

use super::db_value::{Cell, cell};

/// A row of `trperizinan`.
pub struct PermitType {
    pub id: usize,
    pub name: Cell,
    pub group: Cell,
    /// `v_hari`: working days that the office has.
    pub days: Cell,
    /// Whether `jenisPerizinanList` shows it; permits may have a type that it does not show.
    pub listed: bool,
}

/// The two types whose names differ in blanks only.
pub const TWINS: [usize; 2] = [7, 8];

/// How many of the types are listed; the rest follow them.
pub const LISTED: usize = 90;

const SUBJECTS: [&str; 44] = [
    "APOTEK",
    "TOKO OBAT",
    "OPTIK",
    "KLINIK",
    "LABORATORIUM",
    "PRAKTIK DOKTER",
    "PRAKTIK PERAWAT",
    "PRAKTIK BIDAN",
    "PRAKTIK APOTEKER",
    "REKLAME",
    "USAHA PERDAGANGAN",
    "USAHA INDUSTRI",
    "USAHA JASA",
    "USAHA PERIKANAN",
    "USAHA PETERNAKAN",
    "USAHA PERKEBUNAN",
    "PENGGILINGAN PADI",
    "HOTEL",
    "RUMAH MAKAN",
    "BIRO PERJALANAN",
    "OBJEK WISATA",
    "TEMPAT HIBURAN",
    "TRAYEK",
    "PARKIR",
    "TERMINAL",
    "LOKASI",
    "MENDIRIKAN BANGUNAN",
    "PENGGUNAAN BANGUNAN",
    "GANGGUAN",
    "LINGKUNGAN",
    "PEMBUANGAN AIR LIMBAH",
    "AIR TANAH",
    "TAMBANG BATUAN",
    "GUDANG",
    "PASAR",
    "TOKO SWALAYAN",
    "KURSUS",
    "SEKOLAH SWASTA",
    "TAMAN KANAK-KANAK",
    "LEMBAGA PELATIHAN",
    "PENELITIAN",
    "KERAMAIAN",
    "PENGUMPULAN DANA",
    "PEMAKAIAN LAHAN",
];

/// All types, the unlisted ones last.
pub fn all() -> Vec<PermitType> {
    let mut types: Vec<PermitType> = (0..LISTED + 2).map(plain).collect();
    let mut rename = |at: usize, name: &str| types[at].name = cell(name);
    rename(2, "IZIN  OPTIK");
    rename(4, "IZIN LABORATORIUM & KLINIK");
    rename(5, "SURAT IZIN  PRAKTIK DOKTER (SIP)");
    rename(TWINS[0], "IZIN PRAKTIK BIDAN MANDIRI");
    rename(TWINS[1], "IZIN  PRAKTIK BIDAN MANDIRI ");
    rename(11, "IZIN USAHA INDUSTRI – KECIL");
    rename(18, "IZIN\u{a0}RUMAH MAKAN / CAFÉ");
    rename(30, "IZIN PEMBUANGAN AIR LIMBAH &amp; SAMPAH");
    types[20].days = None;
    types[21].days = cell("0");
    types[22].group = None;
    types
}

fn plain(at: usize) -> PermitType {
    let subject = SUBJECTS[at % SUBJECTS.len()];
    let groups = ["Perizinan Tanpa Tarif", "Perizinan Bertarif", "Perizinan  Kesehatan", "Non Perizinan"];
    let name = match at / SUBJECTS.len() {
        0 => format!("IZIN {subject}"),
        1 => format!("PERPANJANGAN IZIN {subject}"),
        _ => format!("REKOMENDASI {subject}"),
    };
    PermitType {
        id: at * 3 + 2,
        name: cell(name),
        group: cell(groups[at % groups.len()]),
        days: cell((at % 12 + 3).to_string()),
        listed: at < LISTED,
    }
}
