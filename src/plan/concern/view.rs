//! Concerns on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::counts::{ConcernDimension, Table, Tally};
use super::service::{Answer, Record, Refer, Said};
use super::status::ConcernStatus;
use super::store::Row;
use super::{ConcernId, ConcernSource, ConcernTopic};
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Zone};
use crate::office::period::Period;
use crate::plan::policy::Watch;

/// The most characters of what a concern or its answer says.
const TEXT_MAX: usize = 4_000;
/// The most characters of why one is closed.
const REASON_MAX: usize = 1_000;
/// The most characters of who it goes to.
const NAME_MAX: usize = 300;
/// The most characters of a document's number.
const NUMBER_MAX: usize = 100;

/// A day on which something happened: not one to come.
fn past(check: &mut Check, pointer: &str, day: NaiveDate, today: NaiveDate) {
    check.day(pointer, day);
    check.rule(day <= today, pointer, "in-the-future");
}

/// `POST /concerns`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConcernBody {
    /// Which illicit practice is suspected.
    topic: ConcernTopic,
    /// Where somebody came upon it.
    source: ConcernSource,
    /// The office day on which the office was informed; without it, today.
    informed_on: Option<NaiveDate>,
    /// What is known; sealed.
    #[schema(max_length = 4000)]
    text: String,
}

impl ConcernBody {
    pub(super) fn check(&self, today: NaiveDate) -> Result<Record, Fault> {
        let mut check = Check::new();
        let informed_on = self.informed_on.unwrap_or(today);
        past(&mut check, "/informed_on", informed_on, today);
        let record = Record {
            topic: self.topic,
            source: self.source,
            informed_on,
            text: check.block("/text", &self.text, TEXT_MAX),
        };
        check.done().map(|()| record)
    }
}

/// `POST /concerns/{id}/refer`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConcernReferralBody {
    /// Who may look into it, and has it now.
    #[schema(max_length = 300, example = "Công an thành phố Hải Phòng")]
    to: String,
    /// The office day of the document.
    on: NaiveDate,
    /// The document's number.
    #[schema(max_length = 100, example = "112/UBND-VP")]
    document_number: String,
}

impl ConcernReferralBody {
    pub(super) fn check(&self, today: NaiveDate) -> Result<Refer, Fault> {
        let mut check = Check::new();
        past(&mut check, "/on", self.on, today);
        let refer = Refer {
            to: check.line("/to", &self.to, NAME_MAX),
            on: self.on,
            document_number: check.line("/document_number", &self.document_number, NUMBER_MAX),
        };
        check.done().map(|()| refer)
    }
}

/// `POST /concerns/{id}/record-answer`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConcernAnswerBody {
    /// What was answered; sealed.
    #[schema(max_length = 4000)]
    answer: String,
    /// The office day of the answer.
    on: NaiveDate,
    /// The number of the answer's document, where it has one.
    #[schema(max_length = 100)]
    number: Option<String>,
}

impl ConcernAnswerBody {
    pub(super) fn check(&self, today: NaiveDate) -> Result<Answer, Fault> {
        let mut check = Check::new();
        past(&mut check, "/on", self.on, today);
        let answer = Answer {
            words: check.block("/answer", &self.answer, TEXT_MAX),
            on: self.on,
            number: check.line_opt("/number", self.number.as_deref(), NUMBER_MAX),
        };
        check.done().map(|()| answer)
    }
}

/// `POST /concerns/{id}/close`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConcernCloseBody {
    /// Why nothing is left to do; sealed.
    #[schema(max_length = 1000)]
    reason: String,
}

impl ConcernCloseBody {
    pub(super) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let reason = check.block("/reason", &self.reason, REASON_MAX);
        check.done().map(|()| reason)
    }
}

/// A suspected illicit practice, without what it says. To whoever only recorded it, what supervisors
/// added is `null`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConcernView {
    /// Its id.
    id: ConcernId,
    /// A code that tells nothing of it.
    #[schema(example = "K7M2-94")]
    code: String,
    /// Which illicit practice is suspected.
    topic: ConcernTopic,
    /// Where somebody came upon it.
    source: ConcernSource,
    /// The office day on which the office was informed.
    informed_on: NaiveDate,
    /// Where it stands.
    status: ConcernStatus,
    /// Who recorded it.
    recorded_by: UserId,
    /// Who may look into it, and has it.
    referred_to: Option<String>,
    /// The day of the document it went with.
    referred_on: Option<NaiveDate>,
    /// The number of that document.
    referral_number: Option<String>,
    /// Who referred it.
    referred_by: Option<UserId>,
    /// The day of the answer.
    answered_on: Option<NaiveDate>,
    /// The number of the answer's document.
    answer_number: Option<String>,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Shown>,
    /// Who closed it.
    closed_by: Option<UserId>,
    /// Moves with every change.
    version: i32,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl ConcernView {
    pub(super) fn of(zone: Zone, row: Row, watch: Watch) -> Self {
        let is_told = watch.sees_all;
        Self {
            id: row.id,
            code: row.code,
            topic: row.topic,
            source: row.source,
            informed_on: row.informed_on,
            status: row.status,
            recorded_by: row.recorded_by_id,
            referred_to: row.referred_to.filter(|_| is_told),
            referred_on: row.referred_on.filter(|_| is_told),
            referral_number: row.referral_number.filter(|_| is_told),
            referred_by: row.referred_by_id.filter(|_| is_told),
            answered_on: row.answered_on.filter(|_| is_told),
            answer_number: row.answer_number.filter(|_| is_told),
            closed_at: row.closed_at.filter(|_| is_told).map(|at| zone.show(at)),
            closed_by: row.closed_by_id.filter(|_| is_told),
            version: row.version,
            created_at: zone.show(row.created_at),
            updated_at: zone.show(row.updated_at),
            allowed_actions: if watch.decides(row.recorded_by_id) {
                row.status.allowed()
            } else {
                Vec::new()
            },
        }
    }
}

/// A concern with what it says.
#[derive(Serialize, ToSchema)]
pub(super) struct ConcernDetails {
    #[serde(flatten)]
    concern: ConcernView,
    /// What is known; `null` once it is erased.
    text: Option<String>,
    /// What was answered; `null` to whoever only recorded it.
    answer: Option<String>,
    /// Why nothing is left to do; `null` to whoever only recorded it.
    closed_reason: Option<String>,
}

impl ConcernDetails {
    pub(super) fn of(concern: ConcernView, said: Said) -> Self {
        Self {
            concern,
            text: said.text,
            answer: said.answer,
            closed_reason: said.reason,
        }
    }
}

/// One row of counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConcernCountsRow {
    /// The dimension's value; `null` in the total.
    key: Option<&'static str>,
    /// Those that nobody who may look into them knows of yet.
    recorded: i64,
    /// Those that were referred and wait for an answer.
    referred: i64,
    /// Those that were answered and are not closed.
    answered: i64,
    /// Those of which nothing is left to do.
    closed: i64,
    /// All of them.
    concerns: i64,
}

impl ConcernCountsRow {
    fn of(key: Option<&'static str>, tally: Tally) -> Self {
        Self {
            key,
            recorded: tally.recorded,
            referred: tally.referred,
            answered: tally.answered,
            closed: tally.closed,
            concerns: tally.all(),
        }
    }
}

/// The counts of a period.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConcernCountsView {
    /// The first day that is counted.
    from: NaiveDate,
    /// The last one.
    to: NaiveDate,
    /// By what the rows are told apart.
    group_by: ConcernDimension,
    /// A row for each value that there is.
    rows: Vec<ConcernCountsRow>,
    /// All of which the office was informed within the period, and where they stand today.
    total: ConcernCountsRow,
}

impl ConcernCountsView {
    pub(super) fn of((from, to): Period, group_by: ConcernDimension, table: &Table) -> Self {
        let rows = table.rows.iter();
        Self {
            from,
            to,
            group_by,
            rows: rows
                .map(|(key, tally)| ConcernCountsRow::of(Some(key), *tally))
                .collect(),
            total: ConcernCountsRow::of(None, table.total),
        }
    }
}
