//! Value types every layer shares: ids, time, text, error classes, paging.
//!
//! It knows no web framework; its only diesel is the mapping of value types to columns.

pub mod alphabet;
pub mod civil;
pub mod clock;
pub mod code;
pub mod diff;
pub mod error;
pub mod id;
pub mod language;
pub mod page;
pub mod patch;
pub mod private;
pub mod secret;
pub mod sql;
pub mod text;
pub mod text_enum;
pub mod time;
pub mod title;
pub mod token;

pub use civil::Zone;
pub use clock::Clock;
pub use error::{Class, Coded, Fault, Violation};
pub use id::Id;
pub use language::Language;
pub use patch::Patch;
pub use time::Timestamp;

/// Marks ids of the tenant: one ward's office.
#[derive(Debug)]
pub enum Office {}
/// The id of an office, the tenant every record belongs to.
pub type OfficeId = Id<Office>;

/// Marks ids of agencies.
#[derive(Debug)]
pub enum Agency {}
/// The id of an agency that takes part in the plan.
pub type AgencyId = Id<Agency>;
