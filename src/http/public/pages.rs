//! What people read in place of a document: short, in both languages, and without a word about anybody.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The browser runs nothing, guesses nothing, keeps nothing, and tells nobody where it came from.
const SAFE: [(header::HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "private, no-store"),
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// One page: its title and its sentence, each in Indonesian and in English.
pub(super) struct Page {
    status: StatusCode,
    indonesian: [&'static str; 2],
    english: [&'static str; 2],
}

pub(super) const UNKNOWN: Page = Page {
    status: StatusCode::NOT_FOUND,
    indonesian: [
        "Dokumen tidak ditemukan",
        "Tidak ada dokumen di alamat ini. Periksa alamatnya, atau hubungi kantor perizinan.",
    ],
    english: [
        "Document not found",
        "There is no document at this address. Check the address, or ask the permit office.",
    ],
};

pub(super) const STAFF_ONLY: Page = Page {
    status: StatusCode::GONE,
    indonesian: [
        "Dokumen tidak dibagikan lagi di sini",
        "Dokumen ini sekarang hanya dapat diperoleh di kantor perizinan. Silakan menghubungi kantor perizinan.",
    ],
    english: [
        "Document no longer available here",
        "This document is now given out at the permit office only. Please ask the permit office.",
    ],
};

pub(super) const NOT_NOW: Page = Page {
    status: StatusCode::SERVICE_UNAVAILABLE,
    indonesian: ["Dokumen belum dapat diambil", "Silakan coba lagi beberapa menit lagi."],
    english: ["Document not available now", "Please try again in a few minutes."],
};

pub(super) const TOO_OFTEN: Page = Page {
    status: StatusCode::TOO_MANY_REQUESTS,
    indonesian: ["Terlalu banyak permintaan", "Silakan tunggu sebentar, lalu coba lagi."],
    english: ["Too many requests", "Please wait a moment, then try again."],
};

/// To every answer at the address of a document.
pub(super) fn make_safe(headers: &mut HeaderMap) {
    for (name, value) in SAFE {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

impl Page {
    /// The answer; `wait` = when to ask again.
    pub(super) fn answer(&self, wait: Option<Duration>) -> Response {
        let mut response = (self.status, self.text()).into_response();
        let headers = response.headers_mut();
        make_safe(headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if let Some(wait) = wait {
            headers.insert(header::RETRY_AFTER, (wait.as_secs() + 1).into());
        }
        response
    }

    /// The words stand in this file and need no escaping: they have neither `<` nor `&`.
    fn text(&self) -> String {
        let ([title, sentence], [english_title, english]) = (self.indonesian, self.english);
        format!(
            "<!DOCTYPE html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
             <style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.2rem;\
             color:#222;background:#fff}}h1{{font-size:1.5rem}}h2{{font-size:1.1rem}}\
             section{{margin-top:2rem;color:#555}}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
             <p>{sentence}</p>\n<section lang=\"en\">\n<h2>{english_title}</h2>\n<p>{english}</p>\n</section>\n\
             </main>\n</body>\n</html>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_could_be_taken_for_a_tag() {
        for page in [UNKNOWN, STAFF_ONLY, NOT_NOW, TOO_OFTEN] {
            for words in page.indonesian.iter().chain(&page.english) {
                assert!(!words.contains(['<', '>', '&', '"', '\'']), "{words}");
            }
        }
    }
}
