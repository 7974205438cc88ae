//! Pure types and rules of the permit office: no I/O, no async, no clock. Everyone may use them.
//!
//! A constructor parses; after that the type is the proof.

pub mod calls;
pub mod date;
pub mod detail;
pub mod flag;
pub mod held;
pub mod order;
pub mod permit;
pub mod permit_number;
pub mod permit_type;
pub mod phone_number;
pub mod registration;
pub mod remark;
pub mod roster;
pub mod seen;
pub mod text;
pub mod type_aliases;
pub mod values;

pub use calls::EndpointCalls;
pub use date::SourceDate;
pub use detail::{DetailResult, DuePermit, PermitDetail};
pub use flag::{Flag, Notes};
pub use held::{HeldPermit, PermitStatus};
pub use order::{Issue, Order, RunKind, RunState, Settings, Unlisted};
pub use permit::{ListRow, ListedPermit};
pub use permit_number::PermitNumber;
pub use permit_type::{NamedKey, PermitType};
pub use phone_number::{E164, PhoneState};
pub use registration::RegistrationNumber;
pub use remark::{Remark, Values};
pub use roster::Roster;
pub use seen::{Seen, Sight};
pub use type_aliases::TypeAliases;
pub use values::{FieldDifference, PermitValues};
