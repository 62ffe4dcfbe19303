//! What alerts do by themselves: whoever is next on duty is told where nobody answered.

use std::sync::Arc;

use serde_json::json;

use super::messages::Flag;
use super::service::{self, answer_by};
use super::store::{self, Alert, Telling};
use crate::audit;
use crate::db::Conn;
use crate::identity::{Platform, UserId};
use crate::kernel::{Id, Timestamp};
use crate::office::error::Error;
use crate::office::settings::OfficeSettings;
use crate::office::work_item::{self, WorkItemKind};
use crate::office::{duty, settings};
use crate::sealed::Keys;

/// Tells the next on duty of every alert whose last telling nobody answered in time. Several
/// processes may do it: an alert's time, moved under a condition, lets one through.
///
/// # Errors
/// When storage fails.
pub fn escalate(platform: &Arc<Platform>) -> Result<usize, Error> {
    let now = platform.clock.now();
    let due = platform.db.read_now(|conn| store::unanswered(conn, now))?;
    let (mut count, mut failed) = (0, None);
    for alert in due {
        let keys = Arc::clone(&platform.keys);
        let told = platform
            .db
            .write_now(move |conn| escalate_one(conn, &keys, now, &alert));
        // One that fails holds up no other child's.
        match told {
            Ok(is_told) => count += usize::from(is_told),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(count), Err)
}

fn escalate_one(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    alert: &Alert,
) -> Result<bool, Error> {
    let office = settings::load(conn, alert.office_id)?;
    let until = answer_by(&office, now);
    if !store::escalate(conn, alert, until)? {
        return Ok(false);
    }
    let next = next_told(conn, &office, alert)?;
    let flag = Flag {
        office: office.id,
        zone: office.zone,
        alert: alert.id,
        code: &alert.code,
        answer_by: until,
        is_escalated: true,
    };
    service::tell(conn, keys, now, (flag, &next))?;
    if let [user] = next.as_slice() {
        let item = (alert.id.uuid(), WorkItemKind::RiskAlert);
        work_item::assign(conn, now, item, *user)?;
    }
    let event = audit::Event {
        office: Some(office.id),
        actor: None,
        action: "risk-alert.escalate",
        object_kind: "risk-alert",
        object: Some(alert.id.uuid()),
        request_id: None,
        client: None,
        facts: json!({"told": next}),
    };
    audit::record(conn, now, &event)?;
    Ok(!next.is_empty())
}

/// Who is told next; nobody who stands aside from what the alert is about.
fn next_told(
    conn: &mut Conn,
    office: &OfficeSettings,
    alert: &Alert,
) -> Result<Vec<UserId>, Error> {
    let aside = service::aside(conn, alert.subject_id.map(Id::uuid))?;
    let mut list = duty::list(conn, office.id)?;
    list.retain(|user| !aside.contains(user));
    let told = store::told(conn, &[alert.id])?;
    if let Some(user) = next(&list, &told) {
        return Ok(vec![user]);
    }
    // Without a list the supervisors are all there is.
    let mut all = duty::supervisors(conn, office.id)?;
    all.retain(|user| !aside.contains(user));
    if all.is_empty() {
        all = service::left(conn, office, &aside)?;
    }
    Ok(all)
}

/// The next of the list behind the last of it who was told: those not told yet before the others.
fn next(list: &[UserId], tellings: &[Telling]) -> Option<UserId> {
    let is_told = |user: &UserId| tellings.iter().any(|telling| telling.user == *user);
    let mut newest_first = tellings.iter().rev().map(|telling| telling.user);
    let line = duty::behind(list, newest_first.find(|user| list.contains(user)));
    let fresh = line.iter().find(|user| !is_told(user));
    fresh.or_else(|| line.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::risk_alert::RiskAlertId;

    #[test]
    fn the_line_starts_with_those_not_told_and_goes_round() {
        let now = Timestamp::from_micros(1).unwrap();
        let [a, b, c] = [UserId::new(now), UserId::new(now), UserId::new(now)];
        let alert = RiskAlertId::new(now);
        let told = |users: &[UserId]| -> Vec<Telling> {
            let telling = |user: &UserId| Telling {
                alert,
                user: *user,
                at: now,
            };
            users.iter().map(telling).collect()
        };
        let list = [a, b];
        assert_eq!(next(&list, &[]), Some(a));
        assert_eq!(next(&list, &told(&[c])), Some(a));
        assert_eq!(next(&list, &told(&[c, a])), Some(b));
        assert_eq!(next(&list, &told(&[b])), Some(a));
        assert_eq!(next(&list, &told(&[a, b])), Some(a));
        assert_eq!(next(&list, &told(&[a, b, a])), Some(b));
        assert_eq!(next(&[a], &told(&[a])), Some(a));
        assert_eq!(next(&[], &told(&[a])), None);
    }
}
