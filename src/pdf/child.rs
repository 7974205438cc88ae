//! The process that looks into files, and makes what is appended to them: `sicantik read-pdf`. It gives up what it could do
//! harm with, takes one file after the other from its input, and says on one line for each what it found; what is to be
//! appended comes behind that line. What is too much for it ends it, and nobody else.

use std::io::{self, BufRead, Read, Write};
use std::thread;

use chrono::{DateTime, Utc};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::revise::{self, Field, Stamp, Unrevisable};
use super::verify::{Report, Trust, verify};
use super::{Limits, Refusal, Seen, look};

/// Time of the processor, in all: ten for a file, and what those before it may have taken (`MOST_FILES`, `MOST_LOOK`).
/// The parent counts the time of the day.
const SECONDS: u64 = 15;

/// Address space that has nothing to do with the size of a file: the program itself, what is unpacked at once, the
/// numbers that are kept of objects.
const FIXED_BYTES: u64 = 96 << 20;

/// How often a file may be in memory: itself, and the stream that is looked at. Files of 32 MiB, one picture or 600,000
/// small objects, need 110 to 130 MiB of address space in all, of the 160 that there are.
const TIMES_THE_FILE: u64 = 2;

/// The parser goes a hundred objects deep, and needs some kilobytes for each.
const STACK_BYTES: usize = 8 << 20;

/// What the parent asks for, as JSON on a line; the bytes of the file come behind it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order<W> {
    /// Of the file, in bytes.
    pub size: u64,
    pub work: W,
}

/// What is to be done with a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Work {
    Look(Limits),
    Stamp(Stamp),
    Prepare(Field),
    Verify { trust: Trust, at: DateTime<Utc> },
}

impl Work {
    /// Whether a child is to do this and nothing else: what an earlier file might have left behind in it is not to judge
    /// signatures.
    pub(super) fn is_alone(&self) -> bool {
        matches!(self, Self::Verify { .. })
    }
}

/// What the child says, as JSON on a line. Where it has a size, so many bytes come behind it: what is to be appended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Seen(Seen),
    Refused(Refusal),
    Stamped {
        size: usize,
    },
    Prepared {
        size: usize,
        byte_range: [u64; 4],
        /// Where the place for the signature begins and ends in these bytes.
        hole: [usize; 2],
    },
    Unrevisable(Unrevisable),
    Verified(Report),
}

impl Answer {
    /// How many bytes come behind it.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Stamped { size } | Self::Prepared { size, .. } => *size,
            Self::Seen(_) | Self::Refused(_) | Self::Unrevisable(_) | Self::Verified(_) => 0,
        }
    }
}

/// What is appended to a file is not more: a stamp on 300 pages takes some hundred kilobytes.
pub(super) const MOST_APPENDED: usize = 16 << 20;

/// Why there is no answer. None of them is a fault of the file.
#[derive(Debug, Error)]
pub enum ChildError {
    #[error("the limits of this process cannot be set: {0}")]
    Limits(#[from] rustix::io::Errno),
    #[error("the file does not come: {0}")]
    Input(#[from] io::Error),
    #[error("the file is larger than was said, or does not come whole")]
    Size,
    #[error("an order cannot be understood, or an answer not be said: {0}")]
    Line(#[from] serde_json::Error),
}

/// Does what is asked with the files that come by the input, of at most `largest` bytes each, until it ends. Where one
/// needs too much, the process dies.
pub fn serve(largest: u64) -> Result<(), ChildError> {
    let looking = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || look_at_all(largest))?;
    match looking.join() {
        Ok(looked) => looked,
        // The parser has met what its author did not think of. Nobody knows what it left behind.
        Err(_) => say(&Answer::Refused(Refusal::TooComplex), &[]),
    }
}

fn look_at_all(largest: u64) -> Result<(), ChildError> {
    give_up_rights(largest)?;
    let mut input = io::stdin().lock();
    // One room for all, so that the memory of a process does not come and go.
    let (mut line, mut bytes) = (String::new(), Vec::new());
    while input.read_line(&mut line)? > 0 {
        let order: Order<Work> = serde_json::from_str(&line)?;
        take(&mut input, order.size.min(largest.saturating_add(1)), &mut bytes)?;
        if bytes.len() as u64 != order.size {
            return Err(ChildError::Size);
        }
        let (answer, appended) = done(&bytes, &order.work);
        say(&answer, &appended)?;
        line.clear();
    }
    Ok(())
}

fn done(bytes: &[u8], work: &Work) -> (Answer, Vec<u8>) {
    match work {
        Work::Look(limits) => (look(bytes, limits).map_or_else(Answer::Refused, Answer::Seen), Vec::new()),
        Work::Stamp(stamp) => match revise::stamp(bytes, stamp) {
            Ok(appended) => in_bounds(Answer::Stamped { size: appended.len() }, appended),
            Err(reason) => (Answer::Unrevisable(reason), Vec::new()),
        },
        Work::Prepare(field) => match revise::prepare(bytes, field) {
            Ok(prepared) => {
                let (size, hole) = (prepared.appended.len(), [prepared.hole.start, prepared.hole.end]);
                in_bounds(Answer::Prepared { size, byte_range: prepared.byte_range, hole }, prepared.appended)
            }
            Err(reason) => (Answer::Unrevisable(reason), Vec::new()),
        },
        Work::Verify { trust, at } => (Answer::Verified(verify(bytes, trust, *at)), Vec::new()),
    }
}

fn in_bounds(answer: Answer, appended: Vec<u8>) -> (Answer, Vec<u8>) {
    if appended.len() > MOST_APPENDED {
        return (Answer::Refused(Refusal::TooComplex), Vec::new());
    }
    (answer, appended)
}

/// The next bytes of the input, in the place of those before them.
fn take(input: &mut impl Read, size: u64, bytes: &mut Vec<u8>) -> Result<(), ChildError> {
    bytes.clear();
    // At once, so that they never move.
    bytes.reserve(usize::try_from(size).map_err(|_| ChildError::Size)?);
    input.take(size).read_to_end(bytes)?;
    Ok(())
}

fn say(answer: &Answer, appended: &[u8]) -> Result<(), ChildError> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    io::stdout().write_all(&line)?;
    io::stdout().write_all(appended)?;
    Ok(io::stdout().flush()?)
}

/// No file is opened or grows, no process is made, no picture of the memory is left behind.
fn give_up_rights(largest: u64) -> Result<(), ChildError> {
    let memory = FIXED_BYTES.saturating_add(largest.saturating_mul(TIMES_THE_FILE));
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
