//! The two detail lookups: the number in base64, and the code printed in the legacy QR.

use std::sync::LazyLock;

use super::base64;
use super::db_value::{Cell, cell};
use super::fixed_shares::mix;
use super::list::{RowAt, type_name};
use super::wire_xml::{Field, Row};
use super::world::{Application, LetterAt, World, collation_key};

/// Why a lookup gives no rows.
pub enum Refusal {
    /// The number holds a quote: an SQL error.
    SqlError,
}

/// `cekperizinanizin`: decodes the argument and compares `tmsk.no_surat`.
pub fn by_number<'a>(world: &'a World, argument: &str) -> Result<Vec<Row<'a>>, Refusal> {
    let number = base64::decode(argument);
    if number.contains(&b'\'') {
        return Err(Refusal::SqlError);
    }
    Ok(rows(world, world.by_number.get(&collation_key(&number)), argument))
}

/// `cekperizinan`: compares `tmsk.base64` with the argument, without case as every comparison.
pub fn by_code<'a>(world: &'a World, argument: &str) -> Vec<Row<'a>> {
    rows(world, world.by_code.get(&argument.trim_end().to_lowercase()), argument)
}

/// The rows of every application that has the letter and all that the inner joins ask for. Applications with several
/// numbers give the rows of all their numbers; the order says nothing, so row 0 is often the wrong one.
fn rows<'a>(world: &'a World, found: Option<&Vec<LetterAt>>, argument: &str) -> Vec<Row<'a>> {
    let mut applications: Vec<usize> = found.into_iter().flatten().map(|at| at.0).collect();
    applications.dedup();
    let mut rows = Vec::new();
    for application in applications {
        let one = &world.issued[application];
        if !one.has_detail() {
            continue;
        }
        for letter in 0..one.letters.len() {
            for applicant in 0..one.applicants.len() {
                for kind in 0..one.types.len() {
                    let at = RowAt { application, letter, applicant, kind };
                    rows.extend((0..one.villages.len()).map(|village| row(world, one, at, village)));
                }
            }
        }
    }
    fastrand::Rng::with_seed(mix((world.seed, argument))).shuffle(&mut rows);
    rows
}

/// The 18 columns of a detail, in order.
pub fn row<'a>(world: &'a World, one: &'a Application, at: RowAt, village: usize) -> Row<'a> {
    let (letter, applicant) = (&one.letters[at.letter], &one.applicants[at.applicant]);
    let number = one.villages.get(village).copied().unwrap_or_default();
    let company = one.company.as_deref();
    let of_company = |cell: Option<&'a Cell>| Field::Text(cell.unwrap_or(&None));
    vec![
        ("pendaftaran_id", Field::Own(one.registration.clone())),
        ("n_pemohon", Field::Text(&applicant.name)),
        ("n_perizinan", Field::Text(type_name(world, one, at.kind))),
        ("no_surat", Field::Text(&letter.number)),
        ("d_terima_berkas", Field::Text(&one.received)),
        ("d_berlaku_izin", Field::Text(&one.expiry)),
        ("a_pemohon", Field::Text(&applicant.address)),
        ("telp_pemohon", Field::Text(&applicant.phone)),
        ("tgl_surat", Field::Text(&letter.issued)),
        ("n_perusahaan", of_company(company.map(|c| &c.name))),
        ("npwp", of_company(company.map(|c| &c.tax_number))),
        ("a_perusahaan", of_company(company.map(|c| &c.address))),
        ("d_tgl_berdiri", of_company(company.map(|c| &c.founded))),
        ("i_telp_perusahaan", of_company(company.map(|c| &c.phone))),
        ("n_kecamatan", Field::Own(format!("KEC CONTOH {}", number / 20 + 1))),
        ("n_kabupaten", Field::Text(&REGENCY)),
        ("n_propinsi", Field::Text(&PROVINCE)),
        ("n_kelurahan", Field::Own(format!("DESA CONTOH {}", number + 1))),
    ]
}

static REGENCY: LazyLock<Cell> = LazyLock::new(|| cell("KAB CONTOH"));
static PROVINCE: LazyLock<Cell> = LazyLock::new(|| cell("PROV CONTOH"));
