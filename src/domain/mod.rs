//! Pure types and rules of the permit office: no I/O, no async, no clock. Everyone may use them.
//!
//! A constructor parses; after that the type is the proof.

pub mod calls;
pub mod data_flags;
pub mod date;
pub mod detail;
pub mod grouping;
pub mod message;
pub mod message_order;
mod numbering_plan;
pub mod odoo_permit;
pub mod order;
pub mod pass_stats;
pub mod permit;
pub mod permit_number;
pub mod permit_type;
pub mod phone_number;
pub mod presence;
pub mod registration;
pub mod text;
pub mod type_aliases;
pub mod values;
#[cfg(test)]
pub(crate) mod vectors;

pub use calls::EndpointCalls;
pub use data_flags::{DataFlags, Flag};
pub use date::SourceDate;
pub use detail::{DetailResult, DuePermit, PermitDetail};
pub use grouping::PermitGrouper;
pub use message::{Message, MessageArgs};
pub use message_order::{MessageAccount, MessageState, RegisteredText};
pub use odoo_permit::{OdooPermit, PermitStatus};
pub use order::{Issue, RunKind, RunState, SourceSettings, Unlisted};
pub use pass_stats::PassStats;
pub use permit::{ListRow, ListedPermit};
pub use permit_number::PermitNumber;
pub use permit_type::{NamedKey, PermitType};
pub use phone_number::{E164, PhoneState};
pub use presence::{ListIndex, Presence};
pub use registration::RegistrationNumber;
pub use type_aliases::TypeAliases;
pub use values::{FieldDifference, PermitValues};
