//! The letter that sends a request to the Centre (phiếu chuyển, template 1.4 of Decree
//! 30/2020/NĐ-CP). Only what the Centre needs to decide and to reach the family without harm.

use super::{Facts, names};
use crate::kernel::civil::format_date;
use crate::kernel::text::national;
use crate::legal_aid::clock::Urgency;
use crate::legal_aid::model::{CATEGORY_CHILD, UrgencyLevel};
use crate::legal_aid::store::terms::List;
use crate::office::printed::Kind;
use crate::office::safe_contact::{Channels, SafeContact};
use crate::paper::{self, Align, Column, Document, Page, Table};

impl Facts {
    /// The letter; once it was sent it has its number and its day.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub(in crate::legal_aid) fn referral_letter(&self) -> Result<Vec<u8>, paper::Error> {
        let settings = &self.settings;
        let (head, centre) = match &self.request.secret.referral {
            Some(sent) => (
                settings.numbered_head(&sent.document_number, sent.sent_on),
                &sent.centre,
            ),
            None => (
                settings.head_of(Kind::Transfer, self.now),
                &settings.centre.name,
            ),
        };
        let request = &self.request;
        let reference = request.reference.as_deref().unwrap_or(&request.code);
        let opening = format!(
            "Ngày {}, {} đã tiếp nhận yêu cầu trợ giúp pháp lý số {reference}. Sau khi xem xét, \
             {} chuyển yêu cầu và các giấy tờ kèm theo đến {centre} để giải quyết theo thẩm quyền.",
            format_date(self.day()),
            settings.name,
            settings.name,
        );
        let mut document = Document::new(Page::Portrait, self.now)
            .head(&head)
            .title("PHIẾU CHUYỂN", self.subject())
            .addressee(centre)
            .paragraph(&opening)
            .heading("1. Người yêu cầu");
        document = self
            .requester(document)
            .heading("2. Người được trợ giúp pháp lý");
        document = self.child(document).heading("3. Nội dung yêu cầu");
        document = self.matter(document).heading("4. Giấy tờ kèm theo");
        if self.papers.is_empty() {
            document = document.paragraph("Chưa có giấy tờ kèm theo.");
        } else {
            document = document.table(&self.enclosed());
        }
        if !self.missing.is_empty() {
            let missing: Vec<&str> = self
                .missing
                .iter()
                .map(|kind| names::paper(*kind))
                .collect();
            document = document.fact("Giấy tờ sẽ bổ sung sau", &missing.join("; "));
        }
        document
            .closing(
                "Đề nghị Trung tâm xác nhận việc tiếp nhận, trả lời người yêu cầu theo cách liên hệ \
                 an toàn nêu trên và thông báo kết quả cho cơ quan chuyển để theo dõi./.",
            )
            .signature(&["- Như trên;", "- Lưu: VT, hồ sơ."], &settings.signature())
            .into_bytes()
    }

    /// What it is about: not everybody a request is made for is a child.
    fn subject(&self) -> &'static str {
        match self.request.category.as_deref() {
            Some(CATEGORY_CHILD) => "Yêu cầu trợ giúp pháp lý cho trẻ em",
            _ => "Yêu cầu trợ giúp pháp lý",
        }
    }

    fn requester(&self, mut document: Document) -> Document {
        let requester = &self.request.secret.requester;
        let phone = requester.phone.as_deref().map(national);
        document = document.fact_or_line("Họ và tên", requester.name.as_deref());
        let facts = [
            (
                "Quan hệ với người được trợ giúp",
                requester.relation.map(names::relation),
            ),
            ("Địa chỉ", requester.address.as_deref()),
            ("Điện thoại", phone.as_deref()),
            ("Thư điện tử", requester.email.as_deref()),
        ];
        for (name, text) in facts {
            if let Some(text) = text {
                document = document.fact(name, text);
            }
        }
        document.fact("Cách liên hệ an toàn", &safely(&requester.safe_contact))
    }

    fn child(&self, mut document: Document) -> Document {
        let request = &self.request;
        document = document
            .fact_or_line("Họ và tên", request.secret.child.name.as_deref())
            .fact_or_line("Ngày, tháng, năm sinh", self.birth_date().as_deref());
        let category = self.term(List::Category, request.category.as_deref());
        let circumstances = self.circumstances();
        let facts = [
            ("Giới tính", names::sex(request.child_sex)),
            ("Diện người được trợ giúp pháp lý", category),
            ("Hoàn cảnh đặc biệt", circumstances.as_deref()),
        ];
        for (name, text) in facts {
            if let Some(text) = text {
                document = document.fact(name, text);
            }
        }
        document
    }

    fn matter(&self, mut document: Document) -> Document {
        let request = &self.request;
        let urgency = pressing(&request.clock.urgency);
        let facts = [
            ("Lĩnh vực", self.term(List::Field, request.field.as_deref())),
            (
                "Hình thức trợ giúp đề nghị",
                self.term(List::Form, request.form_wanted.as_deref()),
            ),
            ("Khẩn cấp", urgency.as_deref()),
            ("Tóm tắt", request.secret.summary.as_deref()),
        ];
        for (name, text) in facts {
            if let Some(text) = text {
                document = document.fact(name, text);
            }
        }
        document
    }

    /// What goes with the letter.
    fn enclosed(&self) -> Table {
        let mut rows = Vec::new();
        for (number, (kind, pages)) in self.enclosures().enumerate() {
            rows.push(vec![
                (number + 1).to_string(),
                names::paper(kind).to_owned(),
                pages.to_string(),
            ]);
        }
        Table {
            columns: vec![
                Column::new("STT", 8, Align::Centre),
                Column::new("Tên giấy tờ", 72, Align::Left),
                Column::new("Số tệp", 20, Align::Centre),
            ],
            rows,
            height: None,
        }
    }
}

/// How the family may be reached without harm, for whoever does not know it yet.
fn safely(contact: &SafeContact) -> String {
    if !contact.is_confirmed() {
        return "chưa được xác nhận; đề nghị liên hệ qua cơ quan chuyển".to_owned();
    }
    let Channels {
        may_email,
        may_call,
        may_leave_message,
        ..
    } = contact.channels;
    let say = |may: bool, what: &str| format!("{} {what}", if may { "được" } else { "KHÔNG" });
    let mut ways = vec![
        say(may_call, "gọi điện thoại"),
        say(may_leave_message, "để lại lời nhắn"),
        say(may_email, "gửi thư điện tử"),
    ];
    if let Some(hours) = &contact.channels.hours {
        ways.push(format!("thời gian: {hours}"));
    }
    ways.join("; ")
}

/// That it presses, and why.
fn pressing(urgency: &Urgency) -> Option<String> {
    if urgency.level == UrgencyLevel::Normal {
        return None;
    }
    let mut words = vec![urgency.reason.map_or("có", names::urgency).to_owned()];
    if let Some(day) = urgency.hearing_on {
        words.push(format!("ngày xét xử {}", format_date(day)));
    }
    if let Some(day) = urgency.limitation_on {
        words.push(format!("ngày cuối của thời hiệu {}", format_date(day)));
    }
    Some(words.join("; "))
}
