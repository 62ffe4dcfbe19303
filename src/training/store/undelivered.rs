//! People of a session whom no mail reaches.

use std::collections::HashMap;

use diesel::prelude::*;

use super::registration::{self, LIVE, WithAttendee};
use super::rows::{AttendeeRow, RegistrationRow};
use crate::db::schema::{
    attendees, messages, registrations, unreachable_addresses as unreachable, users,
};
use crate::db::{self, Conn};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, OfficeId};
use crate::mail::message::MessageId;
use crate::mail::silence::Silence;
use crate::training::model::SessionId;

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

/// How an account's preferences are written that may want no mails of sessions; what they say is read.
const UNWILLING: &str = "%\"session\":false%";

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

    /// What keeps a mail from its recipient.
    pub(in crate::training) fn why(silence: &str) -> Self {
        match silence {
            "opted-out" => Self::OptedOut,
            _ => Self::Bounced,
        }
    }
}

/// Those who are invited, confirmed or waitlisted and have no address, or whose last mail was lost, or who
/// said since that they want no more: the first `limit` in line.
pub(in crate::training) fn undelivered(
    conn: &mut Conn,
    (office, session): (OfficeId, SessionId),
    limit: i64,
) -> db::Result<Vec<(WithAttendee, Unreached)>> {
    let people = suspects(conn, session, limit)?;
    let mails = last_mails(conn, &people)?;
    let silence = silence_of(conn, office, &people)?;
    let why = |(registration, attendee): &WithAttendee| {
        let Some(address) = attendee.email.as_deref() else {
            return Some(Unreached::NoAddress);
        };
        let lost = mails.get(&registration.id.uuid());
        let lost = lost.and_then(|(state, error)| Unreached::of(state, error.as_deref()));
        let account = attendee.user_id.map(Id::uuid);
        lost.or_else(|| silence.keeps_outreach(account, address).map(Unreached::why))
    };
    let found = people.into_iter();
    Ok(found
        .filter_map(|one| why(&one).map(|why| (one, why)))
        .collect())
}

/// What keeps mails from some people, looked up at once.
pub(in crate::training) fn silence_of(
    conn: &mut Conn,
    office: OfficeId,
    people: &[WithAttendee],
) -> db::Result<Silence> {
    let (mut addresses, mut accounts) = (Vec::new(), Vec::new());
    for (_, attendee) in people {
        addresses.extend(attendee.email.as_deref());
        accounts.extend(attendee.user_id.map(Id::uuid));
    }
    Silence::load(conn, office, &addresses, &accounts)
}

/// Whoever may be one of them, with whom they turned out to be.
fn suspects(conn: &mut Conn, session: SessionId, limit: i64) -> db::Result<Vec<WithAttendee>> {
    let has_lost = diesel::dsl::exists(
        messages::table
            .filter(messages::object_id.eq(registrations::id))
            .filter(messages::state.eq_any(LOST)),
    );
    let is_marked = diesel::dsl::exists(
        unreachable::table
            .filter(unreachable::office_id.eq(attendees::office_id))
            .filter(unreachable::address.nullable().eq(attendees::email)),
    );
    let is_unwilling = diesel::dsl::exists(
        users::table
            .filter(users::id.nullable().eq(attendees::user_id))
            .filter(users::preferences.like(UNWILLING)),
    );
    let is_another = attendees::merged_into.is_not_null();
    let rows: Vec<(RegistrationRow, AttendeeRow)> = registrations::table
        .inner_join(attendees::table.on(attendees::id.eq(registrations::attendee_id)))
        .filter(registrations::session_id.eq(session))
        .filter(registrations::status.eq_any(LIVE))
        .filter(
            attendees::email
                .is_null()
                .or(has_lost)
                .or(is_marked)
                .or(is_unwilling)
                .or(is_another),
        )
        .order((registrations::place, registrations::id))
        .limit(limit)
        .select((RegistrationRow::as_select(), AttendeeRow::as_select()))
        .load(conn)?;
    registration::all_followed(conn, rows)
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
