//! The receipt a family takes home (giấy tiếp nhận). It lies about in homes: it names nobody, and
//! does not say what the office was asked for.

use super::Facts;
use crate::kernel::civil::format_date;
use crate::kernel::text::national;
use crate::legal_aid::service::receipt::Printed;
use crate::paper::{self, Document, Page, Signature};

/// A receipt to print.
#[derive(Debug)]
pub(in crate::legal_aid) struct Receipt {
    /// What the request's papers say.
    pub(in crate::legal_aid) facts: Facts,
    /// The two it is for.
    pub(in crate::legal_aid) printed: Printed,
    /// Whether the child-protection line stands on it: only where it is safe to have.
    pub(in crate::legal_aid) with_hotline: bool,
}

impl Receipt {
    /// The document.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub(in crate::legal_aid) fn into_bytes(self) -> Result<Vec<u8>, paper::Error> {
        let facts = &self.facts;
        let settings = &facts.settings;
        let pages: usize = facts.enclosures().map(|(_, pages)| pages).sum();
        let mut document = Document::new(Page::Portrait, facts.now)
            .head(&settings.head())
            .title("GIẤY TIẾP NHẬN", "Hồ sơ")
            .fact("Ngày tiếp nhận", &format_date(facts.day()))
            .fact("Mã hồ sơ", &self.printed.code)
            .fact("Số PIN", &self.printed.pin)
            .paragraph(
                "Ông/Bà giữ giấy này để hỏi hồ sơ đang ở bước nào: nhập mã hồ sơ và số PIN trên \
                 ứng dụng, hoặc đọc mã hồ sơ tại bàn đón tiếp. Nhập sai PIN năm lần thì bị khóa; \
                 bàn đón tiếp cấp giấy mới. Không đưa giấy này cho người khác.",
            )
            .paragraph(
                "Việc tiếp nhận và giải quyết không thu bất kỳ khoản tiền nào. Ông/Bà không phải \
                 trả tiền hay quà cho ai.",
            );
        if pages > 0 {
            document = document.fact("Số tệp giấy tờ đã nhận", &pages.to_string());
        }
        let desk = &settings.desk;
        let phone = desk.phone.as_deref().map(national);
        let facts_of_desk = [
            ("Bàn đón tiếp", desk.address.as_deref()),
            ("Điện thoại", phone.as_deref()),
            ("Giờ làm việc", desk.hours.as_deref()),
        ];
        for (name, text) in facts_of_desk {
            if let Some(text) = text {
                document = document.fact(name, text);
            }
        }
        if self.with_hotline {
            let line = "111 (miễn phí, 24 giờ mỗi ngày)";
            document = document.fact("Tổng đài quốc gia bảo vệ trẻ em", line);
        }
        let signature = Signature {
            capacity: vec!["NGƯỜI TIẾP NHẬN".to_owned()],
            remark: Some("(Ký, ghi rõ họ tên)".to_owned()),
            dated: Some(settings.dated(facts.zone.day(facts.now))),
            ..Signature::default()
        };
        document.signature(&[], &signature).into_bytes()
    }
}
