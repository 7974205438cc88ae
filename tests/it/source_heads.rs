//! Heads and compression as old servers of PHP send them: what curl reads, the worker reads.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sicantik_companion::sicantik::ClientOptions;

use crate::canned_source::Raw;
use crate::office::{QUICK, options, source, source_with};

const LIST: &str = "<xml><item><pendaftaran_id>0000107701072099</pendaftaran_id><n_perizinan>IZIN A</n_perizinan>\
                    <no_surat>503/0001/CTH/2099</no_surat></item></xml>";

#[tokio::test]
async fn a_head_that_is_not_by_the_book_is_read_as_curl_reads_it() {
    let many = (0..150).map(|line| format!("X-Plugin-{line}: 1\r\n")).collect::<Vec<_>>().concat();
    for lines in [
        "Access-Control-Allow-Origin : *\r\n",
        "PHP Warning:  Undefined variable $x in /var/www/api.php on line 7\r\n",
        "Notice without any colon\r\n",
        "Set-Cookie: a=1;\r\n path=/\r\n",
        &many,
    ] {
        let head = format!("HTTP/1.1 200 OK\r\n{lines}Content-Type: application/xml\r\n\r\n{LIST}");
        let sicantik = Raw::spawn(move |_| head.clone().into_bytes()).await;
        let client = source(&sicantik.url());
        let page = client.issued_page(0, 10).await.unwrap_or_else(|error| panic!("{lines:?}: {error}"));
        assert_eq!((page.rows.len(), client.calls()), (1, 1), "{lines:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_compressed_without_saying_so_is_unpacked() {
    let once = gzip(LIST.as_bytes());
    for (said, body) in [("", once.clone()), ("Content-Encoding: gzip\r\n", gzip(&once)), ("", gzip(&once))] {
        let sicantik = Raw::spawn(move |_| answer(said, &body)).await;
        let client = source(&sicantik.url());
        assert_eq!(client.issued_page(0, 10).await.expect("a page").rows.len(), 1);
        assert_eq!(client.calls(), 1);
    }
}

#[tokio::test]
async fn a_broken_compression_is_asked_for_once_more_without_and_that_is_remembered() {
    let warning = b"<br />\n<b>Warning</b>: header() in <b>api.php</b><br />\n";
    let spoilt = [warning.as_slice(), &gzip(LIST.as_bytes())].concat();
    let mut cut = gzip(&LIST.repeat(50).into_bytes());
    cut[30] ^= 0xff;
    for (said, body) in [
        ("Content-Encoding: gzip\r\n", LIST.as_bytes().to_vec()),
        ("Content-Encoding: gzip\r\n", spoilt.clone()),
        ("Content-Encoding: gzip\r\n", cut.clone()),
        ("", spoilt),
        ("", cut),
    ] {
        // Compressed, badly, unless the caller wants none.
        let sicantik = Raw::spawn(move |head| {
            if head.to_lowercase().contains("accept-encoding: identity") {
                answer("", LIST.as_bytes())
            } else {
                answer(said, &body)
            }
        })
        .await;
        let client = source(&sicantik.url());
        for calls in [2, 3] {
            let page = client.issued_page(0, 10).await.unwrap_or_else(|error| panic!("{said:?}: {error}"));
            assert_eq!((page.rows.len(), client.calls()), (1, calls), "{said:?}");
            let [counted] = client.calls_by_endpoint().try_into().expect("one endpoint");
            assert_eq!((counted.calls, counted.failed), (calls, 1), "{said:?}: the broken answer is none");
        }
        let plain = |head: &&String| head.to_lowercase().contains("accept-encoding: identity");
        assert_eq!(sicantik.heads().iter().filter(plain).count(), 2);
    }
}

#[tokio::test]
async fn a_small_body_that_unpacks_to_a_huge_one_is_refused() {
    let bomb = gzip(&vec![b' '; 30 * 1024 * 1024]);
    assert!(bomb.len() < 100 * 1024);
    for said in ["", "Content-Encoding: gzip\r\n"] {
        let body = bomb.clone();
        let sicantik = Raw::spawn(move |_| answer(said, &body)).await;
        let options = ClientOptions { retry: QUICK, ..options(&sicantik.url()) };
        let error = source_with(&options).issued_page(0, 10).await.expect_err("too large");
        assert_eq!(error.code(), "sicantik_page_too_large", "{said:?}: {error}");
    }
}

fn answer(lines: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{lines}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}
