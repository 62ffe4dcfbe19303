//! Whoever has a conflict of interest stands back: from then on the request is missing for them.

use serde_json::json;

use super::draft::save;
use super::step::lock_for;
use crate::identity::{Role, UserId, colleague};
use crate::kernel::Fault;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::RequestId;
use crate::legal_aid::notice;
use crate::legal_aid::policy::{Eyes, Scope};
use crate::legal_aid::status::Action;
use crate::legal_aid::store::conflict as store;
use crate::legal_aid::store::event::Told;
use crate::office::work::Work;

/// Declares a conflict: everybody their own, a supervisor another's, too.
pub(in crate::legal_aid) fn declare(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
    (user, reason): (UserId, String),
) -> Result<(), Error> {
    let scope = Scope::Staff(eyes);
    let mut request = lock_for(work, &scope, id, Action::DeclareConflict)?;
    if user != eyes.user && !eyes.is_supervisor {
        return Err(Fault::Forbidden.into());
    }
    let office = work.office_id();
    let staff = [Role::LegalAidIntake, Role::Supervisor, Role::Counsellor];
    if !colleague::works_as(work.conn, office, user, &staff)? {
        return Err(Fault::rule("/user", "unknown-reference").into());
    }
    if store::stands_back(work.conn, (id, user))? {
        return Ok(());
    }
    require_somebody(work, id, user)?;
    store::insert(work.conn, work.now, (id, user), eyes.user)?;
    if request.assignee_id == Some(user) {
        request.assignee_id = None;
    }
    let from = request.status;
    let told = Told {
        facts: json!({"user": user}),
        note: Some(reason),
        ..Told::default()
    };
    let kind = Action::DeclareConflict.as_str();
    save(work, &mut request, (kind, Some(from)), &told)?;
    notice::stood_back(work, &request, user)
}

/// Refuses the last who could see to a request: a family would wait for nobody.
fn require_somebody(work: &mut Work<'_>, id: RequestId, user: UserId) -> Result<(), Error> {
    let office = work.office_id();
    let mut left = colleague::holders(work.conn, office, Role::LegalAidIntake)?;
    left.extend(colleague::holders(work.conn, office, Role::Supervisor)?);
    let aside = store::of_request(work.conn, id)?;
    left.retain(|one| *one != user && !aside.contains(one));
    if left.is_empty() {
        return Err(Error::NobodyLeft);
    }
    Ok(())
}
