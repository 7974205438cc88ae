//! The process that verifies: `sicantik verify-pdf`, under the limits of the one that looks. It takes one file, and what to
//! trust, and says on one line what it found.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::timeout;

use super::super::child::{ChildError, STACK_BYTES, give_up_rights, take};
use super::{Reason, Report, Trust, verify};

/// By the time of the day: more than the process may have of the processor.
const PATIENCE: Duration = Duration::from_mins(1);

/// More than a report of 32 signatures has.
const MOST_ANSWER: u64 = 4 << 20;

/// What is asked, as JSON on a line; the bytes of the file come behind it.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    /// Of the file, in bytes.
    size: u64,
    trust: Trust,
    at: DateTime<Utc>,
}

/// Why there is no report. None of them is a fault of the file.
#[derive(Debug, Error)]
pub enum VerifyError {
    #[error("the process that reads the file cannot be started or heard: {0}")]
    Process(#[from] io::Error),
    #[error("the process that reads the file does not answer as it should")]
    Answer,
}

/// Verifies the one file that comes by the input, of at most `largest` bytes. Where it needs too much, the process dies.
pub fn serve(largest: u64) -> Result<(), ChildError> {
    let verifying = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || verify_one(largest))?;
    match verifying.join() {
        Ok(verified) => verified,
        // The parser has met what its author did not think of.
        Err(_) => say(&Report::without_signatures(Reason::TooComplex)),
    }
}

fn verify_one(largest: u64) -> Result<(), ChildError> {
    give_up_rights(largest)?;
    let mut input = io::stdin().lock();
    let (mut line, mut bytes) = (String::new(), Vec::new());
    input.read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line)?;
    take(&mut input, order.size.min(largest.saturating_add(1)), &mut bytes)?;
    if bytes.len() as u64 != order.size {
        return Err(ChildError::Size);
    }
    say(&verify(&bytes, &order.trust, order.at))
}

fn say(report: &Report) -> Result<(), ChildError> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    io::stdout().write_all(&line)?;
    Ok(io::stdout().flush()?)
}

/// Has a process of that program verify the file. What is too much for it is told as *too complex*.
pub async fn ask(program: &Path, file: &[u8], trust: &Trust, at: DateTime<Utc>) -> Result<Report, VerifyError> {
    let mut command = Command::new(program);
    command.arg("verify-pdf").args(["--largest", &file.len().to_string()]);
    // It needs nothing of what is known here. A heap for each thread would take half of its address space.
    command.env_clear().env("MALLOC_ARENA_MAX", "1").current_dir("/").kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(VerifyError::Answer);
    };
    let mut order = serde_json::to_vec(&Order { size: file.len() as u64, trust: trust.clone(), at })
        .map_err(|_| VerifyError::Answer)?;
    order.push(b'\n');
    let talk = async {
        // One that does not listen has ended, and its status says why.
        let _ = input.write_all(&order).await;
        let _ = input.write_all(file).await;
        drop(input);
        let mut answer = Vec::new();
        output.take(MOST_ANSWER).read_to_end(&mut answer).await?;
        Ok::<_, io::Error>((answer, child.wait().await?))
    };
    let Ok(said) = timeout(PATIENCE, talk).await else {
        return Ok(Report::without_signatures(Reason::TooComplex));
    };
    let (answer, status) = said?;
    // A signal has ended it: memory, stack or time were not enough.
    if status.code().is_none() {
        return Ok(Report::without_signatures(Reason::TooComplex));
    }
    serde_json::from_slice(&answer).map_err(|_| VerifyError::Answer)
}
