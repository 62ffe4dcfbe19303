//! Who is told what about an appointment, in the transaction that makes it so.

use chrono::TimeDelta;

use super::matter::{Matter, can_book};
use crate::counselling::appointment::{
    Appointment, AppointmentAction, AppointmentStatus, CancelledBy, NoShowBy,
};
use crate::counselling::error::Error;
use crate::counselling::messages::{self, Telling, Told};
use crate::counselling::{alarm, errand, store};
use crate::identity::UserId;
use crate::kernel::{Fault, Timestamp};
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;

/// Hours before an appointment at which it is called to mind.
const LEAD_HOURS: i32 = 24;

fn told(matter: &Matter, one: &Appointment, was_at: Option<Timestamp>) -> Told {
    let can_book = match matter {
        Matter::Case(case) => can_book(case),
        Matter::Request(request) => !request.status.is_over(),
    };
    Told {
        id: one.id.uuid(),
        counsellor: one.counsellor_id,
        version: one.version,
        mode: one.mode,
        starts_at: one.span.starts_at,
        ends_at: one.span.ends_at,
        was_at,
        calendar_sequence: one.calendar_sequence,
        held_until: one.expires_at,
        was_confirmed: one.confirmed_at.is_some(),
        missed_by_office: matches!(
            one.no_show_by,
            Some(NoShowBy::Counsellor | NoShowBy::Interpreter)
        ),
        wants_another: can_book && one.cancelled_by != Some(CancelledBy::Party),
        asked_by: one.asked_by,
    }
}

/// Tells everybody of an appointment.
fn tell(
    work: &mut Work<'_>,
    matter: &Matter,
    which: (&Appointment, Option<Timestamp>),
    telling: Telling,
) -> Result<(), Error> {
    tell_but(work, matter, which, (telling, None))
}

/// Tells everybody of an appointment but the family that did what is told.
fn tell_but(
    work: &mut Work<'_>,
    matter: &Matter,
    (one, was_at): (&Appointment, Option<Timestamp>),
    (telling, but): (Telling, Option<UserId>),
) -> Result<(), Error> {
    let told = told(matter, one, was_at);
    let is_left_out = |user: Option<UserId>| but.is_some() && user == but;
    match matter {
        Matter::Request(request) if is_left_out(request.user_id) => Ok(()),
        Matter::Request(request) => messages::tell_requester(work, &told, request, telling),
        Matter::Case(case) => {
            for party in one.seats.iter().filter_map(|seat| seat.party_id) {
                match store::party::load(work, case, party) {
                    Ok(party) if is_left_out(party.user_id) => {}
                    Ok(party) => messages::tell(work, &told, &party, telling)?,
                    // Whoever was taken out of the case is told nothing more of it.
                    Err(Error::Fault(Fault::NotFound)) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        }
    }
}

/// Whether it is the family of an appointment that acts.
fn is_family(work: &mut Work<'_>, matter: &Matter, one: &Appointment) -> Result<bool, Error> {
    let Some(actor) = work.actor else {
        return Ok(false);
    };
    match matter {
        Matter::Request(request) => Ok(request.user_id == Some(actor)),
        Matter::Case(_) => {
            let mine = store::party::of_user(work.conn, work.office.id, actor)?;
            let mut seats = one.seats.iter().filter_map(|seat| seat.party_id);
            Ok(seats.any(|party| mine.iter().any(|(id, _)| *id == party)))
        }
    }
}

/// It was asked for, or counts at once. What a family asks for its counsellor answers; what the
/// office offers the family does.
pub(super) fn booked(
    work: &mut Work<'_>,
    matter: &Matter,
    one: &Appointment,
    is_by_family: bool,
) -> Result<(), Error> {
    if one.status == AppointmentStatus::Completed {
        // It was held before it was entered: nobody is told of what they were at.
        return Ok(());
    }
    if one.status == AppointmentStatus::Requested {
        if is_by_family {
            errand::appointment_asked(work, one)?;
        }
        return tell(work, matter, (one, None), Telling::Requested);
    }
    tell(work, matter, (one, None), Telling::Confirmed)?;
    remind(work, matter, one)
}

/// It will be called to mind, unless it is too soon for that.
fn remind(work: &mut Work<'_>, matter: &Matter, one: &Appointment) -> Result<(), Error> {
    let lead = TimeDelta::hours(i64::from(LEAD_HOURS));
    if one.span.starts_at.since(work.now) <= lead + TimeDelta::hours(1) {
        return Ok(());
    }
    tell(work, matter, (one, None), Telling::Reminder(LEAD_HOURS))
}

/// An action moved its status.
pub(super) fn settled(
    work: &mut Work<'_>,
    matter: &Matter,
    one: &Appointment,
    action: AppointmentAction,
) -> Result<(), Error> {
    errand::appointment_answered(work, one.id)?;
    let id = one.id.uuid();
    match action {
        AppointmentAction::Confirm => {
            messages::withdraw(work, id, Withdrawn::Superseded)?;
            tell(work, matter, (one, None), Telling::Confirmed)?;
            // By the family itself, or by a colleague who has its word.
            let offerer = Some(one.counsellor_id);
            let is_told = one.asked_by == offerer && work.actor != offerer;
            if is_told || is_family(work, matter, one)? {
                alarm::agreed(work, one)?;
            }
            remind(work, matter, one)
        }
        AppointmentAction::Decline => {
            messages::withdraw(work, id, Withdrawn::Cancelled)?;
            if !is_family(work, matter, one)? {
                return tell(work, matter, (one, None), Telling::Declined);
            }
            let who = (Telling::Cancelled, work.actor);
            tell_but(work, matter, (one, None), who)?;
            errand::another_time(work, one)
        }
        AppointmentAction::Cancel => called_off(work, matter, one),
        AppointmentAction::NoShow => {
            tell(work, matter, (one, None), Telling::Missed)?;
            if one.no_show_by == Some(NoShowBy::Party) {
                return Ok(());
            }
            // The family waited: somebody owes it a word, and another time.
            errand::another_time(work, one)
        }
        AppointmentAction::Reopen => untold(work, one),
        AppointmentAction::Complete | AppointmentAction::Edit | AppointmentAction::Reschedule => {
            Ok(())
        }
    }
}

/// What was told of how it went is untrue: what has not left stays here, and where somebody may have read
/// that it was missed, they get a call.
fn untold(work: &mut Work<'_>, one: &Appointment) -> Result<(), Error> {
    if messages::withdraw_missed(work, one.id.uuid())? {
        errand::put_right(work, one)?;
    }
    Ok(())
}

/// It is off; why is told to nobody. The family that takes back its own wish knows, and so does whoever
/// told the office so of a time that nobody else was to come to; what stood in a calendar is taken out of
/// it, and others who were to come hear of it.
pub(super) fn called_off(
    work: &mut Work<'_>,
    matter: &Matter,
    one: &Appointment,
) -> Result<(), Error> {
    messages::withdraw(work, one.id.uuid(), Withdrawn::Cancelled)?;
    let who = match one.cancelled_by {
        Some(CancelledBy::Party) if is_family(work, matter, one)? => {
            work.actor.filter(|_| one.confirmed_at.is_none())
        }
        Some(CancelledBy::Party) if one.confirmed_at.is_none() && one.seats.len() < 2 => {
            return Ok(());
        }
        _ => None,
    };
    tell_but(work, matter, (one, None), (Telling::Cancelled, who))
}

/// The family called it off itself: its counsellor hears of it, unless it was a wish nobody had
/// answered.
pub(super) fn family_left(
    work: &mut Work<'_>,
    one: &Appointment,
    user: UserId,
) -> Result<(), Error> {
    let was_own_wish = one.confirmed_at.is_none() && one.asked_by == Some(user);
    if was_own_wish {
        return Ok(());
    }
    errand::another_time(work, one)
}

/// Nobody answered in time: the family hears that the time is not held any more, whenever that is
/// found out.
pub(super) fn lapsed(work: &mut Work<'_>, matter: &Matter, one: &Appointment) -> Result<(), Error> {
    messages::withdraw(work, one.id.uuid(), Withdrawn::Cancelled)?;
    tell(work, matter, (one, None), Telling::Lapsed)
}

/// Its time or its place changed; a time nobody answered is offered anew.
pub(super) fn changed(
    work: &mut Work<'_>,
    matter: &Matter,
    one: &Appointment,
    was_at: Timestamp,
) -> Result<(), Error> {
    messages::withdraw(work, one.id.uuid(), Withdrawn::Superseded)?;
    let which = (one, Some(was_at));
    if one.status == AppointmentStatus::Requested {
        return tell(work, matter, which, Telling::Requested);
    }
    tell(work, matter, which, Telling::Changed)?;
    remind(work, matter, one)
}
