//! Cases on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::LegalHoldView;
use crate::counselling::model::{
    AdoptionKind, Case, CaseId, CaseSecret, Child, Decision, HoldReason, InFamily, Outcome, Phase,
};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::case::{CaseFields, NewCase};
use crate::counselling::status::CaseStatus;
use crate::counselling::words::{ChecklistItem, LegalBasis, SpecialCircumstance};
use crate::http::list_query;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Patch, Timestamp, Zone};

/// A new case.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct CounsellingCaseBody {
    /// Where the child is adopted to.
    #[serde(default)]
    adoption_kind: AdoptionKind,
    /// Who counsels; without one, whoever opens it. Who is no counsellor names one.
    counsellor: Option<UserId>,
    /// Who supervises; without one, the only supervisor who does not counsel it. Where there are
    /// several one is named.
    supervisor: Option<UserId>,
    /// The child; it may not be born yet.
    child: Option<Child>,
    /// The child's special circumstances.
    #[serde(default)]
    #[schema(value_type = Vec<SpecialCircumstance>, example = json!(["abandoned"]))]
    special_circumstances: Vec<String>,
    /// On what legal basis the data are kept.
    #[serde(default)]
    #[schema(value_type = Vec<LegalBasis>, example = json!(["statutory_task"]))]
    legal_basis: Vec<String>,
}

impl CounsellingCaseBody {
    /// The case, opened by whoever has these eyes.
    pub(in crate::counselling) fn read(self, eyes: &Eyes) -> Result<NewCase, Fault> {
        let mut check = Check::new();
        let secret = CaseSecret {
            child: child(&mut check, self.child),
            special_circumstances: words(
                &mut check,
                "/special_circumstances",
                self.special_circumstances,
                &circumstance_words(),
            ),
            legal_basis: words(&mut check, "/legal_basis", self.legal_basis, &basis_words()),
            ..CaseSecret::default()
        };
        let (counsellor, supervisor) = staff(&mut check, (self.counsellor, self.supervisor), eyes);
        check.done()?;
        Ok(NewCase {
            adoption_kind: self.adoption_kind,
            counsellor,
            supervisor,
            secret,
        })
    }
}

/// Who counsels a new case, and who supervises it as far as that is said: whoever opens it counsels
/// it, unless another is named; who is no counsellor names one, and supervises it.
pub(super) fn staff(
    check: &mut Check,
    (counsellor, supervisor): (Option<UserId>, Option<UserId>),
    eyes: &Eyes,
) -> (UserId, Option<UserId>) {
    let is_named = counsellor.is_some() || eyes.is_counsellor;
    check.rule(is_named, "/counsellor", "required");
    let leads = (!eyes.is_counsellor).then_some(eyes.user);
    (counsellor.unwrap_or(eyes.user), supervisor.or(leads))
}

fn child(check: &mut Check, raw: Option<Child>) -> Option<Child> {
    let raw = raw?;
    let is_one = raw.born_on.is_none() || raw.expected_on.is_none();
    check.rule(is_one, "/child/expected_on", "born-or-expected");
    Some(Child {
        name: check.line_opt("/child/name", raw.name.as_deref(), 200),
        ..raw
    })
}

fn words(check: &mut Check, at: &str, given: Vec<String>, known: &[&str]) -> Vec<String> {
    for (index, word) in given.iter().enumerate().take(50) {
        let is_known = known.contains(&word.as_str());
        check.rule(is_known, format!("{at}/{index}"), "unknown-reference");
        let is_new = !given.iter().take(index).any(|one| one == word);
        check.rule(is_new, format!("{at}/{index}"), "repeated");
    }
    check.rule(given.len() <= known.len(), at, "out-of-range");
    given
}

/// Changes of a case: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct CounsellingCasePatch {
    #[schema(value_type = AdoptionKind)]
    adoption_kind: Patch<AdoptionKind>,
    #[schema(value_type = InFamily)]
    in_family: Patch<InFamily>,
    #[schema(value_type = Option<Child>)]
    child: Patch<Child>,
    #[schema(value_type = Vec<SpecialCircumstance>)]
    special_circumstances: Patch<Vec<String>>,
    #[schema(value_type = Vec<LegalBasis>)]
    legal_basis: Patch<Vec<String>>,
    #[schema(value_type = Option<Decision>)]
    decision: Patch<Decision>,
    #[schema(value_type = Option<NaiveDate>)]
    hand_over_on: Patch<NaiveDate>,
    /// What of the phases is done, the whole list: `before:effects_explained`.
    #[schema(value_type = Vec<ChecklistItem>)]
    checklist: Patch<Vec<String>>,
    /// The decision or hand-over already happened: it is recorded and flagged though consents are
    /// lacking, and moves no phase.
    already_happened: bool,
}

impl CounsellingCasePatch {
    /// The case's fields with the changes laid over them.
    pub(in crate::counselling) fn over(self, case: &Case) -> Result<CaseFields, Fault> {
        let mut check = Check::new();
        let old = case.secret.clone();
        let new_child = self.child.over(old.child);
        let circumstances = check.kept("/special_circumstances", self.special_circumstances);
        let basis = check.kept("/legal_basis", self.legal_basis);
        let secret = CaseSecret {
            child: child(&mut check, new_child),
            special_circumstances: circumstances.map_or(old.special_circumstances, |given| {
                words(
                    &mut check,
                    "/special_circumstances",
                    given,
                    &circumstance_words(),
                )
            }),
            legal_basis: basis.map_or(old.legal_basis, |given| {
                words(&mut check, "/legal_basis", given, &basis_words())
            }),
            in_family_reason: old.in_family_reason,
            legal_hold: old.legal_hold,
            decision: decision(&mut check, self.decision.over(old.decision)),
        };
        let known = checklist();
        let checklist = check.kept("/checklist", self.checklist);
        let fields = CaseFields {
            adoption_kind: check
                .kept("/adoption_kind", self.adoption_kind)
                .unwrap_or(case.adoption_kind),
            in_family: check
                .kept("/in_family", self.in_family)
                .unwrap_or(case.in_family),
            checklist: checklist.map_or(case.checklist.clone(), |given| {
                words(&mut check, "/checklist", given, &known)
            }),
            hand_over_on: self.hand_over_on.over(case.hand_over_on),
            already_happened: self.already_happened,
            secret,
        };
        check.done()?;
        Ok(fields)
    }
}

fn circumstance_words() -> Vec<&'static str> {
    let all = SpecialCircumstance::ALL.iter();
    all.map(|one| one.as_str()).collect()
}

fn basis_words() -> Vec<&'static str> {
    LegalBasis::ALL.iter().map(|one| one.as_str()).collect()
}

/// Every item of every phase's checklist.
fn checklist() -> Vec<&'static str> {
    ChecklistItem::ALL.iter().map(|one| one.as_str()).collect()
}

fn decision(check: &mut Check, raw: Option<Decision>) -> Option<Decision> {
    let raw = raw?;
    Some(Decision {
        number: check.line("/decision/number", &raw.number, 100),
        authority: check.line("/decision/authority", &raw.authority, 200),
        date: raw.date,
    })
}

list_query! {
    /// Which cases.
    pub(in crate::counselling) struct CounsellingCasesQuery {
        /// Of this status.
        status: CaseStatus,
        /// In this phase.
        phase: Phase,
        /// Of this counsellor.
        counsellor: UserId,
        /// Of this supervisor.
        supervisor: UserId,
        /// Which nobody at work supervises; `false`: which somebody does.
        unsupervised: bool,
        /// In which somebody is called by this code.
        code: String,
        /// Changed since.
        updated_since: Timestamp,
    }
}

/// A case.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct CounsellingCaseView {
    id: CaseId,
    reference: String,
    adoption_kind: AdoptionKind,
    in_family: InFamilyView,
    phase: Phase,
    /// What of all phases is done.
    #[schema(value_type = Vec<ChecklistItem>)]
    checklist: Vec<String>,
    /// What of this phase is not.
    #[schema(value_type = Vec<ChecklistItem>)]
    checklist_open: Vec<String>,
    status: CaseStatus,
    hold_reason: Option<HoldReason>,
    counsellor_id: UserId,
    supervisor_id: Option<UserId>,
    transfer_to_id: Option<UserId>,
    closing_asked_by: Option<UserId>,
    erasure_asked_by: Option<UserId>,
    outcome: Option<Outcome>,
    child: Option<Child>,
    #[schema(value_type = Vec<SpecialCircumstance>)]
    special_circumstances: Vec<String>,
    #[schema(value_type = Vec<LegalBasis>)]
    legal_basis: Vec<String>,
    hand_over_on: Option<NaiveDate>,
    decision: Option<Decision>,
    is_restricted: bool,
    legal_hold: Option<LegalHoldView>,
    opened_at: Shown,
    closed_at: Option<Shown>,
    version: i32,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

/// Whether someone of the family adopts, and who confirmed it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct InFamilyView {
    relation: InFamily,
    confirmed_by: Option<UserId>,
    reason: Option<String>,
}

impl CounsellingCaseView {
    /// A case in the office's zone, for these eyes.
    pub(in crate::counselling) fn of(zone: Zone, case: &Case, eyes: &Eyes) -> Self {
        let secret = case.secret.clone();
        Self {
            id: case.id,
            reference: case.reference.clone(),
            adoption_kind: case.adoption_kind,
            in_family: InFamilyView {
                relation: case.in_family,
                confirmed_by: case.in_family_confirmed_by,
                reason: secret.in_family_reason,
            },
            phase: case.phase,
            checklist: case.checklist.clone(),
            checklist_open: case.open_items(),
            status: case.status,
            hold_reason: case.hold_reason,
            counsellor_id: case.counsellor_id,
            supervisor_id: case.supervisor_id,
            transfer_to_id: case.transfer_to_id,
            closing_asked_by: case.closing_asked_by,
            erasure_asked_by: case.erasure_asked_by,
            outcome: case.outcome,
            child: secret.child,
            special_circumstances: secret.special_circumstances,
            legal_basis: secret.legal_basis,
            hand_over_on: case.hand_over_on,
            decision: secret.decision,
            is_restricted: case.is_restricted,
            legal_hold: secret.legal_hold.map(LegalHoldView::from),
            opened_at: zone.show(case.opened_at),
            closed_at: case.closed_at.map(|at| zone.show(at)),
            version: case.version,
            updated_at: zone.show(case.updated_at),
            allowed_actions: policy::case_actions(case, eyes),
        }
    }

    /// The same without the steps that something holds back.
    #[must_use]
    pub(in crate::counselling) fn without(mut self, held: &[&str]) -> Self {
        self.allowed_actions.retain(|action| !held.contains(action));
        self
    }

    /// Where a row stands in the list.
    pub(in crate::counselling) fn key(case: &Case) -> (i64, CaseId) {
        (case.opened_at.micros(), case.id)
    }
}

/// What became of what was to be forgotten.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct ErasureView {
    /// Whether its key is destroyed; else a duty keeps it, and it is kept from use.
    pub(in crate::counselling) is_erased: bool,
}
