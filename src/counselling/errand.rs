//! What of counselling needs a person: opened and ended in the transaction of what it is about.

use chrono::{NaiveDate, TimeDelta};

use super::appointment::Appointment;
use super::error::Error;
use super::model::{AppointmentId, Case, Request};
use crate::identity::{Role, UserId};
use crate::kernel::Timestamp;
use crate::office::duty;
use crate::office::work::Work;
use crate::office::work_item::{self, NewWorkItem, WorkItemId, WorkItemKind as Kind};

/// Something to do.
pub(super) struct Errand<'a> {
    pub(super) kind: Kind,
    pub(super) subject_kind: &'a str,
    pub(super) subject: uuid::Uuid,
    pub(super) owner: Option<UserId>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) once: &'a str,
}

/// Opens one.
pub(super) fn open(work: &mut Work<'_>, errand: &Errand<'_>) -> Result<(), Error> {
    open_now(work, errand, false).map(drop)
}

/// Opens one; where it is urgent it is told at any hour.
fn open_now(
    work: &mut Work<'_>,
    errand: &Errand<'_>,
    is_urgent: bool,
) -> Result<WorkItemId, Error> {
    let office = work.office_id();
    let owner = match errand.owner {
        Some(owner) => Some(owner),
        // Without a supervisor it goes to the first of the duty list.
        None => duty::in_charge(work.conn, office)?,
    };
    let item = NewWorkItem {
        office,
        kind: errand.kind,
        subject_kind: errand.subject_kind,
        subject: errand.subject,
        owner,
        role: Some(Role::Supervisor),
        due_at: errand.due_at,
        once: errand.once,
    };
    Ok(work_item::hand_out(work, &item, is_urgent)?)
}

/// Ends those of some kinds, by whoever acts.
pub(super) fn done(work: &mut Work<'_>, subject: uuid::Uuid, kinds: &[Kind]) -> Result<(), Error> {
    match work.actor {
        Some(by) => work_item::close_by(work.conn, work.now, subject, kinds, by)?,
        None => work_item::close_for(work.conn, work.now, subject, kinds)?,
    };
    Ok(())
}

/// A request came: someone looks at it, and the family is reached by its day.
pub(super) fn triage(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let (_, due_at) = work
        .zone()
        .day_range(request.contact_due_on, request.contact_due_on);
    open(
        work,
        &Errand {
            kind: Kind::RequestToTriage,
            subject_kind: "counselling-request",
            subject: request.id.uuid(),
            owner: request.assignee_id,
            due_at: Some(due_at),
            once: "",
        },
    )
}

/// A request was given to someone.
pub(super) fn assigned(work: &mut Work<'_>, request: &Request, to: UserId) -> Result<(), Error> {
    let kinds = [Kind::RequestToTriage];
    Ok(work_item::hand_over(work, (request.id.uuid(), &kinds), to)?)
}

/// The family was reached, or the request is over.
pub(super) fn triaged(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let kinds = [Kind::RequestToTriage, Kind::ContactFamily];
    done(work, request.id.uuid(), &kinds)
}

/// A mail could not safely be sent: someone calls within the safe hours, before it would be too late.
pub(super) fn call(
    work: &mut Work<'_>,
    (subject_kind, subject): (&str, uuid::Uuid),
    (owner, due_at): (Option<UserId>, Option<Timestamp>),
    once: &str,
) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::ContactFamily,
            subject_kind,
            subject,
            owner,
            due_at,
            once,
        },
    )
}

/// A note waits to be signed for too long: its author signs it.
pub(super) fn note_unsigned(
    work: &mut Work<'_>,
    note: uuid::Uuid,
    author: UserId,
) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::NoteUnsigned,
            subject_kind: "counselling-note",
            subject: note,
            owner: Some(author),
            due_at: None,
            once: "",
        },
    )
}

/// Another took it over: they sign it.
pub(super) fn note_taken(work: &mut Work<'_>, note: uuid::Uuid, by: UserId) -> Result<(), Error> {
    Ok(work_item::hand_over(
        work,
        (note, &[Kind::NoteUnsigned]),
        by,
    )?)
}

/// It was signed.
pub(super) fn note_signed(work: &mut Work<'_>, note: uuid::Uuid) -> Result<(), Error> {
    done(work, note, &[Kind::NoteUnsigned])
}

/// Its summary is shown to nobody any more: nobody need call that it is there.
pub(super) fn note_unshown(work: &mut Work<'_>, note: uuid::Uuid) -> Result<(), Error> {
    done(work, note, &[Kind::ContactFamily])
}

/// A family asked for an appointment: its counsellor answers before the time goes.
pub(super) fn appointment_asked(work: &mut Work<'_>, one: &Appointment) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::AppointmentUnanswered,
            subject_kind: "counselling-appointment",
            subject: one.id.uuid(),
            owner: Some(one.counsellor_id),
            due_at: one.expires_at,
            once: "",
        },
    )
}

/// It was answered, held or called off: nobody need answer or be called any more.
pub(super) fn appointment_answered(work: &mut Work<'_>, id: AppointmentId) -> Result<(), Error> {
    let kinds = [Kind::AppointmentUnanswered, Kind::ContactFamily];
    done(work, id.uuid(), &kinds)
}

/// What waits of a case for who counsels it.
const COUNSELLORS: [Kind; 4] = [
    Kind::AppointmentUnanswered,
    Kind::ContactFamily,
    Kind::WindowReminderUndeliverable,
    Kind::ReportLate,
];

/// Another counsels a case or a request: whatever waits there for who counsels is theirs, whether it is
/// about an appointment, to come or over, a consent, a report or the family itself.
pub(super) fn counselled(
    work: &mut Work<'_>,
    subjects: &[uuid::Uuid],
    to: UserId,
) -> Result<(), Error> {
    for subject in subjects {
        work_item::hand_over(work, (*subject, &COUNSELLORS), to)?;
    }
    Ok(())
}

/// Nobody counsels it, and no supervisor has it: whoever supervises sees to what waits.
pub(super) fn left(work: &mut Work<'_>, subjects: &[uuid::Uuid]) -> Result<(), Error> {
    for subject in subjects {
        work_item::raise(work.conn, work.now, (*subject, &COUNSELLORS), None)?;
    }
    Ok(())
}

/// An appointment needs another time: its counsellor agrees on one with the family, and hears at
/// once that nobody comes where it was to be within a day.
pub(super) fn another_time(work: &mut Work<'_>, one: &Appointment) -> Result<(), Error> {
    let is_soon = one.span.starts_at.since(work.now) < TimeDelta::days(1);
    open_now(
        work,
        &Errand {
            kind: Kind::ContactFamily,
            subject_kind: "counselling-appointment",
            subject: one.id.uuid(),
            owner: Some(one.counsellor_id),
            due_at: Some(one.span.starts_at),
            once: "another-time",
        },
        is_soon,
    )
    .map(drop)
}

/// A family was told by mistake that an appointment was missed: its counsellor puts that right.
pub(super) fn put_right(work: &mut Work<'_>, one: &Appointment) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::ContactFamily,
            subject_kind: "counselling-appointment",
            subject: one.id.uuid(),
            owner: Some(one.counsellor_id),
            due_at: None,
            once: &format!("put-right:{}", one.version),
        },
    )
}

/// A counsellor's hours were set anew: those of before are nobody's to look at, and where appointments
/// no longer lie in them, the counsellor looks at those before the first of them begins.
pub(super) fn hours_touch(
    work: &mut Work<'_>,
    counsellor: UserId,
    (version, first_at): (i32, Option<Timestamp>),
) -> Result<(), Error> {
    done(work, counsellor.uuid(), &[Kind::HoursTouchAppointments])?;
    if first_at.is_none() {
        return Ok(());
    }
    open(
        work,
        &Errand {
            kind: Kind::HoursTouchAppointments,
            subject_kind: "user",
            subject: counsellor.uuid(),
            owner: Some(counsellor),
            due_at: first_at,
            once: &version.to_string(),
        },
    )
}

/// The last day of a window, which no mail may tell: someone calls before it ends.
pub(super) fn window_by_phone(
    work: &mut Work<'_>,
    case: &Case,
    consent: uuid::Uuid,
    ends_on: NaiveDate,
) -> Result<(), Error> {
    let (_, due_at) = work.zone().day_range(ends_on, ends_on);
    open(
        work,
        &Errand {
            kind: Kind::WindowReminderUndeliverable,
            subject_kind: "adoption-consent",
            subject: consent,
            owner: Some(case.counsellor_id),
            due_at: Some(due_at),
            once: "",
        },
    )
}

/// The consent was taken back or struck: nobody need call about its last day.
pub(super) fn window_over(work: &mut Work<'_>, consent: uuid::Uuid) -> Result<(), Error> {
    done(work, consent, &[Kind::WindowReminderUndeliverable])
}

/// The case goes on, or nobody took these consents back after all: nobody need act on it.
pub(super) fn withdrawals_over(work: &mut Work<'_>, consents: &[uuid::Uuid]) -> Result<(), Error> {
    for consent in consents {
        done(work, *consent, &[Kind::ConsentWithdrawn])?;
    }
    Ok(())
}

/// A report did not come on its day.
pub(super) fn report_late(
    work: &mut Work<'_>,
    case: &Case,
    follow_up: uuid::Uuid,
) -> Result<(), Error> {
    open(
        work,
        &Errand {
            kind: Kind::ReportLate,
            subject_kind: "counselling-follow-up",
            subject: follow_up,
            owner: Some(case.counsellor_id),
            due_at: None,
            once: "",
        },
    )
}

/// A consent was taken back: the supervisor acts on it. Gives what mails call the item.
pub(super) fn consent_withdrawn(
    work: &mut Work<'_>,
    case: &Case,
    consent: uuid::Uuid,
) -> Result<String, Error> {
    let id = open_now(
        work,
        &Errand {
            kind: Kind::ConsentWithdrawn,
            subject_kind: "adoption-consent",
            subject: consent,
            owner: case.supervisor_id,
            due_at: None,
            once: "",
        },
        false,
    )?;
    Ok(work_item::code(id))
}
