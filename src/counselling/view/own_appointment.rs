//! Appointments on the wire, as the family sees its own: nobody else who comes, nothing internal.

use serde::{Deserialize, Serialize};

use super::appointment::{span, topics};
use crate::counselling::appointment::{Appointment, AppointmentStatus};
use crate::counselling::model::{AppointmentId, Mode, PartyId, RequestId, Topic};
use crate::counselling::service::own_appointment::{Bookable, Own, OwnWish};
use crate::counselling::store::code::OwnCodes;
use crate::identity::UserId;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Timestamp, Zone};

/// A time a family asks for, for itself: 15 minutes to 4 hours within the counsellor's hours. Those that
/// `GET /counsellors/{id}/slots` lists begin on whole quarters of an hour; others that are free are taken
/// all the same.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "party_id": "0190f5d2-7c1e-7b3a-9d42-3f1f6c8a2b10",
    "mode": "at_office",
    "starts_at": "2026-09-15T08:00:00+07:00",
    "ends_at": "2026-09-15T09:00:00+07:00",
    "topics": ["alternatives"],
}))]
pub(in crate::counselling) struct OwnAppointmentBody {
    /// Itself, in a case; or else its request.
    party_id: Option<PartyId>,
    /// Its request that is no case yet.
    request_id: Option<RequestId>,
    /// How it is held.
    mode: Mode,
    /// When it begins.
    starts_at: Timestamp,
    /// When it ends.
    ends_at: Timestamp,
    /// What it is about.
    #[serde(default)]
    topics: Vec<Topic>,
}

impl OwnAppointmentBody {
    /// The wish, with every broken rule.
    pub(in crate::counselling) fn read(&self) -> Result<OwnWish, Fault> {
        let mut check = Check::new();
        let own = match (self.party_id, self.request_id) {
            (Some(id), None) => Some(Own::Party(id)),
            (None, Some(id)) => Some(Own::Request(id)),
            _ => None,
        };
        check.rule(own.is_some(), "/party_id", "one-of");
        let span = span(&mut check, self.starts_at, self.ends_at);
        let topics = topics(&mut check, &self.topics);
        check.done()?;
        Ok(OwnWish {
            own: own.ok_or_else(|| Fault::rule("/party_id", "one-of"))?,
            mode: self.mode,
            span,
            topics,
        })
    }
}

/// Why a family calls its appointment off, or does not agree to a time.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::counselling) struct OwnCancelBody {
    /// Why, where it says so; kept sealed.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl OwnCancelBody {
    /// Why.
    pub(in crate::counselling) fn read(&self) -> Result<Option<String>, Fault> {
        let mut check = Check::new();
        let reason = check.block_opt("/reason", self.reason.as_deref(), 1000);
        check.done()?;
        Ok(reason)
    }
}

/// An appointment, as the family that comes sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnAppointmentView {
    id: AppointmentId,
    /// What mails and the desk call its matter.
    #[schema(example = "K7M2-94")]
    code: Option<String>,
    /// Which of its matters it is of: one of those of `GET /me/counselling`.
    party_id: Option<PartyId>,
    /// Its request, while that is no case.
    request_id: Option<RequestId>,
    mode: Mode,
    /// The desk's address, where it is held there; else where it was agreed to be.
    location: Option<String>,
    starts_at: Shown,
    ends_at: Shown,
    status: AppointmentStatus,
    /// Whether the office offers it and waits for this family's word.
    offered: bool,
    /// Until when a request holds its time.
    expires_at: Option<Shown>,
    version: i32,
    allowed_actions: Vec<&'static str>,
}

impl OwnAppointmentView {
    /// The own appointment of the family behind an account, in the office's zone; what has begun is
    /// no longer called off.
    pub(in crate::counselling) fn of(
        (zone, now): (Zone, Timestamp),
        (one, (user, mine)): (&Appointment, (UserId, &OwnCodes)),
        desk: Option<&str>,
    ) -> Self {
        Self {
            id: one.id,
            code: mine.code(one).map(str::to_owned),
            party_id: mine.party(one),
            request_id: one.request_id.filter(|_| one.case_id.is_none()),
            mode: one.mode,
            location: place(one, desk),
            starts_at: zone.show(one.span.starts_at),
            ends_at: zone.show(one.span.ends_at),
            status: one.status,
            offered: one.is_offered_to(user),
            expires_at: one.expires_at.map(|at| zone.show(at)),
            version: one.version,
            allowed_actions: one.family_actions(user, now),
        }
    }
}

/// Where a family goes: to the desk, never to a room, or where it was agreed (`mail-models.md` §0).
fn place(one: &Appointment, desk: Option<&str>) -> Option<String> {
    if one.is_at_office() {
        desk.map(str::to_owned)
    } else {
        one.secret.location.clone()
    }
}

/// A matter in which the family can ask for a time, and whose free times to look at.
#[expect(
    clippy::struct_field_names,
    reason = "the names of the contract, each an id"
)]
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct BookableView {
    party_id: Option<PartyId>,
    request_id: Option<RequestId>,
    counsellor_id: UserId,
}

impl From<Bookable> for BookableView {
    fn from(one: Bookable) -> Self {
        let (party_id, request_id) = match one.own {
            Own::Party(id) => (Some(id), None),
            Own::Request(id) => (None, Some(id)),
        };
        Self {
            party_id,
            request_id,
            counsellor_id: one.counsellor,
        }
    }
}

/// A family's appointments.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::counselling) struct OwnAppointmentsView {
    pub(in crate::counselling) items: Vec<OwnAppointmentView>,
    /// Where it can ask for another.
    pub(in crate::counselling) bookable: Vec<BookableView>,
}
