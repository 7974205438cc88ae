//! The shapes of applications.

/// What multiplies an application's rows, or is odd about the whole of it.
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
