//! What an agency cannot solve by itself: it is raised with the office, which answers it or forwards it
//! to whoever can, and keeps what they answer.

pub mod demo;
mod routes;
mod service;
pub mod status;
mod store;
mod view;

pub(super) use routes::mount;
pub use service::{of_period, sees};

use chrono::NaiveDate;
use status::DifficultyStatus;

use crate::kernel::{AgencyId, Id};

/// Marks ids of difficulties.
#[derive(Debug)]
pub enum Difficulty {}
/// The id of a difficulty.
pub type DifficultyId = Id<Difficulty>;

/// A difficulty as a report tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifficultyLine {
    /// Whose it is.
    pub agency_id: AgencyId,
    /// The task of the plan it is about, where it is about one.
    pub plan_task: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub text: String,
    /// What the agency proposes.
    pub proposal: Option<String>,
    /// The office day it was raised on.
    pub raised_on: NaiveDate,
    /// Where it stands.
    pub status: DifficultyStatus,
    /// Who it was forwarded to, where it was.
    pub forwarded_to: Option<String>,
    /// The day of the answer, where there is one.
    pub answered_on: Option<NaiveDate>,
}
