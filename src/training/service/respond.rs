//! Answers from a mail, without an account: the link's token is the right to give them.

use diesel::prelude::*;

use super::{pace, people, registration};
use crate::db::schema::{offices, one_time_tokens as tokens, registrations as rows};
use crate::identity::actor::OfficeBrief;
use crate::identity::call::Open;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Fault, Id, OfficeId, Timestamp, Zone, token};
use crate::mail::message::TokenPurpose;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{RegistrationId, Session, SessionId};
use crate::training::policy::Reach;
use crate::training::status::RegistrationStatus;

text_enum! {
    /// What the bearer of a link says.
    pub(in crate::training) enum Answer {
        /// Comes.
        Accept = "accept",
        /// Does not come.
        Decline = "decline",
        /// Frees the seat.
        Leave = "leave",
    }
}

/// Takes an answer; saying the same twice is no error. Whoever left and comes after all is put on the list
/// anew; their old link speaks for the new registration then.
pub(in crate::training) fn respond(
    open: &mut Open<'_>,
    text: &str,
    answer: Answer,
) -> Result<(Zone, Session, RegistrationStatus), Error> {
    let (id, binding) = redeem(open, text)?;
    let (office, session, status, generation) = find(open, id)?;
    if binding != generation.to_string() {
        return Err(Fault::Token.into());
    }
    let office = OfficeBrief::load(open.conn, office)?;
    let mut work = Work::new(open.conn, open.platform, open.now, &office, None);
    let (id, status) = standing(&mut work, (session, id), status)?;
    let ids = (session, id);
    let done = match (answer, status) {
        (Answer::Accept, RegistrationStatus::Invited | RegistrationStatus::Declined) => {
            registration::confirm(&mut work, Reach::Bearer, ids)
        }
        (Answer::Decline | Answer::Leave, RegistrationStatus::Invited) => {
            registration::decline(&mut work, Reach::Bearer, ids)
        }
        (
            Answer::Decline | Answer::Leave,
            RegistrationStatus::Confirmed | RegistrationStatus::Waitlisted,
        ) => registration::cancel(&mut work, Reach::Bearer, ids),
        (Answer::Accept, RegistrationStatus::Cancelled | RegistrationStatus::Merged) => {
            registration::come_back(&mut work, ids)
        }
        (_, RegistrationStatus::Merged) => Err(Error::RegistrationCancelled),
        _ => registration::show(&mut work, ids),
    }?;
    pace::keep(&mut work, &done)?;
    let (session, registration, _) = done;
    Ok((work.zone(), session, registration.status))
}

/// The registration that counts for whoever one that is over was of: the one a merge kept, or the one they
/// have now.
fn standing(
    work: &mut Work<'_>,
    ids: (SessionId, RegistrationId),
    status: RegistrationStatus,
) -> Result<(RegistrationId, RegistrationStatus), Error> {
    let is_over = [RegistrationStatus::Cancelled, RegistrationStatus::Merged];
    if !is_over.contains(&status) {
        return Ok((ids.1, status));
    }
    let (session, _, attendee) = registration::show(work, ids)?;
    let person = people::survivor(work, attendee.id)?;
    let live = people::live(work, session.id, person.id)?;
    Ok(live.map_or((ids.1, status), |live| (live.id, live.status)))
}

/// The registration a living token is for. It lives until the session ends: whoever accepted
/// may still leave.
fn redeem(open: &mut Open<'_>, text: &str) -> Result<(RegistrationId, String), Error> {
    let digest = token::sha256(text.as_bytes());
    let row: Option<(RegistrationId, String, Timestamp)> = tokens::table
        .filter(tokens::digest.eq(digest))
        .filter(tokens::purpose.eq(TokenPurpose::Registration))
        .filter(tokens::used_at.is_null())
        .select((tokens::subject_id, tokens::binding, tokens::expires_at))
        .first(open.conn)
        .optional()?;
    match row {
        Some((id, binding, expires_at)) if open.now < expires_at => Ok((id, binding)),
        _ => Err(Fault::Token.into()),
    }
}

/// Ends the links that were mailed to whoever a registration is of.
pub(super) fn end_links(work: &mut Work<'_>, id: RegistrationId) -> Result<(), Error> {
    let living = tokens::table
        .filter(tokens::subject_id.eq(id))
        .filter(tokens::purpose.eq(TokenPurpose::Registration))
        .filter(tokens::used_at.is_null());
    diesel::update(living)
        .set(tokens::used_at.eq(work.now))
        .execute(work.conn)
        .map_err(crate::db::Error::from)?;
    Ok(())
}

fn find(
    open: &mut Open<'_>,
    id: RegistrationId,
) -> Result<(OfficeId, SessionId, RegistrationStatus, i32), Error> {
    let row = rows::table
        .find(id)
        .select((
            rows::office_id,
            rows::session_id,
            rows::status,
            rows::ticket_generation,
        ))
        .first(open.conn)
        .optional()?;
    Ok(row.ok_or(Fault::Token)?)
}

/// The office a code names, or the only one there is.
pub(in crate::training) fn office_named(
    open: &mut Open<'_>,
    code: Option<&str>,
) -> Result<OfficeBrief, Error> {
    let ids: Vec<Id<crate::kernel::Office>> = match code {
        Some(code) => offices::table
            .filter(offices::code.eq(code))
            .select(offices::id)
            .load(open.conn)?,
        None => offices::table
            .select(offices::id)
            .limit(2)
            .load(open.conn)?,
    };
    match ids.as_slice() {
        [id] => Ok(OfficeBrief::load(open.conn, *id)?),
        _ => Err(Fault::NotFound.into()),
    }
}
