//! What a counsellor looks at again in an appointment that is to come: nothing waits for it.

use super::booking;
use super::matter::{self, Matter};
use crate::counselling::appointment::Appointment;
use crate::counselling::error::Error;
use crate::counselling::model::Mode;
use crate::counselling::store::{availability, party};
use crate::office::work::Work;

/// It is held by phone, and of someone who comes no number is known.
const NO_NUMBER: &str = "no-number";
/// It is held by phone, and calling someone who comes is not known to be safe.
const CALL_NOT_SAFE: &str = "call-not-safe";
/// It is held elsewhere or on the net, and nothing says where.
const NO_PLACE: &str = "no-place";
/// The counsellor's hours do not leave its time open.
const OUTSIDE_HOURS: &str = "outside-hours";

/// Whether someone who comes has a number, and whether calling it is safe.
type Line = (bool, bool);

/// The codes of what should be looked at; none once it has begun or is off.
pub(in crate::counselling) fn of(
    work: &mut Work<'_>,
    one: &Appointment,
) -> Result<Vec<&'static str>, Error> {
    if !one.status.is_live() || !booking::is_ahead(one.span, work.now) {
        return Ok(Vec::new());
    }
    let lines = match one.mode {
        Mode::Phone => lines(work, one)?,
        _ => Vec::new(),
    };
    let is_elsewhere = matches!(one.mode, Mode::Home | Mode::Online);
    // Whoever set no hours has none to go beyond.
    let hours = availability::load(work.conn, one.counsellor_id)?;
    let is_open = hours.hours.is_empty() || booking::is_open(work, one.counsellor_id, one.span)?;
    let found = [
        (NO_NUMBER, lines.iter().any(|(has_number, _)| !has_number)),
        (
            CALL_NOT_SAFE,
            lines
                .iter()
                .any(|(has_number, is_safe)| *has_number && !is_safe),
        ),
        (NO_PLACE, is_elsewhere && one.secret.location.is_none()),
        (OUTSIDE_HOURS, !is_open),
    ];
    let found = found.into_iter().filter(|(_, is_so)| *is_so);
    Ok(found.map(|(code, _)| code).collect())
}

/// Of a request the channels it states count, as for the first contact.
fn lines(work: &mut Work<'_>, one: &Appointment) -> Result<Vec<Line>, Error> {
    let case = match matter::read_of(work, matter::subject_of(one)?)? {
        Matter::Request(request) => {
            let secret = request.secret;
            let is_safe = secret.safe_contact.first_contact().may_call;
            return Ok(vec![(secret.phone.is_some(), is_safe)]);
        }
        Matter::Case(case) => case,
    };
    let comes = |id| one.seats.iter().any(|seat| seat.party_id == Some(id));
    let parties = party::of_case(work, &case)?.into_iter();
    let lines = parties.filter(|party| comes(party.id)).map(|party| {
        let secret = party.secret;
        (secret.phone.is_some(), secret.safe_contact.open().may_call)
    });
    Ok(lines.collect())
}
