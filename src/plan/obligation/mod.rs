//! What the ward owes by a day: reports, contributions, reviews and yearly plans.
//!
//! Nothing of it is stored: what is owed follows from the plan, its day from the office's policies and
//! its calendar, and how it stands from the clock. Rows are made only of what was filed. Reports file
//! theirs by [`fulfil`].

mod catalogue;
pub(super) mod demo;
mod messages;
mod reminder;
mod routes;
mod service;
mod status;
mod store;
mod view;

pub(super) use reminder::remind;
pub(super) use routes::mount;
pub use service::{fulfil, status_of, unfulfil};
pub use status::ObligationStatus;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, Id, Language, OfficeId, Timestamp, token};
use crate::office::calendar::Counted;

text_enum! {
    /// What is owed.
    pub enum ObligationKind {
        /// The annual report on the plan.
        AnnualReport = "annual_report",
        /// An agency's own part of it.
        AgencyContribution = "agency_contribution",
        /// The half-yearly review of children in alternative care.
        ChildrenReview = "children_review",
        /// The yearly plan of a task.
        YearlyPlan = "yearly_plan",
        /// The report on all years of the plan.
        SummaryReport = "summary_report",
    }
}

/// Marks ids of filings.
#[derive(Debug)]
pub(super) enum ObligationFiling {}
/// The id of a filing.
pub(super) type FilingId = Id<ObligationFiling>;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) vi: String,
    pub(super) en: String,
}

impl Words {
    /// The one in a language.
    pub(super) fn pick(&self, language: Language) -> &str {
        language.pick(&self.vi, &self.en)
    }
}

/// An agency that owes or gets something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    /// Its id; none where the office has no agency of the code.
    pub(super) id: Option<AgencyId>,
    pub(super) code: String,
    pub(super) name: Words,
    pub(super) is_active: bool,
}

/// Something owed, and by when.
#[derive(Debug, Clone)]
pub(super) struct Owed {
    /// What paths name it by.
    pub(super) key: String,
    pub(super) kind: ObligationKind,
    pub(super) title: Words,
    pub(super) year: i32,
    pub(super) plan_task: Option<String>,
    pub(super) owners: Vec<Party>,
    pub(super) recipients: Vec<Party>,
    /// The days it is about.
    pub(super) period: Option<(NaiveDate, NaiveDate)>,
    /// The last day on which it is in time.
    pub(super) last_day: NaiveDate,
    /// The last day on which somebody works to send it.
    pub(super) file_by: Counted,
    /// What says that it is owed.
    pub(super) source: String,
    /// What says by when.
    pub(super) day_source: String,
}

impl Owed {
    /// Whether an agency is among those that owe it.
    pub(super) fn is_of(&self, agency: AgencyId) -> bool {
        self.owners.iter().any(|owner| owner.id == Some(agency))
    }

    /// The agency whose people file it themselves, beside reporters.
    pub(super) fn contributor(&self) -> Option<AgencyId> {
        let is_part = self.kind == ObligationKind::AgencyContribution;
        let owner = self.owners.first().filter(|_| is_part);
        owner.and_then(|owner| owner.id)
    }

    /// Whether whoever owes it is still there. What an agency that is gone never filed is not owed.
    fn is_owed(&self) -> bool {
        let is_part = self.kind == ObligationKind::AgencyContribution;
        !is_part || self.owners.iter().any(|owner| owner.is_active)
    }
}

/// That something was filed.
#[derive(Debug, Clone, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = crate::db::schema::obligation_filings)]
pub(super) struct Filing {
    pub(super) id: FilingId,
    pub(super) obligation: String,
    pub(super) filed_at: Timestamp,
    pub(super) number: Option<String>,
    pub(super) note: Option<String>,
    pub(super) filed_by_id: Option<UserId>,
    pub(super) created_at: Timestamp,
}

/// Something owed, and how it stands.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) owed: Owed,
    pub(super) filing: Option<Filing>,
    pub(super) status: ObligationStatus,
}

/// What mails and the log name an obligation by: the same id whenever it is asked for, and another in
/// every office.
pub(super) fn id_of(office: OfficeId, key: &str) -> Uuid {
    let digest = token::sha256(format!("obligation|{office}|{key}").as_bytes());
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
