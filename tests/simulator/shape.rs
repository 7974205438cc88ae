//! The shapes of applications and their shares (contract B3, B5).

#![allow(clippy::enum_glob_use, reason = "the table of shares is read as a table")]

use super::deck::Deck;

/// What multiplies an application's rows, or is odd about the whole of it (contract B3, B5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Single,
    TwoNumbers,
    ThreeNumbers,
    /// An empty number and, later, a real one.
    Renumbered,
    TwoApplicants,
    /// Two applicants whose names differ in blanks and case only.
    SameApplicantTwice,
    TwoTypes,
    /// Two types whose names differ in blanks only.
    TwinTypes,
    TwoTypesUnnumbered,
    TwoVillages,
    /// A type that `jenisPerizinanList` does not show.
    UnlistedType,
    /// `00012/077/01/07/2025`.
    SlashRegistration,
    /// The sequence was taken twice.
    RepeatedRegistration,
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
