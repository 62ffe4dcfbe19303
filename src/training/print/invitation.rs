//! The letter of invitation (giấy mời, template 1.7 of Decree 30/2020/NĐ-CP).

use super::Facts;
use crate::office::printed::Kind;
use crate::paper::{Document, Error, Page};
use crate::training::model::Sex;
use crate::training::store::registration::WithAttendee;

/// The letter, to one person or with a line to write the name on.
///
/// # Errors
/// When the document cannot be written.
pub(in crate::training) fn invitation(
    facts: &Facts,
    guest: Option<&WithAttendee>,
) -> Result<Vec<u8>, Error> {
    let document = Document::new(Page::Portrait, facts.now);
    letter(document, facts, guest).into_bytes()
}

/// A letter to each, on pages of its own.
///
/// # Errors
/// When the document cannot be written.
pub(in crate::training) fn invitations(
    facts: &Facts,
    guests: &[WithAttendee],
) -> Result<Vec<u8>, Error> {
    let mut document = Document::of_letters(Page::Portrait, facts.now);
    for (index, guest) in guests.iter().enumerate() {
        if index > 0 {
            document = document.page_break();
        }
        document = letter(document, facts, Some(guest));
    }
    document.into_bytes()
}

fn letter(document: Document, facts: &Facts, guest: Option<&WithAttendee>) -> Document {
    let session = &facts.session;
    let issuer = &facts.settings.name;
    let mut document = document
        .head(&facts.settings.head_of(Kind::Invitation, facts.now))
        .title("GIẤY MỜI", &format!("Tham dự {}", facts.kind()))
        .paragraph(&format!("{issuer} trân trọng kính mời:"));
    document = match guest {
        Some((registration, attendee)) => {
            let honorific = match registration.sex {
                Sex::Female => "Bà",
                Sex::Male => "Ông",
                Sex::Other | Sex::Unknown => "Ông/Bà",
            };
            let document = document.fact(honorific, &attendee.full_name);
            match facts.belongs(attendee, registration.agency_id) {
                body if body.is_empty() => document,
                body => document.fact("Chức vụ, đơn vị", &body),
            }
        }
        None => document.paragraph("Ông/Bà:").lines(2),
    };
    document = document.fact("Tới dự", &session.title);
    if let Some(chair) = &session.details.chair {
        document = document.fact("Chủ trì", chair);
    }
    for (name, time) in facts.times() {
        document = document.fact(&name, &time);
    }
    document = document.fact("Địa điểm", &facts.place());
    if let Some(description) = &session.details.description {
        document = document.fact("Nội dung", description);
    }
    document
        .closing(
            "Đề nghị Ông/Bà đến dự đúng thời gian và địa điểm nêu trên. Trường hợp không thể \
             tham dự, đề nghị báo lại hoặc cử người đi thay để việc tổ chức được chu đáo./.",
        )
        .signature(&["- Như trên;", "- Lưu: VT."], &facts.settings.signature())
}
