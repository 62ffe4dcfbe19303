//! How people are addressed before their names, which lists write along: `Bà Nguyễn Thị Đào`.

use unicode_normalization::UnicodeNormalization;

use super::text::{fold, like_pattern};

/// Whom a way of address tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// Bà, chị, cô.
    Woman,
    /// Ông, anh, chú.
    Man,
    /// Bác.
    Anybody,
}

/// Ways of address, with their marks: without them `Chu` and `Bá` are names.
const TITLES: [(&str, Addressed); 7] = [
    ("ông", Addressed::Man),
    ("bà", Addressed::Woman),
    ("anh", Addressed::Man),
    ("chị", Addressed::Woman),
    ("cô", Addressed::Woman),
    ("chú", Addressed::Man),
    ("bác", Addressed::Anybody),
];

/// Frequent family names, folded: `Ông` is one, too, and `Ông Ích Khiêm` no mister.
const FAMILIES: [&str; 32] = [
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do",
    "ho", "ngo", "duong", "ly", "doan", "dao", "vuong", "trinh", "truong", "dinh", "lam", "phung",
    "mai", "to", "luong", "ha", "cao", "thai", "ta", "quach",
];

fn split(name: &str) -> Option<(Addressed, &str)> {
    let (first, rest) = name.trim().split_once(char::is_whitespace)?;
    let word: String = first.trim_end_matches('.').nfc().collect();
    let word = word.to_lowercase();
    // A list without any marks writes `Ba Nguyen Thi Dao`.
    let is_bare = name.is_ascii();
    let found = TITLES.iter().find(|(title, _)| {
        *title == word || (is_bare && ["ông", "bà"].contains(title) && fold(title) == word)
    });
    found.map(|(_, whom)| (*whom, rest.trim_start()))
}

/// A full name without the way its bearer is addressed, and what that tells of them.
pub fn parted(full_name: &str) -> (&str, Option<Addressed>) {
    let Some((whom, rest)) = split(full_name) else {
        return (full_name, None);
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_family = words
        .first()
        .is_some_and(|word| FAMILIES.contains(&fold(word).as_str()));
    if words.len() >= 2 && is_family {
        (rest, Some(whom))
    } else {
        (full_name, None)
    }
}

/// What somebody's name is found and compared by, however they are addressed.
pub fn name_key(full_name: &str) -> String {
    fold(parted(full_name).0)
}

/// What of a name was typed, as a literal pattern for `LIKE … ESCAPE '\\'` over such keys.
pub fn name_pattern(typed: &str) -> String {
    like_pattern(split(typed).map_or(typed, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_of_address_is_no_part_of_a_name() {
        for (written, name, whom) in [
            (
                "Bà Nguyễn Thị Đào",
                "Nguyễn Thị Đào",
                Some(Addressed::Woman),
            ),
            ("ÔNG  Trần Bình", "Trần Bình", Some(Addressed::Man)),
            (
                "Ba Nguyen Thi Dao",
                "Nguyen Thi Dao",
                Some(Addressed::Woman),
            ),
            ("Ông Ích Khiêm", "Ông Ích Khiêm", None),
            ("Chu Văn An", "Chu Văn An", None),
            ("Bá Lê Minh", "Bá Lê Minh", None),
            ("Anh Tuấn", "Anh Tuấn", None),
            ("Bà", "Bà", None),
            ("", "", None),
        ] {
            assert_eq!(parted(written), (name, whom), "{written}");
        }
    }

    #[test]
    fn names_are_alike_and_found_however_people_are_addressed() {
        assert_eq!(name_key("Bà Nguyễn Thị Đào"), name_key("nguyễn thị đào"));
        assert_eq!(name_pattern("bà nguyễn"), "%nguyen%");
        assert_eq!(name_pattern("Đào"), "%dao%");
    }
}
