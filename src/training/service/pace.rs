//! Whoever goes to and fro by the link of a mail, or at their account, is told where they ended, and not of
//! every turn.

use chrono::TimeDelta;

use super::people;
use super::registration::Done;
use crate::mail::outbox::{self, Withdrawn};
use crate::mail::pace;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::messages::Telling;
use crate::training::store::registration;

/// How long the next mail of a kind waits after the last.
const GAP: TimeDelta = TimeDelta::hours(1);

/// Takes back what waits of a turn that this one undid, and lets what tells this one wait its turn. The last
/// word is always told, at the latest when the session begins.
pub(in crate::training) fn keep(work: &mut Work<'_>, done: &Done) -> Result<(), Error> {
    let (session, registration, _) = done;
    let person = people::survivor(work, registration.attendee_id)?;
    let names = people::aliases(work, person.id)?;
    let there = registration::of_any_in(work.conn, session.id, &names)?;
    let ended = [Telling::Ended { by_office: false }.kind()];
    let earlier = there.iter().filter(|one| one.id != registration.id);
    for one in earlier.filter(|_| registration.status.is_live()) {
        let why = Withdrawn::Superseded;
        outbox::withdraw(work.conn, work.now, one.id.uuid(), &ended, why)?;
    }
    let among: Vec<uuid::Uuid> = there.iter().map(|one| one.id.uuid()).collect();
    let bounds = (GAP, session.first_starts_at());
    pace::slow_down(work.conn, registration.id.uuid(), &among, bounds)?;
    Ok(())
}
