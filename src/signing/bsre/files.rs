//! A file as it comes back, compared with the one that was sent while it arrives: only what stands behind it is kept.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use crate::signing::{Signed, Why};

/// How a PDF begins.
pub(super) const HEADER: &[u8] = b"%PDF-";

/// What a signature puts behind a file: some ten KiB, or a few hundred with all certificates and lists of revoked ones.
const MOST_APPENDED: usize = 8 * 1024 * 1024;

/// Characters of base64 that are decoded at once.
const AT_ONCE: usize = 64 * 1024;

/// Servers differ in whether they write the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One file on its way back.
pub(super) struct Arriving {
    original: Bytes,
    /// Bytes that were as they were sent.
    same: usize,
    appended: Vec<u8>,
    fault: Option<Why>,
}

impl Arriving {
    pub(super) fn new(original: Bytes) -> Self {
        Self { original, same: 0, appended: Vec::new(), fault: None }
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        if self.fault.is_some() {
            return;
        }
        let expected = &self.original[self.same..];
        let (now, behind) = bytes.split_at(bytes.len().min(expected.len()));
        if expected.starts_with(now) {
            self.same += now.len();
        } else {
            // A header that differs tells a file that is none from another one.
            let is_headless = self.same == 0 && !now.starts_with(HEADER);
            self.fault = Some(if is_headless { Why::NotPdf } else { Why::OtherFile });
            return;
        }
        if self.appended.len() + behind.len() > MOST_APPENDED {
            self.fault = Some(Why::OtherFile);
            return;
        }
        self.appended.extend_from_slice(behind);
    }

    fn fail(&mut self, why: Why) {
        self.fault.get_or_insert(why);
    }

    /// The file, if it is ours and longer.
    pub(super) fn end(self) -> Result<Signed, Why> {
        match self.fault {
            Some(why) => Err(why),
            None if self.same < self.original.len() || self.original.is_empty() => Err(Why::NotPdf),
            None if self.appended.is_empty() => Err(Why::SameFile),
            None => Ok(Signed::new(self.original, self.appended)),
        }
    }
}

/// A file that arrives in base64, with or without line breaks.
pub(super) struct Decoding {
    file: Arriving,
    waiting: Vec<u8>,
    buffer: Vec<u8>,
}

impl Decoding {
    pub(super) fn new(original: Bytes) -> Self {
        Self { file: Arriving::new(original), waiting: Vec::new(), buffer: vec![0; AT_ONCE] }
    }

    pub(super) fn take(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            let (now, later) = text.split_at(text.len().min(AT_ONCE - self.waiting.len()));
            self.waiting.extend(now.iter().filter(|byte| !byte.is_ascii_whitespace()));
            text = later;
            if self.waiting.len() == AT_ONCE {
                self.decode();
            }
        }
    }

    fn decode(&mut self) {
        match BASE64.decode_slice(&self.waiting, &mut self.buffer) {
            Ok(length) => self.file.take(&self.buffer[..length]),
            Err(_) => self.file.fail(Why::NotPdf),
        }
        self.waiting.clear();
    }

    pub(super) fn end(mut self) -> Result<Signed, Why> {
        self.decode();
        self.file.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(original: &[u8], bytes: &[u8], step: usize) -> Result<Vec<u8>, Why> {
        let mut file = Arriving::new(Bytes::copy_from_slice(original));
        bytes.chunks(step).for_each(|piece| file.take(piece));
        file.end().map(|signed| signed.appended().to_vec())
    }

    #[test]
    fn only_a_longer_file_that_begins_with_ours_is_taken() {
        let ours = b"%PDF-1.7 ours";
        for step in [1, 5, 6, 100] {
            assert_eq!(came(ours, b"%PDF-1.7 ours and a signature", step), Ok(b" and a signature".to_vec()), "{step}");
            assert_eq!(came(ours, ours, step), Err(Why::SameFile), "{step}");
            assert_eq!(came(ours, b"%PDF-1.7 our", step), Err(Why::NotPdf), "cut: {step}");
            assert_eq!(came(ours, b"%PDF-1.7 theirs, signed", step), Err(Why::OtherFile), "{step}");
            assert_eq!(came(ours, b"", step), Err(Why::NotPdf), "{step}");
        }
        assert_eq!(came(ours, b"<html></html> of a proxy", 100), Err(Why::NotPdf));
        assert_eq!(came(ours, b"%PDF-1.4 rewritten whole", 100), Err(Why::OtherFile));
        assert_eq!(came(ours, &[&ours[..], &vec![b' '; MOST_APPENDED + 1]].concat(), 1 << 20), Err(Why::OtherFile));
    }

    #[test]
    fn base64_is_read_however_it_is_broken_into_lines_and_padded() {
        let original = Bytes::from([HEADER, &vec![7; 3 * AT_ONCE]].concat());
        let whole = [&original[..], b"signature!"].concat();
        let text = base64::engine::general_purpose::STANDARD.encode(&whole);
        let lines: Vec<u8> = text.as_bytes().chunks(76).flat_map(|line| [line, b"\r\n"].concat()).collect();
        for (text, step) in [
            (text.as_bytes(), 1_000_000),
            (text.as_bytes(), 4_097),
            (text.trim_end_matches('=').as_bytes(), 1_001),
            (&lines, 9_999),
            (&lines, 1),
        ] {
            let mut file = Decoding::new(original.clone());
            text.chunks(step).for_each(|piece| file.take(piece));
            assert_eq!(file.end().map(|signed| signed.appended().to_vec()), Ok(b"signature!".to_vec()), "{step}");
        }
        for broken in ["%%%%", "JVBERi0=JVBERi0=", "JVBERi0xL", ""] {
            let mut file = Decoding::new(Bytes::from_static(b"%PDF-"));
            file.take(broken.as_bytes());
            assert_eq!(file.end().map(drop), Err(Why::NotPdf), "{broken}");
        }
    }
}
