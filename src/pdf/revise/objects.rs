//! Single objects as they are written in the file, also out of object streams.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Object, Stream};

use super::super::look::Opened;
use super::super::shelf::Shelf;
use super::super::tokens::{Token, Tokens};
use super::super::{doubles, streams};
use super::entries::reference;

/// What is kept of object streams that are unpacked.
const MOST_KEPT: usize = 24 << 20;

/// How often one reference may lead to the next.
const MOST_STEPS: usize = 8;

/// Objects of a file that may be taken, by their numbers.
pub(super) struct Objects<'a> {
    shelf: &'a Shelf<'a>,
    unpacked: RefCell<HashMap<u32, Rc<Container>>>,
}

/// An object stream, unpacked.
struct Container {
    text: Vec<u8>,
    /// The numbers of its objects, in their order, and where each begins.
    starts: Vec<(u32, usize)>,
}

impl<'a> Objects<'a> {
    pub(super) fn new(opened: &Opened<'a>) -> Self {
        Self { shelf: opened.shelf, unpacked: RefCell::default() }
    }

    /// The object as it is written, and its generation. Of a stream it is the dictionary.
    pub(super) fn text(&self, number: u32) -> Option<(u16, Cow<'a, [u8]>)> {
        if let Some((generation, standing)) = self.shelf.standing(number) {
            let object = Self::standing_alone(standing)?;
            return Some((generation, Cow::Borrowed(object)));
        }
        let (container, _) = self.shelf.container(number)?;
        let container = self.container(container)?;
        let place = container.starts.binary_search_by_key(&number, |(member, _)| *member).ok()?;
        let text = container.text.get(container.starts[place].1..)?;
        let rest = doubles::check_object(text).ok()?;
        Some((0, Cow::Owned(text[..text.len() - rest.len()].to_vec())))
    }

    /// Whether the object is a stream.
    pub(super) fn is_stream(&self, number: u32) -> bool {
        let after = self.shelf.standing(number).and_then(|(_, standing)| {
            let mut tokens = Tokens { rest: standing };
            tokens.nth(2)?;
            doubles::check_object(tokens.rest).ok()
        });
        after.is_some_and(|rest| matches!(Tokens { rest }.next(), Some(Token::Word(b"stream"))))
    }

    /// A stream with its data, of at most so many bytes in the file.
    pub(super) fn stream(&self, number: u32, most: usize) -> Option<Stream> {
        match self.shelf.object(number, most)? {
            Object::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// The value itself, or the object that it refers to.
    pub(super) fn resolved<'v>(&self, value: &'v [u8]) -> Option<Cow<'v, [u8]>>
    where
        'a: 'v,
    {
        let mut value = Cow::Borrowed(value);
        for _ in 0..MOST_STEPS {
            match reference(&value) {
                Some(number) => value = self.text(number)?.1,
                None => return Some(value),
            }
        }
        None
    }

    fn standing_alone(standing: &[u8]) -> Option<&[u8]> {
        let mut tokens = Tokens { rest: standing };
        // Number, generation, keyword.
        tokens.nth(2)?;
        tokens.skip_space();
        let rest = doubles::check_object(tokens.rest).ok()?;
        Some(&tokens.rest[..tokens.rest.len() - rest.len()])
    }

    fn container(&self, number: u32) -> Option<Rc<Container>> {
        if let Some(container) = self.unpacked.borrow().get(&number) {
            return Some(Rc::clone(container));
        }
        let container = Rc::new(Container::new(&self.stream(number, streams::MOST_AT_ONCE)?)?);
        let mut unpacked = self.unpacked.borrow_mut();
        if unpacked.values().map(|kept| kept.text.len()).sum::<usize>() + container.text.len() > MOST_KEPT {
            unpacked.clear();
        }
        unpacked.insert(number, Rc::clone(&container));
        Some(container)
    }
}

impl Container {
    fn new(stream: &Stream) -> Option<Self> {
        let number = |key| stream.dict.get(key).and_then(Object::as_i64).ok().and_then(|number| number.try_into().ok());
        let (first, count): (usize, usize) = (number(b"First")?, number(b"N")?);
        let text = stream.get_plain_content_with_limit(streams::MOST_AT_ONCE).ok()?;
        let index = std::str::from_utf8(text.get(..first)?).ok()?;
        let words = index.split(|c: char| c.is_ascii_whitespace() || c == '\0').filter(|word| !word.is_empty());
        let numbers: Vec<usize> = words.map(str::parse).collect::<Result<_, _>>().ok()?;
        let pairs = numbers.chunks_exact(2).take(count);
        let starts = pairs.map(|pair| Some((u32::try_from(pair[0]).ok()?, first.checked_add(pair[1])?)));
        let mut starts = starts.collect::<Option<Vec<_>>>()?;
        starts.sort_unstable();
        Some(Self { text, starts })
    }
}
