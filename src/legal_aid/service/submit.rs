//! A draft is handed in: from then on the ward has it, under a number.

use chrono::Datelike;

use super::draft::save;
use super::schedule::Days;
use super::submission;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Request, RequestId};
use crate::legal_aid::notice;
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::Action;
use crate::legal_aid::store::event::Told;
use crate::legal_aid::store::request as store;
use crate::office::reference;
use crate::office::work::Work;
use crate::sealed::blind_index;

/// The series of references: trợ giúp.
const SERIES: &str = "TG";

/// A digest that is the same for the same child, where it is known well enough to tell.
pub(super) fn child_key(work: &Work<'_>, request: &Request) -> Option<Vec<u8>> {
    let child = &request.secret.child;
    let (name, born_on) = (child.name.as_deref()?, child.birth_date?);
    let column = "legal_aid_requests.child_key";
    let keys = &work.platform.keys;
    Some(blind_index(keys, column, &format!("{name} {born_on}")))
}

/// Hands a draft in.
pub(in crate::legal_aid) fn submit(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Request, Error> {
    store::touch(work.conn, work.office.id, id)?;
    let mut request = store::load(work, scope, id)?;
    policy::require(&request, scope, Action::Submit)?;
    let today = work.zone().day(work.now);
    submission::check(&request, today)?;
    let (office, from) = (work.office, request.status);
    let number = reference::next(work.conn, office.id, &office.prefix, SERIES, today.year())?;
    request.reference = Some(number);
    request.status = from.apply(Action::Submit)?;
    request.submitted_on = Some(today);
    let born_on = request.secret.child.birth_date;
    let age = born_on.and_then(|born_on| today.years_since(born_on));
    request.child_age = age.and_then(|age| i32::try_from(age).ok());
    if let (Scope::Staff(eyes), None) = (scope, request.assignee_id) {
        // Whoever writes a request down goes on with it; a supervisor gives it to someone.
        request.assignee_id = (!eyes.is_supervisor).then_some(eyes.user);
    }
    Days::load(work)?.set(&mut request, from);
    save(work, &mut request, ("submit", Some(from)), &Told::default())?;
    notice::after(work, &request, (Action::Submit, from))?;
    Ok(request)
}
