//! A request is written: by a family, or by staff for a family. It can be left and taken up again.

use chrono::NaiveDate;

use crate::http::request::Expected;
use crate::identity::Role;
use crate::identity::{UserId, colleague, contact};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id, Language, code, diff};
use crate::legal_aid::clock::{Clock, Urgency};
use crate::legal_aid::errand;
use crate::legal_aid::error::Error;
use crate::legal_aid::messages;
use crate::legal_aid::model::{
    AssistedEntry, Child, IntakeChannel, Request, RequestId, RequestSecret, Requester, Sex,
    SignedBy,
};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::status::{Action, Status};
use crate::legal_aid::store::conflict;
use crate::legal_aid::store::event::{self, Told};
use crate::legal_aid::store::request as store;
use crate::legal_aid::store::terms::{self, Terms};
use crate::office::safe_contact::{
    Channels, ConfirmedHow, SafeContact, SpokenHow, require_own_address,
};
use crate::office::work::Work;
use crate::sealed::{DataKey, Subject};
use serde_json::{Value, json};

use super::schedule::Days;
use super::submission;

/// What of a request can be set.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Fields {
    pub(in crate::legal_aid) channel: IntakeChannel,
    pub(in crate::legal_aid) language: Language,
    pub(in crate::legal_aid) category: Option<String>,
    pub(in crate::legal_aid) field: Option<String>,
    pub(in crate::legal_aid) form_wanted: Option<String>,
    pub(in crate::legal_aid) child_sex: Sex,
    pub(in crate::legal_aid) has_papers_to_follow: bool,
    pub(in crate::legal_aid) assignee: Option<UserId>,
    pub(in crate::legal_aid) urgency: Urgency,
    pub(in crate::legal_aid) requester: Requester,
    /// The channels stated, and how staff learnt that they are safe.
    pub(in crate::legal_aid) channels: (Channels, Option<SpokenHow>),
    pub(in crate::legal_aid) child: Child,
    pub(in crate::legal_aid) summary: Option<String>,
    /// Whether it was read back, and how it was signed.
    pub(in crate::legal_aid) assisted_entry: Option<(bool, SignedBy)>,
}

/// Whether it is the family that says it, and the day it is said.
pub(in crate::legal_aid) type Teller = (bool, NaiveDate);

fn teller(work: &Work<'_>, scope: &Scope) -> Teller {
    (scope.is_own(), work.zone().day(work.now))
}

/// Refuses one request more of an account that has as many at the ward as it may: a flood of them would
/// bury what presses. At the desk somebody looks whom they write down.
pub(in crate::legal_aid) fn require_room(work: &mut Work<'_>, scope: &Scope) -> Result<(), Error> {
    let Scope::Own(user) = scope else {
        return Ok(());
    };
    contact::lock(work.conn, *user)?;
    let most = work.settings()?.policies.account_requests.value;
    if store::at_ward(work.conn, *user)? >= i64::from(most) {
        return Err(Error::RequestsMany);
    }
    Ok(())
}

/// Begins a request; `write` lays what is said over an empty one.
pub(in crate::legal_aid) fn begin(
    work: &mut Work<'_>,
    scope: &Scope,
    write: impl FnOnce(&Request, &Terms, Teller) -> Result<Fields, Fault>,
) -> Result<Request, Error> {
    let (office, now) = (work.office_id(), work.now);
    let keys = &work.platform.keys;
    let key = DataKey::create(work.conn, keys, now, office, Subject::LegalAidRequest)?;
    let code = code::free(|code| store::is_code(work.conn, office, code))?;
    let mut request = Request {
        id: Id::new(now),
        office_id: office,
        reference: None,
        code,
        user_id: scope.is_own().then_some(scope.user()),
        data_key_id: key.id(),
        status: Status::Draft,
        channel: if scope.is_own() {
            IntakeChannel::Electronic
        } else {
            IntakeChannel::InPerson
        },
        language: Language::default(),
        category: None,
        field: None,
        form_wanted: None,
        child_sex: Sex::Unknown,
        child_age: None,
        child_key: None,
        has_papers_to_follow: false,
        assignee_id: None,
        submitted_on: None,
        first_referred_on: None,
        referred_on: None,
        ended_on: None,
        refusal_reason: None,
        refusal_opened_at: None,
        withdrawal_requested_at: None,
        duplicates_sought_at: None,
        created_by_id: Some(scope.user()),
        version: 1,
        created_at: now,
        updated_at: now,
        clock: Clock::default(),
        secret: RequestSecret::default(),
    };
    if let Scope::Own(user) = scope {
        introduce(work, &mut request, *user)?;
    }
    let terms = terms::load(work.conn)?;
    let fields = write(&request, &terms, teller(work, scope))?;
    fill(work, scope, &mut request, fields)?;
    store::insert(work.conn, now, &key, &request)?;
    note(work, &request, ("create", None), &Told::default())?;
    Ok(request)
}

/// A family's request begins with what its account says.
fn introduce(work: &mut Work<'_>, request: &mut Request, user: UserId) -> Result<(), Error> {
    let account = contact::find(work.conn, user)?.ok_or(Fault::NotFound)?;
    let requester = &mut request.secret.requester;
    requester.name = Some(account.full_name);
    requester.email = Some(account.email);
    requester.phone = account.phone;
    request.language = account.language;
    Ok(())
}

/// Changes what a request says. A family changes a draft of its own; later only how it is reached.
pub(in crate::legal_aid) fn edit(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    expected: Expected,
    write: impl FnOnce(&Request, &Terms, Teller) -> Result<Fields, Fault>,
) -> Result<Request, Error> {
    store::touch(work.conn, work.office.id, id)?;
    let mut request = store::load(work, scope, id)?;
    policy::require(&request, scope, Action::Edit)?;
    expected.require(request.version)?;
    let terms = terms::load(work.conn)?;
    let fields = write(&request, &terms, teller(work, scope))?;
    if scope.is_own() && request.status != Status::Draft {
        require_contacts_only(&request, &fields)?;
    }
    let (before, was) = (said(&request), request.clone());
    fill(work, scope, &mut request, fields)?;
    if said(&request) == before {
        if request.status == Status::Draft {
            // Whoever saves a draft keeps it from being forgotten, also as it was.
            request.updated_at = work.now;
            store::update(work, &request, request.version)?;
        }
        return Ok(request);
    }
    let mut told = Told::default();
    if let Some(day) = request.submitted_on {
        // What was handed in stays whole.
        submission::check(&request, day)?;
        told = changed(&before, &said(&request));
    }
    if request.status.is_open() {
        Days::load(work)?.set_anew(&mut request);
    }
    save(work, &mut request, ("edit", None), &told)?;
    if request.clock.due_on != was.clock.due_on {
        errand::due_moved(work, &request)?;
    }
    let is_told = scope.is_own() && request.status != Status::Draft;
    if is_told && request.clock.urgency != was.clock.urgency {
        errand::look_at(work, &request)?;
    }
    if is_closed(&was, &request) {
        messages::close(work, &request)?;
    }
    Ok(request)
}

/// Whether mail was safe and is not any more, or goes elsewhere.
fn is_closed(old: &Request, new: &Request) -> bool {
    let contact = |one: &Request| one.secret.requester.safe_contact.first_contact().may_email;
    let is_elsewhere = old.secret.requester.email != new.secret.requester.email;
    contact(old) && (!contact(new) || (is_elsewhere && new.user_id.is_none()))
}

/// Everything a request says.
fn said(request: &Request) -> Value {
    let (secret, urgency) = (&request.secret, &request.clock.urgency);
    let child = &secret.child;
    json!({
        "channel": request.channel, "language": request.language,
        "category": request.category, "field": request.field,
        "form_wanted": request.form_wanted, "summary": secret.summary,
        "papers_to_follow": request.has_papers_to_follow, "assignee": request.assignee_id,
        "requester": secret.requester, "assisted_entry": secret.assisted_entry,
        "child": {
            "name": child.name, "birth_date": child.birth_date, "sex": request.child_sex,
            "special_circumstances": child.special_circumstances,
        },
        "urgency": {
            "level": urgency.level, "reason": urgency.reason,
            "limitation_date": urgency.limitation_on, "hearing_date": urgency.hearing_on,
        },
    })
}

/// What was changed of what was handed in, and what it said before.
fn changed(old: &Value, new: &Value) -> Told {
    let before = diff::overwritten(old, new);
    let pointers: Vec<&String> = before.keys().collect();
    Told {
        facts: json!({"changed": pointers}),
        recorded: Some(json!({"before": before})),
        ..Told::default()
    }
}

/// What was handed in is not changed by the family alone: it asks, or supplements. That a court set a
/// day, or an earlier one, it says at once.
fn require_contacts_only(request: &Request, fields: &Fields) -> Result<(), Fault> {
    let (old, new) = (&request.secret, fields);
    let mut check = Check::new();
    let same = [
        (request.channel == new.channel, "/channel"),
        (request.category == new.category, "/category"),
        (request.field == new.field, "/field"),
        (request.form_wanted == new.form_wanted, "/form_wanted"),
        (request.child_sex == new.child_sex, "/child/sex"),
        (old.child == new.child, "/child"),
        (old.summary == new.summary, "/summary"),
        (
            request.clock.urgency.is_sharpened_by(new.urgency),
            "/urgency",
        ),
        (old.requester.name == new.requester.name, "/requester/name"),
        (
            old.requester.relation == new.requester.relation,
            "/requester/relation",
        ),
    ];
    for (holds, pointer) in same {
        check.rule(holds, pointer, "fixed-once-sent");
    }
    check.done()
}

/// Writes what is said into a request.
fn fill(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &mut Request,
    fields: Fields,
) -> Result<(), Error> {
    if fields.assignee != request.assignee_id {
        require_officer(work, request.id, fields.assignee)?;
    }
    if fields.requester.email != request.secret.requester.email {
        let said = ("/requester/email", fields.requester.email.as_deref());
        require_own_address(work.conn, request.user_id, said)?;
    }
    let safe_contact = safe_contact(work, scope, request, &fields);
    request.channel = fields.channel;
    request.language = fields.language;
    request.category = fields.category;
    request.field = fields.field;
    request.form_wanted = fields.form_wanted;
    request.child_sex = fields.child_sex;
    request.has_papers_to_follow = fields.has_papers_to_follow;
    request.assignee_id = fields.assignee;
    request.clock.urgency = fields.urgency;
    let written_by = scope.user().uuid();
    let secret = &mut request.secret;
    secret.requester = Requester {
        safe_contact,
        ..fields.requester
    };
    secret.child = fields.child;
    secret.summary = fields.summary;
    let old = secret.assisted_entry.take();
    secret.assisted_entry = fields
        .assisted_entry
        .map(|(read_back, signed_by)| AssistedEntry {
            written_by: old.map_or(written_by, |entry| entry.written_by),
            read_back,
            signed_by,
        });
    request.child_key = super::submit::child_key(work, request);
    Ok(())
}

/// What is safe: a family's own word about itself counts at once, another's when staff have spoken
/// with the person; a new address or phone is one nobody has confirmed.
fn safe_contact(work: &Work<'_>, scope: &Scope, request: &Request, fields: &Fields) -> SafeContact {
    let old = &request.secret.requester;
    let (channels, how) = &fields.channels;
    let how = if scope.is_own() {
        Some(ConfirmedHow::Own)
    } else {
        how.map(ConfirmedHow::from)
    };
    let is_same = old.phone == fields.requester.phone
        && old.email == fields.requester.email
        && old.safe_contact.channels == *channels;
    let is_spoken = how.is_some_and(|how| how != ConfirmedHow::Own);
    match how {
        _ if is_same && !is_spoken && old.safe_contact.is_confirmed() => old.safe_contact.clone(),
        Some(how) => SafeContact {
            channels: channels.clone(),
            confirmed_on: Some(work.zone().day(work.now)),
            confirmed_by: Some(scope.user().uuid()),
            confirmed_how: Some(how),
        },
        None => SafeContact::stated(channels.clone()),
    }
}

/// Refuses whoever cannot be given a request.
fn require_officer(work: &mut Work<'_>, id: RequestId, user: Option<UserId>) -> Result<(), Error> {
    let Some(user) = user else { return Ok(()) };
    let roles = [Role::LegalAidIntake, Role::Supervisor];
    let office = work.office_id();
    let mut check = Check::new();
    let is_known = colleague::works_as(work.conn, office, user, &roles)?;
    let is_free = !conflict::stands_back(work.conn, (id, user))?;
    check.rule(is_known && is_free, "/assignee", "unknown-reference");
    Ok(check.done()?)
}

/// Throws a draft away, for good.
pub(in crate::legal_aid) fn delete(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    expected: Expected,
) -> Result<(), Error> {
    store::touch(work.conn, work.office.id, id)?;
    let request = store::load(work, scope, id)?;
    policy::require(&request, scope, Action::Delete)?;
    expected.require(request.version)?;
    erase(work, &request)
}

/// Destroys a draft's key: nothing of it opens again, here or in a later backup.
pub(in crate::legal_aid) fn erase(work: &mut Work<'_>, request: &Request) -> Result<(), Error> {
    note(work, request, ("delete", None), &Told::default())?;
    // A family's draft was seen by that family alone.
    work.forget(request.data_key_id, request.user_id)?;
    Ok(())
}

/// Writes a changed request and what happened to it.
pub(in crate::legal_aid) fn save(
    work: &mut Work<'_>,
    request: &mut Request,
    what: (&str, Option<Status>),
    told: &Told,
) -> Result<(), Error> {
    let seen = request.version;
    request.version += 1;
    request.updated_at = work.now;
    if request.status != Status::Draft {
        request.secret.told_of_harm |= request.tells_of_harm();
    }
    store::update(work, request, seen)?;
    note(work, request, what, told)
}

/// Writes what happened to the timeline and to the audit log, which tells states and ids alone.
pub(in crate::legal_aid) fn note(
    work: &mut Work<'_>,
    request: &Request,
    (kind, from): (&str, Option<Status>),
    told: &Told,
) -> Result<(), Error> {
    event::add(work, request, (kind, from), told)?;
    let action = format!("legal-aid-request.{kind}");
    let facts = json!({"from": from, "status": request.status});
    work.audit(&action, "legal-aid-request", request.id.uuid(), facts)?;
    Ok(())
}
