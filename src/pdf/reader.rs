//! The worker's side: one child at a time, fed piece by piece, and ended when it takes too long, when it has looked at
//! enough, or when nothing comes any more.

use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use rustix::pipe::fcntl_setpipe_size;
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::child::{Answer, Order};
use super::{Limits, Refusal, Seen};

/// How long the delivery of a file may take, and how long a look, by the time of the day: three times what the child may use
/// of the processor, which others use, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes that are under way to a child, as far as the system allows: of the 64 KiB that it gives by itself, worker and child
/// would wait for each other thirty times in a file of 2 MB.
const UNDER_WAY: usize = 1 << 20;

/// So many files one child looks at. Whatever one of them leaves behind does not stay for long.
const MOST_FILES: u32 = 50;

/// A child that had more to do than this is ended, so that the next file has all of the time and the memory.
const MOST_LOOK: Duration = Duration::from_millis(100);
const SMALL: u64 = 4 << 20;

/// A child that waits longer for a file is ended.
const MOST_IDLE: Duration = Duration::from_secs(10);

/// More than an answer can have: its text is at most 64 KiB.
const MOST_ANSWER: u64 = 256 << 10;

/// Looks at files by processes of its own, at one file at a time.
#[derive(Debug)]
pub struct Reader {
    program: PathBuf,
    patience: Duration,
    most_idle: Duration,
    /// The child that waits for the next file. Whoever has the lock has the turn.
    waiting: Arc<Mutex<Option<Looking>>>,
}

/// A child.
#[derive(Debug)]
struct Looking {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The largest file that it takes, in bytes.
    largest: u64,
    /// So many it has looked at.
    files: u32,
    /// Since when it waits.
    since: Instant,
}

/// Why nothing is known of a file. None of them is its fault.
#[derive(Debug, Error)]
pub enum ReaderError {
    /// The program is not there, or the machine can start none.
    #[error("{program} cannot be started: {error}")]
    Start { program: PathBuf, error: io::Error },
    /// Whoever was to bring the file does not, or brings another amount than was said.
    #[error("the file could not be brought: {0}")]
    Source(io::Error),
    /// Another program, or one of another version.
    #[error("{program} does not answer as it should ({status})")]
    Answer { program: PathBuf, status: ExitStatus },
}

impl Reader {
    /// By that program, which is `sicantik` itself.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program, patience: PATIENCE, most_idle: MOST_IDLE, waiting: Arc::default() }
    }

    /// Waits this long for a file, and as long for an answer.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Keeps a child that has nothing to do for this long.
    #[must_use]
    pub fn with_most_idle(self, most_idle: Duration) -> Self {
        Self { most_idle, ..self }
    }

    /// What is in the file that comes in these pieces and has `size` bytes. Whoever comes while another file is looked at
    /// waits for that. Whoever stops waiting ends the child.
    pub async fn read<S, B>(&self, pieces: S, size: u64, limits: Limits) -> Result<Result<Seen, Refusal>, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let mut waiting = self.waiting.lock().await;
        let mut looking = match waiting.take().and_then(|looking| looking.ready_for(size)) {
            Some(looking) => looking,
            None => self.start(size.max(SMALL))?,
        };
        let fed = timeout(self.patience, looking.feed(pieces, Order { size, limits })).await;
        if let Err(error) = fed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            looking.end().await;
            return Err(ReaderError::Source(error));
        }
        let begun = Instant::now();
        let Ok(answer) = timeout(self.patience, looking.hear()).await else {
            looking.end().await;
            return Ok(Err(Refusal::TooComplex));
        };
        looking.files += 1;
        looking.since = Instant::now();
        let answer = match serde_json::from_slice(&answer) {
            Ok(Answer::Seen(seen)) => Ok(seen),
            Ok(Answer::Refused(refusal)) => Err(refusal),
            Err(_) => return self.understand_end(looking).await,
        };
        let is_fresh = size <= SMALL && looking.files < MOST_FILES && begun.elapsed() < MOST_LOOK;
        if is_fresh && answer != Err(Refusal::TooComplex) {
            let is_new = looking.files == 1;
            *waiting = Some(looking);
            if is_new {
                tokio::spawn(end_idle(Arc::clone(&self.waiting), self.most_idle));
            }
        } else {
            looking.end().await;
        }
        Ok(answer)
    }

    fn start(&self, largest: u64) -> Result<Looking, ReaderError> {
        let mut command = Command::new(&self.program);
        command.arg("read-pdf").args(["--largest", &largest.to_string()]);
        // It needs nothing of what the worker knows. A heap for each thread would take half of its address space.
        command.env_clear().env("MALLOC_ARENA_MAX", "1").current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| self.start_error(error))?;
        let Some((input, output)) = child.stdin.take().zip(child.stdout.take()) else {
            return Err(self.start_error(io::Error::other("it has no input and output")));
        };
        let _ = fcntl_setpipe_size(&input, UNDER_WAY);
        Ok(Looking { child, input, output: BufReader::new(output), largest, files: 0, since: Instant::now() })
    }

    fn start_error(&self, error: io::Error) -> ReaderError {
        ReaderError::Start { program: self.program.clone(), error }
    }

    /// What it means that a child has ended, or says what is no answer.
    async fn understand_end(&self, mut looking: Looking) -> Result<Result<Seen, Refusal>, ReaderError> {
        drop(looking.input);
        let Ok(status) = timeout(self.patience, looking.child.wait()).await else {
            let _ = looking.child.kill().await;
            return Ok(Err(Refusal::TooComplex));
        };
        let status = status.map_err(|error| self.start_error(error))?;
        // A signal has ended it: memory, stack or time were not enough.
        if status.code().is_none() {
            return Ok(Err(Refusal::TooComplex));
        }
        Err(ReaderError::Answer { program: self.program.clone(), status })
    }
}

impl Looking {
    /// Itself, if it can look at one more file, of so many bytes.
    fn ready_for(mut self, size: u64) -> Option<Self> {
        // Whatever has ended it meanwhile is no fault of the next file.
        (size <= self.largest && matches!(self.child.try_wait(), Ok(None))).then_some(self)
    }

    /// Brings the file. A child that does not take it has ended, and its status says why.
    async fn feed<S, B>(&mut self, pieces: S, order: Order) -> io::Result<()>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let mut pieces = pin!(pieces);
        let mut line = serde_json::to_vec(&order)?;
        line.push(b'\n');
        let (mut brought, mut is_listening) = (0_u64, self.input.write_all(&line).await.is_ok());
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            brought += piece.as_ref().len() as u64;
            if brought > order.size {
                break;
            }
            is_listening = is_listening && self.input.write_all(piece.as_ref()).await.is_ok();
        }
        if brought == order.size {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "it has another size than was said"))
    }

    async fn hear(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        // What cannot be read is no answer.
        let _ = (&mut self.output).take(MOST_ANSWER).read_until(b'\n', &mut answer).await;
        answer
    }

    /// Waited for, too, so that the next one does not run beside it.
    async fn end(mut self) {
        let _ = self.child.kill().await;
    }
}

/// Ends the child that waits, when it has waited for so long.
async fn end_idle(waiting: Arc<Mutex<Option<Looking>>>, most_idle: Duration) {
    loop {
        sleep(most_idle).await;
        let mut waiting = waiting.lock().await;
        match waiting.take_if(|looking| looking.since.elapsed() >= most_idle) {
            Some(looking) => return looking.end().await,
            None if waiting.is_none() => return,
            None => {}
        }
    }
}
