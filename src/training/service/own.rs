//! What an account answers for: what its own entry is registered for, and what counts for that entry's
//! person since the office found out who it is.

use std::collections::HashSet;

use super::people;
use crate::identity::UserId;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{Attendee, Registration, RegistrationId, SessionId};
use crate::training::store::{attendee as store, registration};

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

/// The sessions an account is on the list of, under whichever name of its person.
pub(in crate::training) fn sessions(
    work: &mut Work<'_>,
    user: UserId,
) -> Result<HashSet<SessionId>, Error> {
    let Some(me) = store::of_user(work.conn, user)? else {
        return Ok(HashSet::new());
    };
    let person = store::survivor(work.conn, me)?;
    let names = people::aliases(work, person.id)?;
    let mut all = registration::of_attendee(work.conn, &names)?;
    all.retain(|one| one.status.is_live());
    Ok(all.into_iter().map(|one| one.session_id).collect())
}
