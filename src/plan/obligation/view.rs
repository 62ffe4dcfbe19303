//! Obligations on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::service::may;
use super::status::{ObligationStatus, due_at};
use super::store::NewFiling;
use super::{Filing, ObligationKind, Party, Standing, id_of};
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Fault, Language, Timestamp, Zone};
use crate::office::work::Work;
use crate::plan::policy::Hand;

/// The most characters of a number.
const NUMBER_MAX: usize = 100;
/// The most characters of a note.
const NOTE_MAX: usize = 1_000;
/// The most characters of a reason.
const REASON_MAX: usize = 500;

/// `POST /obligations/{key}/file`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileObligationBody {
    /// When it was sent.
    filed_at: Timestamp,
    /// The number of the document it was sent with.
    #[schema(max_length = 100, example = "15/BC-UBND")]
    number: Option<String>,
    /// What else is to be known: by which way it went, who has it.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

impl FileObligationBody {
    pub(super) fn check(self, now: Timestamp) -> Result<NewFiling, Fault> {
        let mut check = Check::new();
        check.rule(self.filed_at <= now, "/filed_at", "in-the-future");
        let filing = NewFiling {
            filed_at: self.filed_at,
            number: check.line_opt("/number", self.number.as_deref(), NUMBER_MAX),
            note: check.block_opt("/note", self.note.as_deref(), NOTE_MAX),
        };
        check.done().map(|()| filing)
    }
}

/// `POST /obligations/{key}/withdraw-filing`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawFilingBody {
    /// Why it counts as not filed.
    #[schema(max_length = 500)]
    reason: String,
}

impl WithdrawFilingBody {
    pub(super) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.line("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// An agency that owes or gets something.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ObligationPartyView {
    /// Its id; `null` where the office has no agency of this code.
    id: Option<AgencyId>,
    /// The word the plan names it by.
    code: String,
    /// Its name, in the language of the answer.
    name: String,
}

impl ObligationPartyView {
    fn all(language: Language, parties: Vec<Party>) -> Vec<Self> {
        let view = |party: Party| Self {
            id: party.id,
            name: party.name.pick(language).to_owned(),
            code: party.code,
        };
        parties.into_iter().map(view).collect()
    }
}

/// Days from a first to a last, both included.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ObligationPeriodView {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
}

/// That something was filed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ObligationFilingView {
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    filed_at: Shown,
    /// The number of the document it was sent with.
    number: Option<String>,
    /// What else is to be known.
    note: Option<String>,
    /// Who said so.
    filed_by: Option<UserId>,
    /// When that was said.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Shown,
}

impl ObligationFilingView {
    fn of(zone: Zone, filing: Filing) -> Self {
        Self {
            filed_at: zone.show(filing.filed_at),
            number: filing.number,
            note: filing.note,
            filed_by: filing.filed_by_id,
            recorded_at: zone.show(filing.created_at),
        }
    }
}

/// Something the ward owes by a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ObligationView {
    /// What paths name it by.
    #[schema(example = "annual_report-2026")]
    key: String,
    /// What links in mails and the log name it by.
    id: Uuid,
    /// What is owed.
    kind: ObligationKind,
    /// What it is called, in the language of the answer.
    title: String,
    /// The year it is of.
    year: i32,
    /// The task of the plan it is about, where it is about one.
    plan_task: Option<String>,
    /// Who owes it.
    owners: Vec<ObligationPartyView>,
    /// Who gets it.
    recipients: Vec<ObligationPartyView>,
    /// The days it is about.
    period: Option<ObligationPeriodView>,
    /// The last second in which it is in time.
    #[schema(value_type = String, format = DateTime)]
    due_at: Shown,
    /// The last working day until then.
    file_by: NaiveDate,
    /// Days left until the day of `due_at`, below zero once that has passed; `null` once it is filed.
    days_left: Option<i64>,
    /// Whether `file_by` rests on a holiday nobody has confirmed yet, or on a year nothing is known of.
    used_unconfirmed_days: bool,
    /// How it stands now.
    status: ObligationStatus,
    /// That it was filed, where it was.
    filing: Option<ObligationFilingView>,
    /// What says that it is owed.
    source: String,
    /// What says by when.
    day_source: String,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl ObligationView {
    pub(super) fn of(work: &Work<'_>, language: Language, hand: Hand, one: Standing) -> Self {
        let (zone, owed) = (work.zone(), one.owed);
        let left = owed.last_day.signed_duration_since(zone.day(work.now));
        Self {
            id: id_of(work.office_id(), &owed.key),
            kind: owed.kind,
            title: owed.title.pick(language).to_owned(),
            year: owed.year,
            due_at: zone.show(due_at(zone, owed.last_day)),
            file_by: owed.file_by.day,
            days_left: (!one.status.is_filed()).then(|| left.num_days()),
            used_unconfirmed_days: owed.file_by.used_unconfirmed,
            period: owed
                .period
                .map(|(from, to)| ObligationPeriodView { from, to }),
            status: one.status,
            filing: one
                .filing
                .map(|filing| ObligationFilingView::of(zone, filing)),
            allowed_actions: one.status.offered(may(hand, &owed)),
            plan_task: owed.plan_task,
            owners: ObligationPartyView::all(language, owed.owners),
            recipients: ObligationPartyView::all(language, owed.recipients),
            source: owed.source,
            day_source: owed.day_source,
            key: owed.key,
        }
    }
}
