//! The inbox: a folder, or a part of a bucket, where the office puts PDFs. What stands still there is read, Odoo says of
//! which permit it is, its bytes are kept, and the file goes to a folder by outcome with a sentence beside it.
//!
//! Odoo decides and names; a file is moved last. So a worker that is killed at any moment begins that file anew, under
//! the same key, and hears the same.

mod bucket;
mod folder;
mod read;
mod still;
mod take;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{Days, NaiveDate};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::config::InboxPlace;
use crate::files::{Files, FilesError, Place, PlaceError};
use crate::odoo::{self, ArrivalOutcome, OdooError};

use bucket::Bucket;
use folder::Folder;
use still::Watched;

pub use still::Patience;

/// What the inbox needs.
#[derive(Debug)]
pub struct InboxParts {
    pub files: Arc<Files>,
    pub odoo: Arc<odoo::Client>,
    pub clock: Arc<dyn Clock>,
    /// Days that what was taken lies there.
    pub keep_days: u16,
    pub patience: Patience,
}

/// Files that came, and where they go.
#[derive(Debug)]
pub struct Inbox {
    parts: InboxParts,
    source: Source,
    watched: Mutex<Watched>,
}

/// Where files lie.
#[derive(Debug)]
enum Source {
    Folder(Folder),
    Bucket(Bucket),
}

/// A file that lies in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Lying {
    name: Name,
    /// Bytes.
    size: u64,
    /// Another one when the file is another, or was written to.
    stamp: String,
}

/// What a file is called: a folder's names need not be text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name(PathBuf);

/// Such a name may be a person's.
impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Name")
    }
}

impl Name {
    /// For people.
    fn shown(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }
}

/// What one look has found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// Files that lie there, taken or not.
    pub waiting: usize,
    pub imported: usize,
    pub unmatched: usize,
    pub double: usize,
    pub refused: usize,
    /// Files that cannot be read or moved.
    pub passed_over: usize,
    /// Further files stand still: the next look is not to wait.
    pub has_more: bool,
    /// No configuration of Odoo takes files from the inbox.
    pub is_unwanted: bool,
}

/// Why nothing can be taken in now.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InboxError {
    /// The inbox itself.
    #[error("{place} cannot be used: {reason}")]
    Away {
        place: String,
        /// With the remedy.
        reason: String,
    },
    /// Documents cannot be kept.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Odoo does not say what is to become of them.
    #[error(transparent)]
    Odoo(#[from] OdooError),
}

impl From<PlaceError> for InboxError {
    fn from(error: PlaceError) -> Self {
        Self::Files(error.into())
    }
}

impl Inbox {
    /// Nothing is looked at or made yet.
    pub fn open(place: &InboxPlace, parts: InboxParts) -> Result<Self, PlaceError> {
        let source = match place {
            InboxPlace::Folder(folder) => Source::Folder(Folder::new(folder.clone())),
            InboxPlace::S3(bucket) => Source::Bucket(Bucket::new(Place::bucket(bucket)?)),
        };
        Ok(Self { parts, source, watched: Mutex::default() })
    }

    /// Takes away what lies in the folders of outcomes for too long.
    pub async fn tidy(&self) -> Result<(), InboxError> {
        let Some(before) = self.today().checked_sub_days(Days::new(self.parts.keep_days.into())) else { return Ok(()) };
        match &self.source {
            Source::Folder(folder) => folder.forget(before).await,
            Source::Bucket(bucket) => bucket.forget(before).await,
        }
    }

    /// Whether files can be found there and moved; for whoever asks whether all is well.
    pub async fn try_out(place: &InboxPlace) -> Result<(), InboxError> {
        match place {
            InboxPlace::Folder(folder) => Folder::new(folder.clone()).try_out().await,
            InboxPlace::S3(bucket) => Bucket::new(Place::bucket(bucket)?).try_out().await,
        }
    }

    fn today(&self) -> NaiveDate {
        self.parts.clock.now().date_naive()
    }
}

impl Source {
    /// What lies there, by name.
    async fn list(&self) -> Result<Vec<Lying>, InboxError> {
        let mut found = match self {
            Self::Folder(folder) => folder.list().await?,
            Self::Bucket(bucket) => bucket.list().await?,
        };
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// All of a file; `None` where it is not what was seen any more.
    async fn read(&self, lying: &Lying) -> Result<Option<Vec<Bytes>>, InboxError> {
        match self {
            Self::Folder(folder) => folder.read(lying).await,
            Self::Bucket(bucket) => bucket.read(lying).await,
        }
    }

    /// Moves a file to the folder of its outcome, with this sentence beside it.
    async fn put_away(
        &self,
        lying: &Lying,
        (outcome, day): (ArrivalOutcome, NaiveDate),
        sentence: &str,
    ) -> Result<(), InboxError> {
        let sentence = format!("{sentence}\n");
        match self {
            Self::Folder(folder) => folder.put_away(lying, (outcome, day), sentence).await,
            Self::Bucket(bucket) => bucket.put_away(lying, (outcome, day), sentence).await,
        }
    }
}

/// Where a file goes within the inbox: a day's folder, so that what lies there too long is known by its name.
fn folder_of(outcome: ArrivalOutcome, day: NaiveDate) -> String {
    format!("{}/{day}", outcome.word())
}

/// Bytes of a name that leave room for what is added to it: a file system takes 255.
const LONGEST_STEM: usize = 230;
const LONGEST_ENDING: usize = 10;

/// The name that the `turn`th file of this name has there.
fn name_in_turn(name: &str, turn: u32) -> String {
    let parts = name.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && ending.len() < LONGEST_ENDING);
    let (stem, ending) = parts.map_or((name, String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let stem = &stem[..stem.floor_char_boundary(LONGEST_STEM)];
    if turn == 1 { format!("{stem}{ending}") } else { format!("{stem} ({turn}){ending}") }
}

/// How the sentence beside a file is called.
fn reason_of(name: &str) -> String {
    format!("{name}.txt")
}

/// The day that a folder is named by, and whether that is before this one.
fn is_before(folder: &str, day: NaiveDate) -> bool {
    folder.parse::<NaiveDate>().is_ok_and(|of| of < day)
}
