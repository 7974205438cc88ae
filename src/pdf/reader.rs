//! The worker's side: one child at a time, fed piece by piece, and ended when it takes too long.

use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::child::Answer;
use super::{Limits, Refusal, Seen};

/// How long the delivery of a file may take, and how long a look, by the time of the day: three times what the child may use
/// of the processor, which others use, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// More than an answer can have: its text is at most 64 KiB.
const MOST_ANSWER: u64 = 256 << 10;

/// Looks at files by a process of its own for each, one after the other.
#[derive(Debug)]
pub struct Reader {
    program: PathBuf,
    patience: Duration,
    turn: Semaphore,
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
        Self { program, patience: PATIENCE, turn: Semaphore::const_new(1) }
    }

    /// Waits this long for the file, and as long for an answer.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What is in the file that comes in these pieces and has `size` bytes. Whoever comes while another file is looked at
    /// waits for that. Whoever stops waiting ends the child.
    pub async fn read<S, B>(&self, pieces: S, size: u64, limits: Limits) -> Result<Result<Seen, Refusal>, ReaderError>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        // It is never closed.
        let _turn = self.turn.acquire().await;
        let mut child = self.start(size, limits)?;
        let Some((input, output)) = child.stdin.take().zip(child.stdout.take()) else {
            return Err(self.start_error(io::Error::other("it has no input and output")));
        };
        let fed = timeout(self.patience, feed(input, pieces, size)).await;
        if let Err(error) = fed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            end(child).await;
            return Err(ReaderError::Source(error));
        }
        let Ok(answer) = timeout(self.patience, hear(output)).await else {
            end(child).await;
            return Ok(Err(Refusal::TooComplex));
        };
        let Ok(status) = timeout(self.patience, child.wait()).await else {
            end(child).await;
            return Ok(Err(Refusal::TooComplex));
        };
        self.understand(status.map_err(|error| self.start_error(error))?, &answer)
    }

    fn start(&self, size: u64, limits: Limits) -> Result<Child, ReaderError> {
        let mut command = Command::new(&self.program);
        command.arg("read-pdf").args(["--size", &size.to_string(), "--most-pages", &limits.most_pages.to_string()]);
        for (flag, is_set) in [("--allow-embedded", limits.allow_embedded), ("--wants-original", limits.wants_original)]
        {
            command.args(is_set.then_some(flag));
        }
        // It needs nothing of what the worker knows. A heap for each thread would take half of its address space.
        command.env_clear().env("MALLOC_ARENA_MAX", "1").current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().map_err(|error| self.start_error(error))
    }

    fn start_error(&self, error: io::Error) -> ReaderError {
        ReaderError::Start { program: self.program.clone(), error }
    }

    fn understand(&self, status: ExitStatus, answer: &[u8]) -> Result<Result<Seen, Refusal>, ReaderError> {
        match serde_json::from_slice(answer) {
            Ok(Answer::Seen(seen)) if status.success() => Ok(Ok(seen)),
            Ok(Answer::Refused(refusal)) if status.success() => Ok(Err(refusal)),
            // A signal has ended it: memory, stack or time were not enough.
            _ if status.code().is_none() => Ok(Err(Refusal::TooComplex)),
            _ => Err(ReaderError::Answer { program: self.program.clone(), status }),
        }
    }
}

/// Waited for, too, so that the next one does not run beside it.
async fn end(mut child: Child) {
    let _ = child.kill().await;
}

/// Brings the file. A child that does not take it has ended, and its status says why.
async fn feed<S, B>(mut input: ChildStdin, pieces: S, size: u64) -> io::Result<()>
where
    S: Stream<Item = io::Result<B>>,
    B: AsRef<[u8]>,
{
    let mut pieces = pin!(pieces);
    let (mut brought, mut is_listening) = (0_u64, true);
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        brought += piece.as_ref().len() as u64;
        if brought > size {
            break;
        }
        is_listening = is_listening && input.write_all(piece.as_ref()).await.is_ok();
    }
    if brought == size {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "it has another size than was said"))
}

async fn hear(output: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut answer = Vec::new();
    // What cannot be read is no answer.
    let _ = output.take(MOST_ANSWER).read_to_end(&mut answer).await;
    answer
}
