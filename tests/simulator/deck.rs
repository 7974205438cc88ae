//! Chance with fixed shares: cards are drawn from a shuffled deck that is refilled when it is empty, so that every
//! 500 draws hold each oddity exactly as often as its table says.

use std::hash::{DefaultHasher, Hash, Hasher};

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
