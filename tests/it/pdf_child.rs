//! The look as the worker has it done: by a process that may be ended by what it reads, while the worker goes on.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use sicantik_companion::pdf::{Limits, Reader, ReaderError, Refusal, Seen};

use crate::pdf_files::{FREE, PAGES, Pdf, bomb};
use crate::pdf_verdicts::LIMITS;

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_sicantik").into()
}

fn reader() -> Reader {
    // A busy machine gets more than an idle one needs.
    Reader::new(program()).with_patience(Duration::from_mins(1))
}

async fn read(reader: &Reader, file: &[u8], limits: Limits) -> Result<Result<Seen, Refusal>, ReaderError> {
    reader.read(stream::iter(file.chunks(65_536).map(Ok)), file.len() as u64, limits).await
}

async fn code(file: &[u8]) -> &'static str {
    let answer = read(&reader(), file, LIMITS).await.expect("an answer");
    answer.map_or_else(Refusal::code, |_| "taken")
}

#[tokio::test]
async fn a_file_is_seen_as_it_is_seen_without_a_process() {
    let signed = Pdf::with("", &["<< /V << /ByteRange [] /Contents <> >> >>", "<< /Type /EmbeddedFile >>"]).bytes();
    let mut cases = Vec::new();
    for allow_embedded in [false, true] {
        cases.extend([false, true].map(|wants_original| Limits { most_pages: 1, allow_embedded, wants_original }));
    }
    cases.push(Limits { most_pages: 0, ..LIMITS });
    let reader = reader();
    let mut answers = Vec::new();
    for limits in cases {
        let answer = read(&reader, &signed, limits).await.expect("an answer");
        assert_eq!(answer, sicantik_companion::pdf::look(&signed, &limits));
        answers.push(answer.map_or_else(Refusal::code, |_| "taken"));
    }
    assert_eq!(answers, ["embedded_files", "embedded_files", "taken", "signed", "too_many_pages"]);
    assert_eq!(code(b"").await, "empty");
}

#[tokio::test]
async fn what_unpacks_to_four_gigabytes_is_too_complex() {
    let bomb = bomb(128);
    assert!(bomb.len() < 5 << 20, "{}", bomb.len());
    let mut contents = Pdf::permit();
    contents.stream(4, "/Filter /FlateDecode", &bomb);
    assert_eq!(code(&contents.bytes()).await, "too_complex", "contents");
    let mut objects = Pdf::permit();
    objects.stream(FREE, "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode", &bomb);
    assert_eq!(code(&objects.bytes()).await, "too_complex", "an object stream");
    let mut twice = Pdf::permit();
    twice.stream(FREE, "/Filter [/FlateDecode /FlateDecode]", &crate::pdf_files::packed(&bomb));
    assert_eq!(code(&twice.bytes()).await, "too_complex", "packed twice");
    let mut table = Pdf::permit();
    let dictionary = "/Type /XRef /W [1 4 2] /Size 20 /Root 1 0 R /Filter /FlateDecode";
    table.stream(FREE, dictionary, &bomb);
    let file = table.bytes();
    let start = file.windows(8).position(|window| window == b"10 0 obj").expect("it is there");
    let file = [&file[..], format!("startxref\n{start}\n%%EOF\n").as_bytes()].concat();
    let file = [file, vec![b' '; 20]].concat();
    // Where there is memory enough to see that it is too much, it is a table that cannot be read.
    let code = code(&file).await;
    assert!(["too_complex", "damaged"].contains(&code), "a table: {code}");
}

#[tokio::test]
async fn many_pages_are_counted_or_refused() {
    let mut pdf = Pdf::permit();
    let kids: Vec<String> = (FREE..FREE + 100_000).map(|number| format!("{number} 0 R")).collect();
    (FREE..FREE + 100_000).for_each(|number| pdf.set(number, "<< /Type /Page /Parent 2 0 R >>"));
    pdf.set(PAGES, &format!("<< /Type /Pages /Count 100000 /Kids [{}] >>", kids.join(" ")));
    let file = pdf.bytes();
    assert_eq!(code(&file).await, "too_many_pages");
    let allowing = Limits { most_pages: 100_000, ..LIMITS };
    let seen = read(&reader(), &file, allowing).await.expect("an answer").expect("taken");
    assert_eq!(seen.pages, 100_000);
}

#[tokio::test]
async fn whatever_is_flipped_or_cut_there_is_an_answer() {
    let reader = reader();
    let files = [Pdf::permit().bytes(), Pdf::permit().in_object_stream()];
    let mut random = fastrand::Rng::with_seed(20_260_713);
    for round in 0..60 {
        let mut file = files[round % 2].clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..file.len());
            file[at] ^= 1 << random.u8(..8);
        }
        if round % 5 == 0 {
            file.truncate(random.usize(..file.len()));
        }
        read(&reader, &file, LIMITS).await.expect("an answer").map_or_else(Refusal::code, |_| "taken");
    }
}

#[tokio::test]
async fn a_file_that_takes_too_long_is_too_complex_and_its_child_is_gone() {
    let file = Pdf::permit().bytes();
    // It sleeps instead of looking.
    let (folder, sleeper) = script("cat > /dev/null; exec sleep 600");
    let reader = Reader::new(sleeper).with_patience(Duration::from_millis(300));
    let answer = read(&reader, &file, LIMITS).await.expect("an answer");
    assert_eq!(answer, Err(Refusal::TooComplex));
    drop(folder);
}

#[tokio::test]
async fn a_program_that_is_not_there_or_another_is_no_fault_of_the_file() {
    let file = Pdf::permit().bytes();
    let missing = read(&Reader::new("/nowhere/sicantik".into()), &file, LIMITS).await;
    assert!(matches!(missing, Err(ReaderError::Start { .. })), "{missing:?}");
    for line in [
        "exit 2",
        "cat > /dev/null; echo '{\"seen\": 1}'",
        "cat > /dev/null; echo '{\"refused\": \"damaged\"}'; exit 1",
    ] {
        let (_folder, other) = script(line);
        let answer = read(&Reader::new(other), &file, LIMITS).await;
        assert!(matches!(answer, Err(ReaderError::Answer { .. })), "{line}: {answer:?}");
    }
    let (_folder, dying) = script("kill -9 $$");
    assert_eq!(read(&Reader::new(dying), &file, LIMITS).await.expect("an answer"), Err(Refusal::TooComplex));
}

#[tokio::test]
async fn a_file_that_does_not_come_is_no_fault_of_the_file() {
    let file = Pdf::permit().bytes();
    let size = file.len() as u64;
    let reader = reader();
    for said in [size - 1, size + 1] {
        let answer = reader.read(stream::iter([Ok(&file)]), said, LIMITS).await;
        assert!(matches!(answer, Err(ReaderError::Source(_))), "{answer:?}");
    }
    let answer = reader.read(Failing, size, LIMITS).await;
    assert!(matches!(answer, Err(ReaderError::Source(_))), "{answer:?}");
    let hasty = Reader::new(program()).with_patience(Duration::from_millis(100));
    let answer = hasty.read(Silent, size, LIMITS).await;
    assert!(matches!(answer, Err(ReaderError::Source(_))), "{answer:?}");
    assert!(read(&reader, &file, LIMITS).await.expect("an answer").is_ok(), "the next one has its turn");
}

#[tokio::test]
async fn one_is_looked_at_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let mark = folder.path().join("busy");
    let mark = mark.display();
    let (_script, program) =
        script(&format!("mkdir {mark} || exit 2; cat > /dev/null; rmdir {mark}; echo '{{\"refused\": \"damaged\"}}'"));
    let reader = Reader::new(program).with_patience(Duration::from_mins(1));
    let file = Pdf::permit().bytes();
    let (first, second, third) =
        tokio::join!(read(&reader, &file, LIMITS), read(&reader, &file, LIMITS), read(&reader, &file, LIMITS));
    for answer in [first, second, third] {
        assert_eq!(answer.expect("an answer"), Err(Refusal::Damaged));
    }
}

/// A program that does what the line says, whatever it is asked.
fn script(line: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("program");
    let text = format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{line}\n");
    // Written by another process: what this one has open is inherited by whatever starts meanwhile, and is busy then.
    let writes = "printf '%s' \"$1\" > \"$0\" && chmod 700 \"$0\"";
    let written = Command::new("sh").args(["-c", writes]).arg(&path).arg(text).status().expect("a shell");
    assert!(written.success());
    (folder, path)
}

/// Brings nothing, and fails.
struct Failing;

impl Stream for Failing {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Err(io::Error::other("the disk is gone"))))
    }
}

/// Brings nothing, ever.
struct Silent;

impl Stream for Silent {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}
