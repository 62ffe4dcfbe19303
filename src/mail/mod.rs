//! Mail: messages are rows written in the transaction of what they tell; a worker sends them.
//!
//! It knows the form of a message and no message: features define those.

pub mod address;
mod claim;
pub mod compose;
mod html;
pub mod ics;
pub mod message;
pub mod mime;
pub mod outbox;
pub mod pace;
pub mod plain;
pub mod qr;
mod relay;
mod relay_url;
pub mod render;
pub mod samples;
mod settle;
pub mod silence;
mod smtp_code;
pub mod transport;
pub mod worker;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_ics;
#[cfg(test)]
mod transport_tests;
#[cfg(test)]
mod words;
