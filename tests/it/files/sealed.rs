//! What Odoo sends: a document, sealed piece by piece to the worker's public key.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const PIECE: usize = 64 * 1024;

/// A document with what its head says of it.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub version: String,
    pub head: Value,
    pub text: Vec<u8>,
    /// Clear bytes of a piece.
    pub piece: usize,
    /// What the last piece is bound to.
    pub last: &'static [u8],
}

impl Sealed {
    pub fn of(version: &str, text: &[u8]) -> Self {
        let head = json!({
            "version": version,
            "document": "dddddddd-0000-4000-8000-000000000001",
            "number": 1,
            "stage": "original",
            "size": text.len(),
            "sha256": hash_of(text),
            "by": "petugas",
            "most_pages": 500,
            "allow_embedded": false,
        });
        Self { version: version.to_owned(), head, text: text.to_vec(), piece: PIECE, last: b"last" }
    }

    pub fn saying(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.head[name] = value.into();
        self
    }

    /// The body, sealed to this key: an uncompressed point.
    pub fn body(&self, public_key: &[u8]) -> Vec<u8> {
        let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(public_key).expect("a point");
        let (encapsulated, mut context) = hpke::setup_sender::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeS::Base,
            &public,
            b"sicantik-companion upload 1",
        )
        .expect("a context");
        let mut body = encapsulated.to_bytes().to_vec();
        let head = context.seal(self.head.to_string().as_bytes(), b"head").expect("sealed");
        body.extend_from_slice(&u32::try_from(head.len()).expect("short").to_be_bytes());
        body.extend_from_slice(&head);
        let mut pieces: Vec<&[u8]> = self.text.chunks(self.piece).collect();
        if pieces.is_empty() {
            pieces.push(b"");
        }
        for (at, piece) in pieces.iter().enumerate() {
            let bound = if at + 1 == pieces.len() { self.last } else { b"piece" };
            body.extend_from_slice(&context.seal(piece, bound).expect("sealed"));
        }
        body
    }
}

pub fn hash_of(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// A document of one page with exactly as many bytes.
pub fn pdf_of(size: usize) -> Vec<u8> {
    let with_stream = |length: usize| {
        let filler: Vec<u8> = (0..length).map(|at| b"BUDI CONTOH "[at % 12]).collect();
        let mut text = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        let objects: [Vec<u8>; 4] = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>".to_vec(),
            [format!("<</Length {length:010}>>stream\n").as_bytes(), &filler, b"\nendstream"].concat(),
        ];
        for (at, object) in objects.iter().enumerate() {
            places.push(text.len());
            text.extend_from_slice(format!("{} 0 obj", at + 1).as_bytes());
            text.extend_from_slice(object);
            text.extend_from_slice(b"\nendobj\n");
        }
        let xref = text.len();
        text.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
        for place in places {
            text.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        let trailer = format!("trailer<</Size 5/Root 1 0 R>>\nstartxref\n{xref:010}\n%%EOF\n");
        text.extend_from_slice(trailer.as_bytes());
        text
    };
    let smallest = with_stream(0).len();
    assert!(size >= smallest, "{size} is too little: {smallest}");
    let document = with_stream(size - smallest);
    assert_eq!(document.len(), size);
    document
}
