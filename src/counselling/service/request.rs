//! A family asks; someone reaches it; a case comes of it, or another way is shown.

use chrono::TimeDelta;
use serde_json::json;

use super::case::{self, NewCase};
use super::matter::Matter;
use super::party::{self, PartyDraft};
use super::{ending, handing, request_fields};
use crate::counselling::appointment::CancelledBy;
use crate::counselling::error::Error;
use crate::counselling::model::{
    Case, Channel, Means, PartyRole, Request, RequestId, RequestSecret, TRIES,
};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::status::{RequestAction, RequestStatus};
use crate::counselling::store::appointment::About;
use crate::counselling::store::code as codes;
use crate::counselling::store::contact_try::{self, ContactTry};
use crate::counselling::store::request::{self as store, Scope};
use crate::counselling::{errand, messages};
use crate::identity::{UserId, contact};
use crate::kernel::{Fault, Id, Language, code};
use crate::office::calendar;
use crate::office::safe_contact::{Channels, ConfirmedHow, SafeContact, require_own_address};
use crate::office::work::Work;
use crate::sealed::{DataKey, Subject};

/// What is asked, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::counselling) struct Asked {
    pub(in crate::counselling) party_role: PartyRole,
    pub(in crate::counselling) name: Option<String>,
    pub(in crate::counselling) phone: Option<String>,
    pub(in crate::counselling) email: Option<String>,
    pub(in crate::counselling) language: Language,
    pub(in crate::counselling) channels: Channels,
}

/// A family asks for itself. What it states about itself, logged in and by a verified address, is
/// confirmed by that act.
pub(in crate::counselling) fn ask(
    work: &mut Work<'_>,
    user: UserId,
    (mut asked, language): (Asked, Option<Language>),
) -> Result<Request, Error> {
    contact::lock(work.conn, user)?;
    if store::has_open(work.conn, user)? {
        return Err(Error::RequestOpen);
    }
    let most = work.settings()?.policies.account_requests.value;
    let since = work.now.minus(TimeDelta::days(1));
    if store::made_since(work.conn, user, since)? >= i64::from(most) {
        return Err(Error::RequestsMany);
    }
    let account = contact::find(work.conn, user)?.ok_or(Fault::NotFound)?;
    require_own_address(work.conn, Some(user), ("/email", asked.email.as_deref()))?;
    asked.name = asked.name.or(Some(account.full_name));
    asked.email = asked.email.or(Some(account.email));
    asked.phone = asked.phone.or(account.phone);
    asked.language = language.unwrap_or(account.language);
    request_fields::require_ways(&asked)?;
    let safe_contact = own_contact(work, user, &asked);
    write(
        work,
        asked,
        safe_contact,
        (Some(user), Channel::Online, None),
    )
}

/// What somebody stated of themselves, logged in.
pub(super) fn own_contact(work: &Work<'_>, user: UserId, asked: &Asked) -> SafeContact {
    SafeContact {
        channels: asked.channels.clone(),
        confirmed_on: Some(work.zone().day(work.now)),
        confirmed_by: Some(user.uuid()),
        confirmed_how: Some(ConfirmedHow::Own),
    }
}

/// Staff write down what someone asks at the desk, by phone or by letter. What another wrote is
/// stated, not confirmed.
pub(in crate::counselling) fn enter(
    work: &mut Work<'_>,
    channel: Channel,
    asked: Asked,
    eyes: &Eyes,
) -> Result<Request, Error> {
    request_fields::require_ways(&asked)?;
    let safe_contact = SafeContact::stated(asked.channels.clone());
    // A counsellor who writes a request down goes on with it; a supervisor gives it to someone.
    let assignee = (!eyes.is_supervisor).then_some(eyes.user);
    write(work, asked, safe_contact, (None, channel, assignee))
}

fn write(
    work: &mut Work<'_>,
    asked: Asked,
    safe_contact: SafeContact,
    (user_id, channel, assignee_id): (Option<UserId>, Channel, Option<UserId>),
) -> Result<Request, Error> {
    let office = work.office_id();
    let days = work.settings()?.first_contact_days();
    let calendar = calendar::load(work.conn, office)?;
    let today = work.zone().day(work.now);
    let due = calendar::add_working_days(&calendar, today, days);
    let keys = &work.platform.keys;
    let key = DataKey::create(
        work.conn,
        keys,
        work.now,
        office,
        Subject::CounsellingRequest,
    )?;
    let code = code::free(|code| codes::is_taken(work.conn, office, code))?;
    let request = Request {
        id: Id::new(work.now),
        office_id: office,
        code,
        user_id,
        data_key_id: key.id(),
        status: RequestStatus::Received,
        channel,
        party_role: asked.party_role,
        language: asked.language,
        assignee_id,
        contact_due_on: due.day,
        first_contacted_at: None,
        case_id: None,
        ended_at: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        secret: RequestSecret {
            name: asked.name,
            phone: asked.phone,
            email: asked.email,
            safe_contact,
            redirected_to: None,
        },
    };
    store::insert(work.conn, &key, &request)?;
    audit(work, &request, "create")?;
    errand::triage(work, &request)?;
    messages::tell_received(work, &request)?;
    Ok(request)
}

fn audit(work: &mut Work<'_>, request: &Request, action: &str) -> Result<(), Error> {
    let facts = json!({"status": request.status});
    let action = format!("counselling-request.{action}");
    work.audit(&action, "counselling-request", request.id.uuid(), facts)?;
    Ok(())
}

/// One request, where the scope reaches it.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Request, Error> {
    store::find(work, scope, id)?.ok_or_else(|| Fault::NotFound.into())
}

/// The status after an action; what is refused says what this reader may do instead.
pub(super) fn apply(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &Request,
    action: RequestAction,
) -> Result<RequestStatus, Error> {
    let refused = match request.status.apply(action) {
        Err(Fault::Transition {
            current, action, ..
        }) => (current, action),
        other => return Ok(other?),
    };
    let eyes = match scope {
        Scope::Own(_) => None,
        Scope::Staff(eyes) => Some(eyes),
    };
    let tries = contact_try::of(work.conn, request.id)?;
    let missed = contact_try::missed_days(&tries);
    Err(Fault::Transition {
        current: refused.0,
        action: refused.1,
        allowed: policy::request_actions(request, eyes, missed),
    }
    .into())
}

fn act(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    action: RequestAction,
    change: impl FnOnce(&mut Work<'_>, &mut Request) -> Result<(), Error>,
) -> Result<Request, Error> {
    // Under its lock, so that no appointment is booked while it ends.
    store::touch(work.conn, work.office.id, id)?;
    let mut request = load(work, scope, id)?;
    let seen = request.version;
    request.status = apply(work, scope, &request, action)?;
    work.require_seen(seen)?;
    change(work, &mut request)?;
    if request.status.is_over() {
        request.ended_at = Some(work.now);
        errand::triaged(work, &request)?;
    }
    request.version += 1;
    request.updated_at = work.now;
    store::update(work, &request, seen)?;
    if action == RequestAction::Assign {
        handing::follow(work, &Matter::Request(Box::new(request.clone())))?;
    }
    match request.status {
        RequestStatus::Withdrawn => end_all(work, id, CancelledBy::Party)?,
        RequestStatus::Redirected | RequestStatus::Unreachable => {
            end_all(work, id, CancelledBy::Office)?;
        }
        RequestStatus::Received | RequestStatus::Contacted | RequestStatus::CaseOpened => {}
    }
    audit(work, &request, action.as_str())?;
    if matches!(action, RequestAction::OpenCase | RequestAction::Redirect) {
        messages::tell_answered(work, &request)?;
    }
    Ok(request)
}

fn end_all(work: &mut Work<'_>, id: RequestId, by: CancelledBy) -> Result<(), Error> {
    ending::end_all(work, About::Request(id), by)
}

/// Gives a request to a counsellor or supervisor of the office.
pub(in crate::counselling) fn assign(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: RequestId,
    to: UserId,
) -> Result<Request, Error> {
    case::require_caseworker(work, to, "/assignee")?;
    let scope = Scope::Staff(eyes.clone());
    act(work, &scope, id, RequestAction::Assign, |work, request| {
        if request.assignee_id.replace(to) == Some(to) {
            return Err(Fault::rule("/assignee", "unchanged").into());
        }
        errand::assigned(work, request, to)
    })
}

/// Notes a try to reach the family; one that did makes it contacted.
pub(in crate::counselling) fn record_try(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: RequestId,
    (means, is_reached): (Means, bool),
) -> Result<Request, Error> {
    let scope = Scope::Staff(eyes.clone());
    let by = eyes.user;
    act(
        work,
        &scope,
        id,
        RequestAction::RecordTry,
        |work, request| {
            let when = (work.now, work.zone().day(work.now));
            let one = ContactTry::new(when, request.id, by, means, is_reached);
            contact_try::insert(work.conn, &one)?;
            if is_reached {
                request.status = request.status.reached();
                request.first_contacted_at = request.first_contacted_at.or(Some(work.now));
                errand::triaged(work, request)?;
            }
            Ok(())
        },
    )
}

/// Gives up after three tries on different days.
pub(in crate::counselling) fn mark_unreachable(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: RequestId,
) -> Result<Request, Error> {
    let scope = Scope::Staff(eyes.clone());
    act(
        work,
        &scope,
        id,
        RequestAction::MarkUnreachable,
        |work, request| {
            let tries = contact_try::of(work.conn, request.id)?;
            let days = contact_try::missed_days(&tries);
            if days < TRIES {
                return Err(Error::TooFewTries { days });
            }
            Ok(())
        },
    )
}

/// Shows the family another way.
pub(in crate::counselling) fn redirect(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: RequestId,
    to: String,
) -> Result<Request, Error> {
    let scope = Scope::Staff(eyes.clone());
    act(work, &scope, id, RequestAction::Redirect, |_, request| {
        request.secret.redirected_to = Some(to);
        Ok(())
    })
}

/// Takes a request back: the family itself, or staff on its word.
pub(in crate::counselling) fn withdraw(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Request, Error> {
    act(work, scope, id, RequestAction::Withdraw, |_, _| Ok(()))
}

/// Makes a case of a request; whoever asked is its first party.
pub(in crate::counselling) fn open_case(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: RequestId,
    new: NewCase,
) -> Result<Case, Error> {
    let scope = Scope::Staff(eyes.clone());
    let mut opened = None;
    act(
        work,
        &scope,
        id,
        RequestAction::OpenCase,
        |work, request| {
            let case = case::open(work, new)?;
            let secret = request.secret.clone();
            let draft = PartyDraft {
                role: request.party_role,
                name: secret.name.unwrap_or_else(|| request.code.clone()),
                phone: secret.phone,
                email: secret.email,
                address: None,
                born_on: None,
                language: request.language,
                channels: secret.safe_contact.channels.clone(),
            };
            let told = (secret.safe_contact, request.user_id);
            // One person in one matter goes on by the code it was told.
            let party = party::join(work, &case, draft, told, Some(&request.code))?;
            ending::follow_case(work, request.id, &party)?;
            handing::follow(work, &Matter::Case(Box::new(case.clone())))?;
            request.case_id = Some(case.id);
            // Whoever opens a case has spoken with the family.
            request.first_contacted_at = request.first_contacted_at.or(Some(work.now));
            opened = Some(case);
            Ok(())
        },
    )?;
    opened.ok_or_else(|| Fault::Internal("a case was not made".into()).into())
}
