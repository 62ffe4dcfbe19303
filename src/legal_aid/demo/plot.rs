//! Who asks for what in the demonstration.

use crate::legal_aid::model::{Relation, Sex};
use crate::legal_aid::status::Status;

/// One request of the demonstration.
pub(super) struct Plot {
    /// Days since it was handed in.
    pub(super) days: i64,
    /// Where it stands.
    pub(super) status: Status,
    pub(super) requester: &'static str,
    pub(super) relation: Relation,
    pub(super) child: &'static str,
    pub(super) sex: Sex,
    pub(super) age_years: i64,
    pub(super) field: &'static str,
    pub(super) summary: &'static str,
}

const fn plot(
    (days, status): (i64, Status),
    (requester, relation): (&'static str, Relation),
    (child, sex, age_years): (&'static str, Sex, i64),
    (field, summary): (&'static str, &'static str),
) -> Plot {
    Plot {
        days,
        status,
        requester,
        relation,
        child,
        sex,
        age_years,
        field,
        summary,
    }
}

/// The requests, one in every state.
pub(super) const REQUESTS: [Plot; 12] = [
    plot(
        (1, Status::Submitted),
        ("Bùi Thị Lan", Relation::Mother),
        ("Bùi An Nhiên", Sex::Female, 4),
        (
            "birth_registration",
            "Xin hướng dẫn đăng ký khai sinh quá hạn cho con.",
        ),
    ),
    plot(
        (4, Status::NeedsSupplement),
        ("Đỗ Văn Khải", Relation::Guardian),
        ("Đỗ Minh Quân", Sex::Male, 11),
        ("guardianship", "Đề nghị hỗ trợ thủ tục cử người giám hộ."),
    ),
    plot(
        (9, Status::Referred),
        ("Hồ Thị Thu", Relation::Relative),
        ("Hồ Gia Bảo", Sex::Male, 13),
        ("minor_property", "Tranh chấp phần di sản thừa kế của cháu."),
    ),
    plot(
        (18, Status::Accepted),
        ("Ngô Thị Hòa", Relation::Mother),
        ("Ngô Khánh Vy", Sex::Female, 8),
        (
            "marriage_family",
            "Xin tư vấn về quyền nuôi con và cấp dưỡng.",
        ),
    ),
    plot(
        (30, Status::Assigned),
        ("Phan Văn Tú", Relation::Father),
        ("Phan Đức Anh", Sex::Male, 15),
        (
            "criminal",
            "Con là bị hại trong một vụ cố ý gây thương tích.",
        ),
    ),
    plot(
        (48, Status::InProgress),
        ("Mái ấm Hoa Sen", Relation::CaregiverEstablishment),
        ("Lê Hoài Thương", Sex::Female, 9),
        (
            "adoption",
            "Xác minh nguồn gốc và giấy tờ của trẻ đang nuôi dưỡng.",
        ),
    ),
    plot(
        (95, Status::Completed),
        ("Trần Thị Mận", Relation::Mother),
        ("Trần Bảo Ngọc", Sex::Female, 6),
        ("social_benefits", "Xin hướng dẫn chế độ trợ giúp xã hội."),
    ),
    plot(
        (60, Status::Refused),
        ("Vương Quốc Thái", Relation::Father),
        ("Vương Nhật Minh", Sex::Male, 12),
        ("civil", "Đòi bồi thường thiệt hại tài sản của gia đình."),
    ),
    plot(
        (70, Status::Discontinued),
        ("Cao Thị Bích", Relation::Relative),
        ("Cao Tuấn Kiệt", Sex::Male, 14),
        ("administrative", "Khiếu nại quyết định xử phạt hành chính."),
    ),
    plot(
        (12, Status::Redirected),
        ("Dương Văn Lộc", Relation::Other),
        ("Dương Yến Nhi", Sex::Female, 5),
        ("other", "Hỏi thủ tục chuyển trường cho cháu."),
    ),
    plot(
        (25, Status::Withdrawn),
        ("Lý Thị Hương", Relation::Mother),
        ("Lý Phúc An", Sex::Unknown, 3),
        ("birth_registration", "Xin cải chính hộ tịch cho con."),
    ),
    plot(
        (7, Status::Void),
        ("Thử nghiệm", Relation::Other),
        ("Thử nghiệm", Sex::Unknown, 2),
        ("other", "Gõ nhầm khi tập huấn."),
    ),
];
