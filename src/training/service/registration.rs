//! Registrations: made, answered, taken back, handed on.

use diesel::Connection;

use super::seat::{self, Entry};
use super::{outlook, own, people};
use crate::identity::UserId;
use crate::kernel::Fault;
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;
use crate::training::command::{Register, Who};
use crate::training::error::Error;
use crate::training::messages::{self, Telling};
use crate::training::model::{
    Attendee, EndedBy, Registration, RegistrationId, Session, SessionId, Source,
};
use crate::training::organiser_mail;
use crate::training::policy::{self, Reach};
use crate::training::status::{RegistrationAction, RegistrationStatus, SessionAction};
use crate::training::store::ledger::Locked;
use crate::training::store::session::Eyes;
use crate::training::store::{attendance, registration as store, session as sessions};
use crate::training::ticket;

/// What a use case gives back: the session as well, for what its answer shows.
pub(in crate::training) type Done = (Session, Registration, Attendee);

/// An organiser puts someone on the list.
pub(in crate::training) fn register(
    work: &mut Work<'_>,
    id: SessionId,
    command: &Register,
) -> Result<Done, Error> {
    let mut locked = seat::lock_for(work, Reach::Everybody.eyes(), id, SessionAction::Register)?;
    let attendee = people::resolve(work, &command.who)?;
    let registration = put(work, &mut locked, &attendee, Source::Organiser, command)?;
    seat::close(work, &locked)?;
    Ok((locked.session, registration, attendee))
}

/// A family registers itself, as an attendee of its account's own.
pub(in crate::training) fn register_self(
    work: &mut Work<'_>,
    id: SessionId,
    user: UserId,
) -> Result<Done, Error> {
    let eyes = Reach::Own(user).eyes();
    let mut locked = seat::lock(work, eyes, id)?;
    if !locked.session.is_open(work.now) {
        return Err(Error::RegistrationNotOpen);
    }
    let attendee = own::attendee(work, user)?;
    own::require_welcome(work, id, user)?;
    let command = Register {
        who: Who::Known(attendee.id),
        ask: false,
        note: None,
    };
    let registration = put(work, &mut locked, &attendee, Source::Own, &command)?;
    seat::close(work, &locked)?;
    Ok((locked.session, registration, attendee))
}

/// Puts an attendee on a locked session's list and tells them.
pub(in crate::training) fn put(
    work: &mut Work<'_>,
    locked: &mut Locked,
    attendee: &Attendee,
    source: Source,
    command: &Register,
) -> Result<Registration, Error> {
    if let Some(live) = people::live_of(work, locked.session.id, attendee)? {
        return Err(Error::AlreadyRegistered {
            registration: live.id,
        });
    }
    let status = if command.ask {
        RegistrationStatus::Invited
    } else {
        seat::admitted(locked)?
    };
    let note = command.note.clone();
    let entry = Entry {
        status,
        source,
        extra_seat: false,
        walk_in: false,
        note,
    };
    let registration = seat::enter(work, locked, attendee, entry)?;
    if let Some(telling) = seat::first_telling(status) {
        messages::tell(work, &locked.session, (&registration, attendee), telling)?;
    }
    let facts = serde_json::json!({"session": locked.session.id, "status": status});
    work.audit(
        "registration.create",
        "registration",
        registration.id.uuid(),
        facts,
    )?;
    tell_if_filled(work, locked, &registration)?;
    Ok(registration)
}

/// Tells the organiser once when the last seat is taken.
fn tell_if_filled(work: &mut Work<'_>, locked: &Locked, last: &Registration) -> Result<(), Error> {
    let Some(capacity) = locked.session.capacity else {
        return Ok(());
    };
    let took_last = last.holds_seat() && locked.ledger.seats_taken == capacity;
    if !took_last || locked.session.is_over(work.now) {
        return Ok(());
    }
    let values = [("capacity", serde_json::json!(capacity))];
    let once = capacity.to_string();
    organiser_mail::tell_organiser(work, &locked.session, "capacity_reached", &values, &once)
}

/// One registration the caller reaches, with its session locked. Whose it is comes first: what
/// is another's is missing, whatever state its session is in. A family reaches its own on any
/// session it was invited to, public or not.
pub(super) fn reach(
    work: &mut Work<'_>,
    reach: Reach,
    (session, id): (SessionId, RegistrationId),
    action: RegistrationAction,
) -> Result<(Locked, Registration, Attendee), Error> {
    let locked = seat::lock(work, Eyes::Staff, session)?;
    let found = store::find(work.conn, session, id, reach.only_of())?;
    let who = found.ok_or(Fault::NotFound)?;
    let states = (who.0.status, locked.session.status);
    if !policy::may_be(action, states, reach) {
        return Err(outlook::refusal(
            work,
            &locked.session,
            &who,
            (reach, action),
        ));
    }
    work.require_seen(who.0.version)?;
    Ok((locked, who.0, who.1))
}

/// A registration as it stands.
pub(in crate::training) fn show(
    work: &mut Work<'_>,
    (session, id): (SessionId, RegistrationId),
) -> Result<Done, Error> {
    let office = work.office_id();
    let eyes = (office, Reach::Everybody.eyes());
    let session = sessions::find(work.conn, eyes, session)?.ok_or(Fault::NotFound)?;
    let found = store::find(work.conn, session.id, id, None)?;
    let (registration, attendee) = found.ok_or(Fault::NotFound)?;
    Ok((session, registration, attendee))
}

/// A yes: to an invitation, or after a no.
pub(in crate::training) fn confirm(
    work: &mut Work<'_>,
    who: Reach,
    ids: (SessionId, RegistrationId),
) -> Result<Done, Error> {
    let (mut locked, before, attendee) = reach(work, who, ids, RegistrationAction::Confirm)?;
    if let Some(live) = people::live_of(work, locked.session.id, &attendee)?
        && live.id != before.id
    {
        return Err(Error::AlreadyRegistered {
            registration: live.id,
        });
    }
    let is_back = before.status == RegistrationStatus::Declined;
    if is_back && who != Reach::Everybody && !locked.session.is_open(work.now) {
        return Err(Error::RegistrationNotOpen);
    }
    let mut after = before.clone();
    after.status = seat::admitted(&locked)?;
    after.ended_by = None;
    if is_back {
        // Who comes back after a no stands at the tail.
        after.place = locked.ledger.next_place();
    }
    let after = seat::change(work, &mut locked, &before, after)?;
    messages::withdraw(work, &after, Withdrawn::Superseded)?;
    tell_if_filled(work, &locked, &after)?;
    if let Some(telling) = seat::first_telling(after.status) {
        messages::tell(work, &locked.session, (&after, &attendee), telling)?;
    }
    finish(
        work,
        locked,
        (&before, after),
        attendee,
        "registration.confirm",
    )
}

/// A yes of whoever had left: they are on the list anew, at its tail. What the office ended stays so.
pub(in crate::training) fn come_back(
    work: &mut Work<'_>,
    (session, id): (SessionId, RegistrationId),
) -> Result<Done, Error> {
    let mut locked = seat::lock(work, Eyes::Staff, session)?;
    let (_, whose) = store::find(work.conn, session, id, None)?.ok_or(Fault::NotFound)?;
    let attendee = people::survivor(work, whose.id)?;
    // The last word counts, whichever registration the link was for.
    let ended = [RegistrationStatus::Cancelled, RegistrationStatus::Declined];
    let last = store::latest(work.conn, session, attendee.id, &ended)?;
    let Some(before) = last.filter(|last| last.ended_by == Some(EndedBy::Attendee)) else {
        return Err(Error::RegistrationCancelled);
    };
    if !locked.session.is_open(work.now) {
        return Err(Error::RegistrationNotOpen);
    }
    let command = Register {
        who: Who::Known(attendee.id),
        ask: false,
        note: None,
    };
    let registration = put(work, &mut locked, &attendee, before.source, &command)?;
    seat::close(work, &locked)?;
    Ok((locked.session, registration, attendee))
}

/// A no to an invitation.
pub(in crate::training) fn decline(
    work: &mut Work<'_>,
    who: Reach,
    ids: (SessionId, RegistrationId),
) -> Result<Done, Error> {
    let (mut locked, before, attendee) = reach(work, who, ids, RegistrationAction::Decline)?;
    let mut after = before.clone();
    after.status = RegistrationStatus::Declined;
    after.ended_by = Some(ended_by(who));
    let after = seat::change(work, &mut locked, &before, after)?;
    messages::withdraw(work, &after, Withdrawn::Cancelled)?;
    finish(
        work,
        locked,
        (&before, after),
        attendee,
        "registration.decline",
    )
}

/// The registration is taken back; its seat goes to the first in line.
pub(in crate::training) fn cancel(
    work: &mut Work<'_>,
    who: Reach,
    ids: (SessionId, RegistrationId),
) -> Result<Done, Error> {
    let (mut locked, before, attendee) = reach(work, who, ids, RegistrationAction::Cancel)?;
    if attendance::is_present(work.conn, locked.session.id, Some(before.id))? {
        return Err(Error::HasAttendance);
    }
    let mut after = before.clone();
    after.status = RegistrationStatus::Cancelled;
    after.ended_by = Some(ended_by(who));
    let after = seat::change(work, &mut locked, &before, after)?;
    let was_told = !messages::is_untold(work, &after)?;
    messages::withdraw(work, &after, Withdrawn::Cancelled)?;
    if was_told {
        let by_office = who == Reach::Everybody;
        let telling = Telling::Ended { by_office };
        let had_seat = before.status == RegistrationStatus::Confirmed;
        let who = (&after, &attendee);
        messages::tell_left(work, &locked.session, who, (telling, had_seat))?;
    }
    seat::promote(work, &mut locked)?;
    finish(
        work,
        locked,
        (&before, after),
        attendee,
        "registration.cancel",
    )
}

const fn ended_by(who: Reach) -> EndedBy {
    match who {
        Reach::Everybody => EndedBy::Office,
        Reach::Own(_) | Reach::Bearer => EndedBy::Attendee,
    }
}

fn finish(
    work: &mut Work<'_>,
    locked: Locked,
    (before, after): (&Registration, Registration),
    attendee: Attendee,
    action: &str,
) -> Result<Done, Error> {
    seat::close(work, &locked)?;
    let facts = serde_json::json!({"from": before.status, "to": after.status});
    work.audit(action, "registration", after.id.uuid(), facts)?;
    Ok((locked.session, after, attendee))
}

/// Đi thay: someone else comes on the same registration; state, seat and place stay.
pub(in crate::training) fn substitute(
    work: &mut Work<'_>,
    ids: (SessionId, RegistrationId),
    who: &Who,
) -> Result<Done, Error> {
    let everybody = Reach::Everybody;
    let (mut locked, before, old) = reach(work, everybody, ids, RegistrationAction::Substitute)?;
    if attendance::has_any(work.conn, before.id)? {
        return Err(Error::HasAttendance);
    }
    let new = people::resolve(work, who)?;
    if let Some(live) = people::live(work, locked.session.id, new.id)? {
        return Err(Error::AlreadyRegistered {
            registration: live.id,
        });
    }
    let mut after = before.clone();
    after.attendee_id = new.id;
    after.invited_attendee_id = before.invited_attendee_id.or(Some(old.id));
    (after.sex, after.audience) = (new.sex, new.audience);
    (after.agency_id, after.birth_year) = (new.agency_id, new.birth_year);
    after.ticket_generation += 1;
    let issued = ticket::issue(&work.platform.keys, after.id, after.ticket_generation);
    (after.ticket_digest, after.short_code) = issued;
    let after = seat::change(work, &mut locked, &before, after)?;
    messages::withdraw(work, &after, Withdrawn::Superseded)?;
    let had_seat = before.status == RegistrationStatus::Confirmed;
    let left = (Telling::Replaced, had_seat);
    messages::tell_left(work, &locked.session, (&after, &old), left)?;
    let telling = match after.status {
        RegistrationStatus::Confirmed => Some(Telling::TakenOver),
        other => seat::first_telling(other),
    };
    if let Some(telling) = telling {
        messages::tell(work, &locked.session, (&after, &new), telling)?;
    }
    let facts = serde_json::json!({"from": old.id, "to": new.id});
    work.audit(
        "registration.substitute",
        "registration",
        after.id.uuid(),
        facts,
    )?;
    seat::close(work, &locked)?;
    Ok((locked.session, after, new))
}

/// Changes the remark.
pub(in crate::training) fn edit(
    work: &mut Work<'_>,
    (session, id): (SessionId, RegistrationId),
    expected: crate::http::request::Expected,
    note: crate::kernel::Patch<String>,
) -> Result<Done, Error> {
    let mut locked = seat::lock(work, Reach::Everybody.eyes(), session)?;
    let found = store::find(work.conn, session, id, None)?;
    let (before, attendee) = found.ok_or(Fault::NotFound)?;
    expected.require(before.version)?;
    let mut after = before.clone();
    after.note = note.over(after.note);
    let after = seat::change(work, &mut locked, &before, after)?;
    finish(
        work,
        locked,
        (&before, after),
        attendee,
        "registration.edit",
    )
}

/// Runs `f` so that its refusal undoes what it wrote and nothing else: for rows of a batch.
pub(in crate::training) fn alone<T>(
    work: &mut Work<'_>,
    f: impl FnOnce(&mut Work<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let (platform, now, office) = (work.platform, work.now, work.office);
    let (actor, origin) = (work.actor, work.origin);
    work.conn
        .transaction(|conn| f(&mut Work::new(conn, platform, now, office, actor).asked_by(origin)))
}
