//! What SICANTIK's answers mean: its three 404s, its two languages, and what must never be repeated aloud.

use std::time::Duration;

use sicantik_companion::domain::{Flag, ListRow, PermitNumber, RegistrationNumber, RunKind};
use sicantik_companion::sicantik::{Client, ClientOptions, DetailAnswer};
use wiremock::ResponseTemplate;

use crate::canned_source::Scripted;
use crate::office::{ONCE, fault, options, source, source_with, spawn};
use crate::simulator::{Kind, Options, Rule};

const NO_DATA: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xml><error>Tidak ada data..</error></xml>";

#[tokio::test]
async fn not_found_with_the_known_words_is_the_end_of_the_list() {
    for body in [NO_DATA, "{\"error\":\"Tidak ada data..\"}", "<xml><error>TIDAK ADA DATA</error></xml>"] {
        let sicantik = Scripted::always(404, body).await;
        let client = source(&sicantik.url());
        assert_eq!(client.issued_page(100, 100).await.expect("an end").received, 0, "{body}");
        assert_eq!(client.calls(), 1);
    }
}

#[tokio::test]
async fn not_found_without_a_body_is_master_data_without_rows() {
    let sicantik = Scripted::always(404, "").await;
    assert_eq!(source(&sicantik.url()).permit_types().await.expect("no types").len(), 0);
}

#[tokio::test]
async fn not_found_that_breaks_off_says_nothing_yet() {
    for body in ["<?xml version=\"1.0\"?><xml><error>Tidak a", "{\"error\":\"Tidak a"] {
        let sicantik = Scripted::always(404, body).await;
        let client = source(&sicantik.url());
        let error = client.issued_page(100, 100).await.expect_err("an error, not an end");
        assert_eq!((error.code(), client.calls() > 1), ("sicantik_unavailable", true), "{body}");
    }
}

#[tokio::test]
async fn not_found_with_a_page_is_a_wrong_address() {
    let sicantik = spawn(Options { permits: 10, ..Options::default() }).await;
    let host = sicantik.base_url().replace("/backoffice/api", "");
    for url in [host.clone(), format!("{host}/api"), format!("{}/listtolak", sicantik.base_url())] {
        let client = source(&url);
        let error = client.issued_page(100, 100).await.expect_err("an error");
        // In the path, in the query, in the second dialect; then never again.
        assert_eq!((error.code(), client.calls()), ("sicantik_wrong_address", 3), "{url}");
        client.issued_page(100, 100).await.expect_err("an error");
        assert_eq!(client.calls(), 4, "{url}");
        assert!(error.to_string().contains("check the API URL"), "{error}");
    }
    for url in [format!("{}/", sicantik.base_url()), format!(" {} ", sicantik.base_url())] {
        source(&url).issued_page(0, 5).await.unwrap_or_else(|error| panic!("{url:?}: {error}"));
    }
}

#[tokio::test]
async fn a_permit_that_the_detail_does_not_know_is_no_data_and_no_failure() {
    for body in [NO_DATA, "<xml><error>No Izin tidak Terdaftar!</error></xml>", ""] {
        let sicantik = Scripted::always(404, body).await;
        let client = source(&sicantik.url());
        let answer = client.detail(&registration(), &number("503/0001/CTH/2099")).await.expect("an answer");
        assert_eq!((answer, client.calls()), (DetailAnswer::NoData, 2), "{body:?}: by number, then by code");
    }
}

#[tokio::test]
async fn a_number_travels_as_padded_base64_with_its_signs_escaped() {
    let sicantik = Scripted::always(404, NO_DATA).await;
    let client = source(&sicantik.url());
    // `No~50?` is `Tm9+NTA/`, with the two signs that a query would spoil.
    for text in ["No~50?", "503/1"] {
        client.detail(&registration(), &number(text)).await.expect("an answer");
    }
    assert_eq!(
        sicantik.asked().await,
        [
            "/backoffice/api/cekperizinanizin?no_izin=Tm9%2BNTA%2F",
            "/backoffice/api/cekperizinan?no_izin=Tm9%2BNTA%2F",
            "/backoffice/api/cekperizinanizin?no_izin=NTAzLzE%3D",
            "/backoffice/api/cekperizinan?no_izin=NTAzLzE%3D",
        ]
    );
}

#[tokio::test]
async fn a_number_with_a_quote_is_looked_up_by_code_only() {
    let sicantik = spawn(Options { permits: 10, ..Options::default() }).await;
    let client = source(&sicantik.base_url());
    let answer = client.detail(&registration(), &number("503/0001/MA'MUR/2099")).await.expect("an answer");
    assert_eq!(answer, DetailAnswer::NoData);
    let asked: Vec<_> = sicantik.calls().into_iter().map(|call| call.endpoint).collect();
    assert_eq!(asked, ["cekperizinan"], "the other one would be an SQL error for good");
}

#[tokio::test]
async fn a_server_without_xml_is_read_in_json() {
    let xml = spawn(Options { permits: 60, ..Options::default() }).await;
    let json = spawn(Options { permits: 60, no_xml: true, ..Options::default() }).await;
    let (from_xml, from_json) = (source(&xml.base_url()), source(&json.base_url()));
    assert_eq!(from_json.type_count().await.expect("a count"), from_xml.type_count().await.expect("a count"));
    assert_eq!(from_json.permit_types().await.expect("types"), from_xml.permit_types().await.expect("types"));

    let (in_json, in_xml) = (from_json.issued_page(0, 500).await, from_xml.issued_page(0, 500).await);
    let (in_json, in_xml) = (in_json.expect("a page"), in_xml.expect("a page"));
    assert_eq!((in_json.format, in_xml.format), ("json", "xml"));
    let key = |row: &ListRow| (row.identity(), row.applicant.as_ref().map(|name| name.key().to_owned()));
    let sorted = |rows: &[_]| {
        let mut keys: Vec<_> = rows.iter().map(key).collect();
        keys.sort();
        keys
    };
    assert_eq!(sorted(&in_json.rows), sorted(&in_xml.rows));
    assert_eq!(from_json.issued_page(500, 500).await.expect("the end").received, 0);
}

#[tokio::test]
async fn one_bad_byte_costs_a_field_in_xml_and_a_page_in_json() {
    let row = |name: &[u8]| {
        [
            b"<xml><item><pendaftaran_id>1</pendaftaran_id><n_pemohon>",
            name,
            b"</n_pemohon>",
            b"<n_perizinan>IZIN A</n_perizinan><no_surat>503/1</no_surat></item></xml>",
        ]
        .concat()
    };
    let sicantik = Scripted::template(ResponseTemplate::new(200).set_body_bytes(row(b"CAF\xC9 CONTOH"))).await;
    let page = source(&sicantik.url()).issued_page(0, 10).await.expect("a page");
    assert_eq!(page.rows[0].applicant.as_ref().expect("a name").name(), "CAFÉ CONTOH", "windows-1252");

    let lost = Scripted::template(ResponseTemplate::new(200).set_body_bytes(row(b""))).await;
    let page = source(&lost.url()).issued_page(0, 10).await.expect("a page");
    assert_eq!((page.rows.len(), page.rows[0].applicant.as_ref()), (1, None));

    let empty = Scripted::always(200, "").await;
    let error = source(&empty.url()).issued_page(10, 10).await.expect_err("an error");
    assert_eq!(error.code(), "sicantik_unavailable");
}

#[tokio::test]
async fn a_compressed_answer_is_read() {
    // `gzip -9n` of a list of one row.
    let gzip = include_bytes!("fixtures/list.xml.gz");
    let template = ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(gzip);
    let sicantik = Scripted::template(template).await;
    let page = source(&sicantik.url()).issued_page(0, 10).await.expect("a page");
    assert_eq!(page.rows[0].identity(), "N\u{1f}0000107701072099\u{1f}503/0001/CTH/DPM-PTSP/2099");
}

#[tokio::test]
async fn a_redirect_is_followed_to_the_same_host_only() {
    let office = spawn(Options { permits: 10, ..Options::default() }).await;
    let redirect = |to: String| ResponseTemplate::new(301).insert_header("location", to);
    let elsewhere = Scripted::template(redirect(format!("{}/jumlahPerizinan", office.base_url()))).await;
    // Another port of the same machine is the same host: http and https have different ports.
    assert_eq!(source(&elsewhere.url()).type_count().await.expect("a count"), Some(90));

    let to_name = office.base_url().replace("127.0.0.1", "localhost");
    let stranger = Scripted::template(redirect(format!("{to_name}/jumlahPerizinan"))).await;
    let error = source(&stranger.url()).type_count().await.expect_err("refused");
    assert_eq!(error.code(), "redirect");
    assert!(error.to_string().contains("to another host"), "{error}");
    assert_eq!(office.calls().len(), 1, "the stranger was not asked");
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let path = "/backoffice/api/jumlahPerizinan";
    let circle = Scripted::template(ResponseTemplate::new(302).insert_header("location", path)).await;
    let client = source(&circle.url());
    let error = client.type_count().await.expect_err("refused");
    assert_eq!((error.code(), client.calls()), ("redirect", 4));
    let [counted] = client.calls_by_endpoint().try_into().expect("one endpoint");
    assert_eq!((counted.calls, counted.error_codes), (4, [("redirect", 1)].into()), "each of them left");
    assert!(error.to_string().contains("again and again"), "{error}");
}

#[tokio::test]
async fn a_body_without_end_is_given_up() {
    let blanks = vec![b' '; 21 * 1024 * 1024];
    let sicantik = Scripted::template(ResponseTemplate::new(200).set_body_raw(blanks, "application/xml")).await;
    let options = ClientOptions { retry: ONCE, ..options(&sicantik.url()) };
    let error = source_with(&options).issued_page(20, 20).await.expect_err("an error");
    assert_eq!(error.code(), "sicantik_page_too_large");
    assert!(error.to_string().contains("more than 20480000 bytes"), "{error}");
    let error = source_with(&options).permit_types().await.expect_err("an error");
    assert_eq!(error.code(), "sicantik_too_much");
}

#[tokio::test]
async fn nothing_but_the_five_endpoints_is_ever_asked() {
    let office = crate::office::Office::with_permits(60).await;
    for kind in [RunKind::Probe, RunKind::All] {
        sicantik_companion::sync::execute(&office.run(kind).await).await;
    }
    let allowed = ["jumlahperizinan", "jenisperizinanlist", "listpermohonanterbit", "cekperizinanizin", "cekperizinan"];
    let calls = office.sicantik.calls();
    assert!(calls.iter().all(|call| allowed.contains(&call.endpoint.as_str())), "{calls:?}");
    for (name, value) in calls.iter().flat_map(|call| &call.params) {
        let fine = match name.as_str() {
            "limit" | "offset" => value.bytes().all(|byte| byte.is_ascii_digit()),
            "no_izin" => {
                !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
            }
            _ => false,
        };
        assert!(fine, "{name} = {value:?}");
    }
}

#[tokio::test]
async fn values_that_cannot_be_taken_never_cost_the_row() {
    let sicantik = spawn(Options { permits: 500, list_has_expiry: true, ..Options::default() }).await;
    let page = source(&sicantik.base_url()).issued_page(0, 5_000).await.expect("a page");
    assert!(page.refused.is_empty());
    assert!(page.has_expiry_column());
    let flagged = |flag: Flag| page.rows.iter().filter(|row| row.flags.codes().any(|code| code == flag.code())).count();
    for flag in [Flag::NumberMissing, Flag::NumberPlaceholder, Flag::DateOutOfRange, Flag::DateUnreadable] {
        assert!(flagged(flag) > 0, "{flag:?}");
    }
}

#[tokio::test]
async fn errors_name_no_person_no_number_and_no_word_of_the_body() {
    let secret = "PEMOHON RAHASIA 0812345678";
    let number = number("503/RAHASIA/2099");
    let encoded = ["NTAzL1JBSEFTSUEvMjA5OQ", "RAHASIA", "0812345678", "pendaftaran"];
    let bodies = [
        (200, format!("<html><body>{secret}</body></html>")),
        (404, format!("<html><body>{secret}</body></html>")),
        (404, format!("<xml><error>{secret}</error></xml>")),
        (200, format!("{{\"error\":\"{secret}\"}}")),
        (200, format!("<xml><item><n_pemohon>{secret}")),
        (200, format!("[{{\"n_pemohon\":\"{secret}\"")),
        (200, format!("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e \"{secret}\">]><xml><item>&e;</item></xml>")),
        (200, secret.to_owned()),
        (500, secret.to_owned()),
        (403, secret.to_owned()),
        (302, secret.to_owned()),
    ];
    for (status, body) in bodies {
        let sicantik = Scripted::always(status, &body).await;
        let error = source_once(&sicantik.url()).detail(&registration(), &number).await.expect_err("an error");
        let texts = format!("{error} {error:?}");
        assert!(encoded.iter().all(|part| !texts.contains(part)), "{status}: {texts}");
    }
    // Nor when the connection breaks.
    let office = spawn(Options { permits: 10, ..Options::default() }).await;
    for kind in [Kind::Reset, Kind::Hang] {
        office.set_faults(vec![Rule { hang_ms: Some(60_000), ..fault("*", kind, 0) }]);
        let error = source_once(&office.base_url()).detail(&registration(), &number).await.expect_err("an error");
        let texts = format!("{error} {error:?}");
        assert!(encoded.iter().all(|part| !texts.contains(part)), "{kind:?}: {texts}");
    }
}

/// Neither waits for long nor tries again.
fn source_once(api_url: &str) -> Client {
    source_with(&ClientOptions { timeout: Duration::from_millis(500), retry: ONCE, ..options(api_url) })
}

fn registration() -> RegistrationNumber {
    RegistrationNumber::parse("0000107701072099").expect("a registration")
}

fn number(text: &str) -> PermitNumber {
    PermitNumber::parse(text).expect("a number")
}
