//! Who supervises a case: named when it is opened; handed on by whoever does, or by any supervisor
//! where nobody at work does any more. It opens the case's notes, so nobody else takes it.

use serde_json::json;

use super::case::{lock_for, require_role, save};
use crate::counselling::case_errand;
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId};
use crate::counselling::policy::Eyes;
use crate::counselling::status::CaseAction;
use crate::counselling::store::consent as consents;
use crate::identity::{Role, UserId, colleague};
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::work::Work;

/// The supervisors at work in the office.
pub(in crate::counselling) fn at_work(work: &mut Work<'_>) -> Result<Vec<UserId>, Error> {
    let office = work.office_id();
    Ok(colleague::holders(work.conn, office, Role::Supervisor)?)
}

/// Who supervises a new case: whoever was named, else the only one who can. Where several could,
/// one is named: they will read its notes.
pub(super) fn chosen(
    work: &mut Work<'_>,
    named: Option<UserId>,
    counsellor: UserId,
) -> Result<Option<UserId>, Error> {
    if let Some(named) = named {
        require_role(work, named, &[Role::Supervisor], "/supervisor")?;
        return Ok(Some(named));
    }
    let mut others = at_work(work)?;
    others.retain(|one| *one != counsellor);
    match others.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        _ => Err(Fault::rule("/supervisor", "required").into()),
    }
}

/// Gives a case to another supervisor, with what waits there for the one before.
pub(in crate::counselling) fn assign(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    (to, reason): (UserId, &str),
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::AssignSupervisor)?;
    require_role(work, to, &[Role::Supervisor], "/supervisor")?;
    let mut check = Check::new();
    check.rule(Some(to) != case.supervisor_id, "/supervisor", "unchanged");
    check.rule(to != case.counsellor_id, "/supervisor", "not-with-this");
    check.done()?;
    let facts = json!({"from": case.supervisor_id, "to": to});
    case.supervisor_id = Some(to);
    let kind = CaseAction::AssignSupervisor.as_str();
    save(work, &mut case, (kind, &facts), Some(reason))?;
    let consents = consents::ids_of(work.conn, case.id)?;
    case_errand::supervised(work, (&case, &consents), to)?;
    Ok(case)
}
