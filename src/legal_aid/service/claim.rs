//! How a family's account is tied to a request that staff wrote down: only by a one-time code handed over
//! in person, so that nobody of the desk ties it to an account by guess.

use serde_json::json;

use super::draft::save;
use super::step::lock_for;
use crate::identity::{UserId, contact};
use crate::kernel::{Fault, Timestamp};
use crate::legal_aid::error::Error;
use crate::legal_aid::messages;
use crate::legal_aid::model::{Request, RequestId};
use crate::legal_aid::policy::{Eyes, Scope};
use crate::legal_aid::status::Action;
use crate::legal_aid::store::event::Told;
use crate::legal_aid::store::{claim as store, request as requests};
use crate::office;
use crate::office::safe_contact::{Channels, ConfirmedHow, SafeContact};
use crate::office::work::Work;

/// Makes the code that is handed over in person; an older one of the request ends.
pub(in crate::legal_aid) fn issue(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
) -> Result<(String, Timestamp), Error> {
    let request = lock_for(work, &Scope::Staff(eyes), id, Action::ClaimCode)?;
    let (code, digest) = office::claim::issue(request.office_id);
    let expires_at = work.now.plus(office::claim::VALID);
    store::set(work.conn, id, Some((&digest, expires_at)))?;
    let facts = json!({"status": request.status});
    work.audit(
        "legal-aid-request.claim-code",
        "legal-aid-request",
        id.uuid(),
        facts,
    )?;
    Ok((code, expires_at))
}

/// A family types the code it was given: the request is its own from then on.
pub(in crate::legal_aid) fn redeem(
    work: &mut Work<'_>,
    user: UserId,
    typed: &str,
) -> Result<Request, Error> {
    let office = work.office_id();
    let digest = office::claim::typed(office, typed).ok_or(Error::CodeInvalid)?;
    let found = store::find(work.conn, office, &digest, work.now)?;
    let id = found.ok_or(Error::CodeInvalid)?;
    requests::touch(work.conn, office, id)?;
    // Under the lock: of two who type it at once, one finds it gone.
    if store::find(work.conn, office, &digest, work.now)? != Some(id) {
        return Err(Error::CodeInvalid);
    }
    let mut request = requests::of_office(work, id)?;
    if request.status.apply(Action::ClaimCode).is_err() {
        return Err(Error::CodeInvalid);
    }
    store::set(work.conn, id, None)?;
    tie(work, &mut request, user)?;
    Ok(request)
}

/// Mails go where the account reads them. Where another address was known, nobody has confirmed that
/// this one is safe.
fn tie(work: &mut Work<'_>, request: &mut Request, user: UserId) -> Result<(), Error> {
    let account = contact::find(work.conn, user)?.ok_or(Fault::NotFound)?;
    let requester = &request.secret.requester;
    let known = requester.email.as_ref();
    if known.is_some_and(|email| *email != account.email) {
        messages::close(work, request)?;
        let contact = &mut request.secret.requester.safe_contact;
        *contact = SafeContact::stated(contact.channels.clone());
    }
    request.user_id = Some(user);
    request.secret.requester.email = Some(account.email);
    save(work, request, ("account-tied", None), &Told::default())
}

/// Takes the account from a request: the wrong person typed the code, or reads along. Nothing is shown
/// or mailed to it any more, and no way is safe until somebody has spoken with the person.
pub(in crate::legal_aid) fn untie(
    work: &mut Work<'_>,
    eyes: Eyes,
    id: RequestId,
) -> Result<Request, Error> {
    let mut request = lock_for(work, &Scope::Staff(eyes), id, Action::UntieAccount)?;
    messages::close(work, &request)?;
    request.user_id = None;
    let requester = &mut request.secret.requester;
    if requester.safe_contact.confirmed_how == Some(ConfirmedHow::Own) {
        // What that account said of itself is not this person's.
        requester.phone = None;
    }
    requester.email = None;
    requester.safe_contact = SafeContact::stated(Channels::default());
    save(
        work,
        &mut request,
        ("account-untied", None),
        &Told::default(),
    )?;
    Ok(request)
}
