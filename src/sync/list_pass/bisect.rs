//! A page that stays bad is read in halves, down to the row that spoils it.
//!
//! The row may hide: each query puts the rows of one day in another order, so of a piece that failed both
//! halves may be given a moment later, without the row. Then counting tells: positions are covered whose rows
//! were not seen. The edges of the pieces are read once more, and what stays missing is the bad row.

use crate::domain::Issue;
use crate::domain::message::message_args;
use crate::sicantik::SicantikError;

use super::coverage::{Coverage, Extent};
use super::read::{Part, Reader, Reading};

/// So many rows in a row that cannot be had are not bad rows but a server in trouble.
const MAX_SUSPECTS: usize = 3;

/// More bad rows in one pass are no exception any more, and each costs some fifty calls.
const MAX_BAD_ROWS: usize = 100;

/// Rows that are read over the edge of a piece: more than a day's.
const EDGE: usize = 32;

/// Rows of the pieces that the day of a hidden row is read in, round by round: each may miss the bad row.
const ROUNDS: [usize; 5] = [12, 6, 6, 3, 3];

/// What is known of a page while it is read in pieces.
#[derive(Default)]
struct Pieces {
    /// Still to be read, the next one last.
    waiting: Vec<(usize, usize)>,
    /// Where pieces that were given begin.
    edges: Vec<usize>,
    /// Pieces that failed; one whose parts were given since holds a row that hides.
    failed: Vec<(usize, usize)>,
    /// Single rows that failed since the server last answered.
    suspects: Vec<usize>,
    /// Positions of bad rows.
    bad: Vec<usize>,
    /// Positions covered, from the beginning of the page.
    covered: usize,
    parts: Vec<Part>,
}

impl Reader<'_> {
    /// Reads what can be read of a page that failed with `error`; gives the positions that it covers, too, bad
    /// rows included. When it is not the page but the server, gives the error back.
    pub(super) async fn bisect(
        &self,
        offset: usize,
        limit: usize,
        error: SicantikError,
        coverage: &mut Coverage,
    ) -> Result<(Reading, usize), SicantikError> {
        if limit < 2 || !self.answers_around(offset, limit).await {
            return Err(error);
        }
        tracing::warn!(page.offset = offset, page.size = limit, %error, "a page stays bad; it is read in pieces");
        let missing = coverage.missing();
        let mut pieces = Pieces { waiting: halves(offset, limit), failed: vec![(offset, limit)], ..Pieces::default() };
        while let Some(piece) = pieces.waiting.pop() {
            self.read_piece(offset, piece, &mut pieces, coverage).await?;
        }
        if !pieces.suspects.is_empty() && !self.answers_around(offset, limit).await {
            return Err(error);
        }
        pieces.bad.append(&mut pieces.suspects);
        coverage.extend(Extent::UpTo(offset + pieces.covered));
        self.look_for_hidden(&mut pieces, missing, coverage).await?;
        coverage.add_bad(pieces.bad.len());
        let bad = pieces.bad.iter().map(|position| bad_row(*position, &error)).collect();
        Ok((Reading { parts: pieces.parts, bad, ..Reading::nothing() }, pieces.covered))
    }

    async fn read_piece(
        &self,
        offset: usize,
        (at, rows): (usize, usize),
        pieces: &mut Pieces,
        coverage: &mut Coverage,
    ) -> Result<(), SicantikError> {
        match self.source.issued_piece(at, rows).await {
            Ok(page) => {
                pieces.bad.append(&mut pieces.suspects);
                pieces.covered = at + page.received - offset;
                pieces.edges.push(at);
                if page.received < rows {
                    pieces.waiting.clear();
                }
                pieces.parts.push(Part::count(page, at, coverage));
            }
            Err(error) if !error.is_unavailable() => return Err(error),
            Err(_) if rows > 1 => {
                pieces.failed.push((at, rows));
                pieces.waiting.extend(halves(at, rows));
            }
            Err(error) => {
                pieces.suspects.push(at);
                pieces.covered = at + 1 - offset;
                if pieces.suspects.len() > MAX_SUSPECTS || coverage.bad() + pieces.bad.len() >= MAX_BAD_ROWS {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Reads what fell between the pieces, and what shares its day with a hidden row. What stays missing are
    /// the rows that hide.
    async fn look_for_hidden(
        &self,
        pieces: &mut Pieces,
        missing_before: usize,
        coverage: &mut Coverage,
    ) -> Result<(), SicantikError> {
        let hidden = pieces.hidden();
        let expected = missing_before + pieces.bad.len();
        let over_edges = pieces.edges.iter().map(|edge| (edge.saturating_sub(EDGE / 2), EDGE));
        let about_hidden = hidden.iter().flat_map(|at| ROUNDS.iter().flat_map(|rows| tiles(*at, *rows)));
        let looks = over_edges.map(|look| (look, 0)).chain(about_hidden.map(|look| (look, 1)));
        for ((at, rows), left) in looks.collect::<Vec<_>>() {
            if coverage.missing() <= expected + left {
                continue;
            }
            match self.source.issued_piece(at, rows).await {
                Ok(page) => pieces.parts.push(Part::count(page, at, coverage)),
                Err(error) if error.is_unavailable() => {}
                Err(error) => return Err(error),
            }
        }
        let missing = coverage.missing().saturating_sub(expected);
        pieces.bad.extend(hidden.into_iter().take(missing));
        Ok(())
    }

    /// Whether the first row of the page can be had, or the last one: the first may be the bad one.
    async fn answers_around(&self, offset: usize, limit: usize) -> bool {
        for at in [offset, offset + limit - 1] {
            if self.source.issued_piece(at, 1).await.is_ok() {
                return true;
            }
        }
        false
    }
}

fn bad_row(position: usize, reason: &SicantikError) -> Issue {
    let place = position + 1;
    let message = format!(
        "SICANTIK cannot give row {place} of its list, newest first, or one of the same day ({reason}); the \
         rows before and after were read. Look for a permit with odd characters and correct it in SICANTIK"
    );
    let values = message_args([("row", &place), ("reason", reason)]);
    Issue { key: format!("row {place}"), code: "bad_row".to_owned(), message, values, permit_id: None }
}

impl Pieces {
    /// Where pieces failed in which no smaller one did.
    fn hidden(&self) -> Vec<usize> {
        let bad = |at: usize, rows: usize| self.bad.iter().any(|position| (at..at + rows).contains(position));
        let smaller = |at: usize, rows: usize| {
            self.failed.iter().any(|(other, size)| *size < rows && (at..at + rows).contains(other))
        };
        let innermost = self.failed.iter().filter(|(at, rows)| !bad(*at, *rows) && !smaller(*at, *rows));
        innermost.map(|(at, rows)| at + rows / 2).collect()
    }
}

/// Pieces of so many rows that lie about a position.
fn tiles(at: usize, rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (at.saturating_sub(EDGE)..at + EDGE).step_by(rows).map(move |from| (from, rows))
}

/// The second half first: the first one is taken next.
fn halves(at: usize, rows: usize) -> Vec<(usize, usize)> {
    let half = rows / 2;
    vec![(at + half, rows - half), (at, half)]
}
