//! Who is on duty: the supervisors, and the list that stands in for them at any hour.

use crate::db::{self, Conn};
use crate::identity::{Role, Roles, UserId, colleague};
use crate::kernel::OfficeId;
use crate::kernel::error::Check;
use crate::kernel::text_enum::text_enum;
use crate::office::settings;

/// Those who may stand on the duty list.
pub const LISTED: &[Role] = &[
    Role::Counsellor,
    Role::Supervisor,
    Role::LegalAidIntake,
    Role::Administrator,
];
/// The most entries of the list.
const LIST_MAX: usize = 20;

text_enum! {
    /// A duty that somebody of every office has to hold.
    pub enum OfficeDuty {
        /// The trainings.
        Organiser = "organiser",
        /// Counselling.
        Counsellor = "counsellor",
        /// Supervising.
        Supervisor = "supervisor",
        /// Receiving requests for legal aid.
        LegalAidIntake = "legal_aid_intake",
        /// The reports.
        Reporter = "reporter",
        /// Reading the log.
        Auditor = "auditor",
        /// Accounts and settings.
        Administrator = "administrator",
        /// Being called where nobody else is.
        DutyList = "duty_list",
    }
}

impl OfficeDuty {
    const fn role(self) -> Option<Role> {
        Some(match self {
            Self::Organiser => Role::Organiser,
            Self::Counsellor => Role::Counsellor,
            Self::Supervisor => Role::Supervisor,
            Self::LegalAidIntake => Role::LegalAidIntake,
            Self::Reporter => Role::Reporter,
            Self::Auditor => Role::Auditor,
            Self::Administrator => Role::Administrator,
            Self::DutyList => return None,
        })
    }
}

/// The duties nobody holds, of the roles that active accounts hold.
pub(super) fn unheld(held: &Roles, has_duty_list: bool) -> Vec<OfficeDuty> {
    let is_unheld = |duty: &OfficeDuty| match duty.role() {
        Some(role) => !held.has(role),
        None => !has_duty_list,
    };
    OfficeDuty::ALL.iter().copied().filter(is_unheld).collect()
}

/// Those of some ids who may be on the list: active, of a role that may.
///
/// # Errors
/// When storage fails.
pub(super) fn fit(conn: &mut Conn, office: OfficeId, ids: &[UserId]) -> db::Result<Vec<UserId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let known = colleague::among(conn, office, ids)?;
    let able = known
        .into_iter()
        .filter(|one| one.is_active && one.roles.has_any(LISTED));
    Ok(able.map(|one| one.id).collect())
}

/// Notes every entry of a new list that is none of `fit`, or there twice.
pub(super) fn check(check: &mut Check, list: &[UserId], fit: &[UserId]) {
    check.rule(list.len() <= LIST_MAX, "/duty_list", "too-long");
    for (index, id) in list.iter().enumerate().take(LIST_MAX) {
        let at = format!("/duty_list/{index}");
        check.rule(fit.contains(id), at.clone(), "unknown-reference");
        let is_again = list.iter().take(index).any(|earlier| earlier == id);
        check.rule(!is_again, at, "repeated");
    }
}

/// The duty list as it counts: in its order, without those who cannot be called any more.
///
/// # Errors
/// When storage fails.
pub fn list(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<UserId>> {
    let mut listed = settings::load(conn, office)?.duty_list;
    let fit = fit(conn, office, &listed)?;
    listed.retain(|id| fit.contains(id));
    Ok(listed)
}

/// The list from behind someone on round to that one; from its head for everybody else.
pub(super) fn behind(list: &[UserId], after: Option<UserId>) -> Vec<UserId> {
    let place = list.iter().position(|id| Some(*id) == after);
    let from = place.map_or(0, |place| place + 1);
    let (head, tail) = list.split_at_checked(from).unwrap_or((list, &[]));
    [tail, head].concat()
}

/// Who is next on the list behind someone, or its first; after the last comes the first again.
///
/// # Errors
/// When storage fails.
pub fn next(
    conn: &mut Conn,
    office: OfficeId,
    after: Option<UserId>,
) -> db::Result<Option<UserId>> {
    let list = list(conn, office)?;
    Ok(behind(&list, after).first().copied())
}

/// The active supervisors of the office.
///
/// # Errors
/// When storage fails.
pub fn supervisors(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<UserId>> {
    colleague::holders(conn, office, Role::Supervisor)
}

/// To whom new requests and alerts go while no supervisor is active: the first of the list.
///
/// # Errors
/// When storage fails.
pub fn in_charge(conn: &mut Conn, office: OfficeId) -> db::Result<Option<UserId>> {
    if supervisors(conn, office)?.is_empty() {
        next(conn, office, None)
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;

    fn ids() -> [UserId; 3] {
        let now = Timestamp::from_micros(1).unwrap();
        [UserId::new(now), UserId::new(now), UserId::new(now)]
    }

    #[test]
    fn the_list_goes_round() {
        let [a, b, c] = ids();
        let list = [a, b];
        assert_eq!(behind(&list, None), [a, b]);
        assert_eq!(behind(&list, Some(a)), [b, a]);
        assert_eq!(behind(&list, Some(b)), [a, b]);
        assert_eq!(behind(&list, Some(c)), [a, b]);
        assert_eq!(behind(&[], Some(a)), []);
        assert_eq!(behind(&[a], Some(a)), [a]);
    }

    #[test]
    fn a_list_names_each_once_and_nobody_else() {
        let [a, b, c] = ids();
        let refused = |list: &[UserId]| {
            let mut checked = Check::new();
            check(&mut checked, list, &[a, b]);
            checked.done().is_err()
        };
        assert!(!refused(&[]) && !refused(&[b, a]));
        assert!(refused(&[a, a]) && refused(&[a, c]) && refused(&[a; 21]));
    }

    #[test]
    fn duties_nobody_holds_are_named() {
        let held = Roles::new([Role::Counsellor, Role::Administrator]);
        let words = |has_list| {
            let duties = unheld(&held, has_list).into_iter();
            duties.map(OfficeDuty::as_str).collect::<Vec<_>>().join(" ")
        };
        let roles = "organiser supervisor legal_aid_intake reporter auditor";
        assert_eq!(words(true), roles);
        assert_eq!(words(false), format!("{roles} duty_list"));
    }
}
