//! Whose a registration is under all the names of a person, and what an account reaches of that.

use std::collections::HashSet;

use diesel::prelude::*;

use super::registration::{LIVE, WithAttendee, find, live};
use crate::db::schema::registrations;
use crate::db::{Conn, Result};
use crate::identity::UserId;
use crate::training::model::{AttendeeId, RegistrationId, SessionId};
use crate::training::status::RegistrationStatus;

/// What an account reaches: what its own entry is registered for, and what the office registered whom that
/// entry turned out to be for. It sees its own entry, whatever became of that; nobody reaches what is
/// another account's.
pub(super) fn reached(
    conn: &mut Conn,
    user: UserId,
    one: WithAttendee,
) -> Result<Option<WithAttendee>> {
    let (registration, person) = one;
    if let Some(whose) = person.user_id {
        return Ok((whose == user).then_some((registration, person)));
    }
    let Some(me) = super::attendee::of_user(conn, user)? else {
        return Ok(None);
    };
    let mine = super::attendee::survivor(conn, me.clone())?;
    let theirs = super::attendee::survivor(conn, person)?;
    Ok((mine.id == theirs.id).then_some((registration, me)))
}

/// Whether an account is on the list of a session by something it reaches.
pub(in crate::training) fn is_listed(
    conn: &mut Conn,
    session: SessionId,
    user: UserId,
) -> Result<bool> {
    let Some(me) = super::attendee::of_user(conn, user)? else {
        return Ok(false);
    };
    let person = super::attendee::survivor(conn, me)?.id;
    let entries = super::attendee::entries(conn, person)?;
    let entries = entries.into_iter().map(|(id, _)| id);
    let names: Vec<AttendeeId> = entries.chain([person]).collect();
    let Some(live) = live(conn, session, &names)? else {
        return Ok(false);
    };
    Ok(find(conn, session, live.id, Some(user))?.is_some())
}

/// Of some people of a session, the registrations of those who said no and are on the list anew.
pub(in crate::training) fn listed_anew(
    conn: &mut Conn,
    session: SessionId,
    people: &[WithAttendee],
) -> Result<HashSet<RegistrationId>> {
    let mut declined = Vec::new();
    for (one, attendee) in people {
        if one.status == RegistrationStatus::Declined {
            let person = super::attendee::survivor(conn, attendee.clone())?;
            declined.push((one.id, person.id));
        }
    }
    let persons: Vec<AttendeeId> = declined.iter().map(|(_, person)| *person).collect();
    let names = super::attendee::names_of(conn, &persons)?;
    let live: Vec<AttendeeId> = registrations::table
        .filter(registrations::session_id.eq(session))
        .filter(registrations::attendee_id.eq_any(names.keys()))
        .filter(registrations::status.eq_any(LIVE))
        .select(registrations::attendee_id)
        .load(conn)?;
    let listed: HashSet<AttendeeId> = live
        .iter()
        .filter_map(|id| names.get(id).copied())
        .collect();
    declined.retain(|(_, person)| listed.contains(person));
    Ok(declined.into_iter().map(|(id, _)| id).collect())
}
