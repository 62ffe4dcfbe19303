//! Cases: opened, changed, rested, handed over, ended by two people, taken up again.

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::matter::Matter;
use super::{case_fields, consent, follow_up, handing, hindrance, note as notes, supervision};
use crate::counselling::error::Error;
use crate::counselling::model::{
    AdoptionKind, Case, CaseId, CaseSecret, HoldReason, InFamily, Phase,
};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::status::{CaseAction, CaseStatus};
use crate::counselling::store::case as store;
use crate::counselling::store::consent as consents;
use crate::counselling::store::event::{self, Words};
use crate::counselling::{case_errand, errand};
use crate::http::request::Expected;
use crate::identity::{Role, UserId, colleague};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Id};
use crate::office::reference;
use crate::office::work::Work;
use crate::sealed::{DataKey, Subject};

/// The series of references: tư vấn.
const SERIES: &str = "TV";

/// A new case, validated.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct NewCase {
    pub(in crate::counselling) adoption_kind: AdoptionKind,
    pub(in crate::counselling) counsellor: UserId,
    pub(in crate::counselling) supervisor: Option<UserId>,
    pub(in crate::counselling) secret: CaseSecret,
}

/// What of a case can be set.
#[derive(Debug, Clone)]
pub(in crate::counselling) struct CaseFields {
    pub(in crate::counselling) adoption_kind: AdoptionKind,
    pub(in crate::counselling) in_family: InFamily,
    pub(in crate::counselling) checklist: Vec<String>,
    pub(in crate::counselling) hand_over_on: Option<NaiveDate>,
    pub(in crate::counselling) already_happened: bool,
    pub(in crate::counselling) secret: CaseSecret,
}

/// Refuses whoever cannot be given a case.
pub(in crate::counselling) fn require_caseworker(
    work: &mut Work<'_>,
    user: UserId,
    pointer: &str,
) -> Result<(), Error> {
    require_role(work, user, &[Role::Counsellor, Role::Supervisor], pointer)
}

pub(super) fn require_role(
    work: &mut Work<'_>,
    user: UserId,
    roles: &[Role],
    pointer: &str,
) -> Result<(), Error> {
    let office = work.office_id();
    let mut check = Check::new();
    let is_known = colleague::works_as(work.conn, office, user, roles)?;
    check.rule(is_known, pointer, "unknown-reference");
    Ok(check.done()?)
}

/// Opens a case.
pub(in crate::counselling) fn open(work: &mut Work<'_>, new: NewCase) -> Result<Case, Error> {
    require_role(work, new.counsellor, &[Role::Counsellor], "/counsellor")?;
    let supervisor = supervision::chosen(work, new.supervisor, new.counsellor)?;
    case_fields::require_days(work, None, (&new.secret, None))?;
    let (office, now) = (work.office.clone(), work.now);
    let year = office.zone.day(now).year();
    let reference = reference::next(work.conn, office.id, &office.prefix, SERIES, year)?;
    let keys = &work.platform.keys;
    let key = DataKey::create(work.conn, keys, now, office.id, Subject::CounsellingCase)?;
    let case = Case {
        id: Id::new(now),
        office_id: office.id,
        reference,
        data_key_id: key.id(),
        adoption_kind: new.adoption_kind,
        in_family: InFamily::None,
        in_family_confirmed_by: None,
        phase: Phase::Before,
        checklist: Vec::new(),
        status: CaseStatus::Open,
        hold_reason: None,
        counsellor_id: new.counsellor,
        supervisor_id: supervisor,
        transfer_to_id: None,
        closing_asked_by: None,
        erasure_asked_by: None,
        outcome: None,
        hand_over_on: None,
        is_restricted: false,
        opened_at: now,
        closed_at: None,
        version: 1,
        updated_at: now,
        secret: new.secret,
    };
    store::insert(work.conn, &key, &case)?;
    note(work, &case, "open", &json!({"phase": case.phase}), None)?;
    if work.actor != Some(case.counsellor_id) {
        case_errand::given(work, &case)?;
    }
    Ok(case)
}

/// Writes what happened to the timeline and to the audit log.
pub(super) fn note(
    work: &mut Work<'_>,
    case: &Case,
    kind: &str,
    facts: &Value,
    reason: Option<&str>,
) -> Result<(), Error> {
    tell(work, case, (kind, facts), &Words::reason(reason))
}

/// The same, with what a change wrote over.
pub(super) fn tell(
    work: &mut Work<'_>,
    case: &Case,
    (kind, facts): (&str, &Value),
    words: &Words,
) -> Result<(), Error> {
    event::add(work, case, kind, facts, words)?;
    let action = format!("counselling-case.{kind}");
    work.audit(&action, "counselling-case", case.id.uuid(), facts.clone())?;
    Ok(())
}

/// One case, locked, in which these eyes may do this now.
pub(in crate::counselling) fn lock_for(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    action: CaseAction,
) -> Result<Case, Error> {
    let case = store::lock(work, eyes, id)?;
    match policy::require_case(&case, eyes, action) {
        Err(Error::Fault(refusal)) => Err(hindrance::without(work, eyes, &case, refusal)?.into()),
        other => {
            other?;
            work.require_seen(case.version)?;
            Ok(case)
        }
    }
}

/// Writes a changed case and what happened to it.
pub(super) fn save(
    work: &mut Work<'_>,
    case: &mut Case,
    (kind, facts): (&str, &Value),
    reason: Option<&str>,
) -> Result<(), Error> {
    write(work, case)?;
    note(work, case, kind, facts, reason)
}

fn write(work: &mut Work<'_>, case: &mut Case) -> Result<(), Error> {
    let seen = case.version;
    case.version += 1;
    case.updated_at = work.now;
    store::update(work, case, seen)
}

/// What of a case can be set, as it stands.
fn said(case: &Case) -> Value {
    let secret = &case.secret;
    json!({
        "adoption_kind": case.adoption_kind, "in_family": case.in_family,
        "checklist": case.checklist, "hand_over_on": case.hand_over_on,
        "child": secret.child, "special_circumstances": secret.special_circumstances,
        "legal_basis": secret.legal_basis, "decision": secret.decision,
    })
}

/// Changes a case's own fields.
pub(in crate::counselling) fn edit(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    expected: Expected,
    change: impl FnOnce(&Case) -> Result<CaseFields, Fault>,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::Edit)?;
    expected.require(case.version)?;
    let fields = change(&case)?;
    case_fields::require_days(work, Some(&case), (&fields.secret, fields.hand_over_on))?;
    case_fields::require_one_birth(work, &case, &fields.secret)?;
    consent::require_kind_kept(work, &case, fields.adoption_kind)?;
    case_fields::require_ticked(work, &case, &fields.checklist)?;
    let old = case.clone();
    // Another relation, or none, is one nobody has confirmed.
    if fields.in_family != case.in_family {
        case.in_family_confirmed_by = None;
    }
    case.adoption_kind = fields.adoption_kind;
    case.in_family = fields.in_family;
    case.checklist = fields.checklist;
    case.hand_over_on = fields.hand_over_on;
    case.secret = CaseSecret {
        in_family_reason: case.secret.in_family_reason.take(),
        legal_hold: case.secret.legal_hold.take(),
        ..fields.secret
    };
    if said(&old) == said(&case) {
        return Ok(old);
    }
    let flagged = consent::require_gate_of(work, (&old, &case), fields.already_happened)?;
    write(work, &mut case)?;
    let words = Words::changed(&said(&old), &said(&case));
    tell(work, &case, ("edit", &json!({})), &words)?;
    if let Some(facts) = flagged {
        note(work, &case, "flagged-fact", &facts, None)?;
    }
    if old.adoption_kind != case.adoption_kind {
        consent::keep_told(work, &case)?;
    }
    if (old.hand_over_on, old.adoption_kind) != (case.hand_over_on, case.adoption_kind) {
        follow_up::plan(work, &case)?;
    }
    Ok(case)
}

/// A supervisor says that adopter and child are of one family, and why.
pub(in crate::counselling) fn confirm_in_family(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::ConfirmInFamily)?;
    case.in_family_confirmed_by = Some(eyes.user);
    case.secret.in_family_reason = Some(reason.to_owned());
    let facts = json!({"in_family": case.in_family});
    save(work, &mut case, ("confirm-in-family", &facts), None)?;
    Ok(case)
}

/// Lets a case rest.
pub(in crate::counselling) fn hold(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::Hold)?;
    rest(work, &mut case, HoldReason::Other, Some(reason))?;
    Ok(case)
}

/// Puts a case on hold, whoever or whatever makes it rest.
pub(super) fn rest(
    work: &mut Work<'_>,
    case: &mut Case,
    why: HoldReason,
    reason: Option<&str>,
) -> Result<(), Error> {
    case.status = case.status.apply(CaseAction::Hold)?;
    case.hold_reason = Some(why);
    save(work, case, ("hold", &json!({"hold_reason": why})), reason)
}

/// Goes on with a case.
pub(in crate::counselling) fn resume(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    reason: &str,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::Resume)?;
    let rested_by = case.hold_reason.take();
    let facts = json!({"hold_reason": rested_by});
    case.status = case.status.apply(CaseAction::Resume)?;
    save(work, &mut case, ("resume", &facts), Some(reason))?;
    if rested_by == Some(HoldReason::ConsentWithdrawn) {
        let consents = consents::ids_of(work.conn, case.id)?;
        errand::withdrawals_over(work, &consents)?;
    }
    Ok(case)
}

/// Offers a case to another counsellor, who takes it over or does not; whoever it was offered to before
/// is asked no longer.
pub(in crate::counselling) fn transfer(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    (to, reason): (UserId, &str),
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, CaseAction::Transfer)?;
    if eyes.counsels(&case) {
        // Whoever is away signs nothing: a supervisor hands the case on all the same.
        notes::require_signed(work, &case)?;
    }
    require_role(work, to, &[Role::Counsellor], "/to")?;
    if to == case.counsellor_id {
        return Err(Fault::rule("/to", "unknown-reference").into());
    }
    let before = case.transfer_to_id.replace(to);
    if before == Some(to) {
        return Err(Fault::rule("/to", "unchanged").into());
    }
    let facts = json!({"to": to});
    save(work, &mut case, ("transfer", &facts), Some(reason))?;
    if before.is_some() {
        case_errand::offer_over(work, &case)?;
    }
    case_errand::offered(work, &case, to)?;
    Ok(case)
}

/// Offers a case no longer: nobody answered, or nobody can.
pub(in crate::counselling) fn withdraw_transfer(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Case, Error> {
    let action = CaseAction::WithdrawTransfer;
    let mut case = lock_for(work, eyes, id, action)?;
    let facts = json!({"to": case.transfer_to_id.take()});
    save(work, &mut case, (action.as_str(), &facts), None)?;
    case_errand::offer_over(work, &case)?;
    Ok(case)
}

/// Takes a case over, or does not.
pub(in crate::counselling) fn answer_transfer(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
    action: CaseAction,
) -> Result<Case, Error> {
    let mut case = lock_for(work, eyes, id, action)?;
    let from = case.counsellor_id;
    case.transfer_to_id = None;
    if action == CaseAction::AcceptTransfer {
        case.counsellor_id = eyes.user;
    }
    let facts = json!({"from": from, "to": eyes.user});
    save(work, &mut case, (action.as_str(), &facts), None)?;
    case_errand::offer_answered(work, &case)?;
    if action == CaseAction::AcceptTransfer {
        case_errand::handed_on(work, &case)?;
        handing::follow(work, &Matter::Case(Box::new(case.clone())))?;
    } else {
        let offered_by = event::last_by(work.conn, id, CaseAction::Transfer.as_str())?;
        case_errand::declined(work, &case, offered_by)?;
    }
    Ok(case)
}
