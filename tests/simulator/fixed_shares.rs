//! How often each odd value comes: chance with fixed shares. Cards are drawn from a shuffled deck that is refilled when it is empty, so that every
//! 500 draws hold each oddity exactly as often as its table says.

#![allow(clippy::enum_glob_use, reason = "the tables of shares are read as tables")]

use std::hash::{DefaultHasher, Hash, Hasher};

use super::oddities::{Address, Day, Name, Number, PHONE_KINDS};
use super::shape::Shape;

/// Cards per deck.
pub const DECK: usize = 500;

/// A deck of cards.
pub struct Deck<T> {
    cards: Vec<T>,
    left: usize,
}

impl<T: Copy> Deck<T> {
    /// A deck with these cards and as many `plain` ones as are missing from [`DECK`].
    pub fn new(plain: T, odd: &[(T, usize)]) -> Self {
        let mut cards: Vec<T> = odd.iter().flat_map(|(card, times)| std::iter::repeat_n(*card, *times)).collect();
        cards.resize(DECK.max(cards.len()), plain);
        Self { left: cards.len(), cards }
    }

    /// Takes one card.
    pub fn draw(&mut self, rng: &mut fastrand::Rng) -> T {
        if self.left == 0 {
            self.left = self.cards.len();
        }
        let at = rng.usize(..self.left);
        self.left -= 1;
        self.cards.swap(at, self.left);
        self.cards[self.left]
    }
}

/// One number from several, the same in every run.
pub fn mix(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// Shares of the shapes.
pub fn shapes() -> Deck<Shape> {
    use Shape::*;
    let odd = [
        (TwoNumbers, 14),
        (ThreeNumbers, 4),
        (Renumbered, 8),
        (TwoApplicants, 14),
        (SameApplicantTwice, 3),
        (TwoTypes, 10),
        (TwinTypes, 3),
        (TwoTypesUnnumbered, 3),
        (TwoVillages, 14),
        (UnlistedType, 5),
        (SlashRegistration, 20),
        (RepeatedRegistration, 3),
    ];
    Deck::new(Single, &odd)
}

/// Shares of the names.
pub fn names() -> Deck<Name> {
    use Name::*;
    let odd = [
        (Ampersand, 6),
        (AngleBrackets, 2),
        (NamedEntity, 6),
        (CurlyQuotes, 3),
        (DashAndSigns, 3),
        (Nbsp, 4),
        (DoubleBlank, 8),
        (EdgeBlank, 3),
        (EscapedAmpersand, 4),
        (EscapedQuotes, 2),
        (Control, 3),
        (LineEnd, 2),
        (Emoji, 2),
        (NonLatin, 2),
        (NotUtf8, 1),
        (Zero, 4),
        (Dash, 4),
        (Empty, 4),
        (Null, 1),
    ];
    Deck::new(Plain, &odd)
}

/// Shares of the numbers.
pub fn numbers() -> Deck<Number> {
    use Number::*;
    let odd = [
        (Dots, 60),
        (Blanks, 30),
        (Empty, 10),
        (Null, 3),
        (Zero, 5),
        (Dash, 5),
        (TemplateEnd, 6),
        (TemplateMiddle, 2),
        (LeadingBlank, 2),
        (DoubleBlank, 2),
        (TrailingBlank, 2),
        (Nbsp, 1),
        (Control, 1),
        (Quote, 2),
        (PlusAndSlash, 2),
        (Repeated, 4),
        (RepeatedLower, 4),
    ];
    Deck::new(Slashes, &odd)
}

/// Shares of `d_berlaku_izin`.
pub fn expiries() -> Deck<Day> {
    use Day::*;
    let odd = [
        (Null, 25),
        (Empty, 12),
        (Zeros, 50),
        (Epoch, 8),
        (FarFuture, 10),
        (FarPast, 3),
        (WithTime, 15),
        (DayFirst, 10),
        (NoSuchDay, 2),
        (BeforeIssue, 8),
        (Near, 40),
    ];
    Deck::new(Plain, &odd)
}

/// Shares of `tgl_surat`.
pub fn issues() -> Deck<Day> {
    use Day::*;
    Deck::new(Plain, &[(Null, 5), (Empty, 3), (Zeros, 6), (Epoch, 2), (FarFuture, 2), (WithTime, 6), (DayFirst, 4)])
}

/// Shares of `d_terima_berkas`.
pub fn receipts() -> Deck<Day> {
    Deck::new(Day::Plain, &[(Day::Null, 2), (Day::Zeros, 2), (Day::WithTime, 3)])
}

/// Shares of the addresses.
pub fn addresses() -> Deck<Address> {
    use Address::*;
    Deck::new(Plain, &[(LineEnd, 6), (Fraction, 5), (NotUtf8, 1), (Empty, 4), (Dash, 4)])
}

/// Kinds of telephone entries, see [`super::oddities::phone`].
pub fn phones() -> Deck<u8> {
    let odd: Vec<(u8, usize)> = (1..PHONE_KINDS).map(|kind| (kind, 12)).collect();
    Deck::new(0, &odd)
}
