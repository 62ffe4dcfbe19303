//! CSV that no spreadsheet executes.

use super::{List, audience, outcome, sex, status};
use crate::kernel::text::national;
use crate::kernel::{Language, Zone};
use crate::paper::cell::guarded;

/// The list of a session with how each stands; UTF-8 with a BOM, so that Vietnamese opens right.
pub(in crate::training) fn csv(
    list: &List,
    (zone, language): (Zone, Language),
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from("\u{FEFF}".as_bytes()));
    let mut titles: Vec<String> = headers(language).map(str::to_owned).into();
    for number in 1..=list.session.slots.len() {
        let [came, left] = language.pick(["Đến lúc", "Về lúc"], ["Came at", "Left at"]);
        let slot = language.pick("buổi", "slot");
        titles.extend([came, left].map(|title| format!("{title} ({slot} {number})")));
    }
    writer.write_record(titles)?;
    for (number, (registration, attendee)) in (1_usize..).zip(&list.people) {
        let text = |value: Option<&str>| guarded(value.unwrap_or_default());
        let year = registration.birth_year.map(|year| year.to_string());
        let mut cells = vec![
            number.to_string(),
            guarded(&attendee.full_name),
            sex(registration.sex, language).to_owned(),
            year.unwrap_or_default(),
            text(list.agency(registration)),
            text(attendee.organisation.as_deref()),
            text(attendee.position.as_deref()),
            // A leading + would be taken for a formula; the national form needs no guard.
            text(attendee.phone.as_deref().map(national).as_deref()),
            text(attendee.email.as_deref()),
            status(registration.status, language).to_owned(),
            outcome(registration, language).to_owned(),
            registration.slots_present.to_string(),
            text(registration.note.as_deref()),
            audience(registration.audience, language).to_owned(),
        ];
        for slot in &list.session.slots {
            let stay = list.stay(registration.id, slot.id);
            cells.extend([stay.came_at, stay.left_at].map(|at| {
                at.map_or_else(String::new, |at| {
                    format!(
                        "{} {}",
                        zone.format_day(Language::Vi, at),
                        zone.format_clock(at)
                    )
                })
            }));
        }
        writer.write_record(cells)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn headers(language: Language) -> [&'static str; 14] {
    language.pick(
        [
            "STT",
            "Họ và tên",
            "Nam/Nữ",
            "Năm sinh",
            "Cơ quan",
            "Đơn vị",
            "Chức vụ",
            "Số điện thoại",
            "Email",
            "Trạng thái",
            "Kết quả",
            "Số buổi có mặt",
            "Ghi chú",
            "Thành phần",
        ],
        [
            "No",
            "Full name",
            "Sex",
            "Birth year",
            "Agency",
            "Organisation",
            "Position",
            "Phone",
            "Email",
            "Status",
            "Result",
            "Slots present",
            "Note",
            "Audience",
        ],
    )
}
