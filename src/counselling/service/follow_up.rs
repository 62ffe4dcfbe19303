//! Follow-ups, and the reports after an adoption that the hand-over plans.

use chrono::NaiveDate;
use serde_json::json;

use super::case::{lock_for, note};
use crate::counselling::days;
use crate::counselling::error::Error;
use crate::counselling::follow_up::{FollowUpState, schedule, state};
use crate::counselling::model::{AdoptionKind, Case, CaseId};
use crate::counselling::policy::Eyes;
use crate::counselling::record::{FollowUp, FollowUpId, FollowUpKind, FollowUpSecret};
use crate::counselling::record_status::{FollowUpAction, FollowUpStatus};
use crate::counselling::status::CaseAction;
use crate::counselling::store::follow_up as store;
use crate::http::request::Expected;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id};
use crate::office::work::Work;

/// A follow-up as it is entered.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct FollowUpDraft {
    pub(in crate::counselling) due_on: NaiveDate,
    pub(in crate::counselling) what: String,
}

/// A follow-up, and how it stands today.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct Standing {
    pub(in crate::counselling) one: FollowUp,
    pub(in crate::counselling) state: FollowUpState,
}

fn interval(work: &mut Work<'_>) -> Result<i32, Error> {
    let policies = &work.settings()?.policies;
    Ok(policies.post_adoption_interval_months.value)
}

fn stand(work: &mut Work<'_>, one: FollowUp) -> Result<Standing, Error> {
    let interval = interval(work)?;
    let today = work.zone().day(work.now);
    Ok(Standing {
        state: state(&one, today, interval),
        one,
    })
}

/// The follow-ups of a case, the next due first.
pub(in crate::counselling) fn list(
    work: &mut Work<'_>,
    case: &Case,
) -> Result<Vec<Standing>, Error> {
    let all = store::of_case(work, case)?;
    all.into_iter().map(|one| stand(work, one)).collect()
}

/// One follow-up of a case.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    case: &Case,
    id: FollowUpId,
) -> Result<Standing, Error> {
    let one = store::load(work, case, id)?;
    stand(work, one)
}

/// Enters something that is to follow.
pub(in crate::counselling) fn create(
    work: &mut Work<'_>,
    eyes: &Eyes,
    case: CaseId,
    draft: FollowUpDraft,
) -> Result<Standing, Error> {
    let case = lock_for(work, eyes, case, CaseAction::Record)?;
    let mut check = Check::new();
    let today = work.zone().day(work.now);
    days::due(&mut check, "/due_on", draft.due_on, today);
    check.done()?;
    let mut one = planned(work, &case, FollowUpKind::FollowUp, draft.due_on);
    one.secret = Some(FollowUpSecret {
        what: Some(draft.what),
        ..FollowUpSecret::default()
    });
    store::insert(work, &case, &one)?;
    tell(work, &case, &one, "follow-up-add")?;
    stand(work, one)
}

fn planned(work: &Work<'_>, case: &Case, kind: FollowUpKind, due_on: NaiveDate) -> FollowUp {
    FollowUp {
        id: Id::new(work.now),
        case_id: case.id,
        kind,
        number: None,
        status: FollowUpStatus::Open,
        planned_on: due_on,
        due_on,
        done_on: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        secret: None,
    }
}

fn tell(work: &mut Work<'_>, case: &Case, one: &FollowUp, kind: &str) -> Result<(), Error> {
    let facts = json!({"follow_up": one.id, "number": one.number, "due_on": one.due_on});
    note(work, case, kind, &facts, None)
}

/// Runs an action on a follow-up of a locked case.
fn act(
    work: &mut Work<'_>,
    eyes: &Eyes,
    (case, id): (CaseId, FollowUpId),
    (action, expected): (FollowUpAction, Expected),
    change: impl FnOnce(&mut FollowUp, &mut FollowUpSecret) -> Result<(), Fault>,
) -> Result<Standing, Error> {
    let case = lock_for(work, eyes, case, CaseAction::Record)?;
    let mut one = store::load(work, &case, id)?;
    one.status = one.status.apply(action)?;
    let seen = one.version;
    if action == FollowUpAction::Edit {
        expected.require(seen)?;
    }
    let old = one.secret.take().unwrap_or_default();
    let mut secret = old.clone();
    change(&mut one, &mut secret)?;
    let is_same = action == FollowUpAction::Edit && secret == old;
    one.secret = Some(secret);
    if is_same {
        return stand(work, one);
    }
    one.version += 1;
    one.updated_at = work.now;
    store::update(work, &case, &one, seen)?;
    tell(work, &case, &one, &format!("follow-up-{action}"))?;
    stand(work, one)
}

/// Changes what is written of a follow-up.
pub(in crate::counselling) fn edit(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, FollowUpId),
    expected: Expected,
    change: impl FnOnce(&FollowUpSecret) -> Result<FollowUpSecret, Fault>,
) -> Result<Standing, Error> {
    let action = (FollowUpAction::Edit, expected);
    act(work, eyes, place, action, |_, secret| {
        *secret = change(secret)?;
        Ok(())
    })
}

/// Says that it was done.
pub(in crate::counselling) fn complete(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, FollowUpId),
    (on, said): (Option<NaiveDate>, Option<String>),
) -> Result<Standing, Error> {
    let today = work.zone().day(work.now);
    let action = (FollowUpAction::Complete, Expected::Unsaid);
    act(work, eyes, place, action, |one, secret| {
        let on = on.unwrap_or(today);
        let mut check = Check::new();
        days::happened(&mut check, "/on", Some(on), today);
        check.done()?;
        one.done_on = Some(on);
        secret.note = said.or(secret.note.take());
        Ok(())
    })
}

/// Says that nobody needs it, and why.
pub(in crate::counselling) fn waive(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, FollowUpId),
    reason: String,
) -> Result<Standing, Error> {
    let action = (FollowUpAction::Waive, Expected::Unsaid);
    act(work, eyes, place, action, |_, secret| {
        secret.reason = Some(reason);
        Ok(())
    })
}

/// Puts it on another day, not one that is over, and why.
pub(in crate::counselling) fn put_off(
    work: &mut Work<'_>,
    eyes: &Eyes,
    place: (CaseId, FollowUpId),
    (to, reason): (NaiveDate, String),
) -> Result<Standing, Error> {
    let today = work.zone().day(work.now);
    let action = (FollowUpAction::Move, Expected::Unsaid);
    act(work, eyes, place, action, |one, secret| {
        let mut check = Check::new();
        days::planned(&mut check, "/to", Some(to.max(today)), today);
        check.rule(to >= today, "/to", "out-of-range");
        check.rule(to != one.due_on, "/to", "unchanged");
        check.done()?;
        one.due_on = to;
        secret.reason = Some(reason);
        Ok(())
    })
}

/// Plans the reports after a domestic adoption from the day of the hand-over. Reports about which
/// something was done or written stay as they are; the others follow the day, or go with it.
pub(super) fn plan(work: &mut Work<'_>, case: &Case) -> Result<(), Error> {
    let interval = interval(work)?;
    let count = work.settings()?.policies.post_adoption_report_count.value;
    let days = match (case.adoption_kind, case.hand_over_on) {
        (AdoptionKind::Domestic, Some(day)) => schedule(day, count, interval),
        _ => Vec::new(),
    };
    let all = store::of_case(work, case)?;
    let mut known: Vec<FollowUp> = all
        .into_iter()
        .filter(|one| one.kind == FollowUpKind::PostAdoptionReport)
        .collect();
    for (number, day) in (1..).zip(&days) {
        let at = known.iter().position(|one| one.number == Some(number));
        match at.map(|at| known.swap_remove(at)) {
            None => {
                let mut one = planned(work, case, FollowUpKind::PostAdoptionReport, *day);
                one.number = Some(number);
                store::insert(work, case, &one)?;
            }
            Some(mut one) if one.is_untouched() && one.due_on != *day => {
                // It stays one nobody has touched: the next change of the day moves it again.
                (one.planned_on, one.due_on, one.updated_at) = (*day, *day, work.now);
                store::update(work, case, &one, one.version)?;
            }
            Some(_) => {}
        }
    }
    for one in known.iter().filter(|one| one.is_untouched()) {
        store::delete(work.conn, one.id)?;
    }
    Ok(())
}
