//! CSV that no spreadsheet executes.

use super::{List, audience, outcome, sex, status};
use crate::kernel::text::national;
use crate::kernel::{Language, Zone};

/// Characters a spreadsheet takes for the start of a formula.
const TRIGGERS: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\0', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
];

/// A cell that stays text wherever it is opened: what would start a formula, behind whatever
/// blanks, quotes or invisible characters, is led in by an apostrophe.
fn guarded(text: &str) -> String {
    let is_skipped = |c: &char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '\u{200B}'..='\u{200D}' | '\u{FEFF}')
    };
    let first = text.chars().find(|c| !is_skipped(c));
    let leads = text.chars().next().is_some_and(|c| TRIGGERS.contains(&c))
        || first.is_some_and(|c| TRIGGERS.contains(&c));
    if leads {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A cell without the apostrophe that [`guarded`] led it in by.
pub(in crate::training) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if guarded(rest) != rest => rest,
        _ => text,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_led_in_by_an_apostrophe() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "\t=x",
            " =x",
            "\"=x",
            "\u{200B}=x",
            "＝x",
            "＋",
            "－",
            "＠",
        ] {
            assert!(guarded(text).starts_with('\''), "{text:?}");
        }
        for text in ["Nguyễn Thị Đào", "a=b", "12", ""] {
            assert_eq!(guarded(text), text);
        }
    }
}
