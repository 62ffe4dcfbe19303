//! What of a request can be put right before it is over: who asks, and how they are reached.

use serde_json::json;

use super::ending;
use super::matter::asker_key;
use super::request::{Asked, apply, load, own_contact};
use crate::counselling::channel;
use crate::counselling::error::Error;
use crate::counselling::model::{Request, RequestId};
use crate::counselling::status::RequestAction;
use crate::counselling::store::appointment as appointments;
use crate::counselling::store::request::{self as store, Scope};
use crate::http::request::Expected;
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::safe_contact::{SafeContact, require_own_address};
use crate::office::work::Work;

/// Refuses a way that is safe and leads nowhere: calls without a number, mail without an address.
pub(super) fn require_ways(asked: &Asked) -> Result<(), Fault> {
    let ways = (asked.email.is_some(), asked.phone.is_some());
    let nowhere = asked.channels.leading_nowhere(ways);
    let is_mail = |channel: &&str| *channel == "may_email";
    let mut check = Check::new();
    check.rule(nowhere.iter().all(is_mail), "/phone", "required");
    check.rule(!nowhere.iter().any(is_mail), "/email", "required");
    check.done()
}

/// What a request says now.
pub(super) fn asked(request: &Request) -> Asked {
    let secret = request.secret.clone();
    Asked {
        party_role: request.party_role,
        name: secret.name,
        phone: secret.phone,
        email: secret.email,
        language: request.language,
        channels: secret.safe_contact.channels,
    }
}

/// Changes who asks and how they are reached. What staff change of the ways nobody has confirmed;
/// what the family changes of its own is confirmed by that.
pub(in crate::counselling) fn edit(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    expected: Expected,
    change: impl FnOnce(&Asked) -> Result<Asked, Fault>,
) -> Result<Request, Error> {
    store::touch(work.conn, work.office.id, id)?;
    let old = load(work, scope, id)?;
    apply(work, scope, &old, RequestAction::Edit)?;
    expected.require(old.version)?;
    let before = asked(&old);
    let after = change(&before)?;
    if after == before {
        return Ok(old);
    }
    require_ways(&after)?;
    if after.email != before.email {
        let said = ("/email", after.email.as_deref());
        require_own_address(work.conn, old.user_id, said)?;
    }
    let mut new = old.clone();
    let is_moved = (&before.email, &before.phone, &before.channels)
        != (&after.email, &after.phone, &after.channels);
    if is_moved {
        new.secret.safe_contact = match scope {
            Scope::Own(user) => own_contact(work, *user, &after),
            Scope::Staff(_) => SafeContact::stated(after.channels),
        };
    }
    new.party_role = after.party_role;
    new.language = after.language;
    new.secret.name = after.name;
    new.secret.phone = after.phone;
    new.secret.email = after.email;
    let new = save(work, &old, new)?;
    // Which fields, never what they said.
    let facts = json!({"status": new.status, "changed": changed(&before, &asked(&new))});
    let action = "counselling-request.edit";
    work.audit(action, "counselling-request", new.id.uuid(), facts)?;
    Ok(new)
}

fn changed(before: &Asked, after: &Asked) -> Vec<&'static str> {
    let all = [
        ("party_role", before.party_role != after.party_role),
        ("name", before.name != after.name),
        ("phone", before.phone != after.phone),
        ("email", before.email != after.email),
        ("language", before.language != after.language),
        ("safe_contact", before.channels != after.channels),
    ];
    let all = all.into_iter().filter(|(_, is_so)| *is_so);
    all.map(|(name, _)| name).collect()
}

fn save(work: &mut Work<'_>, old: &Request, mut new: Request) -> Result<Request, Error> {
    let is_other_side = old.party_role.side() != new.party_role.side();
    if is_other_side && appointments::has_live_of(work.conn, new.id)? {
        return Err(Error::PartyInUse);
    }
    new.version += 1;
    new.updated_at = work.now;
    store::update(work, &new, old.version)?;
    let keys = (asker_key(work, old), asker_key(work, &new));
    ending::rekey_asker(work, &new, keys)?;
    if is_closed(old, &new) {
        channel::close(work, &[new.id.uuid()], new.assignee_id)?;
    }
    Ok(new)
}

/// Whether mail was safe and is not any more, or goes elsewhere.
fn is_closed(old: &Request, new: &Request) -> bool {
    let may_email = |one: &Request| one.secret.safe_contact.first_contact().may_email;
    let is_elsewhere = old.secret.email != new.secret.email && new.user_id.is_none();
    may_email(old) && (!may_email(new) || is_elsewhere)
}
