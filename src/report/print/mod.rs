//! What a report is printed as: the document that is signed, the workbook, the flat list. All are
//! made of its content alone. The document is Vietnamese whatever the reader's language: it is the
//! ward's own paper.

mod appendix;
mod document;
mod table;

pub(super) use document::document;
pub(super) use table::{csv, workbook};

use crate::office::report_row::Section;

/// What a part of the work is called.
const fn section(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Training => ("Tập huấn, hội nghị", "Training"),
        Section::Counselling => ("Tư vấn", "Counselling"),
        Section::LegalAid => ("Trợ giúp pháp lý", "Legal aid"),
        Section::Concern => ("Dấu hiệu vi phạm", "Concerns"),
    }
}

/// What a dimension or a measure is called; an unknown one stays as it is.
fn word(word: &str) -> (&str, &str) {
    let found = WORDS.iter().find(|(known, ..)| *known == word);
    found.map_or((word, word), |(_, vi, en)| (*vi, *en))
}

const WORDS: &[(&str, &str, &str)] = &[
    // Dimensions.
    ("total", "Tổng số", "Total"),
    ("plan_task", "Theo nhiệm vụ của Kế hoạch", "By plan task"),
    ("kind", "Theo loại hoạt động", "By kind"),
    ("lead_agency", "Theo cơ quan chủ trì", "By lead agency"),
    ("agency", "Theo cơ quan, đơn vị", "By agency"),
    ("audience", "Theo thành phần", "By audience"),
    ("sex", "Theo giới tính", "By sex"),
    ("age_band", "Theo độ tuổi", "By age"),
    ("phase", "Theo giai đoạn", "By phase"),
    ("status", "Theo tình trạng", "By status"),
    ("party_role", "Theo đối tượng", "By party"),
    ("mode", "Theo hình thức", "By mode"),
    ("topic", "Theo nội dung", "By topic"),
    ("outcome", "Theo kết quả của hồ sơ", "By outcome"),
    ("form", "Theo hình thức trợ giúp", "By form"),
    ("field", "Theo lĩnh vực", "By field"),
    ("category", "Theo diện người được trợ giúp", "By category"),
    ("urgency", "Theo mức độ khẩn", "By urgency"),
    (
        "refusal_reason",
        "Theo lý do từ chối",
        "By ground of refusal",
    ),
    (
        "within_period",
        "Phát sinh trong kỳ, không kể ngày nhận",
        "Within the period",
    ),
    // Products.
    ("conference_report", "báo cáo hội nghị", "conference report"),
    ("training_report", "báo cáo tập huấn", "training report"),
    ("survey_report", "báo cáo khảo sát", "survey report"),
    ("outreach_report", "báo cáo tuyên truyền", "outreach report"),
    ("review_report", "báo cáo rà soát", "review report"),
    ("inspection_report", "báo cáo kiểm tra", "inspection report"),
    (
        "outreach_material",
        "tài liệu tuyên truyền",
        "communication materials",
    ),
    (
        "guidance_document",
        "văn bản hướng dẫn",
        "guidance document",
    ),
    (
        "implementation_plan",
        "kế hoạch triển khai",
        "implementation plan",
    ),
    (
        "coordination_regulation",
        "quy chế phối hợp liên ngành",
        "coordination regulation",
    ),
    ("annual_report", "báo cáo hằng năm", "annual report"),
    ("summary_report", "báo cáo tổng kết", "summary report"),
    // Measures.
    ("sessions_completed", "Buổi đã tổ chức", "Sessions held"),
    (
        "sessions_published",
        "Buổi đã thông báo, chưa chốt",
        "Sessions announced",
    ),
    ("expected", "Phải có mặt", "Expected"),
    ("present", "Có mặt", "Present"),
    ("absent", "Vắng", "Absent"),
    ("excused", "Vắng có phép", "Excused"),
    ("walk_ins", "Không đăng ký trước", "Walk-ins"),
    ("slot_attendances", "Lượt người", "Attendances"),
    ("distinct_people", "Số người", "People"),
    ("appointments", "Lịch hẹn", "Appointments"),
    ("no_shows", "Vắng mặt không báo", "No-shows"),
    ("people_served", "Số người được tư vấn", "People served"),
    ("requests", "Yêu cầu nhận được", "Requests"),
    ("waiting", "Yêu cầu đang chờ", "Waiting"),
    (
        "median_waiting_days",
        "Số ngày chờ (trung vị)",
        "Median days of waiting",
    ),
    ("cases_ended", "Hồ sơ kết thúc", "Cases ended"),
    ("concerns", "Dấu hiệu đã ghi nhận", "Concerns"),
    ("received", "Tiếp nhận", "Received"),
    ("referred", "Chuyển Trung tâm", "Referred"),
    ("accepted", "Thụ lý", "Accepted"),
    ("refused", "Từ chối", "Refused"),
    ("redirected", "Hướng dẫn nơi khác", "Redirected"),
    ("completed", "Hoàn thành", "Completed"),
    ("discontinued", "Không tiếp tục", "Discontinued"),
    ("withdrawn", "Rút yêu cầu", "Withdrawn"),
    ("open", "Đang thực hiện", "Open"),
    ("brought_forward", "Kỳ trước chuyển sang", "Brought forward"),
    ("open_at_end", "Chuyển kỳ sau", "Open at the end"),
    (
        "median_working_days_to_referral",
        "Số ngày làm việc đến khi chuyển (trung vị)",
        "Median working days to referral",
    ),
];
