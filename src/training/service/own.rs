//! What an account answers for: what its own entry is registered for, and what counts for that entry's
//! person since the office found out who it is.

use std::collections::{BTreeMap, HashSet};

use super::people;
use crate::identity::UserId;
use crate::kernel::{Fault, Id};
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{
    Admission, Attendee, Audience, EndedBy, Registration, RegistrationId, Session, SessionId, Sex,
};
use crate::training::policy::Circumstances;
use crate::training::status::RegistrationStatus;
use crate::training::store::{attendee as store, ledger, registration};

/// The attendee an account registers as: made from the account once, never matched by address.
pub(super) fn attendee(work: &mut Work<'_>, user: UserId) -> Result<Attendee, Error> {
    if let Some(attendee) = store::of_user(work.conn, user)? {
        return Ok(attendee);
    }
    let contact = crate::identity::contact::find(work.conn, user)?.ok_or(Fault::NotFound)?;
    let attendee = Attendee {
        id: Id::new(work.now),
        office_id: work.office_id(),
        user_id: Some(user),
        full_name: contact.full_name,
        email: Some(contact.email),
        phone: contact.phone,
        sex: Sex::Unknown,
        birth_year: None,
        agency_id: None,
        organisation: None,
        position: None,
        audience: Audience::Family,
        language: contact.language,
        merged_into: None,
        merge_undo: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    store::insert(work.conn, &attendee)?;
    Ok(attendee)
}

/// Refuses an account that the office took off a session's list: what the office ended stays so, as for the
/// link of a mail, until the office says otherwise.
pub(super) fn require_welcome(
    work: &mut Work<'_>,
    session: SessionId,
    user: UserId,
) -> Result<(), Error> {
    let all = everything(work, user)?;
    let there: Vec<&Registration> = all.iter().filter(|one| one.session_id == session).collect();
    if is_put_off(&there) {
        return Err(Error::RegistrationCancelled);
    }
    Ok(())
}

/// Whether the last word on somebody in a session was the office's, that they are off its list.
fn is_put_off(there: &[&Registration]) -> bool {
    let is_over = |one: &&&Registration| {
        matches!(
            one.status,
            RegistrationStatus::Cancelled | RegistrationStatus::Declined
        )
    };
    let last = there.iter().filter(is_over).max_by_key(|one| one.place);
    let is_listed = there.iter().any(|one| one.status.is_live());
    let by_office = last.is_some_and(|last| {
        last.status == RegistrationStatus::Cancelled && last.ended_by == Some(EndedBy::Office)
    });
    by_office && !is_listed
}

/// What an account's own entry was registered for, newest first. It follows no merge of people; where a
/// merge took a registration out, the one that counts in its place stands for it.
pub(in crate::training) fn registrations(
    work: &mut Work<'_>,
    user: UserId,
) -> Result<Vec<Registration>, Error> {
    let Some(me) = store::of_user(work.conn, user)? else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Registration> = Vec::new();
    for own in registration::of_attendee(work.conn, &[me.id])? {
        let one = match own.kept_id {
            Some(kept) => standing(work, (user, &me), (own, kept))?,
            None => own,
        };
        if !found.iter().any(|other| other.id == one.id) {
            found.push(one);
        }
    }
    Ok(found)
}

/// What counts in place of a registration that a merge took out, where the account reaches it.
fn standing(
    work: &mut Work<'_>,
    (user, me): (UserId, &Attendee),
    (own, kept): (Registration, RegistrationId),
) -> Result<Registration, Error> {
    let live = people::live_of(work, own.session_id, me)?;
    let id = live.map_or(kept, |live| live.id);
    let found = registration::find(work.conn, own.session_id, id, Some(user))?;
    Ok(found.map_or(own, |(standing, _)| standing))
}

/// Everything an account's person was registered for, under whichever name.
fn everything(work: &mut Work<'_>, user: UserId) -> Result<Vec<Registration>, Error> {
    let Some(me) = store::of_user(work.conn, user)? else {
        return Ok(Vec::new());
    };
    let person = store::survivor(work.conn, me)?;
    let names = people::aliases(work, person.id)?;
    Ok(registration::of_attendee(work.conn, &names)?)
}

/// The sessions an account is on the list of, under whichever name of its person.
fn listed(all: &[Registration]) -> HashSet<SessionId> {
    let live = all.iter().filter(|one| one.status.is_live());
    live.map(|one| one.session_id).collect()
}

/// The sessions an account cannot register for, being on the list, or taken off it by the office.
pub(in crate::training) fn closed(
    work: &mut Work<'_>,
    user: UserId,
) -> Result<HashSet<SessionId>, Error> {
    let all = everything(work, user)?;
    let mut closed = listed(&all);
    let mut by_session = BTreeMap::<SessionId, Vec<&Registration>>::new();
    for one in &all {
        by_session.entry(one.session_id).or_default().push(one);
    }
    let put_off = by_session.iter().filter(|(_, there)| is_put_off(there));
    closed.extend(put_off.map(|(session, _)| *session));
    Ok(closed)
}

/// What decides what an account may do with its own registrations.
#[derive(Debug)]
pub(in crate::training) struct Outlook {
    seats: BTreeMap<SessionId, i32>,
    listed: HashSet<SessionId>,
}

impl Outlook {
    /// Looks it up for all of them at once.
    pub(in crate::training) fn of(
        work: &mut Work<'_>,
        user: UserId,
        found: &[(Registration, Session)],
    ) -> Result<Self, Error> {
        let ids: Vec<SessionId> = found.iter().map(|(_, session)| session.id).collect();
        Ok(Self {
            seats: ledger::seats_of(work.conn, &ids)?,
            listed: listed(&everything(work, user)?),
        })
    }

    /// What it says of one of them.
    pub(in crate::training) fn circumstances(
        &self,
        (registration, session): &(Registration, Session),
    ) -> Circumstances {
        let taken = self.seats.get(&session.id).copied().unwrap_or_default();
        let is_over = !registration.status.is_live();
        Circumstances {
            has_room: session.admit(taken) != Admission::Full,
            is_anew: is_over && self.listed.contains(&session.id),
            is_mailed: false,
        }
    }
}
