//! The mail of where somebody stands, once more.

use super::registration::{Done, reach};
use super::{outlook, seat};
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::messages;
use crate::training::model::{RegistrationId, SessionId};
use crate::training::policy::Reach;
use crate::training::status::RegistrationAction;

/// Sends the mail of the registration's present state once more; where it would not arrive the
/// organiser hears so.
pub(in crate::training) fn resend(
    work: &mut Work<'_>,
    ids: (SessionId, RegistrationId),
) -> Result<Done, Error> {
    let everybody = Reach::Everybody;
    let (locked, registration, attendee) = reach(work, everybody, ids, RegistrationAction::Resend)?;
    if locked.session.is_over(work.now) {
        // Nobody is mailed about the past.
        let what = (everybody, RegistrationAction::Resend);
        let who = (registration, attendee);
        return Err(outlook::refusal(work, &locked.session, &who, what));
    }
    if let Some(telling) = seat::first_telling(registration.status) {
        if let Some(why) = messages::unreached(work, &attendee, telling)? {
            return Err(Error::Unreachable { why });
        }
        messages::tell_again(work, &locked.session, (&registration, &attendee), telling)?;
    }
    let facts = serde_json::json!({"status": registration.status});
    work.audit(
        "registration.resend",
        "registration",
        registration.id.uuid(),
        facts,
    )?;
    Ok((locked.session, registration, attendee))
}
