//! Raising, reading, acknowledging, closing.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::messages::{self, Flag};
use super::status::{AlertAction, AlertStatus};
use super::store::{self, Alert, Eyes, Made, Telling, Wanted};
use super::{NewAlert, RiskAlertId};
use crate::audit;
use crate::db::Conn;
use crate::identity::{Cx, Role, UserId, colleague};
use crate::kernel::{Fault, OfficeId, Timestamp, code};
use crate::office::delegation::{self, Duty};
use crate::office::duty;
use crate::office::error::Error;
use crate::office::settings::{self, OfficeSettings};
use crate::office::work_item::{self, NewWorkItem, WorkItemKind};
use crate::sealed::{DataKey, Keys, Place, Subject, vault};

/// Roles that read what an alert says: administrators read no case.
const READERS: &[Role] = &[Role::Supervisor, Role::Counsellor, Role::LegalAidIntake];

fn place(column: &'static str, id: RiskAlertId) -> Place {
    Place {
        table: "risk_alerts",
        column,
        row: id.uuid(),
    }
}

/// Raises an alert: seals what it says, tells the active supervisors and who stands in for them (the
/// duty list's first where there are none) at once, and opens a work item.
///
/// # Errors
/// When sealing or storage fails.
pub fn raise(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    new: &NewAlert<'_>,
) -> Result<RiskAlertId, Error> {
    let office = settings::load(conn, new.office)?;
    let id = RiskAlertId::new(now);
    let key = DataKey::create(conn, keys, now, new.office, Subject::RiskAlert)?;
    let hours = i64::from(office.policies.risk_alert_hours.value);
    let made = Made {
        id,
        code: code::free(|code| store::is_code(conn, new.office, code))?,
        key: key.id(),
        text: key.seal(place("text_sealed", id), new.text.as_bytes())?,
        act_by: new.informed_at.plus(TimeDelta::hours(hours)),
        escalate_at: answer_by(&office, now),
    };
    store::insert(conn, now, new, &made)?;
    let aside = aside(conn, new.subject.map(|(_, subject)| subject))?;
    for user in &aside {
        work_item::stand_aside(conn, now, id.uuid(), *user)?;
    }
    let told = first_told(conn, &office, now, &aside)?;
    let flag = Flag {
        office: office.id,
        zone: office.zone,
        alert: id,
        code: &made.code,
        answer_by: made.escalate_at,
        is_escalated: false,
    };
    tell(conn, keys, now, (flag, &told))?;
    let item = NewWorkItem {
        office: office.id,
        kind: WorkItemKind::RiskAlert,
        subject_kind: "risk-alert",
        subject: id.uuid(),
        owner: duty::in_charge(conn, office.id)?.filter(|user| !aside.contains(user)),
        role: Some(Role::Supervisor),
        due_at: Some(made.act_by),
        once: "",
    };
    work_item::open(conn, now, &item)?;
    let event = audit::Event {
        office: Some(office.id),
        actor: new.raised_by.map(UserId::uuid),
        action: "risk-alert.raise",
        object_kind: "risk-alert",
        object: Some(id.uuid()),
        request_id: new.origin.map(|origin| origin.request_id.as_str()),
        client: new.origin.map(|origin| origin.address),
        facts: json!({"source": new.source, "told": told}),
    };
    audit::record(conn, now, &event)?;
    Ok(id)
}

/// Until when a telling of now is to be answered.
pub(super) fn answer_by(office: &OfficeSettings, now: Timestamp) -> Timestamp {
    let minutes = office.policies.risk_alert_escalation_minutes.value;
    now.plus(TimeDelta::minutes(i64::from(minutes)))
}

/// Who stands aside from what an alert is about.
pub(super) fn aside(conn: &mut Conn, subject: Option<Uuid>) -> Result<Vec<UserId>, Error> {
    Ok(match subject {
        Some(subject) => work_item::aside(conn, subject)?,
        None => Vec::new(),
    })
}

/// Tells some of an alert.
pub(super) fn tell(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    (flag, users): (Flag<'_>, &[UserId]),
) -> Result<(), Error> {
    for user in users {
        store::tell(conn, now, flag.alert, *user)?;
        messages::tell(conn, keys, now, flag, *user)?;
    }
    Ok(())
}

/// Who is told first; nobody who stands aside from what it is about.
fn first_told(
    conn: &mut Conn,
    office: &OfficeSettings,
    now: Timestamp,
    aside: &[UserId],
) -> Result<Vec<UserId>, Error> {
    let today = (Duty::SuperviseCounselling, office.zone.day(now));
    let mut told = duty::supervisors(conn, office.id)?;
    for user in delegation::stand_ins(conn, office.id, today)? {
        if !told.contains(&user) {
            told.push(user);
        }
    }
    told.retain(|user| !aside.contains(user));
    if told.is_empty() {
        let list = duty::list(conn, office.id)?;
        told.extend(list.into_iter().find(|user| !aside.contains(user)));
    }
    if told.is_empty() {
        told = left(conn, office, aside)?;
    }
    Ok(told)
}

/// Whom else an alert can go to where everybody on duty stands aside: whoever takes requests of the
/// kind that one stands aside from.
pub(super) fn left(
    conn: &mut Conn,
    office: &OfficeSettings,
    aside: &[UserId],
) -> Result<Vec<UserId>, Error> {
    if aside.is_empty() {
        return Ok(Vec::new());
    }
    let mut left = colleague::holders(conn, office.id, Role::LegalAidIntake)?;
    left.retain(|user| !aside.contains(user));
    Ok(left)
}

/// Someone stands aside from a subject: nothing of its alerts is theirs to know any more. Of what is
/// not closed the next is told at once.
///
/// # Errors
/// When storage fails.
pub fn stand_aside(
    conn: &mut Conn,
    now: Timestamp,
    (office, subject): (OfficeId, Uuid),
    user: UserId,
) -> Result<(), Error> {
    for alert in store::about(conn, office, subject)? {
        let id = alert.id;
        work_item::stand_aside(conn, now, id.uuid(), user)?;
        let is_told = store::told(conn, &[id])?.iter().any(|one| one.user == user);
        if alert.status == AlertStatus::Closed || !is_told {
            continue;
        }
        let is_theirs = alert.acknowledged_by_id.is_none_or(|by| by == user);
        if is_theirs {
            store::let_go(conn, now, id)?;
            let kinds = [WorkItemKind::RiskAlert];
            work_item::raise(conn, now, (id.uuid(), &kinds), None)?;
        }
    }
    Ok(())
}

/// How the caller stands to an alert.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Sees what others added, and acts.
    pub(super) is_on_duty: bool,
    /// Reads what the alert says.
    pub(super) may_read: bool,
}

fn supervises(cx: &mut Cx<'_>) -> Result<bool, Error> {
    if cx.actor.is(Role::Supervisor) {
        return Ok(true);
    }
    let (office, me, today) = (cx.office(), cx.actor.id, cx.zone().day(cx.now));
    let when = (Duty::SuperviseCounselling, today);
    Ok(delegation::stands_in(cx.conn, office, me, when)?)
}

fn eyes(cx: &mut Cx<'_>) -> Result<(UserId, Eyes), Error> {
    let me = cx.actor.id;
    Ok(if supervises(cx)? {
        (me, Eyes::Everything)
    } else {
        (me, Eyes::Own(me))
    })
}

/// An alert with who was told, and how the caller stands to it.
pub(super) struct Seen {
    pub(super) alert: Alert,
    pub(super) told: Vec<Telling>,
    pub(super) standing: Standing,
}

fn stand(cx: &Cx<'_>, (me, eyes): (UserId, Eyes), alert: Alert, told: &[Telling]) -> Seen {
    let of_it = told.iter().filter(|telling| telling.alert == alert.id);
    let told: Vec<Telling> = of_it.copied().collect();
    let is_told = told.iter().any(|telling| telling.user == me);
    let is_on_duty = matches!(eyes, Eyes::Everything) || is_told;
    let is_reader = is_on_duty && cx.actor.roles.has_any(READERS);
    let standing = Standing {
        is_on_duty,
        may_read: is_reader || alert.raised_by_id == Some(me),
    };
    Seen {
        alert,
        told,
        standing,
    }
}

/// One page, one row too many, and how many there are where asked.
pub(super) fn list(
    cx: &mut Cx<'_>,
    wanted: Wanted,
    before: Option<RiskAlertId>,
    limit: i64,
    wants_total: bool,
) -> Result<(Vec<Seen>, Option<i64>), Error> {
    let (office, eyes) = (cx.office(), eyes(cx)?);
    let rows = store::page(cx.conn, (office, eyes), wanted, before, limit + 1)?;
    let total = if wants_total {
        Some(store::count(cx.conn, (office, eyes), wanted)?)
    } else {
        None
    };
    let ids: Vec<RiskAlertId> = rows.iter().map(|row| row.id).collect();
    let told = store::told(cx.conn, &ids)?;
    let seen = rows.into_iter().map(|row| stand(cx, eyes, row, &told));
    Ok((seen.collect(), total))
}

/// An alert the caller sees.
pub(super) fn load(cx: &mut Cx<'_>, id: RiskAlertId) -> Result<Seen, Error> {
    let (office, eyes) = (cx.office(), eyes(cx)?);
    let alert = store::find(cx.conn, (office, eyes), id)?.ok_or(Fault::NotFound)?;
    let told = store::told(cx.conn, &[id])?;
    Ok(stand(cx, eyes, alert, &told))
}

/// What an alert says.
#[derive(Default)]
pub(super) struct Said {
    pub(super) text: Option<String>,
    pub(super) result: Option<String>,
}

/// Opens what an alert says, as far as the caller may read it; each reading is one row of the log.
/// Nothing is left of what was erased.
pub(super) fn read(cx: &mut Cx<'_>, seen: &Seen) -> Result<Said, Error> {
    if !seen.standing.may_read {
        return Ok(Said::default());
    }
    let alert = &seen.alert;
    let key = match DataKey::load(cx.conn, &cx.platform.keys, alert.data_key_id) {
        Ok(key) => key,
        Err(vault::Error::Erased) => return Ok(Said::default()),
        Err(error) => return Err(error.into()),
    };
    let open = |column, sealed: &[u8]| -> Result<String, Error> {
        let plain = key.open(place(column, alert.id), sealed)?;
        Ok(String::from_utf8_lossy(&plain).into_owned())
    };
    let text = open("text_sealed", &alert.text_sealed)?;
    let result = match &alert.result_sealed {
        Some(sealed) if seen.standing.is_on_duty => Some(open("result_sealed", sealed)?),
        _ => None,
    };
    let facts = json!({"status": alert.status});
    cx.audit("risk-alert.read", "risk-alert", alert.id.uuid(), facts)?;
    Ok(Said {
        text: Some(text),
        result,
    })
}

fn act(
    cx: &mut Cx<'_>,
    id: RiskAlertId,
    action: AlertAction,
) -> Result<(Seen, AlertStatus), Error> {
    let office = cx.office();
    store::lock(cx.conn, office, id)?;
    let seen = load(cx, id)?;
    // Whoever raised it knows that it is there, and leaves it to those who were told.
    if !seen.standing.is_on_duty {
        return Err(Fault::Forbidden.into());
    }
    let after = seen.alert.status.apply(action)?;
    Ok((seen, after))
}

fn log(cx: &mut Cx<'_>, action: &str, id: RiskAlertId, status: AlertStatus) -> Result<(), Error> {
    let facts = json!({"status": status});
    Ok(cx.audit(action, "risk-alert", id.uuid(), facts)?)
}

/// Says that the caller sees to an alert: nobody else is told any more.
pub(super) fn acknowledge(cx: &mut Cx<'_>, id: RiskAlertId) -> Result<Seen, Error> {
    let (_, after) = act(cx, id, AlertAction::Acknowledge)?;
    store::acknowledge(cx.conn, cx.now, id, cx.actor.id)?;
    messages::withdraw(cx.conn, cx.now, id)?;
    let item = (id.uuid(), WorkItemKind::RiskAlert);
    work_item::assign(cx.conn, cx.now, item, cx.actor.id)?;
    log(cx, "risk-alert.acknowledge", id, after)?;
    load(cx, id)
}

/// Says what came of an alert.
pub(super) fn close(cx: &mut Cx<'_>, id: RiskAlertId, result: &str) -> Result<Seen, Error> {
    let (seen, after) = act(cx, id, AlertAction::Close)?;
    let key = DataKey::load(cx.conn, &cx.platform.keys, seen.alert.data_key_id)?;
    let sealed = key.seal(place("result_sealed", id), result.as_bytes())?;
    store::close(cx.conn, cx.now, id, cx.actor.id, &sealed)?;
    let kinds = [WorkItemKind::RiskAlert];
    work_item::close_by(cx.conn, cx.now, id.uuid(), &kinds, cx.actor.id)?;
    log(cx, "risk-alert.close", id, after)?;
    load(cx, id)
}
