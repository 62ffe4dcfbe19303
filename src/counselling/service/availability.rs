//! A counsellor's hours, and the times they leave free.

use serde_json::json;

use crate::counselling::errand;
use crate::counselling::error::Error;
use crate::counselling::model::AppointmentId;
use crate::counselling::policy::Eyes;
use crate::counselling::slot::Availability;
use crate::counselling::store::{availability as store, booking};
use crate::http::request::Expected;
use crate::identity::{Role, UserId, colleague};
use crate::kernel::{Fault, Timestamp};
use crate::office::calendar;
use crate::office::work::Work;

/// A counsellor's hours, as they are.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Timetable {
    pub(in crate::counselling) counsellor: UserId,
    pub(in crate::counselling) availability: Availability,
    pub(in crate::counselling) version: i32,
    pub(in crate::counselling) updated_at: Option<Timestamp>,
}

/// Refuses whoever counsels nobody of the office.
pub(in crate::counselling) fn require_counsellor(
    work: &mut Work<'_>,
    counsellor: UserId,
) -> Result<(), Error> {
    let office = work.office_id();
    let roles = [Role::Counsellor, Role::Supervisor];
    if colleague::works_as(work.conn, office, counsellor, &roles)? {
        Ok(())
    } else {
        Err(Fault::NotFound.into())
    }
}

/// Refuses whoever is neither the counsellor nor a supervisor: the hours are not theirs to know.
fn require_theirs(work: &mut Work<'_>, eyes: &Eyes, counsellor: UserId) -> Result<(), Error> {
    if !eyes.is_supervisor && eyes.user != counsellor {
        return Err(Fault::NotFound.into());
    }
    require_counsellor(work, counsellor)
}

/// A counsellor's hours.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    eyes: &Eyes,
    counsellor: UserId,
) -> Result<Timetable, Error> {
    require_theirs(work, eyes, counsellor)?;
    let (version, updated_at) = store::version(work.conn, counsellor)?;
    Ok(Timetable {
        counsellor,
        availability: store::load(work.conn, counsellor)?,
        version,
        updated_at,
    })
}

/// Sets a counsellor's hours; gives the appointments that no longer lie in them. None is moved.
pub(in crate::counselling) fn replace(
    work: &mut Work<'_>,
    eyes: &Eyes,
    counsellor: UserId,
    expected: Expected,
    new: impl FnOnce() -> Result<Availability, Fault>,
) -> Result<(Timetable, Vec<AppointmentId>), Error> {
    require_theirs(work, eyes, counsellor)?;
    store::lock(work.conn, work.office.id, counsellor, work.now)?;
    let (version, _) = store::version(work.conn, counsellor)?;
    expected.require(version)?;
    store::replace(work.conn, counsellor, &new()?, work.now)?;
    let timetable = load(work, eyes, counsellor)?;
    let calendar = calendar::load(work.conn, work.office.id)?;
    let office = (&calendar, work.zone());
    let mut outside = booking::to_come(work.conn, counsellor, work.now)?;
    outside.retain(|(_, span)| !timetable.availability.is_open(office, *span));
    let first_at = outside.iter().map(|(_, span)| span.starts_at).min();
    let touched: Vec<AppointmentId> = outside.into_iter().map(|(id, _)| id).collect();
    errand::hours_touch(work, counsellor, (timetable.version, first_at))?;
    let facts = json!({"version": timetable.version, "touched": touched.len()});
    work.audit("counsellor.hours", "user", counsellor.uuid(), facts)?;
    Ok((timetable, touched))
}
