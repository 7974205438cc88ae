//! The server as a client meets it, over a plain socket: statuses, bodies and broken connections.

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::{Value, json};

use super::{Dialect, Options, Rule, Running, spawn};

/// Status line and headers, and the body as it came.
struct Got {
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

async fn send(addr: SocketAddr, method: &str, target: &str, body: &str) -> Got {
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let read = tokio::task::spawn_blocking(move || {
        let mut socket = TcpStream::connect(addr).expect("listens");
        socket.write_all(request.as_bytes()).expect("takes the request");
        let mut all = Vec::new();
        // An aborted connection may end in an error: what has come is kept.
        let _ = socket.read_to_end(&mut all);
        all
    });
    let all = read.await.expect("the reader ends");
    let split = all.windows(4).position(|end| end == b"\r\n\r\n").unwrap_or(all.len());
    let body = all.get(split + 4..).unwrap_or_default().to_vec();
    Got { head: String::from_utf8_lossy(&all[..split]).into_owned(), body }
}

async fn get(running: &Running, path: &str) -> Got {
    send(running.addr, "GET", &format!("/backoffice/api/{path}"), "").await
}

async fn start(options: Options) -> Running {
    spawn(options).await.expect("a free port")
}

fn fault(running: &Running, rule: Value) {
    running.set_faults(vec![serde_json::from_value::<Rule>(rule).expect("a rule")]);
}

const LIST: &str = "listpermohonanterbit/limit/5/offset/0";

#[tokio::test(flavor = "multi_thread")]
async fn answers_have_the_statuses_and_bodies_of_the_real_server() {
    let running = start(Options::default()).await;
    let cases = [
        ("jumlahPerizinan", 200, "<item><jumlahPerizinan>90</jumlahPerizinan></item>"),
        ("JUMLAHperizinan/format/json", 200, "[{\"jumlahPerizinan\":90}]"),
        ("jenisPerizinanList", 200, "<item><id>"),
        (LIST, 200, "<xml><item><pendaftaran_id>"),
        ("listpermohonanterbit//limit/5//offset/0.json", 200, "[{\"pendaftaran_id\":"),
        ("listpermohonanproses?limit=5&offset=0", 200, "</num_rows></item>"),
        ("listpermohonanterbit/limit/5/offset/90000", 404, "<xml><error>Tidak ada data..</error></xml>"),
        ("listpermohonanterbit/limit/0/offset/0?format=json", 404, "{\"error\":\"Tidak ada data..\"}"),
        ("listpermohonanterbit/offset/0", 500, "<title>A Database Error Occurred</title>"),
        ("listpermohonanterbit/limit/5", 500, "<html>"),
        ("cekperizinanizin?no_izin=Tm8%3D", 404, "Tidak ada data.."),
        ("cekperizinanizin?no_izin=Jw%3D%3D", 500, "<html>"),
        ("cekperizinan/no_izin/a+b", 500, "disallowed characters"),
        ("retribusiPerizinan", 404, "<xml><error>Unknown method.</error></xml>"),
        ("", 404, "Unknown method."),
        ("jumlahPerizinan?format=yaml", 200, "Array"),
    ];
    for (path, status, part) in cases {
        let got = get(&running, path).await;
        assert_eq!(got.status(), status, "{path}");
        assert!(got.text().contains(part), "{path}: {}", got.text());
    }
    let head = get(&running, LIST).await.head;
    for header in ["content-type: application/xml\r\n", "access-control-allow-origin: *", "no-cache, no-store"] {
        assert!(head.contains(header), "{head}");
    }
    assert_eq!(send(running.addr, "POST", "/backoffice/api/jumlahPerizinan", "").await.status(), 404);
    assert_eq!(running.calls().len(), cases.len() + 2);
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_bad_byte_is_empty_in_json_and_whole_in_xml() {
    let running = start(Options { permits: 2_000, ..Options::default() }).await;
    let json = get(&running, "listpermohonanterbit/limit/9999/offset/0/format/json").await;
    assert_eq!((json.status(), json.body.len()), (200, 0));
    let xml = get(&running, "listpermohonanterbit/limit/9999/offset/0").await.text();
    assert_eq!(Some(xml.matches("<item>").count()), running.rows().as_array().map(Vec::len));
    assert!(xml.contains("&eacute;") && xml.contains("<n_pemohon/>") && xml.contains('\u{b}'));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_change_the_pages() {
    let running = start(Options::default()).await;
    let rows = |text: String| text.matches("<item>").count();
    running.set(&json!({ "max_page_rows": 30, "list_has_expiry": true })).expect("known settings");
    let page = get(&running, "listpermohonanterbit/limit/400/offset/0").await.text();
    assert!(page.contains("<d_berlaku_izin>") && rows(page) == 30);
    running.set(&json!({ "no_xml": true, "max_page_rows": 0, "permits": 40 })).expect("known settings");
    assert!(get(&running, LIST).await.text().starts_with('['));
    assert_eq!(running.truth()["permits"].as_array().map(Vec::len), Some(40));
    assert!(running.set(&json!({ "max_rows": 1 })).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_spoil_what_they_are_told_to() {
    let running = start(Options::default()).await;
    let whole = get(&running, LIST).await.body.len();
    for (kind, status, starts) in [
        ("status", 503, "<html>"),
        ("html", 200, "<html>"),
        ("empty", 200, ""),
        ("truncate", 200, "<?xml"),
        ("garbage_before", 200, "<br />\n<b>Warning"),
        ("bom", 200, "\u{feff}<?xml"),
        ("wrong_content_type", 200, "<?xml"),
        ("not_json", 200, "Server sedang"),
    ] {
        fault(&running, json!({ "endpoint": "*", "fault": kind, "retry_after": 7, "times": 1 }));
        let got = get(&running, LIST).await;
        assert!(got.status() == status && got.text().starts_with(starts), "{kind}: {}", got.text());
        assert!(got.head.contains("retry-after: 7") && get(&running, LIST).await.status() == 200);
    }
    fault(&running, json!({ "endpoint": "LISTpermohonanterbit", "fault": "reset" }));
    let got = get(&running, LIST).await;
    let promised = got.head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    assert!(promised.is_some_and(|length| !got.body.is_empty() && got.body.len() <= length / 2 + 1), "{}", got.head);
    assert!(whole > 0 && running.calls().iter().any(|call| call.fault == Some("reset")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_counts_what_is_in_flight() {
    let running = start(Options::default()).await;
    fault(&running, json!({ "endpoint": "listpermohonanterbit", "fault": "hang", "hang_ms": 600 }));
    let detail = async {
        while running.calls().len() < 2 {
            tokio::task::yield_now().await;
        }
        get(&running, "cekperizinan?no_izin=x").await
    };
    tokio::join!(get(&running, LIST), get(&running, LIST), detail);
    let calls = running.calls();
    assert_eq!(calls.iter().map(|call| call.in_flight).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(calls.iter().all(|call| call.status.is_some()));
    assert!(calls[..2].iter().all(|call| call.duration_us >= Some(600_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administration_is_json_and_no_call() {
    let running = start(Options { permits: 60, ..Options::default() }).await;
    let admin = async |method: &str, path: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(running.addr, method, &format!("/_admin/{path}"), &body).await
    };
    for (path, body) in [
        ("change", json!({ "what": "number_case", "count": 2 })),
        ("issue", json!({ "count": 2 })),
        ("number", json!({ "count": 2 })),
        ("remove", json!({ "count": 2 })),
        ("settings", json!({ "detail_ms": 1 })),
        ("faults", json!({ "rules": [{ "endpoint": "*", "fault": "hang", "hang_ms": 1 }] })),
    ] {
        let got = admin("POST", path, body).await;
        assert_eq!(got.status(), 200, "{path}: {}", got.text());
        assert!(serde_json::from_slice::<Value>(&got.body).is_ok(), "{path}: {}", got.text());
    }
    for path in ["truth", "rows", "calls", "settings", "faults"] {
        assert_eq!(admin("GET", path, Value::Null).await.status(), 200, "{path}");
    }
    assert_eq!(admin("POST", "settings", json!({ "speed": 1 })).await.status(), 400);
    assert_eq!(admin("DELETE", "faults", Value::Null).await.status(), 204);
    assert!(running.calls().is_empty());
    assert_eq!(admin("POST", "shutdown", Value::Null).await.status(), 204);
    running.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_dialect_speaks_otherwise() {
    let running = start(Options { dialect: Dialect::Simple, ..Options::default() }).await;
    assert!(running.base_url().ends_with("/backoffice/www/api_simple.php"));
    for (query, status, starts) in [
        ("endpoint=jumlahPerizinan", 200, "{\"total\":\""),
        (
            "endpoint=jenisperizinanlist",
            200,
            "[{\"id\":\"2\",\"n_perizinan\":\"IZIN APOTEK\",\"c_perizinan\":\"P001\"}",
        ),
        ("endpoint=listpermohonanterbit&limit=3&offset=0", 200, "[{\"pendaftaran_id\":"),
        ("endpoint=listpermohonanterbit&limit=3&offset=9000", 200, "[]"),
        ("endpoint=cekperizinan", 400, "{\"error\":"),
    ] {
        let got = send(running.addr, "GET", &format!("/backoffice/www/api_simple.php?{query}"), "").await;
        assert!(got.status() == status && got.text().starts_with(starts), "{query}: {}", got.text());
    }
    assert_eq!(get(&running, LIST).await.status(), 404);
}
