//! Files made of a session's list: CSV, and a workbook.

mod csv;
mod workbook;

pub(super) use csv::{csv, unguarded};
pub(super) use workbook::{Attendance, workbook};

use super::model::{Mark, Sex};
use super::status::RegistrationStatus;
use crate::kernel::Language;

/// The sex as a list writes it.
pub(super) fn sex(sex: Sex, language: Language) -> &'static str {
    match sex {
        Sex::Female => language.pick("Nữ", "Female"),
        Sex::Male => language.pick("Nam", "Male"),
        Sex::Other => language.pick("Khác", "Other"),
        Sex::Unknown => "",
    }
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
