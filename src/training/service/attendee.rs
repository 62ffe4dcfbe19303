//! Attendees: known, corrected, looked back at, and suspected of being one.

use std::collections::BTreeMap;

use super::{people, respond, seat};
use crate::http::request::Expected;
use crate::kernel::{Fault, text, title};
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;
use crate::training::command::AttendeeDraft;
use crate::training::error::Error;
use crate::training::messages;
use crate::training::model::{Attendee, AttendeeId, Registration, Session, SessionId};
use crate::training::status::SessionStatus;
use crate::training::store::ledger::{self, Locked};
use crate::training::store::session::Eyes;
use crate::training::store::{attendee as store, registration, session};

/// Makes an attendee.
pub(in crate::training) fn create(
    work: &mut Work<'_>,
    draft: &AttendeeDraft,
) -> Result<Attendee, Error> {
    let attendee = people::create(work, draft)?;
    let facts = serde_json::json!({});
    work.audit("attendee.create", "attendee", attendee.id.uuid(), facts)?;
    Ok(attendee)
}

/// One attendee of the office.
pub(in crate::training) fn load(work: &mut Work<'_>, id: AttendeeId) -> Result<Attendee, Error> {
    let office = work.office_id();
    Ok(store::find(work.conn, office, id)?.ok_or(Fault::NotFound)?)
}

/// Corrects an attendee; what sessions not yet completed counted of it follows.
pub(in crate::training) fn edit(
    work: &mut Work<'_>,
    id: AttendeeId,
    expected: Expected,
    change: impl FnOnce(&Attendee) -> Result<AttendeeDraft, Fault>,
) -> Result<Attendee, Error> {
    store::touch(work.conn, id)?;
    let before = load(work, id)?;
    expected.require(before.version)?;
    if before.merged_into.is_some() {
        return Err(Error::Merged);
    }
    let draft = change(&before)?;
    people::check_facts(work, (&draft, before.agency_id))?;
    let mut after = people::with_draft(before.clone(), &draft);
    if after == before {
        return Ok(after);
    }
    save(work, &mut after)?;
    if before.email.is_some() && before.email != after.email {
        readdress(work, &after)?;
    }
    Ok(after)
}

/// The address was another's, or is not read any more: what went there gives no right now, what had not
/// left stays, and whoever reads the new one is told where they stand.
fn readdress(work: &mut Work<'_>, attendee: &Attendee) -> Result<(), Error> {
    for registration in registration::of_attendee(work.conn, &[attendee.id])? {
        let locked = seat::lock(work, Eyes::Staff, registration.session_id)?;
        let found = registration::find(work.conn, registration.session_id, registration.id, None)?;
        let Some((now, _)) = found else { continue };
        respond::end_links(work, now.id)?;
        messages::withdraw(work, &now, Withdrawn::Superseded)?;
        let session = &locked.session;
        let is_to_come = session.status == SessionStatus::Published && !session.is_over(work.now);
        let telling = seat::first_telling(now.status).filter(|_| is_to_come);
        if let Some(telling) = telling {
            messages::tell_again(work, session, (&now, attendee), telling)?;
        }
    }
    Ok(())
}

/// Writes what an attendee is known by under its next version.
pub(super) fn save(work: &mut Work<'_>, attendee: &mut Attendee) -> Result<(), Error> {
    save_under(work, attendee, None)
}

/// The same by whoever holds the lock of a session, and saves its ledger.
pub(super) fn save_under(
    work: &mut Work<'_>,
    attendee: &mut Attendee,
    held: Option<&mut Locked>,
) -> Result<(), Error> {
    attendee.version += 1;
    attendee.updated_at = work.now;
    store::update(work.conn, attendee)?;
    follow(work, attendee, held)?;
    let nothing = serde_json::json!({});
    work.audit("attendee.edit", "attendee", attendee.id.uuid(), nothing)?;
    Ok(())
}

/// Carries an attendee's dimensions to its registrations, until a completion freezes them.
fn follow(
    work: &mut Work<'_>,
    attendee: &Attendee,
    mut held: Option<&mut Locked>,
) -> Result<(), Error> {
    let mut registrations = registration::of_attendee(work.conn, &[attendee.id])?;
    registrations.sort_by_key(|one| one.session_id);
    for before in registrations {
        let here = held.as_deref_mut();
        if let Some(locked) = here.filter(|held| held.session.id == before.session_id) {
            follow_to(work, locked, &before, attendee)?;
            continue;
        }
        let mut locked = seat::lock(work, Eyes::Staff, before.session_id)?;
        follow_to(work, &mut locked, &before, attendee)?;
        seat::close(work, &locked)?;
    }
    Ok(())
}

fn follow_to(
    work: &mut Work<'_>,
    locked: &mut Locked,
    before: &Registration,
    attendee: &Attendee,
) -> Result<(), Error> {
    if locked.session.status == SessionStatus::Completed {
        return Ok(());
    }
    let found = registration::find(work.conn, before.session_id, before.id, None)?;
    let Some((before, _)) = found else {
        return Ok(());
    };
    let mut after = before.clone();
    (after.sex, after.audience) = (attendee.sex, attendee.audience);
    (after.agency_id, after.birth_year) = (attendee.agency_id, attendee.birth_year);
    seat::settle(work, locked, &before, &after)
}

/// Everything an attendee was registered for, under every name, newest first.
pub(in crate::training) fn history(
    work: &mut Work<'_>,
    id: AttendeeId,
) -> Result<Vec<(Registration, Session)>, Error> {
    let attendee = load(work, id)?;
    let names = people::aliases(work, attendee.id)?;
    let registrations = registration::of_attendee(work.conn, &names)?;
    with_sessions(work, registrations)
}

/// Registrations with their sessions.
pub(in crate::training) fn with_sessions(
    work: &mut Work<'_>,
    registrations: Vec<Registration>,
) -> Result<Vec<(Registration, Session)>, Error> {
    let office = work.office_id();
    let mut sessions = BTreeMap::<SessionId, Session>::new();
    let mut found = Vec::with_capacity(registrations.len());
    for registration in registrations {
        let id = registration.session_id;
        if let std::collections::btree_map::Entry::Vacant(place) = sessions.entry(id) {
            let session = session::find(work.conn, (office, Eyes::Staff), id)?;
            place.insert(session.ok_or(Fault::NotFound)?);
        }
        if let Some(session) = sessions.get(&id) {
            found.push((registration, session.clone()));
        }
    }
    Ok(found)
}

/// Why two attendees may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::training) enum Likeness {
    /// The same name and the same phone or address.
    Contact,
    /// The same name and the same organisation.
    Organisation,
}

/// Pairs that are likely one person; a person decides.
pub(in crate::training) fn duplicates(
    work: &mut Work<'_>,
) -> Result<Vec<(Attendee, Attendee, Likeness)>, Error> {
    let office = work.office_id();
    let mut by_name = BTreeMap::<String, Vec<Attendee>>::new();
    for attendee in store::sharing_names(work.conn, office)? {
        by_name
            .entry(title::name_key(&attendee.full_name))
            .or_default()
            .push(attendee);
    }
    let mut pairs = Vec::new();
    for namesakes in by_name.values() {
        for (index, left) in namesakes.iter().enumerate() {
            for right in namesakes.iter().skip(index + 1) {
                if let Some(likeness) = likeness(left, right) {
                    pairs.push((left.clone(), right.clone(), likeness));
                }
            }
        }
    }
    Ok(pairs)
}

/// Why two of the same name may be one; `None` when nothing more speaks for it.
pub(in crate::training) fn likeness(left: &Attendee, right: &Attendee) -> Option<Likeness> {
    let is_same = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    if is_same(&left.phone, &right.phone) || is_same(&left.email, &right.email) {
        return Some(Likeness::Contact);
    }
    let folded = |attendee: &Attendee| attendee.organisation.as_deref().map(text::fold);
    let (left, right) = (folded(left), folded(right));
    (left.is_some() && left == right).then_some(Likeness::Organisation)
}

/// The seats taken in sessions, for lists that show them.
pub(in crate::training) fn seats_taken(
    work: &mut Work<'_>,
    sessions: &[Session],
) -> Result<BTreeMap<SessionId, i32>, Error> {
    let ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
    Ok(ledger::seats_of(work.conn, &ids)?)
}
