//! What the fields of a case may not say.

use chrono::NaiveDate;

use crate::counselling::days;
use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseSecret, Party, PartyRole};
use crate::counselling::store::party as parties;
use crate::counselling::words::ChecklistItem;
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::work::Work;

/// Refuses to say that a safe contact was confirmed where somebody's was not: everybody who left an
/// address or a phone, and at least one.
pub(super) fn require_ticked(
    work: &mut Work<'_>,
    case: &Case,
    checklist: &[String],
) -> Result<(), Error> {
    let item = ChecklistItem::SafeContactConfirmed.as_str();
    let at = checklist.iter().position(|one| one == item);
    let is_old = case.checklist.iter().any(|one| one == item);
    let (Some(at), false) = (at, is_old) else {
        return Ok(());
    };
    let all = parties::of_case(work, case)?;
    let is_confirmed = |party: &&Party| party.secret.safe_contact.is_confirmed();
    let has_contact = |party: &Party| {
        party.user_id.is_some() || party.secret.email.is_some() || party.secret.phone.is_some()
    };
    let is_somebody = all.iter().any(|party| is_confirmed(&party));
    let is_everybody = all
        .iter()
        .all(|party| !has_contact(party) || is_confirmed(&party));
    let mut check = Check::new();
    let at = format!("/checklist/{at}");
    check.rule(is_somebody && is_everybody, at, "safe-contact-unconfirmed");
    Ok(check.done()?)
}

/// Refuses another day of birth than that of the party who is the child: how old it is decides what
/// is asked of whom.
pub(super) fn require_one_birth(
    work: &mut Work<'_>,
    case: &Case,
    new: &CaseSecret,
) -> Result<(), Error> {
    let born_on = |secret: &CaseSecret| secret.child.as_ref().and_then(|child| child.born_on);
    let (before, after) = (born_on(&case.secret), born_on(new));
    if after.is_none() || before == after {
        return Ok(());
    }
    let all = parties::of_case(work, case)?;
    let mut children = all.iter().filter(|one| one.role == PartyRole::Child);
    let is_other = children.any(|one| one.secret.born_on.is_some_and(|day| after != Some(day)));
    let mut check = Check::new();
    check.rule(!is_other, "/child/born_on", "not-with-this");
    Ok(check.done()?)
}

/// Refuses days on which it cannot have been; what stays as it was is not looked at.
pub(super) fn require_days(
    work: &Work<'_>,
    old: Option<&Case>,
    (new, hand_over_on): (&CaseSecret, Option<NaiveDate>),
) -> Result<(), Fault> {
    let today = work.zone().day(work.now);
    let before = old.map(|case| case.secret.clone()).unwrap_or_default();
    let child = new.child.clone().filter(|_| new.child != before.child);
    let child = child.unwrap_or_default();
    let decision = new.decision.as_ref();
    let decision = decision.filter(|_| new.decision != before.decision);
    let is_moved = old.is_none_or(|case| case.hand_over_on != hand_over_on);
    let mut check = Check::new();
    let born_on = new.child.as_ref().and_then(|child| child.born_on);
    let is_lived =
        |day: Option<NaiveDate>| born_on.is_none_or(|born| day.is_none_or(|day| day >= born));
    let decided = decision.map(|decision| decision.date);
    check.rule(is_lived(decided), "/decision/date", "order-invalid");
    let moved = hand_over_on.filter(|_| is_moved);
    check.rule(is_lived(moved), "/hand_over_on", "order-invalid");
    days::happened(&mut check, "/child/born_on", child.born_on, today);
    days::expected(&mut check, "/child/expected_on", child.expected_on, today);
    days::happened(&mut check, "/decision/date", decided, today);
    days::planned(&mut check, "/hand_over_on", moved, today);
    check.done()
}
