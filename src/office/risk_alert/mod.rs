//! Alerts that a child may be at risk of serious harm: someone acts within twelve hours of the
//! information, so someone is told at once, and the next on duty where nobody answers.
//!
//! What an alert says is sealed by a key of its own. It is read by whoever raised it, by supervisors
//! and by whoever was told, except administrators, who read no case; each reading is one row of the
//! log. Mails tell a code and a link.

pub mod background;
mod messages;
mod routes;
mod service;
pub mod status;
mod store;
mod view;

pub use routes::mount;
pub use service::{raise, stand_aside};

use uuid::Uuid;

use crate::db::{self, Conn};
use crate::http::Problem;
use crate::http::envelope::Origin;
use crate::identity::{Cx, UserId};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, OfficeId, Timestamp};

/// Marks ids of risk alerts.
#[derive(Debug)]
pub enum RiskAlert {}
/// The id of a risk alert.
pub type RiskAlertId = Id<RiskAlert>;

text_enum! {
    /// What raised an alert.
    pub enum AlertSource {
        /// A note of counselling.
        Note = "note",
        /// A request of a family.
        Request = "request",
        /// A training session.
        Session = "session",
        /// Somebody at the desk or on the phone.
        Desk = "desk",
    }
}

text_enum! {
    /// The kind of thing an alert is about.
    pub enum AlertSubject {
        /// A request for counselling.
        CounsellingRequest = "counselling-request",
        /// A case of counselling.
        CounsellingCase = "counselling-case",
        /// An appointment.
        CounsellingAppointment = "counselling-appointment",
        /// A request for legal aid.
        LegalAidRequest = "legal-aid-request",
        /// A training session.
        TrainingSession = "training-session",
    }
}

/// Whether a caller sees what an alert is to be about: each slice answers for its own, and what does
/// not exist is seen by nobody.
pub type Sees = fn(&mut Cx<'_>, AlertSubject, Uuid) -> Result<bool, Problem>;

/// What an alert is about, where it is about something.
///
/// # Errors
/// When storage fails.
pub fn subject(conn: &mut Conn, id: Uuid) -> db::Result<Option<Uuid>> {
    store::subject(conn, Id::from_uuid(id))
}

/// An alert to be raised. It has no `Debug`: what it says belongs in no log.
pub struct NewAlert<'a> {
    /// Whose.
    pub office: OfficeId,
    /// What raises it.
    pub source: AlertSource,
    /// What it is about, where that is known.
    pub subject: Option<(AlertSubject, Uuid)>,
    /// When the office was informed: its hours run from then.
    pub informed_at: Timestamp,
    /// What is known; sealed.
    pub text: &'a str,
    /// Who raises it; nobody where a family's request does.
    pub raised_by: Option<UserId>,
    /// The request it comes with.
    pub origin: Option<&'a Origin>,
}
