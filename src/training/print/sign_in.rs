//! The list that people sign (`domain.md` §7): an appendix, with no number of its own.

use super::Facts;
use crate::paper::{Align, Column, Document, Error, Page, Signature, Table};
use crate::training::export::in_order;
use crate::training::model::{Attendee, Sex, Slot};
use crate::training::status::SessionStatus;
use crate::training::store::registration::WithAttendee;

/// Slots that fit beside each other; more get lists of their own.
const SLOTS_ABREAST: usize = 3;
/// Rows left empty for whoever just comes.
const EMPTY_ROWS: usize = 5;
/// Room for a hand, in points.
const ROW_HEIGHT: u16 = 24;

/// The list of those expected, with a column to sign in for each slot.
///
/// # Errors
/// When the document cannot be written.
pub(in crate::training) fn sign_in_sheet(
    facts: &Facts,
    people: Vec<WithAttendee>,
) -> Result<Vec<u8>, Error> {
    let people = in_order(people);
    let page = if facts.session.slots.len() > 1 {
        Page::Landscape
    } else {
        Page::Portrait
    };
    let mut document = Document::new(page, facts.now);
    for (index, slots) in facts.session.slots.chunks(SLOTS_ABREAST).enumerate() {
        if index > 0 {
            document = document.page_break();
        }
        let first = index * SLOTS_ABREAST;
        document = list(document, facts, &people, (first, slots));
    }
    document.into_bytes()
}

fn list(
    document: Document,
    facts: &Facts,
    people: &[WithAttendee],
    (first, slots): (usize, &[Slot]),
) -> Document {
    let mut document = document.head(&facts.settings.head());
    if facts.session.status == SessionStatus::Cancelled {
        document = document.mark("ĐÃ HỦY");
    }
    document = document.title("DANH SÁCH ĐIỂM DANH", &facts.session.title);
    for (name, time) in facts
        .times(Facts::time_of)
        .into_iter()
        .skip(first)
        .take(slots.len())
    {
        document = document.fact(&name, &time);
    }
    let author = Signature {
        capacity: vec!["NGƯỜI LẬP DANH SÁCH".to_owned()],
        remark: Some("(Ký, ghi rõ họ tên)".to_owned()),
        ..Signature::default()
    };
    document = document
        .fact("Địa điểm", &facts.place())
        .fact("Mã buổi", &facts.session.reference)
        .table_before_closing(&table(facts, people, (first, slots)));
    for line in totals(
        people.len(),
        (first, slots.len()),
        facts.session.slots.len(),
    ) {
        document = document.closing(&line);
    }
    document.signature(&[], &author)
}

/// How many are on the list, and room to write how many came: for each sitting, where there are several.
fn totals(people: usize, (first, abreast): (usize, usize), slots: usize) -> Vec<String> {
    let listed = format!("Tổng số trong danh sách: {people} người.");
    let came = "Có mặt: .......... Vắng: ..........";
    if slots == 1 {
        return vec![format!("{listed} {came}")];
    }
    let sittings = (first + 1..=first + abreast).map(|number| format!("Buổi {number}: {came}"));
    std::iter::once(listed).chain(sittings).collect()
}

fn table(facts: &Facts, people: &[WithAttendee], (first, slots): (usize, &[Slot])) -> Table {
    let mut columns = vec![
        Column::new("STT", 8, Align::Centre),
        Column::new("Họ và tên", 22, Align::Left),
        Column::new("Nam/ Nữ", 8, Align::Centre),
        Column::new("Chức vụ, đơn vị/Địa chỉ", 20, Align::Left),
        Column::new("Số điện thoại", 17, Align::Centre),
    ];
    let is_only = facts.session.slots.len() == 1;
    columns.extend((0..slots.len()).map(|index| {
        let title = if is_only {
            "Ký tên".to_owned()
        } else {
            format!("Ký tên buổi {}", first + index + 1)
        };
        Column::new(title, 16, Align::Centre)
    }));
    columns.push(Column::new("Ghi chú", 9, Align::Left));
    let number = |index: usize| (index + 1).to_string();
    let mut rows: Vec<Vec<String>> = people
        .iter()
        .enumerate()
        .map(|(index, (registration, attendee))| {
            let mut row = vec![
                number(index),
                attendee.full_name.clone(),
                sex(registration.sex).to_owned(),
                facts.belongs(attendee, registration.agency_id),
                phone(attendee),
            ];
            row.extend(slots.iter().map(|_| String::new()));
            // For the hand: what the office noted is not for everybody who signs.
            row.push(String::new());
            row
        })
        .collect();
    rows.extend((0..EMPTY_ROWS).map(|index| {
        let mut row = vec![String::new(); columns.len()];
        if let Some(cell) = row.first_mut() {
            *cell = number(people.len() + index);
        }
        row
    }));
    Table {
        columns,
        rows,
        height: Some(ROW_HEIGHT),
    }
}

fn phone(attendee: &Attendee) -> String {
    let phone = attendee.phone.as_deref();
    phone.map(crate::kernel::text::national).unwrap_or_default()
}

fn sex(sex: Sex) -> &'static str {
    crate::training::export::sex(sex, crate::kernel::Language::Vi)
}

#[cfg(test)]
mod tests {
    use super::totals;

    #[test]
    fn each_sitting_has_a_line_of_its_own() {
        let came = "Có mặt: .......... Vắng: ..........";
        let only = totals(3, (0, 1), 1);
        assert_eq!(only, [format!("Tổng số trong danh sách: 3 người. {came}")]);
        let last = totals(3, (3, 1), 4);
        assert_eq!(last.len(), 2);
        assert_eq!(last[1], format!("Buổi 4: {came}"));
    }
}
