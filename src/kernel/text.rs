//! Text as people write it: normalised once, at the edge, and never damaged.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Why a text is refused; each is a violation's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is left after trimming.
    Empty,
    /// Longer than the field holds.
    TooLong,
    /// NUL, a control or a bidi-override character.
    Forbidden,
    /// Not of the form an address has.
    Email,
    /// Not of the form a phone number has.
    Phone,
}

impl Fault {
    /// The violation code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong => "too-long",
            Self::Forbidden => "forbidden-character",
            Self::Email => "email-invalid",
            Self::Phone => "phone-invalid",
        }
    }
}

/// Characters that hide, reorder or break text.
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether a character shows nothing and means nothing between letters: a zero-width space, a soft
/// hyphen, a word joiner. They come along when a name is copied, and would make two of one.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}' | '\u{2060}')
}

fn composed(raw: &str) -> String {
    let seen: String = raw.chars().filter(|c| !is_unseen(*c)).collect();
    seen.trim().nfc().collect()
}

/// One line: NFC, trimmed, inner spaces folded to one.
///
/// # Errors
/// `forbidden-character` and `too-long`.
pub fn line(raw: &str, max: usize) -> Result<String, Fault> {
    if raw.len() > max.saturating_mul(16).saturating_add(64) {
        return Err(Fault::TooLong);
    }
    let composed = composed(raw);
    if composed.chars().any(is_forbidden) {
        return Err(Fault::Forbidden);
    }
    let text = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > max {
        Err(Fault::TooLong)
    } else {
        Ok(text)
    }
}

/// Several lines: NFC, trimmed; line feeds and tabs stay.
///
/// # Errors
/// `forbidden-character` and `too-long`.
pub fn block(raw: &str, max: usize) -> Result<String, Fault> {
    if raw.len() > max.saturating_mul(16).saturating_add(64) {
        return Err(Fault::TooLong);
    }
    let text = composed(&raw.replace("\r\n", "\n"));
    if text
        .chars()
        .any(|c| is_forbidden(c) && c != '\n' && c != '\t')
    {
        return Err(Fault::Forbidden);
    }
    if text.chars().count() > max {
        Err(Fault::TooLong)
    } else {
        Ok(text)
    }
}

/// An address in the form it is compared and stored: NFC, lower case.
///
/// # Errors
/// `email-invalid`, `too-long` and `forbidden-character`.
pub fn email(raw: &str) -> Result<String, Fault> {
    let text = line(raw, 254)?.to_lowercase();
    let (local, domain) = text.rsplit_once('@').ok_or(Fault::Email)?;
    let local_is_fine = !local.is_empty()
        && local.len() <= 64
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(is_atom));
    let domain_is_fine = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    if local_is_fine && domain_is_fine {
        Ok(text)
    } else {
        Err(Fault::Email)
    }
}

fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// A phone number as it is dialled in the country: the other way round.
pub fn national(phone: &str) -> String {
    phone
        .strip_prefix("+84")
        .map_or_else(|| phone.to_owned(), |rest| format!("0{rest}"))
}

/// A phone number as E.164. A number without a country code is Vietnamese (`domain.md` §8.3).
///
/// # Errors
/// `phone-invalid`.
pub fn phone(raw: &str) -> Result<String, Fault> {
    if raw.len() > 64 {
        return Err(Fault::Phone);
    }
    let mut digits = String::new();
    let mut international = false;
    for (index, c) in raw.trim().nfkc().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if index <= 1 => international = true,
            ' ' | '.' | '-' | '(' | ')' | '\u{A0}' => {}
            _ => return Err(Fault::Phone),
        }
    }
    let national = if let Some(rest) = digits.strip_prefix("0084") {
        rest
    } else if let Some(rest) = digits.strip_prefix("00") {
        return foreign(rest);
    } else if let Some(rest) = digits
        .strip_prefix("84")
        .filter(|r| international || r.len() >= 9)
    {
        rest
    } else if international {
        return foreign(&digits);
    } else {
        digits.strip_prefix('0').ok_or(Fault::Phone)?
    };
    let national = national.strip_prefix('0').unwrap_or(national);
    let is_mobile = national.len() == 9 && national.starts_with(['3', '5', '7', '8', '9']);
    let is_landline = national.len() == 10 && national.starts_with('2');
    if is_mobile || is_landline {
        Ok(format!("+84{national}"))
    } else {
        Err(Fault::Phone)
    }
}

fn foreign(digits: &str) -> Result<String, Fault> {
    let is_e164 = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    if is_e164 {
        Ok(format!("+{digits}"))
    } else {
        Err(Fault::Phone)
    }
}

/// The search key of a text: lower case, marks gone, `đ` as `d`, so `nguyen` finds `Nguyễn`.
/// NFD leaves `đ` whole (`domain.md` §0.11), hence the hand-made case.
pub fn fold(text: &str) -> String {
    let folded: String = text
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The order of a Vietnamese list: given name first, then family and middle names.
pub fn sort_key(full_name: &str) -> String {
    let folded = fold(full_name);
    match folded.rsplit_once(' ') {
        Some((before, given)) => format!("{given} {before}"),
        None => folded,
    }
}

/// `q` as a literal pattern for `LIKE … ESCAPE '\'` over a search key.
pub fn like_pattern(query: &str) -> String {
    let mut pattern = String::from("%");
    for c in fold(query).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A pattern for `LIKE … ESCAPE '\\'` over phones as they are kept: E.164. Of what is not four digits or
/// more it finds none.
pub fn phone_pattern(query: &str) -> String {
    let is_between = |c: &char| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{A0}');
    let typed: String = query.trim().nfkc().filter(is_between).collect();
    let digits = typed.strip_prefix('+').unwrap_or(&typed);
    // Whole or from its beginning, a number is typed with a zero and kept with the country's code.
    let digits = digits.strip_prefix('0').unwrap_or(digits);
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return String::new();
    }
    format!("%{digits}%")
}

/// A pattern for `LIKE … ESCAPE '\\'` over addresses. Of what has no `@` it finds none.
pub fn address_pattern(query: &str) -> String {
    if query.contains('@') {
        like_pattern(query)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_makes_no_two_names_of_one() {
        let copied = "\u{200B}Nguyễn\u{AD} Thị\u{2060} Đào\u{200B}";
        assert_eq!(line(copied, 40).unwrap(), "Nguyễn Thị Đào");
        assert_eq!(block(" \u{200B}\n", 40).unwrap(), "");
    }

    #[test]
    fn a_part_of_a_phone_is_sought_in_what_is_kept() {
        for (typed, pattern) in [
            ("0932 879 217", "%932879217%"),
            ("+84 932.879", "%84932879%"),
            ("9217", "%9217%"),
            ("217", ""),
            ("0932 Đào", ""),
            ("%%%%%", ""),
        ] {
            assert_eq!(phone_pattern(typed), pattern, "{typed}");
        }
        assert_eq!(address_pattern("Dao_1@Example.vn"), "%dao\\_1@example.vn%");
        assert_eq!(address_pattern("Đào"), "");
    }

    #[test]
    fn phones_are_read_as_offices_write_them() {
        for (raw, want) in [
            ("0932 879 217", "+84932879217"),
            ("+84929081003", "+84929081003"),
            ("0583.470.174", "+84583470174"),
            ("(+84) 500245892", "+84500245892"),
            ("84797510490", "+84797510490"),
            ("0084912345678", "+84912345678"),
            ("+84 0912345678", "+84912345678"),
            ("02253 123 456", "+842253123456"),
            ("+33 1 23 45 67 89", "+33123456789"),
        ] {
            assert_eq!(phone(raw).as_deref(), Ok(want), "{raw}");
        }
        for raw in [
            "12345",
            "111",
            "19006179",
            "khong co",
            "",
            "0912",
            "+8491234567890123",
        ] {
            assert_eq!(phone(raw), Err(Fault::Phone), "{raw}");
        }
    }

    #[test]
    fn marks_and_case_do_not_matter_to_a_search() {
        assert_eq!(fold("Nguyễn Thị  Đào"), "nguyen thi dao");
        assert_eq!(fold("hoà"), fold("hòa"));
        assert_eq!(sort_key("Nguyễn Thị Đào"), "dao nguyen thi");
        assert_eq!(like_pattern("50%_\\"), "%50\\%\\_\\\\%");
    }

    #[test]
    fn addresses_are_canonical_or_refused() {
        assert_eq!(
            email(" Lan.TRAN@Example.vn ").as_deref(),
            Ok("lan.tran@example.vn")
        );
        for raw in [
            "khong co",
            "a@b",
            "a..b@c.vn",
            "a@-b.vn",
            "a b@c.vn",
            "a@b.vn\r\nBcc: x@y.vn",
        ] {
            assert!(email(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn hidden_characters_are_refused_and_composition_is_one() {
        assert_eq!(line("a\u{202E}b", 9), Err(Fault::Forbidden));
        assert_eq!(line("a\u{0}b", 9), Err(Fault::Forbidden));
        assert_eq!(line("  Lý  Thành ", 20).as_deref(), Ok("Lý Thành"));
        assert_eq!(line("e\u{301}", 1).as_deref(), Ok("é"));
        assert_eq!(line("abc", 2), Err(Fault::TooLong));
        assert_eq!(block("a\r\nb", 9).as_deref(), Ok("a\nb"));
    }

    proptest! {
        #[test]
        fn no_input_panics_and_lines_are_stable(raw in ".{0,200}") {
            let _phone = phone(&raw);
            let _email = email(&raw);
            if let Ok(text) = line(&raw, 100) {
                prop_assert_eq!(line(&text, 100), Ok(text));
            }
            prop_assert_eq!(fold(&fold(&raw)), fold(&raw));
        }
    }
}
