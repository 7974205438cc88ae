//! What SICANTIK's detail call says of one permit.

use chrono::NaiveDate;

use super::text::content_hash;
use super::{DataFlags, E164, PermitNumber, PhoneState, RegistrationNumber, phone_number};

/// The detail of a permit. Texts are tidy and never empty; dates are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermitDetail {
    /// Valid until (*berlaku izin*).
    pub expiry_date: Option<NaiveDate>,
    /// Date on the permit (*tanggal surat*).
    pub issue_date: Option<NaiveDate>,
    /// When the application was received (*terima berkas*).
    pub received_date: Option<NaiveDate>,
    pub applicant_address: Option<String>,
    pub applicant_phone: Option<String>,
    pub company_name: Option<String>,
    /// Its tax number, free text.
    pub company_npwp: Option<String>,
    pub company_address: Option<String>,
    /// Its phone, free text.
    pub company_phone: Option<String>,
    pub company_founded: Option<NaiveDate>,
    /// *Kecamatan*.
    pub district: Option<String>,
    /// *Kelurahan* or *desa*.
    pub village: Option<String>,
    /// *Kabupaten*.
    pub regency: Option<String>,
    /// *Propinsi*.
    pub province: Option<String>,
    pub endpoint: &'static str,
    pub flags: DataFlags,
}

impl PermitDetail {
    /// The applicant's number for WhatsApp, or why there is none.
    #[must_use]
    pub fn applicant_whatsapp(&self) -> (Option<E164>, PhoneState) {
        phone_number::parse(self.applicant_phone.as_deref().unwrap_or_default())
    }

    /// Changes when any stored value changes.
    #[must_use]
    pub fn hash(&self) -> String {
        let dates = [self.expiry_date, self.issue_date, self.received_date, self.company_founded]
            .map(|date| date.map(|d| d.to_string()).unwrap_or_default());
        let texts = [
            &self.applicant_address,
            &self.applicant_phone,
            &self.company_name,
            &self.company_npwp,
            &self.company_address,
            &self.company_phone,
            &self.district,
            &self.village,
            &self.regency,
            &self.province,
        ];
        // Read from the phone, but by a rule that may get better.
        let (whatsapp, state) = self.applicant_whatsapp();
        let whatsapp = [whatsapp.as_ref().map_or("", E164::as_str), state.as_str()];
        let parts = dates.iter().map(String::as_str).chain(texts.into_iter().map(|text| text.as_deref().unwrap_or("")));
        content_hash(parts.chain(whatsapp).chain(self.flags.hash_parts()))
    }
}

/// A permit whose detail is due.
#[derive(Debug, Clone, PartialEq)]
pub struct DuePermit {
    /// Odoo's id.
    pub id: i64,
    pub registration: RegistrationNumber,
    pub number: PermitNumber,
}

/// What came of asking for a detail.
#[derive(Debug, Clone, PartialEq)]
pub enum DetailResult {
    /// SICANTIK has it.
    Found(Box<PermitDetail>),
    /// SICANTIK says that it has none.
    NoData,
    /// It could not be asked.
    Failed { code: &'static str, message: String },
}
