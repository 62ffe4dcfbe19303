//! CSV that no spreadsheet executes.

use super::{result, sex, status};
use crate::kernel::text::national;
use crate::kernel::{AgencyId, Language};
use crate::training::store::registration::WithAttendee;

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
    people: &[WithAttendee],
    agency: impl Fn(AgencyId) -> String,
    language: Language,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from("\u{FEFF}".as_bytes()));
    writer.write_record(headers(language))?;
    for (index, (registration, attendee)) in people.iter().enumerate() {
        let text = |value: Option<&str>| guarded(value.unwrap_or_default());
        let year = attendee.birth_year.map(|year| year.to_string());
        writer.write_record([
            (index + 1).to_string(),
            guarded(&attendee.full_name),
            sex(attendee.sex, language).to_owned(),
            year.unwrap_or_default(),
            guarded(&registration.agency_id.map(&agency).unwrap_or_default()),
            text(attendee.organisation.as_deref()),
            text(attendee.position.as_deref()),
            // A leading + would be taken for a formula; the national form needs no guard.
            text(attendee.phone.as_deref().map(national).as_deref()),
            text(attendee.email.as_deref()),
            status(registration.status, language).to_owned(),
            result(registration.result, language).to_owned(),
            registration.slots_present.to_string(),
            text(registration.note.as_deref()),
        ])?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn headers(language: Language) -> [&'static str; 13] {
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
