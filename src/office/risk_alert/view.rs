//! Alerts on the wire.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::service::{Said, Seen};
use super::status::AlertStatus;
use super::{AlertSource, AlertSubject, RiskAlertId};
use crate::identity::{Actor, UserId};
use crate::kernel::civil::Shown;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Timestamp, Zone};

/// The most characters of what an alert says.
const TEXT_MAX: usize = 4_000;
/// How long ago the office may have been informed: what is older has no clock to run any more.
const INFORMED_WITHIN: TimeDelta = TimeDelta::days(366);

/// What an alert is about.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectBody {
    /// What it is.
    kind: AlertSubject,
    /// Its id.
    id: Uuid,
}

/// `POST /risk-alerts`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertBody {
    /// What raises it.
    source: AlertSource,
    /// What it is about, where that is known.
    subject: Option<SubjectBody>,
    /// When the office was informed; without it, now.
    informed_at: Option<Timestamp>,
    /// What is known; sealed.
    #[schema(max_length = 4000)]
    text: String,
}

/// What an alert is raised with.
pub(super) struct Raise {
    pub(super) source: AlertSource,
    pub(super) subject: Option<(AlertSubject, Uuid)>,
    pub(super) informed_at: Timestamp,
    pub(super) text: String,
}

impl AlertBody {
    pub(super) fn check(self, now: Timestamp) -> Result<Raise, Fault> {
        let mut check = Check::new();
        let informed_at = self.informed_at.unwrap_or(now);
        check.rule(informed_at <= now, "/informed_at", "in-the-future");
        let is_recent = informed_at.plus(INFORMED_WITHIN) > now;
        check.rule(is_recent, "/informed_at", "out-of-range");
        let raise = Raise {
            source: self.source,
            subject: self.subject.map(|subject| (subject.kind, subject.id)),
            informed_at,
            text: check.block("/text", &self.text, TEXT_MAX),
        };
        check.done().map(|()| raise)
    }
}

/// `POST /risk-alerts/{id}/close`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseBody {
    /// What was done; sealed.
    #[schema(max_length = 4000)]
    result: String,
}

impl CloseBody {
    pub(super) fn check(&self) -> Result<String, Fault> {
        let mut check = Check::new();
        let result = check.block("/result", &self.result, TEXT_MAX);
        check.done().map(|()| result)
    }
}

/// Who did something, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DoneView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Shown,
    /// By whom.
    by: Option<UserId>,
}

impl DoneView {
    fn of(zone: Zone, at: Option<Timestamp>, by: Option<UserId>) -> Option<Self> {
        let at = zone.show(at?);
        Some(Self { at, by })
    }
}

/// That someone was told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ToldView {
    /// Who.
    user_id: UserId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Shown,
}

/// An alert that a child may be at risk, without what it says. To whoever only raised it, what
/// others added is `null`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RiskAlertView {
    /// Its id.
    id: RiskAlertId,
    /// The code its mails carry.
    #[schema(example = "K7M2-94")]
    code: String,
    /// What raised it.
    source: AlertSource,
    /// What it is about, where that is known.
    subject: Option<SubjectBody>,
    /// Where it stands.
    status: AlertStatus,
    /// Who raised it; nobody where a family's request did.
    raised_by: Option<UserId>,
    /// When the office was informed.
    #[schema(value_type = String, format = DateTime)]
    informed_at: Shown,
    /// By when someone has to act.
    #[schema(value_type = String, format = DateTime)]
    act_by: Shown,
    /// Who sees to it, since when.
    acknowledged: Option<DoneView>,
    /// Who was told, first to last.
    told: Option<Vec<ToldView>>,
    /// Who closed it, and when.
    closed: Option<DoneView>,
    /// Moves with every change.
    version: i32,
    /// When it was raised.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<&'static str>,
}

impl RiskAlertView {
    pub(super) fn of(seen: Seen, actor: &Actor) -> Self {
        let (zone, alert, is_on_duty) = (actor.office.zone, seen.alert, seen.standing.is_on_duty);
        let done = |at, by| DoneView::of(zone, at, by).filter(|_| is_on_duty);
        let told = seen.told.into_iter().map(|telling| ToldView {
            user_id: telling.user,
            at: zone.show(telling.at),
        });
        let subject = alert.subject_kind.zip(alert.subject_id);
        Self {
            id: alert.id,
            code: alert.code,
            source: alert.source,
            subject: subject.map(|(kind, id)| SubjectBody {
                kind,
                id: id.uuid(),
            }),
            status: alert.status,
            raised_by: alert.raised_by_id,
            informed_at: zone.show(alert.informed_at),
            act_by: zone.show(alert.act_by),
            acknowledged: done(alert.acknowledged_at, alert.acknowledged_by_id),
            told: is_on_duty.then(|| told.collect()),
            closed: done(alert.closed_at, alert.closed_by_id),
            version: alert.version,
            created_at: zone.show(alert.created_at),
            updated_at: zone.show(alert.updated_at),
            allowed_actions: if is_on_duty {
                alert.status.allowed()
            } else {
                Vec::new()
            },
        }
    }
}

/// An alert with what it says.
#[derive(Serialize, ToSchema)]
pub(super) struct RiskAlertDetails {
    #[serde(flatten)]
    alert: RiskAlertView,
    /// What is known; `null` to administrators, and once erased.
    text: Option<String>,
    /// What was done; `null` to whoever only raised it.
    result: Option<String>,
}

impl RiskAlertDetails {
    pub(super) fn of(seen: Seen, said: Said, actor: &Actor) -> Self {
        Self {
            alert: RiskAlertView::of(seen, actor),
            text: said.text,
            result: said.result,
        }
    }
}
