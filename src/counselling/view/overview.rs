//! What a family sees of its counselling at once, on the wire.

use chrono::NaiveDate;
use serde::Serialize;

use super::note::OwnSummaryView;
use super::own_appointment::OwnAppointmentView;
use super::party::OwnPartyView;
use super::request::OwnCounsellingRequestView;
use crate::counselling::follow_up::FollowUpState;
use crate::counselling::model::PartyId;
use crate::counselling::record::FollowUpId;
use crate::counselling::service::overview::Overview;
use crate::counselling::status::CaseStatus;
use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Timestamp, Zone};

/// A report that is a family's to give.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnDueView {
    id: FollowUpId,
    /// The matter, as the family calls it.
    code: String,
    party_id: PartyId,
    /// Which report it is, from 1.
    number: Option<i32>,
    /// The day it is due.
    due_on: NaiveDate,
    /// How it stands today.
    state: FollowUpState,
}

text_enum! {
    /// Whether the office still works on a matter.
    pub(in crate::counselling) enum MatterStatus {
        /// It does. That it rests is not told: why, one side would learn of the other.
        Open = "open",
        /// It ended.
        Closed = "closed",
    }
}

impl From<CaseStatus> for MatterStatus {
    fn from(status: CaseStatus) -> Self {
        match status {
            CaseStatus::Open | CaseStatus::OnHold => Self::Open,
            CaseStatus::Closed => Self::Closed,
        }
    }
}

/// What a family sees of itself in a matter, and whether that is over.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnMatterView {
    #[serde(flatten)]
    party: OwnPartyView,
    status: MatterStatus,
}

/// A family's counselling at once: its own, and of nobody else.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnCounsellingView {
    /// Its requests that are not over.
    requests: Vec<OwnCounsellingRequestView>,
    /// Whom its account stands for, a matter each.
    matters: Vec<OwnMatterView>,
    /// Its appointments to come, the next first.
    appointments: Vec<OwnAppointmentView>,
    /// The reports that are its to give, the next first within a matter.
    due: Vec<OwnDueView>,
    /// The newest summaries shown to it; all are under `/me/counselling/summaries`.
    summaries: Vec<OwnSummaryView>,
}

impl OwnCounsellingView {
    /// What the family behind an account sees, in the office's zone.
    pub(in crate::counselling) fn of(
        (zone, now): (Zone, Timestamp),
        (user, desk): (UserId, Option<&str>),
        overview: Overview,
    ) -> Self {
        let requests = overview.requests.iter();
        let appointments = overview.appointments.iter();
        let matters = overview.matters.iter();
        let mine = &overview.codes;
        let due = overview.due.into_iter();
        let summaries = overview.summaries.into_iter();
        Self {
            requests: requests
                .map(|one| OwnCounsellingRequestView::of(zone, one))
                .collect(),
            matters: matters
                .map(|(party, status)| OwnMatterView {
                    party: OwnPartyView::of(party),
                    status: (*status).into(),
                })
                .collect(),
            appointments: appointments
                .map(|one| OwnAppointmentView::of((zone, now), (one, (user, mine)), desk))
                .collect(),
            due: due
                .map(|(party, standing)| OwnDueView {
                    id: standing.one.id,
                    code: party.code,
                    party_id: party.id,
                    number: standing.one.number,
                    due_on: standing.one.due_on,
                    state: standing.state,
                })
                .collect(),
            summaries: summaries.map(|one| OwnSummaryView::of(zone, one)).collect(),
        }
    }
}
