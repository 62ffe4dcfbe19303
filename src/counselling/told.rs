//! The words of counselling as a report prints them (`domain.md` §2.3 and §9).

/// What a word is called in Vietnamese and English; an unknown one stays as it is.
pub(super) fn told(word: &str) -> (String, String) {
    let found = WORDS.iter().find(|(known, ..)| *known == word);
    let (vi, en) = found.map_or((word, word), |(_, vi, en)| (*vi, *en));
    (vi.to_owned(), en.to_owned())
}

const WORDS: &[(&str, &str, &str)] = &[
    ("before", "Trước khi giải quyết", "Before settlement"),
    ("during", "Trong khi giải quyết", "During settlement"),
    ("after", "Sau khi giải quyết", "After settlement"),
    ("requested", "Chờ xác nhận", "Requested"),
    ("confirmed", "Đã hẹn", "Confirmed"),
    ("declined", "Không nhận", "Declined"),
    ("cancelled", "Đã hủy", "Cancelled"),
    ("expired", "Hết hạn chờ", "Expired"),
    ("completed", "Đã tư vấn", "Held"),
    ("no_show", "Vắng mặt không báo", "No-show"),
    ("birth_parent", "Cha mẹ đẻ", "Birth parents"),
    ("relative", "Người thân thích", "Relatives"),
    ("guardian", "Người giám hộ", "Guardians"),
    ("child", "Trẻ em", "Children"),
    (
        "prospective_adoptive_parent",
        "Người nhận con nuôi",
        "Prospective adoptive parents",
    ),
    ("adoptive_parent", "Cha mẹ nuôi", "Adoptive parents"),
    (
        "adult_adoptee",
        "Con nuôi đã trưởng thành",
        "Adult adoptees",
    ),
    ("caregiver", "Người chăm sóc", "Caregivers"),
    ("at_office", "Tại trụ sở", "At the office"),
    ("home", "Tại nơi ở", "At home"),
    ("phone", "Qua điện thoại", "By phone"),
    ("online", "Trực tuyến", "Online"),
    ("alternatives", "Các giải pháp thay thế", "Alternatives"),
    ("purpose", "Mục đích nuôi con nuôi", "Purpose of adoption"),
    ("legal_effects", "Hệ quả pháp lý", "Legal effects"),
    ("free_consent", "Sự đồng ý tự nguyện", "Free consent"),
    ("health", "Sức khỏe", "Health"),
    ("origins", "Nguồn gốc", "Origins"),
    ("legal_aid", "Trợ giúp pháp lý", "Legal aid"),
    ("childs_view", "Ý kiến của trẻ em", "The child's view"),
    ("motivation", "Động cơ nhận con nuôi", "Motivation"),
    ("special_needs", "Nhu cầu đặc biệt", "Special needs"),
    ("procedure", "Trình tự, thủ tục", "Procedure"),
    (
        "care_conversion",
        "Chuyển đổi hình thức chăm sóc",
        "Change of the form of care",
    ),
    ("opinion_taking", "Lấy ý kiến", "Taking opinions"),
    ("grief", "Mất mát, đau buồn", "Grief"),
    ("hand_over", "Giao nhận con nuôi", "Hand-over"),
    ("attachment", "Gắn bó gia đình", "Attachment"),
    ("periodic_reports", "Báo cáo định kỳ", "Periodic reports"),
    ("difficulties", "Khó khăn sau nhận con nuôi", "Difficulties"),
    ("search", "Tìm về nguồn gốc", "Search for origins"),
    ("other", "Khác", "Other"),
    (
        "family_preserved",
        "Trẻ ở lại gia đình gốc",
        "Family preserved",
    ),
    ("kinship_care", "Người thân thích chăm sóc", "Kinship care"),
    (
        "adopted_domestic",
        "Nhận con nuôi trong nước",
        "Adopted in the country",
    ),
    (
        "adopted_intercountry",
        "Nhận con nuôi quốc tế",
        "Adopted abroad",
    ),
    (
        "consent_withdrawn",
        "Rút lại sự đồng ý",
        "Consent withdrawn",
    ),
    ("other_care", "Hình thức chăm sóc khác", "Other care"),
    ("application_withdrawn", "Rút đơn", "Application withdrawn"),
    ("moved", "Chuyển nơi khác", "Moved away"),
];

#[cfg(test)]
mod tests {
    use super::told;
    use crate::counselling::appointment::AppointmentStatus;
    use crate::counselling::model::{Mode, Outcome, PartyRole, Phase, Topic};

    #[test]
    fn every_word_of_a_report_is_told() {
        let words = [
            Phase::ALL
                .iter()
                .map(|one| one.as_str())
                .collect::<Vec<_>>(),
            AppointmentStatus::ALL
                .iter()
                .map(|one| one.as_str())
                .collect(),
            PartyRole::ALL.iter().map(|one| one.as_str()).collect(),
            Mode::ALL.iter().map(|one| one.as_str()).collect(),
            Topic::ALL.iter().map(|one| one.as_str()).collect(),
            Outcome::ALL.iter().map(|one| one.as_str()).collect(),
        ];
        for word in words.concat() {
            assert_ne!(told(word).0, word);
        }
    }
}
