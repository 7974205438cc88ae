//! What SICANTIK's detail call says of one permit.

use chrono::NaiveDate;

use super::text::content_hash;
use super::{E164, Notes, PermitNumber, PhoneState, RegistrationNumber, phone_number};

/// The detail of a permit. Texts are tidy and never empty; dates are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermitDetail {
    /// Valid until (*berlaku izin*).
    pub expiry_date: Option<NaiveDate>,
    /// Date on the permit (*tanggal surat*).
    pub issue_date: Option<NaiveDate>,
    /// When the application was received (*terima berkas*).
    pub received_date: Option<NaiveDate>,
    /// Address of the applicant.
    pub applicant_address: Option<String>,
    /// Phone of the applicant, free text.
    pub applicant_phone: Option<String>,
    /// The company.
    pub company_name: Option<String>,
    /// Its tax number, free text.
    pub company_npwp: Option<String>,
    /// Its address.
    pub company_address: Option<String>,
    /// Its phone, free text.
    pub company_phone: Option<String>,
    /// When it was founded.
    pub company_founded: Option<NaiveDate>,
    /// *Kecamatan*.
    pub district: Option<String>,
    /// *Kelurahan* or *desa*.
    pub village: Option<String>,
    /// *Kabupaten*.
    pub regency: Option<String>,
    /// *Propinsi*.
    pub province: Option<String>,
    /// The endpoint that answered.
    pub endpoint: &'static str,
    /// What could not be taken as it is.
    pub notes: Notes,
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
        content_hash(parts.chain(whatsapp).chain(self.notes.hash_parts()))
    }
}

/// A permit whose detail is due.
#[derive(Debug, Clone, PartialEq)]
pub struct DuePermit {
    /// Odoo's id.
    pub id: i64,
    /// The application.
    pub registration: RegistrationNumber,
    /// The permit number.
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
    Failed {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        message: String,
    },
}
