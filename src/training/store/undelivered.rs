//! People of a session whom no mail reaches.

use std::collections::HashMap;

use diesel::prelude::*;

use super::registration::{LIVE, WithAttendee};
use super::rows::{AttendeeRow, RegistrationRow};
use crate::db::schema::{attendees, messages, registrations};
use crate::db::{self, Conn};
use crate::kernel::Id;
use crate::kernel::text_enum::text_enum;
use crate::mail::message::MessageId;
use crate::training::model::{Attendee, Registration, SessionId};

text_enum! {
    /// Why no mail reaches somebody.
    pub enum Unreached {
        /// None is known.
        NoAddress = "no-address",
        /// The address takes none.
        Bounced = "bounced",
        /// Its owner wants no more of them.
        OptedOut = "opted-out",
        /// It could not be made or handed over in time.
        Failed = "failed",
    }
}

/// States of a message that never arrives.
const LOST: [&str; 3] = ["bounced", "failed", "suppressed"];

impl Unreached {
    /// What a message that never arrives says of its recipient.
    fn of(state: &str, why: Option<&str>) -> Option<Self> {
        match (state, why) {
            ("suppressed", Some("opted-out")) => Some(Self::OptedOut),
            ("bounced" | "suppressed", _) => Some(Self::Bounced),
            ("failed", _) => Some(Self::Failed),
            _ => None,
        }
    }
}

/// Those who are invited, confirmed or waitlisted and have no address, or whose last mail was lost: the
/// first `limit` in line.
pub(in crate::training) fn undelivered(
    conn: &mut Conn,
    session: SessionId,
    limit: i64,
) -> db::Result<Vec<(WithAttendee, Unreached)>> {
    let has_lost = diesel::dsl::exists(
        messages::table
            .filter(messages::object_id.eq(registrations::id))
            .filter(messages::state.eq_any(LOST)),
    );
    let rows: Vec<(RegistrationRow, AttendeeRow)> = registrations::table
        .inner_join(attendees::table.on(attendees::id.eq(registrations::attendee_id)))
        .filter(registrations::session_id.eq(session))
        .filter(registrations::status.eq_any(LIVE))
        .filter(attendees::email.is_null().or(has_lost))
        .order((registrations::place, registrations::id))
        .limit(limit)
        .select((RegistrationRow::as_select(), AttendeeRow::as_select()))
        .load(conn)?;
    let people: Vec<WithAttendee> = rows
        .into_iter()
        .map(|(registration, attendee)| {
            (Registration::from(registration), Attendee::from(attendee))
        })
        .collect();
    let last = last_mails(conn, &people)?;
    let why = |(registration, attendee): &WithAttendee| {
        if attendee.email.is_none() {
            return Some(Unreached::NoAddress);
        }
        let (state, error) = last.get(&registration.id.uuid())?;
        Unreached::of(state, error.as_deref())
    };
    let found = people.into_iter();
    Ok(found
        .filter_map(|one| why(&one).map(|why| (one, why)))
        .collect())
}

type LastMail = (String, Option<String>);

/// How the last mail of each registration stands.
fn last_mails(
    conn: &mut Conn,
    people: &[WithAttendee],
) -> db::Result<HashMap<uuid::Uuid, LastMail>> {
    let ids = people.iter().map(|(one, _)| Id::from_uuid(one.id.uuid()));
    let ids: Vec<MessageId> = ids.collect();
    let rows: Vec<(MessageId, String, Option<String>)> = messages::table
        .filter(messages::object_id.eq_any(ids))
        .order(messages::id)
        .select((messages::object_id, messages::state, messages::last_error))
        .load(conn)?;
    // The last of each stands.
    let by_object = |(id, state, error): (MessageId, _, _)| (id.uuid(), (state, error));
    Ok(rows.into_iter().map(by_object).collect())
}
