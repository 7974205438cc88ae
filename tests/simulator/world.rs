//! The office's database: applications with their applicants, types, numbers, company and villages.
//! Made by `generate.rs` from a seed; read by `list.rs`, `detail.rs` and `truth.rs`; changed by `change.rs`.

use std::collections::HashMap;

use super::db_value::{Cell, fold, is_real_number, shown};
use super::generate::Generator;
use super::list::Ordered;
use super::living;
use super::options::Options;
use super::types::{self, PermitType};

/// One application (`tmpermohonan`) and all that is joined to it.
pub struct Application {
    /// `pendaftaran_id`.
    pub registration: String,
    /// `d_terima_berkas`.
    pub received: Cell,
    /// The same for sorting: days from the common era; 0 for NULL and zero dates, which come last.
    pub day: i32,
    /// `d_berlaku_izin`; it stands on the application, not on the number.
    pub expiry: Cell,
    pub applicants: Vec<Applicant>,
    /// Positions in [`World::types`].
    pub types: Vec<usize>,
    /// `tmsk` rows; an application without one is not in the issued list.
    pub letters: Vec<Letter>,
    /// Without it there is no detail.
    pub company: Option<Box<Company>>,
    /// Village link rows: none means no detail, several multiply the rows.
    pub villages: Vec<usize>,
}

/// `tmpemohon`.
#[derive(Clone)]
pub struct Applicant {
    pub name: Cell,
    pub address: Cell,
    pub phone: Cell,
}

/// `tmsk`: a number given to an application.
pub struct Letter {
    /// `no_surat`.
    pub number: Cell,
    /// `tgl_surat`.
    pub issued: Cell,
    /// `tmsk.base64`, the code printed in the legacy QR; NULL for older ones.
    pub code: Option<String>,
}

/// `tmperusahaan`.
#[derive(Clone)]
pub struct Company {
    pub name: Cell,
    pub tax_number: Cell,
    pub address: Cell,
    pub founded: Cell,
    pub phone: Cell,
}

/// Where a letter is: application and position in it.
pub type LetterAt = (usize, usize);

/// The database and its indexes.
pub struct World {
    pub seed: u64,
    pub types: Vec<PermitType>,
    /// Issued applications (`c_izin_selesai = 1`).
    pub issued: Vec<Application>,
    /// Applications in process (`c_izin_selesai = 0`).
    pub pending: Vec<Application>,
    pub generator: Generator,
    pub issued_order: Ordered,
    pub pending_order: Ordered,
    pub by_number: HashMap<Vec<u8>, Vec<LetterAt>>,
    pub by_code: HashMap<String, Vec<LetterAt>>,
}

impl World {
    /// A world with exactly `options.permits` permits.
    pub fn new(options: &Options) -> Self {
        let types = types::all();
        let mut generator = Generator::new(options);
        let mut issued = Vec::with_capacity(options.permits);
        let renewals = if options.living { living::RENEWALS.min(options.permits / 10) } else { 0 };
        generator.fill(&types, &mut issued, options.permits - renewals, None);
        if options.living {
            living::end_in_every_month(options.today, &mut issued);
            let made = living::renew(&mut generator, &types, &mut issued, renewals);
            generator.fill(&types, &mut issued, renewals - made, None);
            living::take_mobiles(&mut issued);
        }
        let pending = generator.pending(&types, options.permits / 20 + 3);
        let mut world = Self {
            seed: options.seed,
            types,
            issued,
            pending,
            generator,
            issued_order: Ordered::default(),
            pending_order: Ordered::default(),
            by_number: HashMap::new(),
            by_code: HashMap::new(),
        };
        world.reindex();
        world
    }

    /// Builds the indexes anew; to be called after any change.
    pub fn reindex(&mut self) {
        self.issued_order = Ordered::issued(&self.issued);
        self.pending_order = Ordered::pending(&self.pending);
        self.by_number.clear();
        self.by_code.clear();
        for (at, application) in self.issued.iter().enumerate() {
            for (nth, letter) in application.letters.iter().enumerate() {
                if let Some(number) = &letter.number {
                    self.by_number.entry(collation_key(number)).or_default().push((at, nth));
                }
                if let Some(code) = &letter.code {
                    self.by_code.entry(code.to_lowercase()).or_default().push((at, nth));
                }
            }
        }
    }
}

impl Application {
    /// The shown numbers that are real.
    pub fn real_numbers(&self) -> impl Iterator<Item = String> {
        self.letters.iter().map(|letter| shown(&letter.number)).filter(|number| is_real_number(number))
    }

    /// How many permits this application is, by the product's identity rule: its real numbers, else its types.
    pub fn permits(&self, types: &[PermitType]) -> usize {
        let mut keys: Vec<String> = self.real_numbers().map(|number| fold(&number)).collect();
        if keys.is_empty() && !self.letters.is_empty() {
            keys = self.types.iter().map(|at| fold(&shown(&types[*at].name))).collect();
        }
        keys.sort();
        keys.dedup();
        keys.len()
    }

    /// Whether the detail's inner joins find this application.
    pub fn has_detail(&self) -> bool {
        self.company.is_some() && !self.villages.is_empty()
    }
}

/// What MySQL compares: without case and trailing blanks (inferred).
pub fn collation_key(value: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(value) {
        Ok(text) => fold(text.trim_end_matches(' ')).into_bytes(),
        Err(_) => value.trim_ascii_end().to_ascii_lowercase(),
    }
}
