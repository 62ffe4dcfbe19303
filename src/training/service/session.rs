//! Sessions: drafted, changed, announced, called off, made again.

use super::{schedule, seat};
use crate::http::request::Expected;
use crate::identity::UserId;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id};
use crate::mail::outbox::Withdrawn;
use crate::office::work::Work;
use crate::office::{agency, room};
use crate::training::change::{self, Change};
use crate::training::command::{SessionDraft, SlotDraft};
use crate::training::error::Error;
use crate::training::messages::{self, Telling};
use crate::training::model::{Details, EndedBy, Registration, Session, SessionId};
use crate::training::status::{RegistrationStatus, SessionAction, SessionStatus};
use crate::training::store::attendance;
use crate::training::store::ledger::{self, Locked};
use crate::training::store::registration::{self, LIVE};
use crate::training::store::session::{self as store, Eyes};

/// Drafts a session.
pub(in crate::training) fn create(
    work: &mut Work<'_>,
    author: UserId,
    draft: SessionDraft,
    slots: &[SlotDraft],
) -> Result<Session, Error> {
    begin(work, author, (draft, None), slots)
}

/// Drafts a session, new or like another.
fn begin(
    work: &mut Work<'_>,
    author: UserId,
    (draft, like): (SessionDraft, Option<&Session>),
    slots: &[SlotDraft],
) -> Result<Session, Error> {
    check_references(work, (&draft, like))?;
    let slots = schedule::slots(work.now, slots, &[])?;
    let office = work.office.clone();
    let first = slots
        .iter()
        .map(|slot| slot.starts_at)
        .min()
        .unwrap_or(work.now);
    let year = chrono::Datelike::year(&office.zone.day(first));
    let reference =
        crate::office::reference::next(work.conn, office.id, &office.prefix, "TH", year)?;
    let details = details(work, &draft)?;
    let session = Session {
        id: Id::new(work.now),
        office_id: office.id,
        reference,
        kind: draft.kind,
        title: draft.title,
        mail_title: draft.mail_title,
        plan_task: draft.plan_task,
        lead_agency_id: draft.lead_agency,
        language: draft.language,
        room_id: draft.room,
        online_url: draft.online_url,
        capacity: draft.capacity,
        waitlist: draft.waitlist,
        registration_opens_at: draft.registration_opens_at,
        registration_closes_at: draft.registration_closes_at,
        visibility: draft.visibility,
        status: SessionStatus::Draft,
        details,
        calendar_sequence: 0,
        published_at: None,
        completed_at: None,
        cancelled_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        slots,
    };
    store::insert(work.conn, &session, author)?;
    ledger::insert(work.conn, session.id)?;
    let facts = serde_json::json!({"reference": session.reference});
    work.audit(
        "training-session.create",
        "training-session",
        session.id.uuid(),
        facts,
    )?;
    Ok(session)
}

/// What of a draft is not searched for, with the office's policy where it says nothing.
fn details(work: &mut Work<'_>, draft: &SessionDraft) -> Result<Details, Error> {
    let draft = draft.clone();
    let defaults = work.settings()?.session_defaults();
    Ok(Details {
        description: draft.description,
        also_plan_tasks: draft.also_plan_tasks,
        toolkit_topics: draft.toolkit_topics,
        coordinating_agencies: draft.coordinating_agencies,
        chair: draft.chair,
        speakers: draft.speakers,
        venue: draft.venue,
        late_after_minutes: draft
            .late_after_minutes
            .unwrap_or(defaults.late_after_minutes),
        minimum_presence_percent: draft
            .minimum_presence_percent
            .unwrap_or(defaults.minimum_presence_percent),
        check_in_opens_minutes: draft
            .check_in_opens_minutes
            .unwrap_or(defaults.check_in_opens_minutes),
        cancel_reason: None,
        room_override_reason: None,
    })
}

/// Refuses tasks, agencies and rooms that are none of the office's, all at once. A room or an agency that
/// is no longer active stays where it is named.
fn check_references(
    work: &mut Work<'_>,
    (draft, before): (&SessionDraft, Option<&Session>),
) -> Result<(), Error> {
    let office = work.office_id();
    let mut check = Check::new();
    let tasks = crate::office::plan::codes(work.conn, office)?;
    let is_task = |task| tasks.contains(task);
    check.rule(is_task(&draft.plan_task), "/plan_task", "unknown-reference");
    for (index, task) in draft.also_plan_tasks.iter().enumerate() {
        let pointer = format!("/also_plan_tasks/{index}");
        check.rule(is_task(task), pointer, "unknown-reference");
    }
    let was = |agency| before.is_some_and(|one| one.names_agency(agency));
    let lead = draft.lead_agency;
    let is_known = was(lead) || agency::is_active(work.conn, office, lead)?;
    check.rule(is_known, "/lead_agency", "unknown-reference");
    for (index, other) in draft.coordinating_agencies.iter().enumerate() {
        let is_known = was(*other) || agency::is_active(work.conn, office, *other)?;
        check.rule(
            is_known,
            format!("/coordinating_agencies/{index}"),
            "unknown-reference",
        );
    }
    if let Some(room) = draft.room {
        let was = before.is_some_and(|one| one.room_id == Some(room));
        let is_known = was || room::is_active(work.conn, office, room)?;
        check.rule(is_known, "/room", "unknown-reference");
    }
    Ok(check.done()?)
}

/// Changes a session's own fields; what a calendar must learn is told.
pub(in crate::training) fn edit(
    work: &mut Work<'_>,
    id: SessionId,
    expected: Expected,
    change: impl FnOnce(&Session) -> Result<(SessionDraft, Option<Vec<SlotDraft>>), Fault>,
) -> Result<Session, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Edit)?;
    expected.require(locked.session.version)?;
    let before = locked.session.clone();
    let (draft, slots) = change(&before)?;
    if slots.is_none() && draft == draft_of(&before) {
        return Ok(before);
    }
    check_references(work, (&draft, Some(&before)))?;
    let taken = locked.ledger.seats_taken;
    if draft.capacity.is_some_and(|capacity| capacity < taken) {
        return Err(Error::CapacityBelowConfirmed { confirmed: taken });
    }
    let session = &mut locked.session;
    let kept = session.details.clone();
    session.details = Details {
        cancel_reason: kept.cancel_reason,
        room_override_reason: kept.room_override_reason,
        ..details(work, &draft)?
    };
    apply(session, draft);
    if session.status == SessionStatus::Published {
        require_place(session)?;
    }
    if let Some(slots) = slots {
        session.slots = schedule::slots(work.now, &slots, &before.slots)?;
        store::replace_slots(work.conn, session)?;
    }
    if session.status == SessionStatus::Published {
        if session.room_id != before.room_id {
            session.details.room_override_reason = None;
            schedule::hold_room(work, session)?;
        }
        if change::is_told(&before, session) {
            session.calendar_sequence += 1;
        }
    }
    save(work, &mut locked, "training-session.edit")?;
    if locked.session.calendar_sequence != before.calendar_sequence {
        let change = Change {
            before: &before,
            gone: &[],
        };
        schedule::tell_changed(work, &mut locked, change)?;
    }
    seat::promote(work, &mut locked)?;
    seat::close(work, &locked)?;
    Ok(locked.session)
}

/// What is announced says where people come to.
fn require_place(session: &Session) -> Result<(), Fault> {
    let mut check = Check::new();
    check.rule(session.has_place(), "/room", "place-required");
    check.done()
}

fn apply(session: &mut Session, draft: SessionDraft) {
    session.kind = draft.kind;
    session.title = draft.title;
    session.mail_title = draft.mail_title;
    session.plan_task = draft.plan_task;
    session.lead_agency_id = draft.lead_agency;
    session.language = draft.language;
    session.room_id = draft.room;
    session.online_url = draft.online_url;
    session.capacity = draft.capacity;
    session.waitlist = draft.waitlist;
    session.registration_opens_at = draft.registration_opens_at;
    session.registration_closes_at = draft.registration_closes_at;
    session.visibility = draft.visibility;
}

/// Writes the session's own fields under its next version.
pub(in crate::training) fn save(
    work: &mut Work<'_>,
    locked: &mut Locked,
    action: &str,
) -> Result<(), Error> {
    let session = &mut locked.session;
    session.version += 1;
    session.updated_at = work.now;
    store::update(work.conn, session)?;
    let facts = serde_json::json!({"status": session.status, "version": session.version});
    work.audit(action, "training-session", session.id.uuid(), facts)?;
    Ok(())
}

/// Removes a draft.
pub(in crate::training) fn delete(
    work: &mut Work<'_>,
    id: SessionId,
    expected: Expected,
) -> Result<(), Error> {
    let locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Delete)?;
    expected.require(locked.session.version)?;
    store::delete(work.conn, id)?;
    let facts = serde_json::json!({"reference": locked.session.reference});
    work.audit(
        "training-session.delete",
        "training-session",
        id.uuid(),
        facts,
    )?;
    Ok(())
}

/// Announces a session; one that was held already may be announced late.
pub(in crate::training) fn publish(
    work: &mut Work<'_>,
    id: SessionId,
    room_override: Option<String>,
) -> Result<Session, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Publish)?;
    let session = &mut locked.session;
    require_place(session)?;
    session.status = session.status.apply(SessionAction::Publish)?;
    session.published_at = Some(work.now);
    session.details.room_override_reason = room_override;
    schedule::hold_room(work, session)?;
    save(work, &mut locked, "training-session.publish")?;
    seat::close(work, &locked)?;
    Ok(locked.session)
}

/// Calls a session off, and with it its live registrations; not one that somebody was at.
pub(in crate::training) fn cancel(
    work: &mut Work<'_>,
    id: SessionId,
    reason: String,
) -> Result<Session, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Cancel)?;
    if attendance::is_present(work.conn, id, None)? {
        return Err(Error::HasAttendance);
    }
    let was_published = locked.session.status == SessionStatus::Published;
    locked.session.status = locked.session.status.apply(SessionAction::Cancel)?;
    locked.session.cancelled_at = Some(work.now);
    locked.session.details.cancel_reason = Some(reason);
    locked.session.calendar_sequence += 1;
    save(work, &mut locked, "training-session.cancel")?;
    for (before, attendee) in registration::all(work.conn, id, &LIVE)? {
        let mut after: Registration = before.clone();
        after.status = RegistrationStatus::Cancelled;
        after.ended_by = Some(EndedBy::Office);
        let after = seat::change(work, &mut locked, &before, after)?;
        messages::withdraw(work, &after, Withdrawn::Cancelled)?;
        if was_published {
            messages::tell(
                work,
                &locked.session,
                (&after, &attendee),
                Telling::Cancelled,
            )?;
        }
    }
    seat::close(work, &locked)?;
    Ok(locked.session)
}

/// Drafts another session like this one, its slots moved to begin at `starts_at`.
pub(in crate::training) fn duplicate(
    work: &mut Work<'_>,
    author: UserId,
    id: SessionId,
    starts_at: crate::kernel::Timestamp,
) -> Result<Session, Error> {
    let office = work.office_id();
    let source = store::find(work.conn, (office, Eyes::Staff), id)?.ok_or(Fault::NotFound)?;
    let shift = starts_at.since(source.first_starts_at());
    let slots: Vec<SlotDraft> = source
        .slots
        .iter()
        .map(|slot| SlotDraft {
            id: None,
            starts_at: slot.starts_at.plus(shift),
            ends_at: slot.ends_at.plus(shift),
            title: slot.title.clone(),
            mandatory: slot.mandatory,
        })
        .collect();
    let mut draft = draft_of(&source);
    draft.registration_opens_at = source.registration_opens_at.map(|at| at.plus(shift));
    draft.registration_closes_at = source.registration_closes_at.map(|at| at.plus(shift));
    begin(work, author, (draft, Some(&source)), &slots)
}

/// The draft a session would come from.
pub(in crate::training) fn draft_of(session: &Session) -> SessionDraft {
    let details = session.details.clone();
    SessionDraft {
        kind: session.kind,
        title: session.title.clone(),
        mail_title: session.mail_title.clone(),
        description: details.description,
        plan_task: session.plan_task.clone(),
        also_plan_tasks: details.also_plan_tasks,
        toolkit_topics: details.toolkit_topics,
        lead_agency: session.lead_agency_id,
        coordinating_agencies: details.coordinating_agencies,
        chair: details.chair,
        speakers: details.speakers,
        language: session.language,
        room: session.room_id,
        venue: details.venue,
        online_url: session.online_url.clone(),
        capacity: session.capacity,
        waitlist: session.waitlist,
        registration_opens_at: session.registration_opens_at,
        registration_closes_at: session.registration_closes_at,
        visibility: session.visibility,
        late_after_minutes: Some(details.late_after_minutes),
        minimum_presence_percent: Some(details.minimum_presence_percent),
        check_in_opens_minutes: Some(details.check_in_opens_minutes),
    }
}
