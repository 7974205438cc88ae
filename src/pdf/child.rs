//! The process that looks: `sicantik read-pdf`. It gives up what it could do harm with, takes one file from its
//! input, and says on one line what it found. What is too much for it ends it, and nobody else.

use std::io::{self, Read, Write};
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Limits, Refusal, Seen, look};

/// Time of the processor. The parent counts the time of the day.
const SECONDS: u64 = 10;

/// Address space that has nothing to do with the size of the file: the program itself, what is unpacked at once, the
/// numbers that are kept of objects.
const FIXED_BYTES: u64 = 96 << 20;

/// How often a file may be in memory: itself, and the stream that is looked at. Files of 32 MiB, one picture or 600,000
/// small objects, need 110 to 130 MiB of address space in all, of the 160 that there are.
const TIMES_THE_FILE: u64 = 2;

/// The parser goes a hundred objects deep, and needs some kilobytes for each.
const STACK_BYTES: usize = 8 << 20;

/// What the parent asks for.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Of the file, in bytes.
    pub size: u64,
    pub limits: Limits,
}

/// What the child says, as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Seen(Seen),
    Refused(Refusal),
}

/// Why there is no answer. None of them is a fault of the file.
#[derive(Debug, Error)]
pub enum ChildError {
    #[error("the limits of this process cannot be set: {0}")]
    Limits(#[from] rustix::io::Errno),
    #[error("the file does not come: {0}")]
    Input(#[from] io::Error),
    #[error("the file has another size than was said")]
    Size,
    #[error("what was found cannot be said: {0}")]
    Answer(#[from] serde_json::Error),
}

/// Looks at the file that comes by the input. Where it needs too much, the process dies.
pub fn serve(order: &Order) -> Result<(), ChildError> {
    let order = *order;
    let looking = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || look_at_input(&order))?;
    let answer = match looking.join() {
        Ok(answer) => answer?,
        // The parser has met what its author did not think of.
        Err(_) => Answer::Refused(Refusal::TooComplex),
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    io::stdout().write_all(&line)?;
    Ok(())
}

fn look_at_input(order: &Order) -> Result<Answer, ChildError> {
    give_up_rights(order.size)?;
    let size = usize::try_from(order.size).map_err(|_| ChildError::Size)?;
    // At once, so that it never moves.
    let mut bytes = Vec::with_capacity(size.saturating_add(1));
    io::stdin().take(order.size.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() != size {
        return Err(ChildError::Size);
    }
    Ok(match look(&bytes, &order.limits) {
        Ok(seen) => Answer::Seen(seen),
        Err(refusal) => Answer::Refused(refusal),
    })
}

/// No file is opened or grows, no process is made, no picture of the memory is left behind.
fn give_up_rights(size: u64) -> Result<(), ChildError> {
    let memory = FIXED_BYTES.saturating_add(size.saturating_mul(TIMES_THE_FILE));
    let limits = [
        (Resource::As, memory),
        (Resource::Cpu, SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        // Input, output and errors are there.
        (Resource::Nofile, 3),
        (Resource::Nproc, 0),
    ];
    for (resource, most) in limits {
        // An administrator may have set a lower one.
        let most = getrlimit(resource).maximum.map_or(most, |maximum| maximum.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
