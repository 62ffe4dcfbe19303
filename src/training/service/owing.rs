//! What a held session owes the plan: the report of its kind.

use std::collections::BTreeMap;

use super::seat;
use crate::db;
use crate::office::owed::{self, Owed, OwedStatus, ProductKind};
use crate::office::work::Work;
use crate::training::error::Error;
use crate::training::model::{Session, SessionId, SessionKind};
use crate::training::status::{SessionAction, SessionStatus};
use crate::training::store::session::Eyes;

/// The report that a session of a kind is followed by, where the plan wants one.
fn report_of(kind: SessionKind) -> Option<ProductKind> {
    match kind {
        SessionKind::Conference => Some(ProductKind::ConferenceReport),
        SessionKind::Training => Some(ProductKind::TrainingReport),
        SessionKind::Survey => Some(ProductKind::SurveyReport),
        SessionKind::Outreach => Some(ProductKind::OutreachReport),
        SessionKind::Inspection => Some(ProductKind::InspectionReport),
        SessionKind::Review => Some(ProductKind::ReviewReport),
        SessionKind::Mobilisation | SessionKind::Meeting => None,
    }
}

/// A session was completed: from now on it owes what the plan wants of any of its tasks.
pub(super) fn owe(work: &mut Work<'_>, session: &Session) -> Result<(), Error> {
    let Some(kind) = report_of(session.kind) else {
        return Ok(());
    };
    let also = session.details.also_plan_tasks.iter().map(String::as_str);
    let tasks: Vec<&str> = std::iter::once(session.plan_task.as_str())
        .chain(also)
        .collect();
    Ok(owed::owe(work, (session.id.cast(), kind), &tasks)?)
}

/// A session was reopened: it owes nothing until it is completed again.
pub(super) fn release(work: &mut Work<'_>, session: &Session) -> Result<(), Error> {
    Ok(owed::release(work, session.id.cast())?)
}

/// Says why there is no product that a completed session owes.
pub(in crate::training) fn waive(
    work: &mut Work<'_>,
    id: SessionId,
    (kind, reason): (ProductKind, &str),
) -> Result<Session, Error> {
    let locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::WaiveProduct)?;
    owed::waive(work, (id.cast(), kind), reason)?;
    Ok(locked.session)
}

/// What some sessions owe or owed; nothing is looked for but of completed ones.
pub(in crate::training) fn of(
    work: &mut Work<'_>,
    sessions: &[Session],
) -> db::Result<BTreeMap<SessionId, Vec<Owed>>> {
    let completed = sessions
        .iter()
        .filter(|one| one.status == SessionStatus::Completed);
    let ids: Vec<_> = completed.map(|one| one.id.cast()).collect();
    let mut found = BTreeMap::<SessionId, Vec<Owed>>::new();
    for one in owed::of(work.conn, work.office.id, &ids)? {
        let session = one.session_id.cast();
        found.entry(session).or_default().push(one);
    }
    Ok(found)
}

/// Whether any of it is still owed.
pub(in crate::training) fn owes(owed: &[Owed]) -> bool {
    owed.iter().any(|one| one.status == OwedStatus::Owed)
}

/// What one session owes or owed.
pub(in crate::training) fn of_one(work: &mut Work<'_>, session: &Session) -> db::Result<Vec<Owed>> {
    let mut found = of(work, std::slice::from_ref(session))?;
    Ok(found.remove(&session.id).unwrap_or_default())
}
