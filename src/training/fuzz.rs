//! What training reads of a stranger, for the fuzz targets alone: no build has it that is not made
//! with `--cfg fuzzing`.

use super::model::{AttendeeId, RegistrationId, SessionId};
use super::ticket;
use super::view::attendance::{MarkBody, ScansBody, WalkInBody};
use super::view::attendee::{AttendeeBody, AttendeePatch, AttendeesQuery, MergeBody};
use super::view::counts::{CountsQuery, ReportQuery};
use super::view::registration::{
    ImportQuery, RegisterBody, RegistrationPatch, RegistrationsQuery, RespondBody, SubstituteBody,
    TicketQuery,
};
use super::view::session::{InvitationQuery, PublicSessionsQuery, SessionsQuery};
use super::view::session_action::{
    CompleteBody, DuplicateBody, PublishBody, ReasonBody, RescheduleBody,
};
use super::view::session_body::{SessionBody, SessionPatch};
use super::view::sheet::SheetBody;
use crate::http::fuzz::{Read, body, query};
use crate::kernel::error::Check;

/// The bodies.
pub const BODIES: &[Read] = &[
    |bytes| body::<AttendeeBody>(bytes).is_some_and(|body| body.draft().is_ok()),
    |bytes| body::<AttendeePatch>(bytes).is_some(),
    |bytes| body::<CompleteBody>(bytes).is_some(),
    |bytes| body::<DuplicateBody>(bytes).is_some(),
    |bytes| body::<MarkBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<MergeBody>(bytes).is_some(),
    |bytes| body::<PublishBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<ReasonBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<RegisterBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<RegistrationPatch>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<RescheduleBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<RespondBody>(bytes).is_some(),
    |bytes| body::<ScansBody>(bytes).is_some_and(|body| scans(&body)),
    |bytes| body::<SessionBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<SessionPatch>(bytes).is_some(),
    |bytes| body::<SheetBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<SubstituteBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<WalkInBody>(bytes).is_some_and(|body| body.read().is_ok()),
];

/// The queries.
pub const QUERIES: &[Read] = &[
    |bytes| query::<AttendeesQuery>(bytes, |q| q.after::<(String, AttendeeId)>().is_ok()),
    |bytes| query::<CountsQuery>(bytes, |_| true),
    |bytes| query::<ImportQuery>(bytes, |_| true),
    |bytes| query::<InvitationQuery>(bytes, |_| true),
    |bytes| query::<PublicSessionsQuery>(bytes, |q| q.after::<(i64, SessionId)>().is_ok()),
    |bytes| query::<RegistrationsQuery>(bytes, |q| q.after::<(i64, RegistrationId)>().is_ok()),
    |bytes| query::<ReportQuery>(bytes, |_| true),
    |bytes| query::<SessionsQuery>(bytes, |q| q.after_time::<SessionId>().is_ok()),
    |bytes| query::<TicketQuery>(bytes, |_| true),
];

fn scans(body: &ScansBody) -> bool {
    let mut check = Check::new();
    match body {
        ScansBody::One(scan) => drop(scan.read(&mut check, "")),
        ScansBody::Many(scans) => {
            for scan in scans {
                drop(scan.read(&mut check, "/0"));
            }
        }
    }
    check.done().is_ok()
}

/// A short code as someone typed it.
pub fn short_code(typed: &str) -> Option<String> {
    ticket::read_short_code(typed)
}
