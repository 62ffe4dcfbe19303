//! Consents on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::counselling::consent::Doubt;
use crate::counselling::model::{AppointmentId, Case, CaseId, PartyId, Topic};
use crate::counselling::policy::Eyes;
use crate::counselling::record::{ConsentId, ConsentSecret, ToldWindow};
use crate::counselling::record_status::ConsentDecision;
use crate::counselling::service::consent::{ConsentDraft, Shown as ShownConsent};
use crate::counselling::waiver;
use crate::identity::UserId;
use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};

/// The most of those who were there, of topics and of appointments.
const LIST_MAX: usize = 50;
/// The most letters of a remark.
const NOTE_MAX: usize = 5_000;

/// A decision as it was taken.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct AdoptionConsentBody {
    /// Who decided.
    party_id: PartyId,
    /// What: `given`, `refused` or `not_required`.
    decision: ConsentDecision,
    /// The day it was taken.
    taken_on: NaiveDate,
    /// Whether they said it in person; a child of age must.
    #[serde(default)]
    in_person: bool,
    /// Who took it.
    #[schema(max_length = 200)]
    taken_by: Option<String>,
    /// Who was there.
    #[serde(default)]
    #[schema(max_length = 200)]
    present: Vec<String>,
    /// Who interpreted.
    #[schema(max_length = 200)]
    interpreter: Option<String>,
    /// What was explained.
    #[serde(default)]
    explained: Vec<Topic>,
    /// The appointments in which they were counselled before.
    #[serde(default)]
    counselled_appointment_ids: Vec<AppointmentId>,
    /// Anything else; kept sealed with the case.
    #[schema(max_length = 5000)]
    note: Option<String>,
}

impl AdoptionConsentBody {
    /// The decision, with every broken rule.
    pub(in crate::counselling) fn read(self) -> Result<ConsentDraft, Fault> {
        let mut check = Check::new();
        // A consent is taken back where it was given, so that its time is known.
        let is_fresh = self.decision != ConsentDecision::Withdrawn;
        check.rule(is_fresh, "/decision", "not-yours-to-set");
        for (at, length) in [
            ("/present", self.present.len()),
            ("/explained", self.explained.len()),
            (
                "/counselled_appointment_ids",
                self.counselled_appointment_ids.len(),
            ),
        ] {
            check.rule(length <= LIST_MAX, at, "out-of-range");
        }
        let present = self.present.iter().enumerate().take(LIST_MAX);
        let present = present
            .map(|(index, name)| check.line(&format!("/present/{index}"), name, 200))
            .collect();
        let secret = ConsentSecret {
            taken_by: check.line_opt("/taken_by", self.taken_by.as_deref(), 200),
            present,
            interpreter: check.line_opt("/interpreter", self.interpreter.as_deref(), 200),
            explained: self.explained,
            counselled_appointment_ids: self.counselled_appointment_ids,
            note: check.block_opt("/note", self.note.as_deref(), NOTE_MAX),
            ..ConsentSecret::default()
        };
        check.done()?;
        Ok(ConsentDraft {
            party: self.party_id,
            decision: self.decision,
            taken_on: self.taken_on,
            is_in_person: self.in_person,
            secret,
        })
    }
}

/// A consent that is taken back.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::counselling) struct WithdrawConsentBody {
    /// The day it was taken back.
    on: NaiveDate,
    /// What was said; kept sealed with the case. No reason is asked for.
    #[schema(max_length = 5000)]
    note: Option<String>,
}

impl WithdrawConsentBody {
    /// The day, and what was said.
    pub(in crate::counselling) fn read(self) -> Result<(NaiveDate, Option<String>), Fault> {
        let mut check = Check::new();
        let note = check.block_opt("/note", self.note.as_deref(), NOTE_MAX);
        check.done()?;
        Ok((self.on, note))
    }
}

/// A decision on an adoption.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct AdoptionConsentView {
    id: ConsentId,
    case_id: CaseId,
    party_id: PartyId,
    decision: ConsentDecision,
    taken_on: NaiveDate,
    in_person: bool,
    taken_by: Option<String>,
    present: Vec<String>,
    interpreter: Option<String>,
    explained: Vec<Topic>,
    counselled_appointment_ids: Vec<AppointmentId>,
    note: Option<String>,
    /// The last day to take it back, as it is told; none while nobody can say where the child is
    /// adopted to.
    window_ends_on: Option<NaiveDate>,
    /// The last day on which a withdrawal is still taken.
    open_until: Option<NaiveDate>,
    /// The longest time that was told; it never ends earlier, whatever becomes of the kind of
    /// adoption.
    told: Option<ToldWindow>,
    /// Whether it can still be taken back in time.
    window_open: bool,
    withdrawal: Option<WithdrawalView>,
    /// That it was entered by mistake: it counts for nothing, and what somebody really decided is entered
    /// anew.
    struck: Option<StruckView>,
    /// Whether a lawyer should look: it was taken back after the day that was told.
    flagged: bool,
    /// What the office should know: it goes on without `not-counselled`; a consent that was given
    /// `too-early-after-birth` does not count and is given anew, and one that is `birth-unknown` does not
    /// count until the case or its child says when the child was born.
    warnings: Vec<&'static str>,
    entered_by_id: Option<UserId>,
    version: i32,
    created_at: Shown,
    updated_at: Shown,
    allowed_actions: Vec<&'static str>,
}

/// How a consent was taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct WithdrawalView {
    on: NaiveDate,
    /// Whether the time for it was over.
    late: bool,
    note: Option<String>,
}

/// Why a consent counts for nothing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct StruckView {
    at: Shown,
    by: Option<UserId>,
    reason: Option<String>,
}

impl AdoptionConsentView {
    /// A consent in the office's zone, with what these eyes may do to it.
    pub(in crate::counselling) fn of(
        zone: Zone,
        shown: &ShownConsent,
        (case, eyes): (&Case, &Eyes),
    ) -> Self {
        let (consent, secret) = (&shown.consent, shown.consent.secret.clone());
        let is_told = consent.decision == ConsentDecision::NotRequired || shown.is_counselled;
        let counselled = (!is_told).then_some("not-counselled");
        let doubt = shown.doubt.map(Doubt::as_str);
        let late = consent.is_late;
        let withdrawal_note = secret.withdrawal_note;
        Self {
            id: consent.id,
            case_id: consent.case_id,
            party_id: consent.party_id,
            decision: consent.decision,
            taken_on: consent.taken_on,
            in_person: consent.is_in_person,
            taken_by: secret.taken_by,
            present: secret.present,
            interpreter: secret.interpreter,
            explained: secret.explained,
            counselled_appointment_ids: secret.counselled_appointment_ids,
            note: secret.note,
            window_ends_on: shown.window.map(|window| window.ends_on),
            open_until: shown.window.map(|window| window.open_until),
            told: consent.told,
            window_open: shown.is_open,
            withdrawal: consent.withdrawn_on.map(|on| WithdrawalView {
                on,
                late,
                note: withdrawal_note,
            }),
            struck: consent.struck_at.map(|at| StruckView {
                at: zone.show(at),
                by: secret.struck_by,
                reason: secret.struck_reason,
            }),
            flagged: consent.is_flagged,
            warnings: counselled.into_iter().chain(doubt).collect(),
            entered_by_id: consent.entered_by_id,
            version: consent.version,
            created_at: zone.show(consent.created_at),
            updated_at: zone.show(consent.updated_at),
            allowed_actions: waiver::consent_actions(case, eyes, consent),
        }
    }
}

/// The consents of a case, oldest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct AdoptionConsentsView {
    pub(in crate::counselling) items: Vec<AdoptionConsentView>,
}
