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
    let (folder, sleeper) = script(&format!("{}; exec sleep 600", take(&file)));
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
    for line in ["exit 2".to_owned(), format!("{}; echo '{{\"seen\": 1}}'", take(&file))] {
        let (_folder, other) = script(&line);
        let answer = read(&Reader::new(other), &file, LIMITS).await;
        assert!(matches!(answer, Err(ReaderError::Answer { .. })), "{line}: {answer:?}");
    }
    let (_folder, dying) = script("kill -9 $$");
    assert_eq!(read(&Reader::new(dying), &file, LIMITS).await.expect("an answer"), Err(Refusal::TooComplex));
}

#[tokio::test]
async fn what_does_not_come_whole_or_does_not_fit_together_is_no_answer() {
    let file = Pdf::permit().bytes();
    let size = file.len() as u64;
    let seen = r#"{"seen":{"pages":1,"title":null,"signatures":0,"text":""}}"#;
    let misfit = r#"{"prepared":{"size":3,"byte_range":[0,1,2,3],"hole":[1,2]}}"#;
    for (answer, behind) in
        [(r#"{"stamped":{"size":5}}"#, "abc"), (r#"{"stamped":{"size":99999999}}"#, ""), (misfit, "abc"), (seen, "")]
    {
        let (_folder, other) = script(&format!("{}; echo '{answer}'; printf '{behind}'", take(&file)));
        let reader = Reader::new(other);
        let pieces = || stream::iter([Ok(&file)]);
        let stamped = reader.stamp(pieces(), size, crate::pdf_stamp::ordinary()).await;
        assert!(matches!(stamped, Err(ReaderError::Answer { .. })), "{answer}: {stamped:?}");
        let prepared = reader.prepare(pieces(), size, crate::pdf_field::field()).await;
        assert!(matches!(prepared, Err(ReaderError::Answer { .. })), "{answer}: {prepared:?}");
    }
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
    let file = Pdf::permit().bytes();
    let counted = Counted::new(&file);
    let (reader, limits) = (&counted.reader, LIMITS);
    let (first, second, third) =
        tokio::join!(read(reader, &file, limits), read(reader, &file, limits), read(reader, &file, limits));
    for answer in [first, second, third] {
        assert_eq!(answer.expect("an answer"), Err(Refusal::Damaged));
    }
}

#[tokio::test]
async fn one_child_looks_at_many_files_but_not_for_ever() {
    let file = Pdf::permit().bytes();
    let counted = Counted::new(&file);
    for _ in 0..51 {
        counted.read(&file).await;
    }
    // On a busy machine a look may take so long that another child comes after it.
    let pids = counted.pids();
    assert!(pids.len() >= 2 && pids.len() < 51, "fifty each, at most: {pids:?}");
}

#[tokio::test]
async fn a_child_that_was_ended_between_two_files_is_no_fault_of_the_second() {
    let file = Pdf::permit().bytes();
    let counted = Counted::new(&file);
    counted.read(&file).await;
    kill(&counted.pids()[0]);
    counted.read(&file).await;
    assert_eq!(counted.pids().len(), 2);
}

#[tokio::test]
async fn a_child_that_nobody_needs_goes() {
    let file = Pdf::permit().bytes();
    let mut counted = Counted::new(&file);
    counted.reader = counted.reader.with_most_idle(Duration::from_millis(50));
    counted.read(&file).await;
    let process = PathBuf::from("/proc").join(&counted.pids()[0]);
    for _ in 0..600 {
        if !process.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} is still there", process.display());
}

#[tokio::test]
async fn what_was_too_much_for_a_child_is_not_carried_to_the_next_file() {
    let mut contents = Pdf::permit();
    contents.stream(4, "/Filter /FlateDecode", &bomb(128));
    let (bomb, permit, reader) = (contents.bytes(), Pdf::permit().bytes(), reader());
    for _ in 0..2 {
        assert_eq!(read(&reader, &bomb, LIMITS).await.expect("an answer"), Err(Refusal::TooComplex));
        assert!(read(&reader, &permit, LIMITS).await.expect("an answer").is_ok());
    }
}

/// A reader whose children say of each file that it is damaged, and write down who they are.
struct Counted {
    folder: tempfile::TempDir,
    reader: Reader,
    _script: tempfile::TempDir,
}

impl Counted {
    /// For copies of that file.
    fn new(file: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let here = folder.path().display();
        let looks = format!("mkdir {here}/busy || exit 2; head -c {} > /dev/null; rmdir {here}/busy", file.len());
        let answers = "echo '{\"refused\": \"damaged\"}'";
        let (kept, program) =
            script(&format!("echo $$ >> {here}/pids\nwhile read -r order; do {looks}; {answers}; done"));
        Self { folder, reader: Reader::new(program).with_patience(Duration::from_mins(1)), _script: kept }
    }

    async fn read(&self, file: &[u8]) {
        assert_eq!(read(&self.reader, file, LIMITS).await.expect("an answer"), Err(Refusal::Damaged));
    }

    fn pids(&self) -> Vec<String> {
        let written = std::fs::read_to_string(self.folder.path().join("pids")).expect("it was started");
        written.lines().map(str::to_owned).collect()
    }
}

/// Kills it, unless a busy machine has had it ended for its slowness, and waits until it is dead.
fn kill(pid: &str) {
    let _ = Command::new("kill").args(["-9", pid]).output().expect("a shell");
    let is_alive = || {
        let told = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        told.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
    };
    while is_alive() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What a script does to take that file, and the order before it.
fn take(file: &[u8]) -> String {
    format!("read -r order && head -c {} > /dev/null", file.len())
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
