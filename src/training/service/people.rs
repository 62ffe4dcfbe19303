//! Who is meant: someone known to training, or someone new.

use chrono::Datelike as _;

use crate::kernel::{AgencyId, Fault, Id};
use crate::office::work::Work;
use crate::training::command::{AttendeeDraft, Who};
use crate::training::error::Error;
use crate::training::model::{Attendee, AttendeeId, Audience, Registration, SessionId};
use crate::training::status::RegistrationStatus;
use crate::training::store::{attendee as store, registration};

/// The attendee meant, made if new. New registrations follow the pointer of a merge.
pub(in crate::training) fn resolve(work: &mut Work<'_>, who: &Who) -> Result<Attendee, Error> {
    match who {
        Who::Known(id) => {
            let attendee = survivor(work, *id)?;
            // Its row is locked, so that a change of its dimensions cannot slip in between.
            store::touch(work.conn, attendee.id)?;
            survivor(work, attendee.id)
        }
        Who::New(draft) => create(work, draft),
    }
}

/// The attendee an id stands for, after every merge.
pub(in crate::training) fn survivor(
    work: &mut Work<'_>,
    id: AttendeeId,
) -> Result<Attendee, Error> {
    let office = work.office_id();
    let attendee = store::find(work.conn, office, id)?.ok_or(Fault::NotFound)?;
    Ok(store::survivor(work.conn, attendee)?)
}

/// An attendee and everybody who turned out to be them.
pub(in crate::training) fn aliases(
    work: &mut Work<'_>,
    id: AttendeeId,
) -> Result<Vec<AttendeeId>, Error> {
    let mut found = vec![id];
    let mut next = 0;
    while let Some(id) = found.get(next).copied() {
        let merged = store::merged_into(work.conn, id)?;
        found.extend(
            merged
                .into_iter()
                .filter(|id| !found.contains(id))
                .collect::<Vec<_>>(),
        );
        next += 1;
    }
    Ok(found)
}

/// The live registration of an attendee, under whichever of their names it stands.
pub(in crate::training) fn live(
    work: &mut Work<'_>,
    session: SessionId,
    attendee: AttendeeId,
) -> Result<Option<Registration>, Error> {
    let names = aliases(work, attendee)?;
    Ok(registration::live(work.conn, session, &names)?)
}

/// The same of somebody who may have turned out to be another.
pub(super) fn live_of(
    work: &mut Work<'_>,
    session: SessionId,
    attendee: &Attendee,
) -> Result<Option<Registration>, Error> {
    let person = store::survivor(work.conn, attendee.clone())?;
    live(work, session, person.id)
}

/// The registration a ticket counts for: where a merge took its own out, the one that was kept.
pub(super) fn kept(
    work: &mut Work<'_>,
    session: SessionId,
    (before, attendee): (Registration, Attendee),
) -> Result<(Registration, Attendee), Error> {
    if before.status != RegistrationStatus::Merged {
        return Ok((before, attendee));
    }
    let person = store::survivor(work.conn, attendee)?;
    let live = live(work, session, person.id)?;
    let live = live.ok_or(Error::RegistrationCancelled)?;
    Ok((live, person))
}

/// Makes a new attendee.
pub(in crate::training) fn create(
    work: &mut Work<'_>,
    draft: &AttendeeDraft,
) -> Result<Attendee, Error> {
    check_facts(work, (draft, None))?;
    let attendee = unsaved(work, draft);
    store::insert(work.conn, &attendee)?;
    Ok(attendee)
}

/// A new attendee of whom nothing is written yet.
pub(super) fn unsaved(work: &Work<'_>, draft: &AttendeeDraft) -> Attendee {
    let blank = Attendee {
        id: Id::new(work.now),
        office_id: work.office_id(),
        user_id: None,
        full_name: String::new(),
        email: None,
        phone: None,
        sex: draft.sex,
        birth_year: None,
        agency_id: None,
        organisation: None,
        position: None,
        audience: Audience::Other,
        language: draft.language,
        merged_into: None,
        merge_undo: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    with_draft(blank, draft)
}

/// Refuses a year of birth to come, and an agency that is none of the office's, or no longer and not that
/// of before.
pub(in crate::training) fn check_facts(
    work: &mut Work<'_>,
    (draft, before): (&AttendeeDraft, Option<AgencyId>),
) -> Result<(), Error> {
    let mut check = crate::kernel::error::Check::new();
    let this_year = work.zone().day(work.now).year();
    let is_born = draft.birth_year.is_none_or(|year| year <= this_year);
    check.rule(is_born, "/birth_year", "in-the-future");
    if let Some(agency) = draft.agency.filter(|agency| before != Some(*agency)) {
        let office = work.office_id();
        let is_known = crate::office::agency::is_active(work.conn, office, agency)?;
        check.rule(is_known, "/agency", "unknown-reference");
    }
    Ok(check.done()?)
}

/// The attendee with the fields of a draft.
pub(in crate::training) fn with_draft(mut attendee: Attendee, draft: &AttendeeDraft) -> Attendee {
    let draft = draft.clone();
    attendee.full_name = draft.full_name;
    attendee.email = draft.email;
    attendee.phone = draft.phone;
    attendee.sex = draft.sex;
    attendee.birth_year = draft.birth_year;
    attendee.agency_id = draft.agency;
    attendee.organisation = draft.organisation;
    attendee.position = draft.position;
    attendee.audience = draft.audience;
    attendee.language = draft.language;
    attendee
}
