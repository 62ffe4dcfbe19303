//! Mail: messages are rows written in the transaction of what they tell; a worker sends them.
//!
//! It knows the form of a message and no message: features define those.

pub mod message;
pub mod outbox;
pub mod routes;
