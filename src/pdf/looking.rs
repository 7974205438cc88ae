//! A child, as the worker sees it: it is started, fed, heard, and ended.

use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use rustix::pipe::fcntl_setpipe_size;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, timeout};

use super::child::{Answer, MOST_APPENDED, Order, Work};

/// More than a line of an answer can have: a report of 32 signatures, or 64 KiB of text.
const MOST_ANSWER: u64 = 4 << 20;

/// Bytes that are under way to a child, as far as the system allows: of the 64 KiB that it gives by itself, worker and child
/// would wait for each other thirty times in a file of 2 MB.
const UNDER_WAY: usize = 1 << 20;

/// A child.
#[derive(Debug)]
pub(super) struct Looking {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The largest file that it takes, in bytes.
    largest: u64,
    /// So many it has looked at.
    pub files: u32,
    /// Since when it waits.
    pub since: Instant,
}

impl Looking {
    /// A new one, for files of at most so many bytes.
    pub(super) fn start(program: &Path, largest: u64) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg("read-pdf").args(["--largest", &largest.to_string()]);
        // It needs nothing of what the worker knows. A heap for each thread would take half of its address space.
        command.env_clear().env("MALLOC_ARENA_MAX", "1").current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let Some((input, output)) = child.stdin.take().zip(child.stdout.take()) else {
            return Err(io::Error::other("it has no input and output"));
        };
        let _ = fcntl_setpipe_size(&input, UNDER_WAY);
        Ok(Self { child, input, output: BufReader::new(output), largest, files: 0, since: Instant::now() })
    }

    /// Itself, if it can look at one more file, of so many bytes.
    pub(super) fn ready_for(mut self, size: u64) -> Option<Self> {
        // Whatever has ended it meanwhile is no fault of the next file.
        (size <= self.largest && matches!(self.child.try_wait(), Ok(None))).then_some(self)
    }

    /// Brings the file. A child that does not take it has ended, and its status says why.
    pub(super) async fn feed<S, B>(&mut self, pieces: S, order: &Order<Work>) -> io::Result<()>
    where
        S: Stream<Item = io::Result<B>>,
        B: AsRef<[u8]>,
    {
        let mut pieces = pin!(pieces);
        let mut line = serde_json::to_vec(order)?;
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

    /// What it says, and the bytes behind that; nothing where it is no answer.
    pub(super) async fn hear(&mut self) -> Option<(Answer, Vec<u8>)> {
        let (mut line, mut appended) = (Vec::new(), Vec::new());
        // What cannot be read is no answer.
        let _ = (&mut self.output).take(MOST_ANSWER).read_until(b'\n', &mut line).await;
        let answer: Answer = serde_json::from_slice(&line).ok()?;
        let size = Some(answer.size()).filter(|size| *size <= MOST_APPENDED)?;
        appended.resize(size, 0);
        self.output.read_exact(&mut appended).await.ok()?;
        Some((answer, appended))
    }

    /// How it ends, now that nothing comes any more; nothing where it does not.
    pub(super) async fn ended(mut self, patience: Duration) -> Option<io::Result<ExitStatus>> {
        drop(self.input);
        let ended = timeout(patience, self.child.wait()).await;
        if ended.is_err() {
            let _ = self.child.kill().await;
        }
        ended.ok()
    }

    /// Waited for, too, so that the next one does not run beside it.
    pub(super) async fn end(mut self) {
        let _ = self.child.kill().await;
    }
}
