//! Who asks: users, roles, passwords, tokens, and the two doors every handler goes through.
//!
//! [`Call`] is a request by someone logged in, [`Visit`] one by anybody. Both run a use case in
//! one transaction. It knows the office only by its id.

pub mod actor;
mod body;
pub mod call;
pub mod claims;
pub mod colleague;
pub mod contact;
pub mod error;
#[cfg(fuzzing)]
pub mod fuzz;
pub mod idempotency;
mod messages;
pub mod password;
pub mod platform;
pub mod preferences;
pub mod role;
pub mod routes;
pub mod service;
pub mod status;
mod store;
pub mod view;

pub use actor::{Actor, User, UserId};
pub use call::{Call, Cx, Visit};
pub use platform::Platform;
pub use role::{Role, Roles};
