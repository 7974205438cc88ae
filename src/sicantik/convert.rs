//! Wire → domain.

use crate::domain::registration::MAX_REGISTRATION;
use crate::domain::text::{MAX_NAME, is_blank_mark, shortened, tidy};
use crate::domain::{
    DataFlags, Flag, Issue, ListRow, MessageArgs, NamedKey, PermitDetail, PermitNumber, PermitType, RegistrationNumber,
    SourceDate,
};
use chrono::NaiveDate;
use quick_xml::escape::resolve_html5_entity;

use super::wire::{Record, windows_1252};

/// The column that the list may carry one day; then no detail call is needed.
pub(super) const EXPIRY_COLUMN: &str = "d_berlaku_izin";

const REGISTRATION_COLUMN: &str = "pendaftaran_id";
const NUMBER_COLUMN: &str = "no_surat";
const TYPE_COLUMN: &str = "n_perizinan";
const APPLICANT_COLUMN: &str = "n_pemohon";

/// A row of the list. Only a row without an application number is refused: nothing could name it.
pub(super) fn list_row(record: &Record) -> Result<ListRow, Issue> {
    let raw_number = record.text(NUMBER_COLUMN);
    let Some(registration) = registration_of(record) else {
        return Err(Issue {
            key: tidy(raw_number),
            code: "registration_missing".to_owned(),
            message: "SICANTIK lists a permit without an application number; correct it in SICANTIK".to_owned(),
            values: MessageArgs::new(),
            permit_id: None,
        });
    };
    let mut flags = DataFlags::default();
    if registration.month().is_none() {
        flags.add(Flag::RegistrationUnusual, REGISTRATION_COLUMN, registration.as_str());
    }
    let number = number_of(record).map_err(|flag| flags.add(flag, NUMBER_COLUMN, raw_number)).ok();
    let permit_type = name(record.text(TYPE_COLUMN));
    if permit_type.is_none() {
        flags.add(Flag::TypeMissing, TYPE_COLUMN, record.text(TYPE_COLUMN));
    }
    flag_cut_texts(record, &mut flags);
    let expiry = record.get(EXPIRY_COLUMN).map(|raw| {
        let date = SourceDate::parse(raw);
        if let SourceDate::Bad(flag) = date {
            flags.add(flag, EXPIRY_COLUMN, raw);
        }
        date
    });
    Ok(ListRow { registration, number, permit_type, applicant: name(record.text(APPLICANT_COLUMN)), expiry, flags })
}

fn flag_cut_texts(record: &Record, flags: &mut DataFlags) {
    let mut look = |column: &str, most: usize, read: fn(&str) -> String| {
        let raw = record.text(column);
        // Two bytes may make three capitals, so what is shorter than this is never cut.
        if raw.len() > most / 2 {
            let whole = tidy(&read(raw));
            if shortened(&whole, most) != whole {
                flags.add(Flag::TextCut, column, raw);
            }
        }
    };
    look(REGISTRATION_COLUMN, MAX_REGISTRATION, str::to_owned);
    look(NUMBER_COLUMN, MAX_NAME, str::to_owned);
    look(TYPE_COLUMN, MAX_NAME, unescape_again);
    look(APPLICANT_COLUMN, MAX_NAME, unescape_again);
}

/// Whether the server sent as numbers what names a permit: such values lose their leading zeros.
pub(super) fn is_named_by_numbers(record: &Record) -> bool {
    let is_one = |column: &str| record.is_number(column) && !is_blank_mark(record.text(column));
    is_one(REGISTRATION_COLUMN) || is_one(NUMBER_COLUMN)
}

fn registration_of(record: &Record) -> Option<RegistrationNumber> {
    let raw = record.text(REGISTRATION_COLUMN);
    if record.is_number(REGISTRATION_COLUMN) {
        RegistrationNumber::parse_number(raw)
    } else {
        RegistrationNumber::parse(raw)
    }
}

/// A permit number knows no length to be filled up to, so one that came as a number is none.
fn number_of(record: &Record) -> Result<PermitNumber, Flag> {
    let number = PermitNumber::parse(record.text(NUMBER_COLUMN))?;
    if record.is_number(NUMBER_COLUMN) { Err(Flag::NumberNotText) } else { Ok(number) }
}

/// A permit type of either dialect; `None` without name or id.
pub(super) fn permit_type(record: &Record) -> Option<PermitType> {
    let raw_name = record.get("jenis_perizinan").or_else(|| record.get("n_perizinan"))?;
    let code = tidy(record.text("id"));
    Some(PermitType {
        name: name(raw_name)?,
        code: (!code.is_empty()).then(|| shortened(&code, MAX_NAME).to_owned())?,
        group: text(record, "kelompok_izin").map(|group| shortened(&group, MAX_NAME).to_owned()),
        processing_days: record.text("v_hari").trim().parse().ok(),
    })
}

/// Of the rows that a detail call gave, the one of this permit: same number, same application, newest date.
pub(super) fn detail(
    records: &[Record],
    registration: &RegistrationNumber,
    number: &PermitNumber,
    endpoint: &'static str,
) -> Option<PermitDetail> {
    let same = |record: &&Record| {
        is_same_number(record, number) && registration_of(record).is_some_and(|found| found == *registration)
    };
    let newest = records.iter().filter(same).max_by_key(|record| SourceDate::parse(record.text("tgl_surat")))?;
    Some(detail_of(newest, endpoint))
}

/// What came as a number is compared as one: `0005031` comes as 5031, `12E3` as 12000.
fn is_same_number(record: &Record, number: &PermitNumber) -> bool {
    let raw = record.text(NUMBER_COLUMN);
    if record.is_number(NUMBER_COLUMN) {
        let value = |text: &str| text.parse::<f64>().ok().map(f64::to_bits);
        return value(raw).is_some() && value(raw) == value(number.folded());
    }
    PermitNumber::parse(raw).is_ok_and(|found| found.folded() == number.folded())
}

fn detail_of(record: &Record, endpoint: &'static str) -> PermitDetail {
    let mut flags = DataFlags::default();
    let issue_date = date(record, "tgl_surat", &mut flags);
    let mut expiry_date = date(record, EXPIRY_COLUMN, &mut flags);
    if let (Some(expiry), Some(issue)) = (expiry_date, issue_date)
        && expiry < issue
    {
        flags.add(Flag::ExpiryBeforeIssue, EXPIRY_COLUMN, record.text(EXPIRY_COLUMN));
        expiry_date = None;
    }
    PermitDetail {
        expiry_date,
        issue_date,
        received_date: date(record, "d_terima_berkas", &mut flags),
        applicant_address: text(record, "a_pemohon"),
        applicant_phone: text(record, "telp_pemohon"),
        company_name: text(record, "n_perusahaan"),
        company_npwp: text(record, "npwp"),
        company_address: text(record, "a_perusahaan"),
        company_phone: text(record, "i_telp_perusahaan"),
        company_founded: date(record, "d_tgl_berdiri", &mut flags),
        district: text(record, "n_kecamatan"),
        village: text(record, "n_kelurahan"),
        regency: text(record, "n_kabupaten"),
        province: text(record, "n_propinsi"),
        endpoint,
        flags,
    }
}

fn date(record: &Record, column: &str, flags: &mut DataFlags) -> Option<NaiveDate> {
    let raw = record.text(column);
    match SourceDate::parse(raw) {
        SourceDate::Date(date) => Some(date),
        SourceDate::None => None,
        SourceDate::Bad(flag) => {
            flags.add(flag, column, raw);
            None
        }
    }
}

fn text(record: &Record, column: &str) -> Option<String> {
    let raw = record.text(column);
    let whole = if record.is_number(column) { raw.strip_suffix(".0").unwrap_or(raw) } else { raw };
    let text = tidy(&unescape_again(whole));
    (!is_blank_mark(&text)).then_some(text)
}

fn name(raw: &str) -> Option<NamedKey> {
    NamedKey::parse(&unescape_again(raw))
}

/// Some texts were stored escaped (`A &amp; B`), so one decoding of the answer leaves them so.
fn unescape_again(raw: &str) -> String {
    let mut parts = raw.split('&');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let entity = part.split_once(';').and_then(|(name, rest)| Some((decode_entity(name)?, rest)));
        match entity {
            Some((decoded, rest)) => text.extend([decoded.as_str(), rest]),
            None => text.extend(["&", part]),
        }
    }
    text
}

fn decode_entity(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(String::from) };
    let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
    let is_number = digits.chars().all(|c| c.is_digit(radix));
    let code = is_number.then(|| u32::from_str_radix(digits, radix).ok()).flatten()?;
    // Numbers that are no visible characters are meant as windows-1252's, as browsers take them.
    let character = u8::try_from(code).ok().map(windows_1252).or_else(|| char::from_u32(code));
    character.map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vectors;

    fn record(columns: &[(&str, &str)]) -> Record {
        let mut record = Record::default();
        for (column, text) in columns {
            record.push(column, text);
        }
        record
    }

    #[test]
    fn a_name_that_was_stored_escaped_is_decoded_once_more() {
        for (raw, right, why) in vectors::of("stored") {
            assert_eq!(name(&raw).map(|name| name.name().to_owned()), Some(right), "{raw:?}: {why}");
        }
    }

    fn numbers(columns: &[(&str, &str)]) -> Record {
        let mut record = Record::default();
        for (column, text) in columns {
            record.push_number(column, text);
        }
        record
    }

    #[test]
    fn an_application_that_came_as_a_number_is_filled_up_and_a_permit_number_is_none() {
        let record = numbers(&[("pendaftaran_id", "107701072099"), ("no_surat", "5031")]);
        let row = list_row(&record).expect("a row");
        assert_eq!((row.registration.as_str(), row.number), ("0000107701072099", None));
        assert_eq!(row.flags.codes().collect::<Vec<_>>(), ["type_missing", "number_not_text"]);
        assert_eq!(row.flags.raw()["no_surat"], "5031");
        assert!(is_named_by_numbers(&record));

        let issue = list_row(&numbers(&[("pendaftaran_id", "107701072025000.0")])).expect_err("no identity");
        assert_eq!(issue.code, "registration_missing");
        let blank = list_row(&numbers(&[("pendaftaran_id", "107701072099"), ("no_surat", "0")])).expect("a row");
        assert_eq!(blank.flags.codes().collect::<Vec<_>>(), ["type_missing", "number_missing"]);
        assert!(!is_named_by_numbers(&numbers(&[("num_rows", "5"), ("no_surat", "0")])));
    }

    #[test]
    fn the_detail_of_a_permit_is_known_by_its_numbers_too() {
        let registration = RegistrationNumber::parse("0000107701072099").expect("a registration");
        for (stored, sent) in [("0005031", "5031"), ("12E3", "12000.0"), ("503.10", "503.1")] {
            let record = numbers(&[
                ("pendaftaran_id", "107701072099"),
                ("no_surat", sent),
                ("telp_pemohon", "81234567890.0"),
                ("npwp", "12345678901000"),
            ]);
            let number = PermitNumber::parse(stored).expect("a number");
            let found = detail(&[record], &registration, &number, "cekperizinan").expect("a detail");
            assert_eq!(found.applicant_phone.as_deref(), Some("81234567890"), "{stored}");
            assert_eq!(found.company_npwp.as_deref(), Some("12345678901000"), "{stored}");
        }
        let other = PermitNumber::parse("0005032").expect("a number");
        let record = numbers(&[("pendaftaran_id", "107701072099"), ("no_surat", "5031")]);
        assert_eq!(detail(&[record], &registration, &other, "cekperizinan"), None);
    }

    #[test]
    fn a_row_of_marks_is_kept_and_flagged() {
        let row = list_row(&record(&[
            ("pendaftaran_id", "0000207701072099"),
            ("n_pemohon", "0"),
            ("n_perizinan", "IZIN  CONTOH A"),
            ("no_surat", "503/0002/CTH/YYY/KK"),
        ]))
        .expect("a row");
        assert_eq!(row.identity(), "T\u{1f}0000207701072099\u{1f}IZIN CONTOH A");
        assert_eq!(row.applicant, None);
        assert_eq!(row.flags.codes().collect::<Vec<_>>(), ["number_placeholder"]);
        assert_eq!(row.flags.raw()["no_surat"], "503/0002/CTH/YYY/KK");
    }

    #[test]
    fn a_long_text_is_cut_and_flagged_and_fails_no_row() {
        // ß is two capitals, the emoji four bytes.
        for letter in ["A", "ß", "ŉ", "😀", "&amp;"] {
            let long = format!("1{}", letter.repeat(600));
            for column in ["pendaftaran_id", "no_surat", "n_perizinan", "n_pemohon"] {
                let mut columns = vec![
                    ("pendaftaran_id", "0000207701072099"),
                    ("no_surat", "503/1"),
                    ("n_perizinan", "IZIN CONTOH"),
                    ("n_pemohon", "PEMOHON"),
                ];
                columns.iter_mut().find(|(name, _)| *name == column).expect("one of them").1 = &long;
                let row = list_row(&record(&columns)).expect("a row");
                assert!(row.flags.codes().any(|code| code == "text_cut"), "{column} {letter}");
                assert_eq!(row.flags.raw()[column], long);
                let number = row.number.as_ref().expect("a number");
                let (kind, applicant) =
                    (row.permit_type.as_ref().expect("a type"), row.applicant.as_ref().expect("one"));
                let texts =
                    [number.as_str(), number.folded(), kind.name(), kind.key(), applicant.name(), applicant.key()];
                assert!(texts.iter().all(|text| text.chars().count() <= 500), "{column} {letter}");
                let identity = row.identity();
                assert!(identity.chars().count() <= 600 && identity.len() < 2_704, "{column} {letter}: {identity}");
            }
        }
        let most = "A".repeat(500);
        let row =
            list_row(&record(&[("pendaftaran_id", "1"), ("no_surat", &most), ("n_pemohon", &most)])).expect("a row");
        assert_eq!(row.applicant.map(|name| name.name().to_owned()), Some(most));
        assert!(!row.flags.codes().any(|code| code == "text_cut"));
    }

    #[test]
    fn a_long_type_or_group_is_cut() {
        let long = "A".repeat(600);
        let columns = [("id", long.as_str()), ("n_perizinan", &long), ("kelompok_izin", &long)];
        let kind = permit_type(&record(&columns)).expect("a type");
        assert_eq!([kind.name.name(), &kind.code, kind.group.as_deref().expect("a group")].map(str::len), [500; 3]);
    }

    #[test]
    fn a_row_that_nothing_names_is_refused_with_a_code() {
        let issue = list_row(&record(&[("no_surat", "503/1")])).expect_err("refused");
        assert_eq!((issue.key.as_str(), issue.code.as_str()), ("503/1", "registration_missing"));
    }

    #[test]
    fn the_detail_is_the_matching_row_not_the_first() {
        // The first row is of another permit.
        let row = |registration, issued, expiry| {
            record(&[
                ("pendaftaran_id", registration),
                ("no_surat", "503/1/a"),
                ("tgl_surat", issued),
                ("d_berlaku_izin", expiry),
            ])
        };
        let records = [
            row("9", "2099-01-01", "2100-01-01"),
            row("1", "2098-01-01", "2098-06-01"),
            row("1", "2098-05-01", "2099-05-01"),
        ];
        let registration = RegistrationNumber::parse("1").expect("a registration");
        let number = PermitNumber::parse("503/1/A").expect("a number");
        let found = detail(&records, &registration, &number, "cekperizinanizin").expect("a detail");
        assert_eq!(found.expiry_date, NaiveDate::from_ymd_opt(2099, 5, 1));
        assert_eq!(detail(&records[..1], &registration, &number, "cekperizinanizin"), None);
    }

    #[test]
    fn an_expiry_before_the_issue_is_flagged_and_not_taken() {
        // `0000-00-00` and its like must not fail the row.
        let found = detail_of(
            &record(&[
                ("tgl_surat", "2099-07-08"),
                ("d_berlaku_izin", "2098-01-01"),
                ("d_terima_berkas", "0000-00-00"),
            ]),
            "cekperizinan",
        );
        assert_eq!(found.expiry_date, None);
        assert_eq!(found.received_date, None);
        assert_eq!(found.flags.codes().collect::<Vec<_>>(), ["expiry_before_issue"]);
    }
}
