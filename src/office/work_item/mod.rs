//! Whatever needs a person and not a mail: one item for each thing to do, until someone has done it.
//!
//! Slices open and close items in the transaction of what they are about. An item names a subject
//! and nobody's data: who may see the item may not always see the subject.

mod aside;
mod mail;
mod occasion;
mod routes;
mod service;
mod store;
mod view;

pub use mail::{Tone, WorkMail, code, tell};
pub use routes::mount;

use uuid::Uuid;

use crate::db::{self, Conn};
use crate::identity::{Role, UserId};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, OfficeId, Timestamp};
use crate::office::work::Work;
use occasion::Occasion;

/// Marks ids of work items.
#[derive(Debug)]
pub enum WorkItem {}
/// The id of a work item.
pub type WorkItemId = Id<WorkItem>;

text_enum! {
    /// What is to be done.
    pub enum WorkItemKind {
        /// Look at a new request.
        RequestToTriage = "request-to-triage",
        /// Call a family: it cannot be written to, or its appointment needs another time.
        ContactFamily = "contact-family",
        /// Answer what a family asked.
        QuestionFromFamily = "question-from-family",
        /// Answer who asked for an appointment.
        AppointmentUnanswered = "appointment-unanswered",
        /// Look at appointments that changed hours touch.
        HoursTouchAppointments = "hours-touch-appointments",
        /// Sign a note.
        NoteUnsigned = "note-unsigned",
        /// Say whether a phase may advance without its list done.
        OverrideWanted = "override-wanted",
        /// Say whether a case may be closed.
        ClosingAwaitsApproval = "closing-awaits-approval",
        /// Take over a case, or not.
        TransferReceived = "transfer-received",
        /// Keep a case that a colleague did not take over, or offer it to another.
        TransferDeclined = "transfer-declined",
        /// Begin with a case that another opened for one.
        CaseGiven = "case-given",
        /// Go on with a case whose end was not approved.
        ClosingRejected = "closing-rejected",
        /// Say whether a case is forgotten.
        ErasureAsked = "erasure-asked",
        /// Act on a consent that was withdrawn.
        ConsentWithdrawn = "consent-withdrawn",
        /// Tell by phone the last day of a window, which no mail may tell.
        WindowReminderUndeliverable = "window-reminder-undeliverable",
        /// Ask for a report that is late.
        ReportLate = "report-late",
        /// Tell by phone a refusal that nobody has opened.
        RefusalNotOpened = "refusal-not-opened",
        /// Ask the Centre, which does not answer.
        CentreSilent = "centre-silent",
        /// Ask by a safe way whether a withdrawal is meant.
        WithdrawalAsked = "withdrawal-asked",
        /// Do what should have been done by now.
        DeadlinePassed = "deadline-passed",
        /// Look whether two requests are one.
        PossibleDuplicate = "possible-duplicate",
        /// Tell otherwise what a mail was not to tell.
        MailSuppressed = "mail-suppressed",
        /// See to a child at risk.
        RiskAlert = "risk-alert",
        /// Write the product that a completed session owes, or say why there is none.
        ProductOwed = "product-owed",
        /// Say whether a product may be issued.
        ProductToApprove = "product-to-approve",
        /// Answer what an agency cannot solve, or forward it.
        DifficultyRaised = "difficulty-raised",
        /// Refer a suspected illicit practice to whoever may look into it.
        ConcernToRefer = "concern-to-refer",
        /// Say whether a report on the plan may be issued.
        ReportToApprove = "report-to-approve",
    }
}

impl WorkItemKind {
    /// How it is told; nothing where what it is about tells of itself.
    const fn tone(self) -> Option<Tone> {
        Some(match self {
            Self::RequestToTriage
            | Self::ContactFamily
            | Self::QuestionFromFamily
            | Self::AppointmentUnanswered
            | Self::HoursTouchAppointments
            | Self::OverrideWanted
            | Self::ClosingAwaitsApproval
            | Self::TransferReceived
            | Self::TransferDeclined
            | Self::CaseGiven
            | Self::ClosingRejected
            | Self::ErasureAsked
            | Self::WindowReminderUndeliverable
            | Self::WithdrawalAsked
            | Self::PossibleDuplicate
            | Self::MailSuppressed
            | Self::ProductOwed
            | Self::ProductToApprove
            | Self::DifficultyRaised
            | Self::ConcernToRefer
            | Self::ReportToApprove => Tone::New,
            Self::NoteUnsigned
            | Self::ReportLate
            | Self::RefusalNotOpened
            | Self::CentreSilent
            | Self::DeadlinePassed => Tone::Late,
            Self::ConsentWithdrawn | Self::RiskAlert => return None,
        })
    }
}

/// A thing to do.
#[derive(Debug, Clone)]
pub struct NewWorkItem<'a> {
    /// Whose.
    pub office: OfficeId,
    /// What.
    pub kind: WorkItemKind,
    /// The kind of thing it is about.
    pub subject_kind: &'a str,
    /// The thing.
    pub subject: Uuid,
    /// Who does it, where that is settled.
    pub owner: Option<UserId>,
    /// Whoever of this role does it, where it is not; without either the supervisors do.
    pub role: Option<Role>,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// Tells apart two occasions of one kind and subject; mostly empty.
    pub once: &'a str,
}

/// Opens an item whose people are told otherwise, once for its kind, subject and occasion: a second
/// call finds the first one's item, done or not. Another occasion adds to an item that is still open.
///
/// # Errors
/// When storage fails.
pub fn open(conn: &mut Conn, now: Timestamp, new: &NewWorkItem<'_>) -> db::Result<WorkItemId> {
    let (id, _) = occasion::open(conn, now, new)?;
    Ok(id)
}

/// Opens an item like [`open`], and tells by mail whoever is to do it; at once where it is urgent. Of
/// what adds to an open item they hear only where it is.
///
/// # Errors
/// When storage fails.
pub fn hand_out(
    work: &mut Work<'_>,
    new: &NewWorkItem<'_>,
    is_urgent: bool,
) -> db::Result<WorkItemId> {
    let (id, occasion) = occasion::open(work.conn, work.now, new)?;
    let is_news = occasion == Occasion::New || (occasion == Occasion::Added && is_urgent);
    let tone = new.kind.tone();
    if let Some(tone) = tone.filter(|_| is_news) {
        let tone = if is_urgent { Tone::Urgent } else { tone };
        let item = store::Waiting {
            id,
            kind: new.kind,
            owner: new.owner,
            due_at: new.due_at,
            subject: WorkItemId::from_uuid(new.subject),
        };
        let role = new.role.unwrap_or(Role::Supervisor);
        mail::of_item(work, &item, (new.owner, role), tone)?;
    }
    Ok(id)
}

/// Whether an open item of a kind is about a subject.
///
/// # Errors
/// When storage fails.
pub fn waits(conn: &mut Conn, subject: Uuid, kind: WorkItemKind) -> db::Result<bool> {
    store::waits(conn, subject, kind)
}

/// Who is not to learn of what waits about a subject.
///
/// # Errors
/// When storage fails.
pub fn aside(conn: &mut Conn, subject: Uuid) -> db::Result<Vec<UserId>> {
    aside::of(conn, subject)
}

/// What an item is about.
///
/// # Errors
/// When storage fails.
pub fn subject(conn: &mut Conn, id: Uuid) -> db::Result<Option<Uuid>> {
    store::subject(conn, WorkItemId::from_uuid(id))
}

/// Notes that someone is not to learn of what waits about a subject.
///
/// # Errors
/// When storage fails.
pub fn stand_aside(conn: &mut Conn, now: Timestamp, subject: Uuid, user: UserId) -> db::Result<()> {
    aside::stand(conn, now, (subject, user))
}

fn close(
    conn: &mut Conn,
    now: Timestamp,
    what: (Uuid, &[WorkItemKind]),
    by: Option<UserId>,
) -> db::Result<usize> {
    let closed = store::close_for(conn, now, what, by)?;
    mail::take_back(conn, now, &closed)?;
    Ok(closed.len())
}

/// Ends the open items of some kinds about a subject, whose cause is gone; gives their number.
///
/// # Errors
/// When storage fails.
pub fn close_for(
    conn: &mut Conn,
    now: Timestamp,
    subject: Uuid,
    kinds: &[WorkItemKind],
) -> db::Result<usize> {
    close(conn, now, (subject, kinds), None)
}

/// The same, by someone who did what was to be done.
///
/// # Errors
/// When storage fails.
pub fn close_by(
    conn: &mut Conn,
    now: Timestamp,
    subject: Uuid,
    kinds: &[WorkItemKind],
    by: UserId,
) -> db::Result<usize> {
    close(conn, now, (subject, kinds), Some(by))
}

/// Gives the open items of a kind about a subject to someone.
///
/// # Errors
/// When storage fails.
pub fn assign(
    conn: &mut Conn,
    now: Timestamp,
    (subject, kind): (Uuid, WorkItemKind),
    owner: UserId,
) -> db::Result<usize> {
    let waiting = store::open_about(conn, subject, &[kind])?;
    for item in &waiting {
        store::give(conn, now, item.id, owner)?;
    }
    Ok(waiting.len())
}

/// Moves the day by which the open items of a kind about a subject are due.
///
/// # Errors
/// When storage fails.
pub fn set_due(
    conn: &mut Conn,
    now: Timestamp,
    what: (Uuid, WorkItemKind),
    due_at: Option<Timestamp>,
) -> db::Result<()> {
    store::set_due(conn, now, what, due_at)?;
    Ok(())
}

/// Gives the open items of some kinds about a subject to someone, who is told of them like of new ones;
/// whoever had them is not told of them any more.
///
/// # Errors
/// When storage fails.
pub fn hand_over(
    work: &mut Work<'_>,
    (subject, kinds): (Uuid, &[WorkItemKind]),
    owner: UserId,
) -> db::Result<()> {
    for item in store::open_about(work.conn, subject, kinds)? {
        if item.owner == Some(owner) {
            continue;
        }
        store::give(work.conn, work.now, item.id, owner)?;
        mail::take_back(work.conn, work.now, &[item.id])?;
        if let Some(tone) = item.kind.tone() {
            mail::of_item(work, &item, (Some(owner), Role::Supervisor), tone)?;
        }
    }
    Ok(())
}

/// Lets open items of some kinds about a subject that somebody had wait for those of their role again.
///
/// # Errors
/// When storage fails.
pub fn release(
    conn: &mut Conn,
    now: Timestamp,
    about: (Uuid, &[WorkItemKind]),
    from: UserId,
) -> db::Result<usize> {
    store::release(conn, now, about, from)
}

/// Gives the open items of some kinds about a subject to the supervisors: whoever had them, or
/// could have taken them, is not to learn of it any more. Without a supervisor `owner` has them.
///
/// # Errors
/// When storage fails.
pub fn raise(
    conn: &mut Conn,
    now: Timestamp,
    about: (Uuid, &[WorkItemKind]),
    owner: Option<UserId>,
) -> db::Result<usize> {
    store::raise(conn, now, about, owner)
}
