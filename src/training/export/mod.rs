//! Files made of a session's list: CSV, and a workbook.

mod csv;
mod workbook;

pub(super) use csv::csv;
pub(super) use workbook::{Attendance, workbook};

use std::collections::BTreeMap;

use super::model::{Audience, Mark, Registration, RegistrationId, Session, Sex, SlotId};
use super::status::RegistrationStatus;
use super::store::registration::WithAttendee;
use super::store::seen::Stay;
use super::view::counts;
use crate::kernel::{AgencyId, Language, alphabet};

/// The list of a session.
#[derive(Debug)]
pub(super) struct List {
    pub(super) session: Session,
    /// Who is on it, as [`in_order`].
    pub(super) people: Vec<WithAttendee>,
    /// What agencies are called.
    pub(super) agencies: BTreeMap<AgencyId, String>,
    /// From when to when each was at each slot.
    pub(super) stays: BTreeMap<(RegistrationId, SlotId), Stay>,
}

impl List {
    fn agency(&self, registration: &Registration) -> Option<&str> {
        let name = self.agencies.get(&registration.agency_id?)?;
        Some(name)
    }

    fn stay(&self, registration: RegistrationId, slot: SlotId) -> Stay {
        let found = self.stays.get(&(registration, slot));
        found.copied().unwrap_or_default()
    }
}

/// Puts people in the order of the list they sign: those expected first, by given name, so that a number
/// is the same person on paper and in a file.
pub(super) fn in_order(mut people: Vec<WithAttendee>) -> Vec<WithAttendee> {
    people.sort_by_cached_key(|(registration, attendee)| {
        let is_signing = matches!(
            registration.status,
            RegistrationStatus::Invited | RegistrationStatus::Confirmed
        );
        (!is_signing, by_given_name(&attendee.full_name))
    });
    people
}

/// The order of Vietnamese lists: by the given name, which is the last word.
fn by_given_name(full_name: &str) -> impl Ord + use<> {
    let given = full_name.trim().rsplit(' ').next().unwrap_or_default();
    (alphabet::order(given), alphabet::order(full_name))
}

/// Whom somebody comes as, as a list writes it.
fn audience(audience: Audience, language: Language) -> &'static str {
    counts::word(audience.as_str()).map_or("", |(vi, en)| language.pick(vi, en))
}

/// The sex as a list writes it.
pub(super) fn sex(sex: Sex, language: Language) -> &'static str {
    match sex {
        Sex::Female => language.pick("Nữ", "Female"),
        Sex::Male => language.pick("Nam", "Male"),
        Sex::Other => language.pick("Khác", "Other"),
        Sex::Unknown => "",
    }
}

/// How somebody stood at the session; who came and did not stay long enough is not called merely absent.
fn outcome(registration: &Registration, language: Language) -> &'static str {
    if registration.came_short() {
        return language.pick(
            "Vắng (có đến, chưa đủ thời gian)",
            "Absent (came, stayed too briefly)",
        );
    }
    result(registration.result, language)
}

/// A mark as a list writes it.
fn result(result: Option<Mark>, language: Language) -> &'static str {
    match result {
        Some(Mark::Present) => language.pick("Có mặt", "Present"),
        Some(Mark::Absent) => language.pick("Vắng", "Absent"),
        Some(Mark::Excused) => language.pick("Vắng có phép", "Excused"),
        None => "",
    }
}

/// A registration's status as a list writes it.
fn status(status: RegistrationStatus, language: Language) -> &'static str {
    match status {
        RegistrationStatus::Invited => language.pick("Chờ trả lời", "Invited"),
        RegistrationStatus::Confirmed => language.pick("Đã xác nhận", "Confirmed"),
        RegistrationStatus::Waitlisted => language.pick("Danh sách chờ", "Waitlisted"),
        RegistrationStatus::Declined => language.pick("Từ chối", "Declined"),
        RegistrationStatus::Cancelled => language.pick("Đã hủy", "Cancelled"),
        RegistrationStatus::Merged => language.pick("Đã gộp", "Merged"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_stand_by_their_given_names() {
        let mut names = ["Trần Văn Bình", "Nguyễn Thị Đào", "Lê An", "Phạm Thị Ánh"];
        names.sort_by_cached_key(|name| by_given_name(name));
        assert_eq!(
            names,
            ["Lê An", "Phạm Thị Ánh", "Trần Văn Bình", "Nguyễn Thị Đào"]
        );
    }
}
