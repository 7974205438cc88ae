//! Signatures by an office's own authority, judged by OpenSSL.

use std::path::Path;
use std::process::{Command, Output};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sicantik_companion::clock::{Clock, SystemClock};
use sicantik_companion::signing::local::{
    Authority, CmsError, Ended, Issued, KeyError, Person, Question, Signed, Signer, SigningKey, TimeStampError,
};

const CONTENT: &[u8] = b"isi surat izin";

/// Tests use the machine's own time: OpenSSL judges by that.
fn now() -> DateTime<Utc> {
    SystemClock.now()
}

fn person() -> Person {
    Person {
        name: "Budi Contoh".to_owned(),
        title: "Kepala Dinas".to_owned(),
        organization: "DPMPTSP Kabupaten Contoh".to_owned(),
    }
}

struct Paper {
    folder: tempfile::TempDir,
    authority: Authority,
    issued: Issued,
}

impl Paper {
    /// In the folder: `ca.der`, `own.der`, `content`.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = Authority::make("Otoritas Contoh", "DPMPTSP Kabupaten Contoh", now()).expect("an authority");
        let authority = Authority::open(&made.certificate, &made.key).expect("it opens");
        let lists = ["http://kantor.example.test/tte.crl".to_owned()];
        let issued = authority.issue(&person(), &lists, now()).expect("a certificate");
        let paper = Self { folder, authority, issued };
        paper.write("ca.der", paper.authority.certificate());
        paper.write("own.der", &paper.issued.certificate);
        paper.write("content", CONTENT);
        paper.openssl("x509 -inform DER -in ca.der -out ca.pem");
        paper.openssl("x509 -inform DER -in own.der -out own.pem");
        paper
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(name), bytes).expect("it is written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).expect("it is read")
    }

    fn try_openssl(&self, line: &str) -> Output {
        let words = line.split_whitespace();
        Command::new("openssl").args(words).current_dir(self.path()).output().expect("openssl is installed")
    }

    /// What it says; it must agree.
    fn openssl(&self, line: &str) -> String {
        let done = self.try_openssl(line);
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{line}: {said}");
        said
    }

    fn signer(&self) -> Signer {
        let key = SigningKey::from_pkcs8(&self.issued.key).expect("a key");
        Signer::new(key, &[&self.issued.certificate[..], self.authority.certificate()]).expect("they fit")
    }

    fn signed(&self) -> Signed {
        Signed::new(&Sha256::digest(CONTENT).into(), &self.signer()).expect("signed")
    }
}

const VERIFY: &str =
    "cms -verify -cades -inform DER -in signed.der -content content -binary -CAfile ca.pem -purpose any -out out";

#[test]
fn openssl_accepts_a_signature_and_finds_each_altered_byte() {
    let paper = Paper::new();
    paper.write("signed.der", &paper.signed().to_der().expect("DER"));
    assert!(paper.openssl(VERIFY).contains("Verification successful"));
    let shown = paper.openssl("cms -cmsout -print -noout -inform DER -in signed.der");
    assert!(!shown.contains("signingTime"), "PAdES has none here");
    for wanted in ["id-smime-aa-signingCertificateV2", "messageDigest", "contentType"] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    paper.write("content", b"isi surat lain");
    assert!(!paper.try_openssl(VERIFY).status.success());
}

#[test]
fn certificates_say_whose_they_are_and_what_for() {
    let paper = Paper::new();
    let shown = paper.openssl("x509 -in own.pem -noout -text -nameopt RFC2253,utf8");
    for wanted in [
        "Subject: CN=Budi Contoh,title=Kepala Dinas,O=DPMPTSP Kabupaten Contoh,C=ID",
        "Issuer: CN=Otoritas Contoh,O=DPMPTSP Kabupaten Contoh,C=ID",
        "Digital Signature, Non Repudiation",
        "E-mail Protection",
        "1.3.6.1.5.5.7.3.36",
        "URI:http://kantor.example.test/tte.crl",
        "CA:FALSE",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    paper.openssl("verify -CAfile ca.pem -x509_strict own.pem");
}

#[test]
fn what_was_ended_stands_in_the_list() {
    let paper = Paper::new();
    let number = paper.openssl("x509 -in own.pem -noout -serial");
    let number = number.trim().trim_start_matches("serial=");
    let serial = (0..number.len()).step_by(2).map(|at| u8::from_str_radix(&number[at..at + 2], 16).expect("hex"));
    let ended = Ended { serial: serial.collect(), since: now() - TimeDelta::hours(1) };
    for (ended, is_good) in [(vec![], true), (vec![ended], false)] {
        let list = paper.authority.revocation_list(&ended, 1, now()).expect("a list");
        paper.write("list.der", &list);
        paper.openssl("crl -inform DER -in list.der -out list.pem -CAfile ca.pem");
        let checked = paper.try_openssl("verify -CAfile ca.pem -crl_check -CRLfile list.pem own.pem");
        assert_eq!(checked.status.success(), is_good, "{checked:?}");
    }
}

#[test]
fn a_key_of_rsa_signs_too_and_a_short_or_strange_one_does_not() {
    let paper = Paper::new();
    for (bits, wanted) in [(2048, None), (3072, None), (1024, Some(KeyError::Kind))] {
        paper.openssl(&format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -outform DER -out rsa.der"));
        paper.openssl("pkey -inform DER -in rsa.der -out rsa.pem");
        paper.openssl("pkcs8 -topk8 -nocrypt -in rsa.pem -outform DER -out rsa8.der");
        let key = SigningKey::from_pkcs8(&paper.read("rsa8.der"));
        assert_eq!(key.as_ref().err().copied(), wanted, "{bits}");
        let Ok(key) = key else { continue };
        paper.openssl("req -x509 -new -key rsa.pem -subj /CN=Budi/C=ID -days 2 -outform DER -out rsa-own.der");
        paper.openssl("x509 -inform DER -in rsa-own.der -out ca.pem");
        let official = Signer::new(key, &[paper.read("rsa-own.der")]).expect("they fit");
        let signed = Signed::new(&Sha256::digest(CONTENT).into(), &official).expect("signed");
        paper.write("signed.der", &signed.to_der().expect("DER"));
        assert!(paper.openssl(VERIFY).contains("Verification successful"), "{bits}");
    }
    paper.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -outform DER -out other.der");
    assert!(SigningKey::from_pkcs8(&paper.read("other.der")).is_err());
    let key = SigningKey::from_pkcs8(&paper.issued.key).expect("a key");
    let other = Signer::new(key, &[paper.authority.certificate()]);
    assert!(matches!(other, Err(CmsError::OtherKey)), "{other:?}");
}

#[test]
fn a_time_stamp_is_taken_of_the_signature_and_of_nothing_else() {
    let paper = Paper::new();
    let configuration =
        "[tsa]\nserial = serial\ndefault_policy = 1.2.3.4.1\ndigests = sha256\nsigner_digest = sha256\n";
    paper.write("tsa.cnf", format!("default_tsa = tsa\n{configuration}ess_cert_id_alg = sha256\n").as_bytes());
    paper.write("tsa.ext", b"extendedKeyUsage = critical, timeStamping\n");
    paper.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tca.key -subj /CN=TCA -days 2 -out tca.pem");
    paper.openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -subj /CN=TSA -out tsa.csr",
    );
    paper.openssl(
        "x509 -req -in tsa.csr -CA tca.pem -CAkey tca.key -CAcreateserial -days 2 -extfile tsa.ext -out tsa.pem",
    );
    let signed = paper.signed();
    let reply = |question: &Question| {
        paper.write("query.tsq", &question.to_der().expect("DER"));
        paper.openssl(
            "ts -reply -config tsa.cnf -section tsa -queryfile query.tsq -signer tsa.pem -inkey tsa.key -out reply.tsr",
        );
        paper.read("reply.tsr")
    };
    let question = Question::of(signed.signature()).expect("a question");
    let answer = reply(&question);
    let token = question.token(&answer).expect("a token");
    // Another question, of the same signature too, is not answered by it.
    let again = Question::of(signed.signature()).expect("a question");
    assert_eq!(again.token(&answer), Err(TimeStampError::OfOther));
    let of_other = Question::of(b"other").expect("a question");
    assert_eq!(of_other.token(&answer), Err(TimeStampError::OfOther));
    assert_eq!(question.token(&answer[..answer.len() - 1]), Err(TimeStampError::Malformed));
    assert_eq!(question.token(&[0x30, 5, 0x30, 3, 2, 1, 2]), Err(TimeStampError::Refused(2)));
    // The stamp stands beside the signature, which is as it was.
    let signature = signed.signature().to_vec();
    let stamped = signed.with_time_stamp(&token).expect("stamped");
    assert_eq!(stamped.signature(), signature);
    paper.write("signed.der", &stamped.to_der().expect("DER"));
    assert!(paper.openssl(VERIFY).contains("Verification successful"));
    assert!(
        paper.openssl("cms -cmsout -print -noout -inform DER -in signed.der").contains("id-smime-aa-timeStampToken")
    );
    paper.write("signature", &signature);
    paper.write("token.der", &token);
    paper.openssl("ts -verify -token_in -in token.der -data signature -CAfile tca.pem -untrusted tsa.pem");
}
