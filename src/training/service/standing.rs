//! The registration that counts for whoever a ticket was of.

use super::people;
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::SessionId;
use crate::training::status::RegistrationStatus;
use crate::training::store::attendee;
use crate::training::store::registration::WithAttendee;

/// Its own, or where that is over, the one its person has now: whoever left and came after all, or was put on
/// the list anew, shows the ticket of the first mail at the door.
pub(super) fn of(
    work: &mut Work<'_>,
    session: SessionId,
    found: WithAttendee,
) -> Result<WithAttendee, Error> {
    match found.0.status {
        RegistrationStatus::Invited
        | RegistrationStatus::Confirmed
        | RegistrationStatus::Waitlisted => Ok(found),
        RegistrationStatus::Merged => people::kept(work, session, found),
        RegistrationStatus::Declined | RegistrationStatus::Cancelled => {
            let Some(live) = people::live_of(work, session, &found.1)? else {
                return Ok(found);
            };
            let person = attendee::survivor(work.conn, found.1)?;
            Ok((live, person))
        }
    }
}
