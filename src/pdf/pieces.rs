//! A file that is in memory, as a stream of pieces.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

/// What `pieces` makes.
#[derive(Debug)]
pub struct Pieces<I>(I);

/// A stream of what is there already; it never fails.
pub fn pieces<I>(pieces: I) -> Pieces<I::IntoIter>
where
    I: IntoIterator,
{
    Pieces(pieces.into_iter())
}

impl<I> Stream for Pieces<I>
where
    I: Iterator + Unpin,
{
    type Item = io::Result<I::Item>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}
