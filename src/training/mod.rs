//! Training sessions, attendees and attendance: the template slice.
//!
//! `routes` parse and answer, `service` holds the use cases, `model`, `status`, `counts` and
//! `attendance` the pure rules, `store` the rows, `view` the bodies. Nothing else of the crate
//! sees more than the routes and the background steps.

pub mod attendance;
pub mod background;
mod change;
mod command;
pub mod counts;
pub mod demo;
pub mod error;
mod export;
#[cfg(fuzzing)]
pub mod fuzz;
mod messages;
pub mod model;
mod organiser_mail;
mod policy;
mod print;
mod report_rows;
pub mod routes;
mod service;
pub mod sheet;
pub mod status;
mod store;
mod task_sessions;
mod ticket;
mod view;
mod wording;
pub mod words;

pub use error::Error;
pub use policy::sees;
pub use report_rows::report_rows;
pub use task_sessions::{TaskSession, TaskSessions, task_sessions};
