//! How a family's account is tied to a party: only by a one-time code handed over in person, or by
//! the request the account made. Never by an address or a phone: those are shared.

use super::case::lock_for;
use super::party::{confirm, tie};
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, Party, PartyId};
use crate::counselling::policy::Eyes;
use crate::counselling::slot::Sides;
use crate::counselling::status::CaseAction;
use crate::counselling::store::{case as cases, party as store};
use crate::identity::UserId;
use crate::kernel::{Fault, Language, Timestamp};
use crate::office;
use crate::office::safe_contact::{Channels, ConfirmedHow};
use crate::office::work::Work;

/// What a family states of how it is reached, validated.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct OwnContact {
    pub(in crate::counselling) channels: Channels,
    pub(in crate::counselling) phone: Option<String>,
    pub(in crate::counselling) language: Option<Language>,
}

/// Makes the code that is handed over in person; an older one of the party ends.
pub(in crate::counselling) fn issue(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, PartyId),
) -> Result<(String, Timestamp), Error> {
    let case = lock_for(work, eyes, case, CaseAction::Edit)?;
    let party = store::load(work, &case, id)?;
    if party.user_id.is_some() {
        return Err(Error::PartyTied);
    }
    let (code, digest) = office::claim::issue(case.office_id);
    let expires_at = work.now.plus(office::claim::VALID);
    store::set_claim(work.conn, party.id, Some((&digest, expires_at)))?;
    let facts = serde_json::json!({"case": case.id});
    work.audit(
        "counselling-party.code",
        "counselling-party",
        id.uuid(),
        facts,
    )?;
    Ok((code, expires_at))
}

/// A family types the code it was given.
pub(in crate::counselling) fn redeem(
    work: &mut Work<'_>,
    user: UserId,
    typed: &str,
) -> Result<Party, Error> {
    let office = work.office_id();
    let digest = office::claim::typed(office, typed).ok_or(Error::CodeInvalid)?;
    let found = store::claimed(work.conn, office, &digest, work.now)?;
    let (party, case) = found.ok_or(Error::CodeInvalid)?;
    cases::touch(work.conn, office, case)?;
    // Under the lock: of two who type it at once, one finds it gone.
    let still = store::claimed(work.conn, office, &digest, work.now)?;
    if still.is_none() {
        return Err(Error::CodeInvalid);
    }
    let case = cases::load(work, case)?;
    let mut party = store::load(work, &case, party)?;
    require_one_side(work, user, (&case, &party))?;
    store::set_claim(work.conn, party.id, None)?;
    tie(work, &case, &mut party, user)?;
    Ok(party)
}

/// Refuses an account that stands on the other side of the case: it would read what only one is
/// shown.
pub(super) fn require_one_side(
    work: &mut Work<'_>,
    user: UserId,
    (case, party): (&Case, &Party),
) -> Result<(), Error> {
    let mut all = store::of_case(work, case)?;
    all.retain(|one| one.user_id == Some(user) && one.id != party.id);
    let sides = all.iter().map(|one| one.role.side());
    let sides = Sides::of(sides.chain([party.role.side()]));
    if sides.meet() && !case.sides_may_meet() {
        return Err(Error::SidesApart);
    }
    Ok(())
}

/// A family states for itself how it may be reached; logged in, that confirms it.
pub(in crate::counselling) fn state_contact(
    work: &mut Work<'_>,
    user: UserId,
    id: PartyId,
    stated: OwnContact,
) -> Result<Party, Error> {
    let office = work.office_id();
    let mine = store::of_user(work.conn, office, user)?;
    let (_, case) = mine
        .into_iter()
        .find(|(party, _)| *party == id)
        .ok_or(Fault::NotFound)?;
    cases::touch(work.conn, office, case)?;
    let case = cases::load(work, case)?;
    let mut party = store::load(work, &case, id)?;
    party.secret.phone = stated.phone.or(party.secret.phone);
    party.language = stated.language.unwrap_or(party.language);
    let said = (stated.channels, ConfirmedHow::Own, user);
    confirm(work, &case, &mut party, said)?;
    Ok(party)
}
