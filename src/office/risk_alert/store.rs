//! Rows of alerts and of who was told.

use diesel::prelude::*;
use uuid::Uuid;

use super::status::AlertStatus;
use super::{AlertSource, AlertSubject, NewAlert, RiskAlertId};
use crate::db::schema::{
    risk_alert_tells as tells, risk_alerts as alerts, work_item_asides as asides,
};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{Id, OfficeId, Timestamp};
use crate::sealed::DataKeyId;

/// An alert as it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub(super) struct Alert {
    pub(super) id: RiskAlertId,
    pub(super) office_id: OfficeId,
    pub(super) code: String,
    pub(super) source: AlertSource,
    pub(super) subject_kind: Option<AlertSubject>,
    pub(super) subject_id: Option<Id<AlertSubject>>,
    pub(super) data_key_id: DataKeyId,
    pub(super) text_sealed: Vec<u8>,
    pub(super) result_sealed: Option<Vec<u8>>,
    pub(super) informed_at: Timestamp,
    pub(super) act_by: Timestamp,
    pub(super) status: AlertStatus,
    pub(super) raised_by_id: Option<UserId>,
    pub(super) escalate_at: Timestamp,
    pub(super) acknowledged_at: Option<Timestamp>,
    pub(super) acknowledged_by_id: Option<UserId>,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) closed_by_id: Option<UserId>,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// That someone was told of an alert.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Telling {
    pub(super) alert: RiskAlertId,
    pub(super) user: UserId,
    pub(super) at: Timestamp,
}

/// Which alerts a caller sees.
#[derive(Debug, Clone, Copy)]
pub(super) enum Eyes {
    /// All of the office: a supervisor, or who stands in for one.
    Everything,
    /// Those someone raised or was told of.
    Own(UserId),
}

/// Which alerts are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) status: Option<AlertStatus>,
    pub(super) source: Option<AlertSource>,
    pub(super) updated_since: Option<Timestamp>,
}

/// What a caller sees, in the query itself; nothing of what they stand aside from.
fn seen<'a>(office: OfficeId, (who, eyes): (UserId, Eyes)) -> alerts::BoxedQuery<'a, Backend> {
    let aside = asides::table
        .filter(asides::user_id.eq(who))
        .select(asides::subject_id);
    let about = alerts::subject_id.assume_not_null();
    let query = alerts::table
        .filter(alerts::office_id.eq(office))
        .filter(alerts::subject_id.is_null().or(about.ne_all(aside)))
        .into_boxed::<Backend>();
    match eyes {
        Eyes::Everything => query,
        Eyes::Own(user) => {
            let told = tells::table
                .filter(tells::user_id.eq(user))
                .select(tells::alert_id);
            let raised = alerts::raised_by_id.eq(user).assume_not_null();
            query.filter(alerts::id.eq_any(told).or(raised))
        }
    }
}

fn query<'a>(
    office: OfficeId,
    eyes: (UserId, Eyes),
    wanted: Wanted,
) -> alerts::BoxedQuery<'a, Backend> {
    let mut query = seen(office, eyes);
    if let Some(status) = wanted.status {
        query = query.filter(alerts::status.eq(status));
    }
    if let Some(source) = wanted.source {
        query = query.filter(alerts::source.eq(source));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(alerts::updated_at.ge(since));
    }
    query
}

/// One page, newest first.
pub(super) fn page(
    conn: &mut Conn,
    (office, eyes): (OfficeId, (UserId, Eyes)),
    wanted: Wanted,
    before: Option<RiskAlertId>,
    limit: i64,
) -> db::Result<Vec<Alert>> {
    let mut query = query(office, eyes, wanted);
    if let Some(before) = before {
        query = query.filter(alerts::id.lt(before));
    }
    Ok(query
        .select(Alert::as_select())
        .order(alerts::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// How many there are in all.
pub(super) fn count(
    conn: &mut Conn,
    (office, eyes): (OfficeId, (UserId, Eyes)),
    wanted: Wanted,
) -> db::Result<i64> {
    Ok(query(office, eyes, wanted).count().get_result(conn)?)
}

/// An alert the caller sees.
pub(super) fn find(
    conn: &mut Conn,
    (office, eyes): (OfficeId, (UserId, Eyes)),
    id: RiskAlertId,
) -> db::Result<Option<Alert>> {
    Ok(seen(office, eyes)
        .filter(alerts::id.eq(id))
        .select(Alert::as_select())
        .first(conn)
        .optional()?)
}

/// What an alert is about, where it is about something.
pub(super) fn subject(conn: &mut Conn, id: RiskAlertId) -> db::Result<Option<Uuid>> {
    let found: Option<Option<Id<AlertSubject>>> = alerts::table
        .find(id)
        .select(alerts::subject_id)
        .first(conn)
        .optional()?;
    Ok(found.flatten().map(Id::uuid))
}

/// The alerts about a subject.
pub(super) fn about(conn: &mut Conn, office: OfficeId, subject: Uuid) -> db::Result<Vec<Alert>> {
    Ok(alerts::table
        .filter(alerts::office_id.eq(office))
        .filter(alerts::subject_id.eq(RiskAlertId::from_uuid(subject)))
        .order(alerts::id)
        .select(Alert::as_select())
        .load(conn)?)
}

/// Makes an alert one that nobody sees to, and the next is told of at once.
pub(super) fn let_go(conn: &mut Conn, now: Timestamp, id: RiskAlertId) -> db::Result<()> {
    diesel::update(alerts::table.find(id))
        .set((
            alerts::status.eq(AlertStatus::Open),
            alerts::acknowledged_at.eq(None::<Timestamp>),
            alerts::acknowledged_by_id.eq(None::<UserId>),
            alerts::escalate_at.eq(now),
            alerts::version.eq(alerts::version + 1),
            alerts::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes the row lock of an alert.
pub(super) fn lock(conn: &mut Conn, office: OfficeId, id: RiskAlertId) -> db::Result<()> {
    let row = alerts::table
        .filter(alerts::office_id.eq(office))
        .filter(alerts::id.eq(id));
    diesel::update(row)
        .set(alerts::version.eq(alerts::version))
        .execute(conn)?;
    Ok(())
}

/// Whether a code is an alert's of the office already.
pub(super) fn is_code(conn: &mut Conn, office: OfficeId, code: &str) -> db::Result<bool> {
    let same = alerts::table
        .filter(alerts::office_id.eq(office))
        .filter(alerts::code.eq(code));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}

/// What is made for a new alert.
pub(super) struct Made {
    pub(super) id: RiskAlertId,
    pub(super) code: String,
    pub(super) key: DataKeyId,
    pub(super) text: Vec<u8>,
    pub(super) act_by: Timestamp,
    pub(super) escalate_at: Timestamp,
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    new: &NewAlert<'_>,
    made: &Made,
) -> db::Result<()> {
    diesel::insert_into(alerts::table)
        .values((
            alerts::id.eq(made.id),
            alerts::office_id.eq(new.office),
            alerts::code.eq(&made.code),
            alerts::source.eq(new.source),
            alerts::subject_kind.eq(new.subject.map(|(kind, _)| kind)),
            alerts::subject_id.eq(new.subject.map(|(_, id)| RiskAlertId::from_uuid(id))),
            alerts::data_key_id.eq(made.key),
            alerts::text_sealed.eq(&made.text),
            alerts::informed_at.eq(new.informed_at),
            alerts::act_by.eq(made.act_by),
            alerts::status.eq(AlertStatus::Open),
            alerts::raised_by_id.eq(new.raised_by),
            alerts::escalate_at.eq(made.escalate_at),
            alerts::version.eq(1),
            alerts::created_at.eq(now),
            alerts::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn acknowledge(
    conn: &mut Conn,
    now: Timestamp,
    id: RiskAlertId,
    by: UserId,
) -> db::Result<()> {
    diesel::update(alerts::table.find(id))
        .set((
            alerts::status.eq(AlertStatus::Acknowledged),
            alerts::acknowledged_at.eq(now),
            alerts::acknowledged_by_id.eq(by),
            alerts::version.eq(alerts::version + 1),
            alerts::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn close(
    conn: &mut Conn,
    now: Timestamp,
    id: RiskAlertId,
    by: UserId,
    result: &[u8],
) -> db::Result<()> {
    diesel::update(alerts::table.find(id))
        .set((
            alerts::status.eq(AlertStatus::Closed),
            alerts::result_sealed.eq(result),
            alerts::closed_at.eq(now),
            alerts::closed_by_id.eq(by),
            alerts::version.eq(alerts::version + 1),
            alerts::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn tell(
    conn: &mut Conn,
    now: Timestamp,
    alert: RiskAlertId,
    user: UserId,
) -> db::Result<()> {
    diesel::insert_into(tells::table)
        .values((
            tells::id.eq(RiskAlertId::new(now)),
            tells::alert_id.eq(alert),
            tells::user_id.eq(user),
            tells::told_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who was told of some alerts, first to last.
pub(super) fn told(conn: &mut Conn, ids: &[RiskAlertId]) -> db::Result<Vec<Telling>> {
    Ok(tells::table
        .filter(tells::alert_id.eq_any(ids))
        .order((tells::told_at, tells::id))
        .select((tells::alert_id, tells::user_id, tells::told_at))
        .load(conn)?)
}

/// Open alerts whose last telling nobody answered in time, in any office.
pub(super) fn unanswered(conn: &mut Conn, now: Timestamp) -> db::Result<Vec<Alert>> {
    Ok(alerts::table
        .filter(db::written("risk_alerts.status = 'open'"))
        .filter(alerts::escalate_at.le(now))
        .order(alerts::escalate_at)
        .limit(100)
        .select(Alert::as_select())
        .load(conn)?)
}

/// Gives the next one until `until`; `false` when another process did, or someone answered.
pub(super) fn escalate(conn: &mut Conn, alert: &Alert, until: Timestamp) -> db::Result<bool> {
    let same = alerts::table
        .filter(alerts::id.eq(alert.id))
        .filter(alerts::status.eq(AlertStatus::Open))
        .filter(alerts::escalate_at.eq(alert.escalate_at));
    let moved = diesel::update(same)
        .set(alerts::escalate_at.eq(until))
        .execute(conn)?;
    Ok(moved == 1)
}
