//! What of legal aid needs a person: opened and ended in the transaction of what it is about.

use super::error::Error;
use super::model::{NextActor, Request};
use super::policy;
use super::status::Status;
use super::store::conflict;
use crate::identity::{Role, UserId, colleague};
use crate::kernel::Timestamp;
use crate::office::work::Work;
use crate::office::work_item::{self, NewWorkItem, Tone, WorkItemKind as Kind, WorkMail};
use crate::office::{duty, risk_alert};

/// Every kind of a request's own.
const KINDS: [Kind; 9] = [
    Kind::RequestToTriage,
    Kind::ContactFamily,
    Kind::QuestionFromFamily,
    Kind::CentreSilent,
    Kind::WithdrawalAsked,
    Kind::DeadlinePassed,
    Kind::PossibleDuplicate,
    Kind::MailSuppressed,
    Kind::ReportLate,
];

/// Something to do.
struct Errand<'a> {
    kind: Kind,
    /// A supervisor's, whoever sees to the request.
    is_supervisors: bool,
    due_at: Option<Timestamp>,
    once: &'a str,
}

fn open(work: &mut Work<'_>, request: &Request, errand: &Errand<'_>) -> Result<(), Error> {
    let (office, subject) = (work.office_id(), request.id.uuid());
    // To look, or to call, once is enough for all that came since.
    if !errand.is_supervisors && work_item::waits(work.conn, subject, errand.kind)? {
        return Ok(());
    }
    let (owner, role) = whose(work, request, errand.is_supervisors)?;
    let item = NewWorkItem {
        office,
        kind: errand.kind,
        subject_kind: "legal-aid-request",
        subject,
        owner,
        role: Some(role),
        due_at: errand.due_at,
        once: errand.once,
    };
    work_item::hand_out(work, &item, request.clock.rank() == 0)?;
    Ok(())
}

/// Whoever sees to something of a request: its officer, or else those of a role.
fn whose(
    work: &mut Work<'_>,
    request: &Request,
    is_supervisors: bool,
) -> Result<(Option<UserId>, Role), Error> {
    let is_anyones = !is_supervisors && has_intake(work, request)?;
    let role = if is_anyones {
        Role::LegalAidIntake
    } else {
        Role::Supervisor
    };
    let owner = match request.assignee_id {
        Some(officer) if !is_supervisors => Some(officer),
        _ if is_anyones => None,
        // Without a supervisor it goes to the first of the duty list.
        _ => duty::in_charge(work.conn, work.office.id)?,
    };
    Ok((owner, role))
}

/// Whether somebody of the desk is left to see to a request; whoever stands back hears and sees nothing
/// of its items by the items themselves.
fn has_intake(work: &mut Work<'_>, request: &Request) -> Result<bool, Error> {
    let aside = conflict::of_request(work.conn, request.id)?;
    let desk = colleague::holders(work.conn, work.office.id, Role::LegalAidIntake)?;
    Ok(desk.iter().any(|user| !aside.contains(user)))
}

fn done(work: &mut Work<'_>, request: &Request, kinds: &[Kind]) -> Result<(), Error> {
    let subject = request.id.uuid();
    match work.actor {
        Some(by) => work_item::close_by(work.conn, work.now, subject, kinds, by)?,
        None => work_item::close_for(work.conn, work.now, subject, kinds)?,
    };
    Ok(())
}

fn due_at(work: &Work<'_>, request: &Request) -> Option<Timestamp> {
    let day = request.clock.due_on?;
    Some(work.zone().day_range(day, day).1)
}

/// A request came, or came back: someone looks at it.
pub(super) fn look_at(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let errand = Errand {
        kind: Kind::RequestToTriage,
        is_supervisors: false,
        due_at: due_at(work, request),
        once: &request.version.to_string(),
    };
    open(work, request, &errand)
}

/// Its day moved: what waits to be looked at is due by the new one.
pub(super) fn due_moved(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let what = (request.id.uuid(), Kind::RequestToTriage);
    let due_at = due_at(work, request);
    work_item::set_due(work.conn, work.now, what, due_at)?;
    Ok(())
}

/// A mail could not safely be sent: someone calls within the safe hours.
pub(super) fn call(work: &mut Work<'_>, request: &Request, once: &str) -> Result<(), Error> {
    // What is wanted of a family it hears of while there is time.
    let is_familys_turn = request.clock.next_actor == NextActor::Family;
    let errand = Errand {
        kind: Kind::ContactFamily,
        is_supervisors: false,
        due_at: due_at(work, request).filter(|_| is_familys_turn),
        once,
    };
    open(work, request, &errand)
}

/// A family wants to take its request back: it is asked by a safe way whether it means it.
pub(super) fn withdrawal_asked(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let errand = Errand {
        kind: Kind::WithdrawalAsked,
        is_supervisors: false,
        due_at: None,
        once: &request.version.to_string(),
    };
    open(work, request, &errand)
}

/// Somebody has learnt that it is meant; where harm is feared a supervisor confirms it, or an officer what
/// a supervisor has learnt.
pub(super) fn withdrawal_waits(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    done(work, request, &[Kind::WithdrawalAsked])?;
    let errand = Errand {
        kind: Kind::WithdrawalAsked,
        is_supervisors: !policy::is_by_supervisor(request),
        due_at: None,
        once: &format!("supervisor:{}", request.version),
    };
    open(work, request, &errand)
}

/// It was taken back, or stays.
pub(super) fn withdrawal_settled(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    done(work, request, &[Kind::WithdrawalAsked])
}

/// The Centre answered.
pub(super) fn centre_answered(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    done(work, request, &[Kind::CentreSilent])
}

/// A day of the ward's own is near: whoever sees to the request is told.
pub(super) fn deadline_near(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let whose = whose(work, request, false)?;
    let mail = WorkMail {
        tone: Tone::Near,
        object_kind: "legal-aid-request",
        object: request.id.uuid(),
        code: &request.code,
        due_at: due_at(work, request),
        once: &format!("{:?}", request.clock.due_on),
    };
    work_item::tell(work, request.id.uuid(), whose, &mail)?;
    Ok(())
}

/// Someone stands back: what they had taken waits for the others of the desk, or where nobody of it is
/// left for the supervisors; a request that nobody has any more a supervisor gives to another.
pub(super) fn stood_back(
    work: &mut Work<'_>,
    request: &Request,
    user: UserId,
) -> Result<(), Error> {
    let office = work.office_id();
    let subject = request.id.uuid();
    work_item::stand_aside(work.conn, work.now, subject, user)?;
    risk_alert::stand_aside(work.conn, work.now, (office, subject), user)?;
    let about = (subject, KINDS.as_slice());
    if has_intake(work, request)? {
        work_item::release(work.conn, work.now, about, user)?;
    } else {
        let owner = duty::in_charge(work.conn, office)?.filter(|one| *one != user);
        work_item::raise(work.conn, work.now, about, owner)?;
    }
    if request.assignee_id.is_some() {
        return Ok(());
    }
    if work_item::waits(work.conn, subject, Kind::RequestToTriage)? {
        return Ok(());
    }
    let errand = Errand {
        kind: Kind::RequestToTriage,
        is_supervisors: true,
        due_at: due_at(work, request),
        once: &format!("conflict:{user}"),
    };
    open(work, request, &errand)
}

/// A family asked something.
pub(super) fn asked(
    work: &mut Work<'_>,
    request: &Request,
    question: uuid::Uuid,
) -> Result<(), Error> {
    let errand = Errand {
        kind: Kind::QuestionFromFamily,
        is_supervisors: false,
        due_at: None,
        once: &question.to_string(),
    };
    open(work, request, &errand)
}

/// Every question has its answer.
pub(super) fn answered(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    done(work, request, &[Kind::QuestionFromFamily])
}

/// It went on: somebody looked at it, and nobody is late any more.
pub(super) fn went_on(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let looked_at = Kind::RequestToTriage;
    let kinds = [Kind::DeadlinePassed, Kind::CentreSilent, looked_at];
    done(work, request, &kinds)
}

/// It is over: nothing of it waits for anybody, but what a family asked and nobody answered.
pub(super) fn over(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    let mut kinds = KINDS.to_vec();
    if request.status != Status::Void {
        kinds.retain(|kind| *kind != Kind::QuestionFromFamily);
    }
    done(work, request, &kinds)
}

/// The family opened a refusal.
pub(super) fn refusal_opened(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    done(work, request, &[Kind::RefusalNotOpened])
}

/// A hearing or the end of a limitation period is near: it is first now.
pub(super) fn presses(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    late(work, request, (Kind::RequestToTriage, false), "urgent")
}

/// The Centre does not answer.
pub(super) fn centre_silent(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    late(work, request, (Kind::CentreSilent, false), "")
}

/// What should have been done is not: a supervisor sees to it.
pub(super) fn deadline_passed(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    late(work, request, (Kind::DeadlinePassed, true), "")
}

/// A refusal was not opened: somebody calls.
pub(super) fn refusal_not_opened(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    late(work, request, (Kind::RefusalNotOpened, false), "")
}

/// Another request may be the same: officers look, families learn nothing.
pub(super) fn possible_duplicate(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    late(work, request, (Kind::PossibleDuplicate, false), "")
}

/// Opens what a day brought, once for that day.
fn late(
    work: &mut Work<'_>,
    request: &Request,
    (kind, is_supervisors): (Kind, bool),
    once: &str,
) -> Result<(), Error> {
    let errand = Errand {
        kind,
        is_supervisors,
        due_at: due_at(work, request),
        once: &format!("{once}{:?}", request.clock.due_on),
    };
    open(work, request, &errand)
}
