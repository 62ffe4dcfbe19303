//! The list that people sign (`domain.md` §7): an appendix, with no number of its own.

use super::Facts;
use crate::kernel::alphabet;
use crate::paper::{Align, Column, Document, Error, Page, Signature, Table};
use crate::training::model::{Attendee, Sex, Slot};
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
    mut people: Vec<WithAttendee>,
) -> Result<Vec<u8>, Error> {
    people.sort_by_cached_key(|(_, attendee)| by_given_name(&attendee.full_name));
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
    let mut document = document
        .head(&facts.settings.head())
        .title("DANH SÁCH ĐIỂM DANH", &facts.session.title);
    for (name, time) in facts
        .times(Facts::time_of)
        .into_iter()
        .skip(first)
        .take(slots.len())
    {
        document = document.fact(&name, &time);
    }
    let total = format!(
        "Tổng số trong danh sách: {} người. Có mặt: .......... Vắng: ..........",
        people.len()
    );
    let author = Signature {
        capacity: vec!["NGƯỜI LẬP DANH SÁCH".to_owned()],
        remark: Some("(Ký, ghi rõ họ tên)".to_owned()),
        dated: None,
    };
    document
        .fact("Địa điểm", &facts.place())
        .fact("Mã buổi", &facts.session.reference)
        .table(&table(facts, people, (first, slots)))
        .paragraph(&total)
        .signature(&[], &author)
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

/// The order of Vietnamese lists: by the given name, which is the last word.
fn by_given_name(full_name: &str) -> impl Ord + use<> {
    let given = full_name.trim().rsplit(' ').next().unwrap_or_default();
    (alphabet::order(given), alphabet::order(full_name))
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
