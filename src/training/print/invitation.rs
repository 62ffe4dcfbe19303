//! The letter of invitation (giấy mời, template 1.7 of Decree 30/2020/NĐ-CP). One to a family says no
//! more of what the session is about than its mails: it lies open at home, and on the way there.

use super::Facts;
use crate::kernel::text::national;
use crate::office::printed::Kind;
use crate::paper::{Document, Error, Page};
use crate::training::model::{Audience, Sex};
use crate::training::store::registration::WithAttendee;

/// What a guest is asked for.
const ASKED: &str = "Đề nghị Ông/Bà đến dự đúng thời gian và địa điểm nêu trên. Trường hợp không \
                     thể tham dự, đề nghị báo lại hoặc cử người đi thay để việc tổ chức được chu đáo./.";
/// What a family is: nobody goes in a parent's place.
const ASKED_FAMILY: &str = "Mong Ông/Bà đến dự đúng thời gian và địa điểm nêu trên. Trường hợp không \
                            thể tham dự, xin Ông/Bà báo lại để được sắp xếp vào dịp khác./.";

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
    let is_family = guest.is_some_and(|(_, attendee)| attendee.audience == Audience::Family);
    let (title, summary) = if is_family {
        (&facts.family_title, "Tham dự buổi gặp mặt".to_owned())
    } else {
        (&session.title, format!("Tham dự {}", facts.kind()))
    };
    let mut document = document
        .head(&facts.settings.head_of(Kind::Invitation, facts.now))
        .title("GIẤY MỜI", &summary)
        .paragraph(&format!("{issuer} trân trọng kính mời:"));
    document = addressed(document, facts, guest).fact("Tới dự", title);
    if let Some(chair) = &session.details.chair {
        document = document.fact("Chủ trì", chair);
    }
    let times = if is_family {
        facts.times(Facts::span)
    } else {
        facts.times(Facts::time_of)
    };
    for (name, time) in times {
        document = document.fact(&name, &time);
    }
    document = document.fact("Địa điểm", &facts.place());
    if session.online_url.is_some() {
        document = document.fact("Tham dự trực tuyến", &how_to_join(facts));
    }
    let description = session.details.description.as_ref();
    if let Some(description) = description.filter(|_| !is_family) {
        document = document.fact("Nội dung", description);
    }
    document
        .closing(if is_family { ASKED_FAMILY } else { ASKED })
        .signature(&["- Như trên;", "- Lưu: VT."], &facts.settings.signature())
}

/// How one joins on the net. The link itself is on no paper, which lies around; whoever has no address for a
/// mail asks the desk.
fn how_to_join(facts: &Facts) -> String {
    let mut told = "đường dẫn được gửi qua thư điện tử cho người đã xác nhận tham dự".to_owned();
    let desk = &facts.settings.desk;
    let ways = [
        desk.phone
            .as_deref()
            .map(|phone| format!("gọi số {}", national(phone))),
        desk.address
            .as_ref()
            .map(|address| format!("đến {address}")),
    ];
    let ways: Vec<String> = ways.into_iter().flatten().collect();
    if !ways.is_empty() {
        let ways = ways.join(" hoặc ");
        told.push_str(&format!(
            "; ai không dùng thư điện tử, xin {ways} để được hướng dẫn"
        ));
    }
    told
}

/// Who is asked: a person, or a line to write the name on.
fn addressed(document: Document, facts: &Facts, guest: Option<&WithAttendee>) -> Document {
    let Some((registration, attendee)) = guest else {
        return document.paragraph("Ông/Bà:").lines(2);
    };
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
