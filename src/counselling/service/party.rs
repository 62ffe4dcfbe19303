//! Parties: who belongs to a case, and how each is reached without harm.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::case::{self, lock_for};
use super::claim::require_one_side;
use super::ending;
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, Party, PartyId, PartyRole, PartySecret};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::status::CaseAction;
use crate::counselling::store::event::Words;
use crate::counselling::store::{
    appointment as appointments, code as codes, consent as consents, note as notes, party as store,
    request as requests,
};
use crate::counselling::{channel, days};
use crate::http::request::Expected;
use crate::identity::{UserId, contact};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id, Language, code};
use crate::office::safe_contact::{Channels, ConfirmedHow, SafeContact, require_own_address};
use crate::office::work::Work;
use crate::sealed::blind_index;

/// What of a party can be set.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct PartyDraft {
    pub(in crate::counselling) role: PartyRole,
    pub(in crate::counselling) name: String,
    pub(in crate::counselling) phone: Option<String>,
    pub(in crate::counselling) email: Option<String>,
    pub(in crate::counselling) address: Option<String>,
    pub(in crate::counselling) born_on: Option<NaiveDate>,
    pub(in crate::counselling) language: Language,
    pub(in crate::counselling) channels: Channels,
}

/// The digest one person has wherever they are a party: of the phone and the name, since a phone
/// is shared in a family, and a name by many. Without a phone a party is a person of its own.
fn person_key(work: &Work<'_>, party: &Party) -> Vec<u8> {
    let secret = &party.secret;
    let told = (secret.phone.as_deref(), secret.name.as_str());
    key_of(work, told, ("party", party.id.uuid()))
}

/// That digest of anybody, by the phone and the name, else by what the person is known as.
pub(super) fn key_of(
    work: &Work<'_>,
    (phone, name): (Option<&str>, &str),
    (kind, id): (&str, uuid::Uuid),
) -> Vec<u8> {
    let keys = &work.platform.keys;
    match phone {
        Some(phone) => blind_index(keys, "person", &format!("{phone} {name}")),
        None => blind_index(keys, kind, &id.to_string()),
    }
}

/// Adds a party to a case.
pub(in crate::counselling) fn add(
    work: &mut Work<'_>,
    eyes: &Eyes,
    case: CaseId,
    draft: PartyDraft,
) -> Result<Party, Error> {
    let case = lock_for(work, eyes, case, CaseAction::Edit)?;
    require_born(work, None, draft.born_on)?;
    require_one_child(work, &case, (None, &draft))?;
    let stated = SafeContact::stated(draft.channels.clone());
    join(work, &case, draft, (stated, None), None)
}

/// Refuses a day of birth on which nobody was born; one that stays is not looked at.
fn require_born(
    work: &Work<'_>,
    old: Option<NaiveDate>,
    new: Option<NaiveDate>,
) -> Result<(), Fault> {
    let mut check = Check::new();
    let today = work.zone().day(work.now);
    days::happened(&mut check, "/born_on", new.filter(|_| new != old), today);
    check.done()
}

/// A case is about one child: refuses a second, and another day of birth than the case's. What stays
/// as it was is not looked at.
fn require_one_child(
    work: &mut Work<'_>,
    case: &Case,
    (old, new): (Option<&Party>, &PartyDraft),
) -> Result<(), Error> {
    if new.role != PartyRole::Child {
        return Ok(());
    }
    let mut check = Check::new();
    if old.is_none_or(|old| old.role != PartyRole::Child) {
        let roles = store::roles_of(work.conn, case.id)?;
        let is_second = roles.iter().any(|(_, role)| *role == PartyRole::Child);
        check.rule(!is_second, "/role", "repeated");
    }
    let known = case.secret.child.as_ref().and_then(|child| child.born_on);
    let is_same = old.is_some_and(|old| old.role == new.role && old.secret.born_on == new.born_on);
    let is_fit = known.is_none() || new.born_on.is_none() || known == new.born_on;
    check.rule(is_same || is_fit, "/born_on", "not-with-this");
    Ok(check.done()?)
}

/// The code somebody was told when they asked, else a new one.
fn code_of(work: &mut Work<'_>, asked_by: Option<&str>) -> Result<String, Error> {
    let office = work.office_id();
    if let Some(code) = asked_by
        && !codes::is_party(work.conn, office, code)?
    {
        return Ok(code.to_owned());
    }
    Ok(code::free(|code| codes::is_taken(work.conn, office, code))?)
}

/// Makes someone a party of a case; whoever came by a request keeps its code.
pub(super) fn join(
    work: &mut Work<'_>,
    case: &Case,
    draft: PartyDraft,
    (safe_contact, user_id): (SafeContact, Option<UserId>),
    asked_by: Option<&str>,
) -> Result<Party, Error> {
    let key = work.data_key(case.data_key_id)?;
    let code = code_of(work, asked_by)?;
    let mut party = Party {
        id: Id::new(work.now),
        office_id: case.office_id,
        case_id: case.id,
        code,
        role: draft.role,
        language: draft.language,
        user_id,
        person_key: Vec::new(),
        removed_at: None,
        version: 1,
        updated_at: work.now,
        secret: PartySecret {
            name: draft.name,
            phone: draft.phone,
            email: draft.email,
            address: draft.address,
            born_on: draft.born_on,
            safe_contact,
        },
    };
    party.person_key = person_key(work, &party);
    store::insert(work.conn, &key, &party)?;
    tell(work, case, (&party, "party-add"), &Words::default())?;
    Ok(party)
}

fn tell(
    work: &mut Work<'_>,
    case: &Case,
    (party, kind): (&Party, &str),
    words: &Words,
) -> Result<(), Error> {
    let facts = json!({"party": party.id, "role": party.role});
    case::tell(work, case, (kind, &facts), words)
}

/// What is said of a party, as it stands.
fn said(party: &Party) -> Value {
    let (secret, contact) = (&party.secret, &party.secret.safe_contact);
    json!({
        "role": party.role, "language": party.language, "name": secret.name,
        "phone": secret.phone, "email": secret.email, "address": secret.address,
        "born_on": secret.born_on, "safe_contact": contact,
    })
}

/// Whether mail was safe for a party and is not any more, or goes elsewhere, or was never to go.
fn is_closed(old: &Party, new: &Party) -> bool {
    let is_open = |party: &Party| party.secret.safe_contact.open().may_email;
    let is_moved = old.secret.email != new.secret.email && new.user_id.is_none();
    is_open(old) && (!is_open(new) || is_moved || new.removed_at.is_some())
}

/// Keeps back what was written to a party, and to the request it came by.
fn close_channel(work: &mut Work<'_>, case: &Case, party: &Party) -> Result<(), Error> {
    let mut whom = vec![party.id.uuid()];
    let asked = requests::of_case(work.conn, case.id, party.user_id)?;
    whom.extend(asked.into_iter().map(Id::uuid));
    channel::close(work, &whom, Some(case.counsellor_id))
}

fn save(work: &mut Work<'_>, case: &Case, party: &mut Party, kind: &str) -> Result<(), Error> {
    let old = store::load(work, case, party.id)?;
    let seen = party.version;
    party.version += 1;
    party.updated_at = work.now;
    party.person_key = person_key(work, party);
    store::update(work, case, party, seen)?;
    ending::rekey(work, &old, party)?;
    if is_closed(&old, party) {
        close_channel(work, case, party)?;
    }
    let words = Words::changed(&said(&old), &said(party));
    tell(work, case, (party, kind), &words)
}

/// Changes who a party is and how it is reached. A changed address or phone is one nobody has
/// confirmed.
pub(in crate::counselling) fn edit(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, PartyId),
    expected: Expected,
    change: impl FnOnce(&Party) -> Result<PartyDraft, Fault>,
) -> Result<Party, Error> {
    let case = lock_for(work, eyes, case, CaseAction::Edit)?;
    let party = store::load(work, &case, id)?;
    let mut party = shown(work, party)?;
    expected.require(party.version)?;
    let draft = change(&party)?;
    if draft.email != party.secret.email {
        let said = ("/email", draft.email.as_deref());
        require_own_address(work.conn, party.user_id, said)?;
    }
    require_born(work, party.secret.born_on, draft.born_on)?;
    require_one_child(work, &case, (Some(&party), &draft))?;
    let is_moved = (&party.secret.email, &party.secret.phone) != (&draft.email, &draft.phone);
    let mut safe_contact = party.secret.safe_contact.clone();
    if is_moved || safe_contact.channels != draft.channels {
        safe_contact = SafeContact::stated(draft.channels);
    }
    if draft.role.side() != party.role.side() && is_heard(work, id)? {
        return Err(Error::PartyInUse);
    }
    let old = party.clone();
    party.role = draft.role;
    party.language = draft.language;
    party.secret = PartySecret {
        name: draft.name,
        phone: draft.phone,
        email: draft.email,
        address: draft.address,
        born_on: draft.born_on,
        safe_contact,
    };
    if let Some(user) = party.user_id
        && party.role.side() != old.role.side()
    {
        require_one_side(work, user, (&case, &party))?;
    }
    let facts = |one: &Party| (one.role, one.language, one.secret.clone());
    if facts(&old) != facts(&party) {
        save(work, &case, &mut party, "party-edit")?;
    }
    Ok(party)
}

/// Whether a party was shown a summary, or has decided: both are of the side it stood on then.
fn is_heard(work: &mut Work<'_>, id: PartyId) -> Result<bool, Error> {
    Ok(consents::has_any(work.conn, id)? || notes::is_shown_any(work.conn, id)?)
}

/// Whether a party stays: it has appointments or decided something.
fn is_used(work: &mut Work<'_>, id: PartyId) -> Result<bool, Error> {
    Ok(appointments::has_party(work.conn, id)? || consents::has_any(work.conn, id)?)
}

/// What may be done to a party by whoever may change the case's parties.
pub(in crate::counselling) fn actions(
    work: &mut Work<'_>,
    party: &Party,
    may_edit: bool,
) -> Result<Vec<&'static str>, Error> {
    let is_used = may_edit && is_used(work, party.id)?;
    Ok(policy::party_actions(may_edit, party, is_used))
}

/// Takes a party out of a case.
pub(in crate::counselling) fn remove(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, PartyId),
    expected: Expected,
) -> Result<(), Error> {
    let case = lock_for(work, eyes, case, CaseAction::Edit)?;
    let mut party = store::load(work, &case, id)?;
    expected.require(party.version)?;
    if is_used(work, id)? {
        return Err(Error::PartyInUse);
    }
    party.removed_at = Some(work.now);
    save(work, &case, &mut party, "party-remove")
}

/// Staff spoke with the person: these channels are safe.
pub(in crate::counselling) fn confirm_contact(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, PartyId),
    (channels, how): (Channels, ConfirmedHow),
) -> Result<Party, Error> {
    let case = lock_for(work, eyes, case, CaseAction::Edit)?;
    let mut party = store::load(work, &case, id)?;
    confirm(work, &case, &mut party, (channels, how, eyes.user))?;
    Ok(party)
}

/// Refuses to call a way safe that leads nowhere; an account has an address of its own.
fn require_ways(party: &Party, channels: &Channels) -> Result<(), Fault> {
    let has_mail = party.user_id.is_some() || party.secret.email.is_some();
    let has_phone = party.secret.phone.is_some();
    let mut check = Check::new();
    for channel in channels.leading_nowhere((has_mail, has_phone)) {
        check.refuse(format!("/channels/{channel}"), "no-way-there");
    }
    check.done()
}

pub(super) fn confirm(
    work: &mut Work<'_>,
    case: &Case,
    party: &mut Party,
    (channels, how, by): (Channels, ConfirmedHow, UserId),
) -> Result<(), Error> {
    require_ways(party, &channels)?;
    party.secret.safe_contact = SafeContact {
        channels,
        confirmed_on: Some(work.zone().day(work.now)),
        confirmed_by: Some(by.uuid()),
        confirmed_how: Some(how),
    };
    save(work, case, party, "safe-contact")
}

/// Ties an account to a party: mails go where that reads them. Where another address was known, nobody
/// has confirmed that this one is safe.
pub(super) fn tie(
    work: &mut Work<'_>,
    case: &Case,
    party: &mut Party,
    user: UserId,
) -> Result<(), Error> {
    party.user_id = Some(user);
    let account = contact::find(work.conn, user)?.ok_or(Fault::NotFound)?;
    let secret = &mut party.secret;
    let is_other = secret
        .email
        .as_ref()
        .is_some_and(|email| *email != account.email);
    if is_other {
        secret.safe_contact = SafeContact::stated(secret.safe_contact.channels.clone());
    }
    secret.email = Some(account.email);
    save(work, case, party, "account-tied")
}

/// Takes the account from a party: the wrong person typed the code, or reads along. Nothing is shown or
/// mailed to it any more, and no way is safe until somebody has spoken with the person.
pub(in crate::counselling) fn untie(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, PartyId),
) -> Result<Party, Error> {
    let case = lock_for(work, eyes, case, CaseAction::Edit)?;
    let mut party = store::load(work, &case, id)?;
    if party.user_id.is_none() {
        return Err(Fault::Transition {
            current: case.status.as_str(),
            action: "untie-account",
            allowed: Vec::new(),
        }
        .into());
    }
    close_channel(work, &case, &party)?;
    party.user_id = None;
    if party.secret.safe_contact.confirmed_how == Some(ConfirmedHow::Own) {
        // What that account said of itself is not this person's.
        party.secret.phone = None;
    }
    party.secret.email = None;
    party.secret.safe_contact = SafeContact::stated(Channels::default());
    save(work, &case, &mut party, "account-untied")?;
    Ok(party)
}

/// A party as it is shown: with the address that mails go to, the account's where one is tied.
pub(in crate::counselling) fn shown(work: &mut Work<'_>, mut party: Party) -> Result<Party, Error> {
    if let Some(user) = party.user_id {
        party.secret.email = contact::find(work.conn, user)?.map(|account| account.email);
    }
    Ok(party)
}
