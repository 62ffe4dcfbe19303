//! What the office changes of an appointment: when, how and where it is held. A wish of a family
//! that the office changes is the office's offer from then on: the family answers it.

use serde_json::json;

use super::appointment::{lock, note, save};
use super::matter::Matter;
use super::{booking, handing, notice};
use crate::counselling::appointment::{
    Appointment, AppointmentAction, AppointmentSecret, AppointmentStatus, Leave,
};
use crate::counselling::errand;
use crate::counselling::error::Error;
use crate::counselling::model::{AppointmentId, Mode, Topic};
use crate::counselling::policy::Eyes;
use crate::counselling::slot::Span;
use crate::counselling::store::appointment::Scope;
use crate::http::request::Expected;
use crate::kernel::{Fault, Id};
use crate::office::work::Work;

/// What of an appointment is changed without moving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::counselling) struct Details {
    pub(in crate::counselling) mode: Mode,
    pub(in crate::counselling) topics: Vec<Topic>,
    pub(in crate::counselling) secret: AppointmentSecret,
}

impl Details {
    fn of(one: &Appointment) -> Self {
        Self {
            mode: one.mode,
            topics: one.topics.clone(),
            secret: one.secret.clone(),
        }
    }

    /// Whether whoever comes does so in another way, or elsewhere.
    fn is_elsewhere(&self, other: &Self) -> bool {
        (self.mode, &self.secret.location) != (other.mode, &other.secret.location)
    }
}

/// What the office changed of a time nobody answered yet waits for the family from now on.
fn offer(work: &mut Work<'_>, one: &mut Appointment) -> Result<(), Error> {
    if one.status == AppointmentStatus::Requested {
        one.asked_by = work.actor;
        one.expires_at = Some(booking::expiry(work, one.span)?);
        errand::appointment_answered(work, one.id)?;
    }
    Ok(())
}

/// Changes how and where an appointment is held, who interprets and what it is about.
pub(in crate::counselling) fn edit(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
    expected: Expected,
    change: impl FnOnce(&Details) -> Result<Details, Fault>,
) -> Result<Appointment, Error> {
    let scope = Scope::Staff(eyes.clone());
    let (mut one, matter) = lock(work, &scope, id, AppointmentAction::Edit)?;
    expected.require(one.version)?;
    let old = Details::of(&one);
    let new = change(&old)?;
    if new == old {
        return Ok(one);
    }
    let is_elsewhere = new.is_elsewhere(&old);
    one.mode = new.mode;
    one.topics = new.topics;
    one.secret = new.secret;
    if is_elsewhere {
        one.calendar_sequence += 1;
        offer(work, &mut one)?;
    }
    let terms = matter.terms(false);
    if one.mode != old.mode {
        // At the office the two sides of an adoption keep a distance.
        booking::require_free(work, &one, terms)?;
    }
    let facts = json!({"mode": one.mode, "topics": one.topics});
    save(work, &mut one, terms, ("edit", &facts), None)?;
    if is_elsewhere {
        let was_at = one.span.starts_at;
        notice::changed(work, &matter, &one, was_at)?;
    }
    Ok(one)
}

/// Moves an appointment: it keeps its id and history. One that was missed stays what it is, and
/// another, linked to it, is made.
pub(in crate::counselling) fn reschedule(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: AppointmentId,
    (span, reason): (Span, Option<&str>),
) -> Result<Appointment, Error> {
    let scope = Scope::Staff(eyes.clone());
    let action = AppointmentAction::Reschedule;
    let (mut one, matter) = lock(work, &scope, id, action)?;
    booking::require_ahead(span, work.now)?;
    handing::take_over(work, &matter, &mut one)?;
    if one.status == AppointmentStatus::NoShow {
        return follow(work, &one, &matter, (span, reason));
    }
    if span == one.span {
        return Err(Fault::rule("/starts_at", "unchanged").into());
    }
    let facts = json!({
        "from": {"starts_at": one.span.starts_at, "ends_at": one.span.ends_at},
        "to": {"starts_at": span.starts_at, "ends_at": span.ends_at},
    });
    let was_at = one.span.starts_at;
    one.span = span;
    one.calendar_sequence += 1;
    offer(work, &mut one)?;
    let terms = matter.terms(false);
    booking::require_free(work, &one, terms)?;
    save(work, &mut one, terms, ("reschedule", &facts), reason)?;
    notice::changed(work, &matter, &one, was_at)?;
    Ok(one)
}

fn follow(
    work: &mut Work<'_>,
    missed: &Appointment,
    matter: &Matter,
    (span, reason): (Span, Option<&str>),
) -> Result<Appointment, Error> {
    let mut next = missed.clone();
    next.id = Id::new(work.now);
    next.follows_id = Some(missed.id);
    next.span = span;
    next.status = AppointmentStatus::Confirmed;
    next.phase = matter.phase();
    next.no_show_by = None;
    next.confirmed_at = Some(work.now);
    next.calendar_sequence = 0;
    next.version = 1;
    next.asked_by = work.actor;
    next.created_at = work.now;
    next.updated_at = work.now;
    next.leave = Leave::All;
    for seat in &mut next.seats {
        seat.id = Id::new(work.now);
        seat.has_attended = None;
    }
    let terms = matter.terms(false);
    booking::require_free(work, &next, terms)?;
    booking::write(work, &next, terms, None)?;
    let facts = json!({
        "status": next.status,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "follows": missed.id,
    });
    note(work, &next, ("create", &facts), reason)?;
    note(
        work,
        missed,
        ("reschedule", &json!({"next": next.id})),
        None,
    )?;
    notice::booked(work, matter, &next, false)?;
    Ok(next)
}
