//! Whom a sheet is about, as far as the body and the post of a row tell.
//!
//! Vietnamese tells words apart by their marks: `trưởng` is a head and `trường` a school. A word is
//! first looked for as it is written; only where nothing fits are the marks left out, and then words
//! that would be taken for others are not read, or at the start of the text alone.

use crate::kernel::text;
use crate::training::model::Audience;

/// How a word is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Anywhere, also without its marks.
    Plain,
    /// With its marks alone, where the text begins.
    Marked,
    /// Where the text begins; without its marks only in a text that has none at all.
    First,
}

use Reading::{First, Marked, Plain};

/// Whole words and whom they mean; the first that fits. A body of several is what stands first here:
/// `Công chức tư pháp` are of justice, not officials.
const WORDS: &[(&str, Reading, Audience)] = &[
    ("công an", Plain, Audience::Police),
    ("cap", Marked, Audience::Police),
    ("cảnh sát", Plain, Audience::Police),
    ("y tế", Plain, Audience::Health),
    ("tyt", Plain, Audience::Health),
    ("bệnh viện", Plain, Audience::Health),
    ("phòng khám", Plain, Audience::Health),
    ("nuôi dưỡng", Plain, Audience::CareInstitution),
    ("bảo trợ", Plain, Audience::CareInstitution),
    ("mái ấm", Plain, Audience::CareInstitution),
    ("làng trẻ", Plain, Audience::CareInstitution),
    ("tổ dân phố", Plain, Audience::ResidentialGroup),
    ("tdp", Plain, Audience::ResidentialGroup),
    ("khu phố", Plain, Audience::ResidentialGroup),
    ("khu dân cư", Plain, Audience::ResidentialGroup),
    ("mttq", Plain, Audience::MassOrganisation),
    ("ubmttq", Plain, Audience::MassOrganisation),
    ("mặt trận", Plain, Audience::MassOrganisation),
    ("hội liên hiệp", Plain, Audience::MassOrganisation),
    ("lhpn", Plain, Audience::MassOrganisation),
    ("hlhpn", Plain, Audience::MassOrganisation),
    ("hội phụ nữ", Plain, Audience::MassOrganisation),
    ("hội nông dân", Plain, Audience::MassOrganisation),
    ("hội cựu chiến binh", Plain, Audience::MassOrganisation),
    ("hội chữ thập đỏ", Plain, Audience::MassOrganisation),
    ("hội người cao tuổi", Plain, Audience::MassOrganisation),
    ("chi hội", Plain, Audience::MassOrganisation),
    ("đoàn thanh niên", Plain, Audience::MassOrganisation),
    ("đoàn tncs", Plain, Audience::MassOrganisation),
    ("công đoàn", Plain, Audience::MassOrganisation),
    ("tư pháp", Plain, Audience::Justice),
    ("hộ tịch", Plain, Audience::Justice),
    ("tòa án", Plain, Audience::Justice),
    ("toà án", Plain, Audience::Justice),
    ("viện kiểm sát", Plain, Audience::Justice),
    ("thi hành án", Plain, Audience::Justice),
    ("trợ giúp pháp lý", Plain, Audience::Justice),
    ("công chứng", Plain, Audience::Justice),
    ("tiểu học", Plain, Audience::Education),
    ("mầm non", Plain, Audience::Education),
    ("mẫu giáo", Plain, Audience::Education),
    ("trung học", Plain, Audience::Education),
    ("thcs", Plain, Audience::Education),
    ("thpt", Plain, Audience::Education),
    ("giáo viên", Plain, Audience::Education),
    ("hiệu trưởng", Plain, Audience::Education),
    ("giáo dục", Plain, Audience::Education),
    ("trường", Marked, Audience::Education),
    ("chùa", First, Audience::ReligiousEstablishment),
    ("tịnh xá", Plain, Audience::ReligiousEstablishment),
    ("nhà thờ", Plain, Audience::ReligiousEstablishment),
    ("giáo xứ", Plain, Audience::ReligiousEstablishment),
    ("trụ trì", Plain, Audience::ReligiousEstablishment),
    ("phụ huynh", Plain, Audience::Family),
    ("gia đình", First, Audience::Family),
    ("ubnd", Plain, Audience::Official),
    ("ủy ban nhân dân", Plain, Audience::Official),
    ("uỷ ban nhân dân", Plain, Audience::Official),
    ("hđnd", Plain, Audience::Official),
    ("hội đồng nhân dân", Plain, Audience::Official),
    ("đảng ủy", Plain, Audience::Official),
    ("đảng uỷ", Plain, Audience::Official),
    ("văn phòng", Plain, Audience::Official),
    ("trưởng phòng", Plain, Audience::Official),
    ("phòng", First, Audience::Official),
    ("chỉ huy quân sự", Plain, Audience::Official),
    ("chqs", Plain, Audience::Official),
    ("công chức", Plain, Audience::Official),
    ("cán bộ", Plain, Audience::Official),
];

/// The words of a text in lower case, each between spaces.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let letters = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = letters.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// Whom one text means.
fn of_text(text: &str) -> Option<Audience> {
    let (written, folded) = (words(text), words(&text::fold(text)));
    let has_marks = written != folded;
    let is_written = |(word, reading, _): &&(&str, Reading, Audience)| {
        let word = format!(" {word} ");
        match reading {
            Plain => written.contains(&word),
            Marked | First => written.starts_with(&word),
        }
    };
    let is_folded = |(word, reading, _): &&(&str, Reading, Audience)| {
        let word = words(&text::fold(word));
        match reading {
            Plain => folded.contains(&word),
            Marked => false,
            First => !has_marks && folded.starts_with(&word),
        }
    };
    let found = WORDS.iter().find(is_written);
    let found = found.or_else(|| WORDS.iter().find(is_folded));
    found.map(|(_, _, audience)| *audience)
}

/// Whom a row is about: by its body, or else by the post.
pub(super) fn of(organisation: Option<&str>, position: Option<&str>) -> Audience {
    let by_body = organisation.and_then(of_text);
    let found = by_body.or_else(|| position.and_then(of_text));
    found.unwrap_or(Audience::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_are_read_from_bodies() {
        for (text, want) in [
            ("Công an phường", Audience::Police),
            ("Trạm Y tế phường", Audience::Health),
            ("Công chức tư pháp – hộ tịch", Audience::Justice),
            ("Tòa án nhân dân khu vực 1", Audience::Justice),
            ("Văn phòng HĐND và UBND", Audience::Official),
            ("Phòng Văn hóa - Xã hội", Audience::Official),
            ("Phòng Kinh tế, Hạ tầng và Đô thị", Audience::Official),
            ("Đảng ủy phường", Audience::Official),
            ("Ban CHQS phường", Audience::Official),
            ("Chùa trên địa bàn phường", Audience::ReligiousEstablishment),
            ("Chưa rõ", Audience::Other),
            ("Cơ sở nuôi dưỡng trẻ em", Audience::CareInstitution),
            ("Làng trẻ SOS", Audience::CareInstitution),
            ("Tổ dân phố số 3", Audience::ResidentialGroup),
            ("Tổ trưởng tổ dân phố", Audience::ResidentialGroup),
            ("Ủy ban MTTQ phường", Audience::MassOrganisation),
            ("HLHPN phường", Audience::MassOrganisation),
            ("UBMTTQ Việt Nam phường", Audience::MassOrganisation),
            ("Đoàn TNCS HCM", Audience::MassOrganisation),
            ("CAP Lê Chân", Audience::Police),
            ("Sơ cấp nghề", Audience::Other),
            ("TYT P. Lê Chân", Audience::Health),
            ("Văn phòng công chứng", Audience::Justice),
            ("Hội Cựu chiến binh", Audience::MassOrganisation),
            ("Phụ huynh", Audience::Family),
            ("Trường Tiểu học (hiệu phó)", Audience::Education),
            ("Trường Nguyễn Văn Tố", Audience::Education),
            ("Công ty cổ phần Trường Hải", Audience::Other),
            ("Môi trường đô thị", Audience::Other),
            ("Cảng Hải Phòng", Audience::Other),
        ] {
            assert_eq!(of(Some(text), None), want, "{text}");
        }
    }

    #[test]
    fn a_post_tells_where_no_body_does_and_a_head_is_no_school() {
        for (body, post, want) in [
            ("Tổ dân phố số 5", "Tổ trưởng", Audience::ResidentialGroup),
            ("Khu phố 2", "Trưởng khu", Audience::ResidentialGroup),
            ("UBND phường", "Trưởng phòng", Audience::Official),
            ("Hội Nông dân", "Trưởng ban", Audience::MassOrganisation),
            ("", "Phó trưởng phòng", Audience::Official),
            ("", "Hiệu trưởng", Audience::Education),
            ("Trung tâm Công tác xã hội", "Tổ trưởng", Audience::Other),
        ] {
            assert_eq!(of(Some(body), Some(post)), want, "{body} | {post}");
        }
    }

    #[test]
    fn a_sheet_without_marks_is_read_too() {
        for (text, want) in [
            ("CONG AN PHUONG", Audience::Police),
            ("Truong tieu hoc Le Chan", Audience::Education),
            ("Truong phong", Audience::Official),
            ("Truong ban", Audience::Other),
            ("Chua Du Hang", Audience::ReligiousEstablishment),
            ("Phong Van hoa", Audience::Official),
            ("To dan pho 7", Audience::ResidentialGroup),
        ] {
            assert_eq!(of(Some(text), None), want, "{text}");
        }
    }
}
