//! The record of a talk (biên bản, template 1.9 of Decree 30/2020/NĐ-CP), to be signed on paper.
//! The words are Vietnamese whatever the reader's language: this is the ward's own paper.

use std::collections::BTreeMap;

use super::error::Error;
use super::model::{Party, PartyRole, Topic};
use super::record_status::NoteStatus;
use super::service::note::Opened;
use super::store::party;
use crate::identity::{UserId, contact};
use crate::kernel::civil::format_date;
use crate::kernel::{Timestamp, Zone};
use crate::office::printed::Kind;
use crate::office::settings::OfficeSettings;
use crate::office::work::Work;
use crate::paper::{self, Document, Page, Signature};

/// Everything the paper says.
#[derive(Debug)]
pub(super) struct Minutes {
    opened: Opened,
    present: Vec<Party>,
    author: String,
    /// Who began it or added something, by their accounts.
    authors: BTreeMap<UserId, String>,
    settings: OfficeSettings,
    zone: Zone,
    now: Timestamp,
}

impl Minutes {
    /// Reads what the paper of an opened note says.
    pub(super) fn load(work: &mut Work<'_>, opened: Opened) -> Result<Self, Error> {
        let mut present = party::of_case(work, &opened.case)?;
        present.retain(|party| opened.said.content.present.contains(&party.id));
        let author = contact::find(work.conn, opened.note.author_id)?;
        let mut authors = BTreeMap::new();
        let added = opened.addenda.iter().map(|addendum| addendum.author_id);
        for id in added.chain(opened.said.content.begun_by) {
            if let Some(known) = contact::find(work.conn, id)? {
                authors.insert(id, known.full_name);
            }
        }
        Ok(Self {
            authors,
            present,
            author: author.map(|author| author.full_name).unwrap_or_default(),
            settings: work.settings()?.clone(),
            zone: work.zone(),
            now: work.now,
            opened,
        })
    }

    /// The file's name: it tells neither what the talk was about nor with whom.
    pub(super) fn file_name(&self) -> String {
        let id = self.opened.note.id.to_string();
        let short: String = id.chars().rev().take(8).collect();
        let short: String = short.chars().rev().collect();
        format!("bien-ban-{short}.docx")
    }

    /// The day of the talk; where nobody said it, it is written by hand.
    fn day(&self) -> String {
        let held_on = self.opened.said.content.held_on;
        held_on.map_or_else(|| "…… tháng …… năm ………".to_owned(), format_date)
    }

    /// The document.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, paper::Error> {
        let is_draft = self.opened.note.status == NoteStatus::Draft;
        let mut document = Document::new(Page::Portrait, self.now);
        if is_draft {
            document = document.mark("BẢN NHÁP");
        }
        let mut document = document
            .head(&self.settings.head_of(Kind::Minutes, self.now))
            .title("BIÊN BẢN", "Về buổi làm việc với gia đình")
            .fact("Số hồ sơ", &self.opened.case.reference)
            .fact("Thời gian", &format!("Ngày {}", self.day()))
            .heading("I. THÀNH PHẦN")
            .fact("Người chủ trì, ghi biên bản", &self.author);
        let begun_by = self.opened.said.content.begun_by;
        if let Some(name) = begun_by.and_then(|id| self.authors.get(&id)) {
            document = document.fact("Người ghi ban đầu", name);
        }
        for party in &self.present {
            document = document.fact(role_name(party.role), &party.secret.name);
        }
        if self.present.is_empty() {
            document = document.lines(2);
        }
        document = self.content(document);
        let signature = Signature {
            capacity: vec!["NGƯỜI GHI BIÊN BẢN".to_owned()],
            remark: Some("(Ký, ghi rõ họ tên)".to_owned()),
            ..Signature::default()
        };
        document
            .paragraph(
                "Biên bản đã được đọc lại cho những người có tên trên cùng nghe, công nhận là \
                 đúng và cùng ký tên dưới đây./.",
            )
            .paragraph("Người tham gia (ký, ghi rõ họ tên):")
            .lines(2)
            .signature(&["- Lưu: Hồ sơ."], &signature)
            .into_bytes()
    }

    fn content(&self, mut document: Document) -> Document {
        let content = &self.opened.said.content;
        document = document.heading("II. NỘI DUNG");
        if !content.topics.is_empty() {
            let topics: Vec<&str> = content.topics.iter().map(|one| topic_name(*one)).collect();
            document = document.fact("Các nội dung đã trao đổi", &topics.join("; "));
        }
        let parts = [
            ("Diễn biến", &content.body),
            ("Ý kiến của trẻ", &content.child_view),
            ("Thống nhất", &content.agreed),
            ("Việc tiếp theo", &content.follow_ups),
        ];
        for (name, text) in parts {
            if let Some(text) = text {
                document = document.fact(name, text);
            }
        }
        for addendum in &self.opened.addenda {
            let at = addendum.created_at;
            let day = format_date(self.zone.day(at));
            let time = self.zone.format_clock(at);
            let by = self.authors.get(&addendum.author_id);
            let by = by.map(|name| format!(", {name}")).unwrap_or_default();
            let name = format!("Bổ sung ngày {day}, {time}{by}");
            document = document.fact(&name, &addendum.text);
        }
        document
    }
}

/// Whom a party is, as the paper calls them.
const fn role_name(role: PartyRole) -> &'static str {
    match role {
        PartyRole::BirthParent => "Cha mẹ đẻ",
        PartyRole::Relative => "Người thân thích",
        PartyRole::Guardian => "Người giám hộ",
        PartyRole::Child => "Trẻ em",
        PartyRole::ProspectiveAdoptiveParent => "Người nhận con nuôi",
        PartyRole::AdoptiveParent => "Cha mẹ nuôi",
        PartyRole::AdultAdoptee => "Con nuôi đã trưởng thành",
        PartyRole::Caregiver => "Người chăm sóc",
    }
}

/// What was talked about, as the paper calls it (`domain.md` §2.3).
const fn topic_name(topic: Topic) -> &'static str {
    match topic {
        Topic::Alternatives => "các lựa chọn khác và hỗ trợ gia đình",
        Topic::Purpose => "mục đích và các hình thức nuôi con nuôi",
        Topic::LegalEffects => "quyền và nghĩa vụ sau khi nhận con nuôi",
        Topic::FreeConsent => "sự tự nguyện, không vật chất, quyền và thời hạn thay đổi ý kiến",
        Topic::Health => "sức khỏe sau sinh",
        Topic::Origins => "liên hệ và thông tin về nguồn gốc",
        Topic::LegalAid => "trợ giúp pháp lý",
        Topic::ChildsView => "suy nghĩ, nguyện vọng của trẻ",
        Topic::Motivation => "điều kiện và lý do nhận con nuôi",
        Topic::SpecialNeeds => "trẻ có nhu cầu đặc biệt",
        Topic::Procedure => "thủ tục và thời hạn",
        Topic::CareConversion => "thay đổi hình thức chăm sóc",
        Topic::OpinionTaking => "lấy ý kiến những người liên quan",
        Topic::Grief => "mất mát, chia ly",
        Topic::HandOver => "gặp gỡ, chuẩn bị và giao nhận",
        Topic::Attachment => "gắn bó, học tập, sức khỏe",
        Topic::PeriodicReports => "báo cáo định kỳ",
        Topic::Difficulties => "khó khăn phát sinh",
        Topic::Search => "tìm hiểu nguồn gốc, gặp lại gia đình",
        Topic::Other => "nội dung khác",
    }
}
