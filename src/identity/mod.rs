//! Who asks: users, roles, passwords, tokens, and the two doors every handler goes through.
//!
//! [`Call`] is a request by someone logged in, [`Visit`] one by anybody. Both run a use case in
//! one transaction. It knows the office only by its id.

pub mod actor;
pub mod call;
pub mod claims;
pub mod idempotency;
pub mod password;
pub mod platform;
pub mod role;
pub mod routes;
pub mod service;
pub mod status;
mod store;

pub use actor::{Actor, User, UserId};
pub use call::{Call, Cx, Visit};
pub use platform::Platform;
pub use role::{Role, Roles};
