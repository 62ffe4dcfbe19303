//! The request as the family signs it, with the fields of form 02-TP-TGPL (Circular
//! 12/2018/TT-BTP; `domain.md` §4.3). What is not known is a line to write on.

use super::{Facts, names};
use crate::kernel::text::national;
use crate::legal_aid::model::SignedBy;
use crate::legal_aid::store::terms::List;
use crate::paper::{self, Document, Page, Signature};

impl Facts {
    /// The form.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub(in crate::legal_aid) fn request_form(&self) -> Result<Vec<u8>, paper::Error> {
        let mut document = Document::new(Page::Portrait, self.now)
            .private_head()
            .title("ĐƠN YÊU CẦU TRỢ GIÚP PHÁP LÝ", "(Mẫu số 02-TP-TGPL)")
            .addressee(&self.settings.centre.name)
            .heading("I. THÔNG TIN VỀ NGƯỜI YÊU CẦU");
        document = self
            .who_asks(document)
            .heading("II. THÔNG TIN VỀ NGƯỜI ĐƯỢC TRỢ GIÚP PHÁP LÝ");
        document = self.for_whom(document).heading("III. NỘI DUNG YÊU CẦU");
        document = self.what(document).heading("IV. GIẤY TỜ KÈM THEO");
        document = self.helped(self.with_what(document));
        document = document.closing(
            "Tôi cam đoan những điều trình bày trên đây là đúng sự thật và đề nghị được trợ giúp \
             pháp lý. Tôi được biết việc trợ giúp pháp lý không thu tiền, lợi ích vật chất hoặc \
             lợi ích nào khác.",
        );
        let capacity = if self.signs_with_a_finger() {
            "NGƯỜI YÊU CẦU (ĐIỂM CHỈ)"
        } else {
            "NGƯỜI YÊU CẦU"
        };
        let signature = Signature {
            capacity: vec![capacity.to_owned()],
            remark: Some("(Ký hoặc điểm chỉ, ghi rõ họ tên)".to_owned()),
            dated: Some(match self.request.submitted_on {
                Some(day) => self.settings.dated(day),
                None => self.settings.dated_by_hand(self.now),
            }),
            ..Signature::default()
        };
        document.signature(&[], &signature).into_bytes()
    }

    fn signs_with_a_finger(&self) -> bool {
        let entry = self.request.secret.assisted_entry.as_ref();
        entry.is_some_and(|entry| entry.signed_by == SignedBy::Fingerprint)
    }

    fn who_asks(&self, document: Document) -> Document {
        let requester = &self.request.secret.requester;
        let phone = requester.phone.as_deref().map(national);
        let relation = requester.relation.map(names::relation);
        let mut document = document
            .fact_or_line("Họ và tên", requester.name.as_deref())
            .fact_or_line("Quan hệ với người được trợ giúp", relation)
            .fact_or_line("Địa chỉ liên hệ", requester.address.as_deref())
            .fact_or_line("Điện thoại", phone.as_deref());
        if let Some(email) = &requester.email {
            document = document.fact("Thư điện tử", email);
        }
        document.fact_or_line("Số định danh cá nhân/hộ chiếu", None)
    }

    fn for_whom(&self, document: Document) -> Document {
        let request = &self.request;
        let category = self.term(List::Category, request.category.as_deref());
        let document = document
            .fact_or_line("Họ và tên", request.secret.child.name.as_deref())
            .fact_or_line("Ngày, tháng, năm sinh", self.birth_date().as_deref())
            .fact_or_line("Giới tính", names::sex(request.child_sex))
            .fact_or_line("Dân tộc", None)
            .fact_or_line("Diện người được trợ giúp pháp lý", category);
        match self.circumstances() {
            Some(text) => document.fact("Hoàn cảnh đặc biệt", &text),
            None => document,
        }
    }

    fn what(&self, document: Document) -> Document {
        let request = &self.request;
        let form = self.term(List::Form, request.form_wanted.as_deref());
        let field = self.term(List::Field, request.field.as_deref());
        let document = document
            .fact_or_line("Lĩnh vực pháp luật", field)
            .fact_or_line("Hình thức trợ giúp đề nghị", form)
            .fact_or_line(
                "Tóm tắt vụ việc và yêu cầu",
                request.secret.summary.as_deref(),
            );
        match request.secret.summary {
            Some(_) => document,
            None => document.lines(5),
        }
    }

    fn with_what(&self, mut document: Document) -> Document {
        let mut number = 0;
        for (kind, _) in self.enclosures() {
            number += 1;
            document = document.paragraph(&format!("{number}. {}.", names::paper(kind)));
        }
        for kind in &self.missing {
            number += 1;
            let line = format!("{number}. {} (bổ sung sau).", names::paper(*kind));
            document = document.paragraph(&line);
        }
        match number {
            0 => document.lines(2),
            _ => document,
        }
    }

    /// How it was written down for whoever could not write (`domain.md` §4.3).
    fn helped(&self, document: Document) -> Document {
        let Some(entry) = &self.request.secret.assisted_entry else {
            return document;
        };
        let document = document.fact_or_line("Người ghi hộ", self.writer.as_deref());
        if !entry.read_back {
            return document;
        }
        document.paragraph(
            "Nội dung đơn đã được đọc lại cho người yêu cầu nghe; người yêu cầu công nhận là đúng.",
        )
    }
}
