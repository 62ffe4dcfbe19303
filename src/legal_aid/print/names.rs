//! What things are called on the ward's papers.

use crate::legal_aid::model::{PaperKind, Relation, Sex, UrgencyReason};
use crate::office::circumstance::Circumstance;

/// Who asks, seen from the child.
pub(super) const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Self_ => "Chính người được trợ giúp",
        Relation::Father => "Cha",
        Relation::Mother => "Mẹ",
        Relation::Guardian => "Người giám hộ",
        Relation::Relative => "Người thân thích",
        Relation::CaregiverEstablishment => "Cơ sở nuôi dưỡng, chăm sóc trẻ em",
        Relation::Agency => "Cơ quan, tổ chức",
        Relation::Other => "Người khác",
    }
}

/// A sex; none where it was not said.
pub(super) const fn sex(sex: Sex) -> Option<&'static str> {
    match sex {
        Sex::Female => Some("Nữ"),
        Sex::Male => Some("Nam"),
        Sex::Other => Some("Khác"),
        Sex::Unknown => None,
    }
}

/// Why it presses.
pub(super) const fn urgency(reason: UrgencyReason) -> &'static str {
    match reason {
        UrgencyReason::Limitation => "sắp hết thời hiệu",
        UrgencyReason::Hearing => "sắp đến ngày xét xử",
        UrgencyReason::InCustody => "trẻ em đang bị tạm giữ, tạm giam",
        UrgencyReason::ProceduralBody => "theo đề nghị của cơ quan tiến hành tố tụng",
        UrgencyReason::AvoidHarm => "để tránh gây thiệt hại cho trẻ em",
        UrgencyReason::Other => "lý do khác",
    }
}

/// A paper.
pub(super) const fn paper(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::RequestForm => "Đơn yêu cầu trợ giúp pháp lý",
        PaperKind::BirthCertificate => "Giấy khai sinh",
        PaperKind::IdentityPaper => "Giấy tờ tùy thân",
        PaperKind::ProofOfCategory => "Giấy tờ chứng minh diện người được trợ giúp pháp lý",
        PaperKind::MatterPaper => "Giấy tờ, tài liệu liên quan đến vụ việc",
        PaperKind::Authorisation => "Giấy ủy quyền",
        PaperKind::ReferralLetter => "Phiếu chuyển",
        PaperKind::CentreReceipt => "Giấy tiếp nhận của Trung tâm",
        PaperKind::CentreDecision => "Văn bản trả lời của Trung tâm",
        PaperKind::Other => "Giấy tờ khác",
    }
}

/// A special circumstance (Law on Children 102/2016/QH13, Article 10).
pub(super) const fn circumstance(circumstance: Circumstance) -> &'static str {
    match circumstance {
        Circumstance::OrphanBoth => "mồ côi cả cha và mẹ",
        Circumstance::Abandoned => "bị bỏ rơi",
        Circumstance::NoSupport => "không nơi nương tựa",
        Circumstance::Disabled => "khuyết tật",
        Circumstance::Hiv => "nhiễm HIV/AIDS",
        Circumstance::LawBreaking => "vi phạm pháp luật",
        Circumstance::DrugAddicted => "nghiện ma túy",
        Circumstance::DroppedOutToWork => "phải bỏ học kiếm sống",
        Circumstance::HarmedByViolence => "bị tổn hại nghiêm trọng do bạo lực",
        Circumstance::Exploited => "bị bóc lột",
        Circumstance::SexuallyAbused => "bị xâm hại tình dục",
        Circumstance::Trafficked => "bị mua bán",
        Circumstance::LongIllnessPoor => "mắc bệnh hiểm nghèo hoặc phải điều trị dài ngày",
        Circumstance::MigrantOrRefugee => "di cư, lánh nạn, tị nạn",
    }
}
