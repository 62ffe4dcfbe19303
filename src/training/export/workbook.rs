//! The attendance of a session as a workbook: the list with real numbers and times, and a sheet
//! of counts that equals what the API counts.

use std::collections::BTreeMap;

use super::{List, audience, outcome, result, sex, status};
use crate::kernel::text::national;
use crate::kernel::{Language, Timestamp, Zone};
use crate::paper::{self, Cell, Sheet};
use crate::training::attendance::SlotMark;
use crate::training::counts::{Measure, Tally};
use crate::training::model::{RegistrationId, Session, Slot, SlotId};
use crate::training::service::report::{Dimension, Report, Row};
use crate::training::store::attendance::StoredMark;
use crate::training::store::registration::WithAttendee;
use crate::training::view::counts::label;

/// What the workbook is made of.
#[derive(Debug)]
pub(in crate::training) struct Attendance {
    pub(in crate::training) list: List,
    pub(in crate::training) marks: BTreeMap<(RegistrationId, SlotId), StoredMark>,
    /// The counts by each dimension of attendees.
    pub(in crate::training) counts: Vec<(Dimension, Report)>,
    pub(in crate::training) total: Row,
}

/// The workbook: the list, and the counts.
///
/// # Errors
/// When the file cannot be written.
pub(in crate::training) fn workbook(
    attendance: &Attendance,
    (zone, language): (Zone, Language),
    now: Timestamp,
) -> Result<Vec<u8>, paper::Error> {
    let sheets = [
        list(attendance, zone, language),
        counts(attendance, language),
    ];
    paper::workbook(&sheets, now)
}

fn title(session: &Session, zone: Zone, language: Language) -> Vec<String> {
    let mut days: Vec<String> = session
        .slots
        .iter()
        .map(|slot| zone.format_day(language, slot.starts_at))
        .collect();
    days.dedup();
    vec![
        session.title.clone(),
        format!("{} · {}", session.reference, days.join(", ")),
    ]
}

fn list(attendance: &Attendance, zone: Zone, language: Language) -> Sheet {
    let session = &attendance.list.session;
    let both = |vi: &str, en: &str, width: f64| (language.pick(vi, en).to_owned(), width);
    let mut columns = vec![
        both("STT", "No", 5.0),
        both("Họ và tên", "Full name", 22.0),
        both("Nam/Nữ", "Sex", 7.0),
        both("Năm sinh", "Birth year", 7.0),
        both("Thành phần", "Audience", 13.0),
        both("Cơ quan", "Agency", 18.0),
        both("Đơn vị", "Organisation", 16.0),
        both("Chức vụ", "Position", 12.0),
        both("Số điện thoại", "Phone", 12.0),
        both("Email", "Email", 18.0),
        both("Trạng thái", "Status", 11.0),
        both("Kết quả", "Result", 12.0),
        both("Số buổi có mặt", "Slots present", 8.0),
        both("Đăng ký lúc", "Registered at", 16.0),
    ];
    for (number, slot) in (1..).zip(&session.slots) {
        let day = zone.format_day(language, slot.starts_at);
        columns.push(both(
            &format!("Buổi {number} ({day})"),
            &format!("Slot {number} ({day})"),
            12.0,
        ));
        columns.push(both("Đến lúc", "Came at", 16.0));
        columns.push(both("Về lúc", "Left at", 16.0));
        columns.push(both("Số phút", "Minutes", 7.0));
    }
    columns.push(both("Ghi chú", "Note", 14.0));
    let rows = (1..)
        .zip(&attendance.list.people)
        .map(|(number, one)| row(attendance, (number, one), zone, language))
        .collect();
    Sheet {
        name: language.pick("Danh sách", "List").to_owned(),
        title: title(session, zone, language),
        columns,
        rows,
    }
}

fn row(
    attendance: &Attendance,
    (number, (registration, attendee)): (i64, &WithAttendee),
    zone: Zone,
    language: Language,
) -> Vec<Cell> {
    let text = |value: &Option<String>| Cell::text(value.as_deref());
    let mut cells = vec![
        Cell::Whole(number),
        Cell::Text(attendee.full_name.clone()),
        Cell::text(Some(sex(registration.sex, language))),
        registration
            .birth_year
            .map_or(Cell::Empty, |year| Cell::Whole(year.into())),
        Cell::text(Some(audience(registration.audience, language))),
        Cell::text(attendance.list.agency(registration)),
        text(&attendee.organisation),
        text(&attendee.position),
        Cell::text(attendee.phone.as_deref().map(national).as_deref()),
        text(&attendee.email),
        Cell::text(Some(status(registration.status, language))),
        Cell::text(Some(outcome(registration, language))),
        Cell::Whole(registration.slots_present.into()),
        Cell::Time(zone.show(registration.created_at)),
    ];
    for slot in &attendance.list.session.slots {
        cells.extend(at_slot(attendance, registration.id, slot, (zone, language)));
    }
    cells.push(text(&registration.note));
    cells
}

/// What is known of someone at a slot: the mark, when they came and left, how long they stayed.
fn at_slot(
    attendance: &Attendance,
    registration: RegistrationId,
    slot: &Slot,
    (zone, language): (Zone, Language),
) -> [Cell; 4] {
    let mark = attendance.marks.get(&(registration, slot.id));
    let mark = mark.map(|stored| &stored.mark);
    let stay = attendance.list.stay(registration, slot.id);
    let time = |at: Option<Timestamp>| at.map_or(Cell::Empty, |at| Cell::Time(zone.show(at)));
    [
        mark.map_or(Cell::Empty, |mark| Cell::Text(marked(mark, language))),
        time(stay.came_at),
        time(stay.left_at),
        mark.map_or(Cell::Empty, |mark| Cell::Whole(mark.minutes)),
    ]
}

/// A mark in words: `Có mặt, đến muộn`.
fn marked(mark: &SlotMark, language: Language) -> String {
    let late = mark.late.then(|| language.pick("đến muộn", "late"));
    let early = mark
        .left_early
        .then(|| language.pick("về sớm", "left early"));
    let words = [Some(result(Some(mark.mark), language)), late, early];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn counts(attendance: &Attendance, language: Language) -> Sheet {
    let both = |vi: &str, en: &str, width: f64| (language.pick(vi, en).to_owned(), width);
    let mut columns = vec![
        both("Theo", "By", 16.0),
        both("Nhóm", "Group", 32.0),
        both("Phải có mặt", "Expected", 12.0),
        both("Tỷ lệ có mặt (%)", "Presence (%)", 12.0),
    ];
    columns.extend(Measure::ALL.iter().map(|measure| {
        let (vi, en) = heading(*measure);
        both(vi, en, 12.0)
    }));
    columns.push(both(
        "Trong số vắng: có đến, chưa đủ thời gian",
        "Of the absent: stayed too briefly",
        16.0,
    ));
    let total = language.pick("Tổng số", "Total");
    let mut rows = vec![counted((total, ""), &attendance.total)];
    for (dimension, report) in &attendance.counts {
        let name = dimension_word(*dimension, language);
        rows.extend(
            report
                .rows
                .iter()
                .map(|row| counted((name, &label(report, &row.key, language)), row)),
        );
    }
    Sheet {
        name: language.pick("Số liệu", "Counts").to_owned(),
        title: vec![
            attendance.list.session.title.clone(),
            rule(attendance, language),
        ],
        columns,
        rows,
    }
}

/// From when somebody counts as present.
fn rule(attendance: &Attendance, language: Language) -> String {
    let share = attendance.list.session.details.minimum_presence_percent;
    language.pick(
        format!("Được tính là có mặt khi dự từ {share}% thời gian trở lên"),
        format!("Present is who stayed for {share}% of the time or more"),
    )
}

fn counted((name, group): (&str, &str), row: &Row) -> Vec<Cell> {
    let tally: &Tally = &row.tally;
    let mut cells = vec![
        Cell::text(Some(name)),
        Cell::text(Some(group)),
        Cell::Whole(tally.expected()),
        tally.presence_percent().map_or(Cell::Empty, Cell::Decimal),
    ];
    cells.extend(
        Measure::ALL
            .iter()
            .map(|measure| Cell::Whole(tally.measure(*measure))),
    );
    cells.push(Cell::Whole(row.came_short));
    cells
}

fn dimension_word(dimension: Dimension, language: Language) -> &'static str {
    match dimension {
        Dimension::Month => language.pick("Tháng", "Month"),
        Dimension::PlanTask => language.pick("Nhiệm vụ", "Plan task"),
        Dimension::Kind => language.pick("Loại", "Kind"),
        Dimension::LeadAgency => language.pick("Cơ quan chủ trì", "Lead agency"),
        Dimension::Agency => language.pick("Cơ quan", "Agency"),
        Dimension::Audience => language.pick("Thành phần", "Audience"),
        Dimension::Sex => language.pick("Giới tính", "Sex"),
        Dimension::AgeBand => language.pick("Độ tuổi", "Age"),
    }
}

const fn heading(measure: Measure) -> (&'static str, &'static str) {
    match measure {
        Measure::Invited => ("Chờ trả lời", "Invited"),
        Measure::Confirmed => ("Xác nhận", "Confirmed"),
        Measure::Waitlisted => ("Danh sách chờ", "Waitlisted"),
        Measure::Declined => ("Từ chối", "Declined"),
        Measure::Cancelled => ("Đã hủy", "Cancelled"),
        Measure::Present => ("Có mặt", "Present"),
        Measure::Absent => ("Vắng", "Absent"),
        Measure::Excused => ("Vắng có phép", "Excused"),
        Measure::Late => ("Đến muộn", "Late"),
        Measure::LeftEarly => ("Về sớm", "Left early"),
        Measure::WalkIns => ("Không đăng ký trước", "Walk-ins"),
        Measure::SlotAttendances => ("Lượt người", "Slot attendances"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::model::{Basis, Mark};

    #[test]
    fn a_mark_says_who_came_late_or_left_early() {
        let mut mark = SlotMark {
            mark: Mark::Present,
            basis: Basis::Events,
            late: false,
            left_early: false,
            minutes: 90,
        };
        assert_eq!(marked(&mark, Language::Vi), "Có mặt");
        mark.late = true;
        mark.left_early = true;
        assert_eq!(marked(&mark, Language::Vi), "Có mặt, đến muộn, về sớm");
        assert_eq!(marked(&mark, Language::En), "Present, late, left early");
    }
}
