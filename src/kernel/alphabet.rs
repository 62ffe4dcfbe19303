//! The order of Vietnamese words: first by the letters of its alphabet, then by the tones.

use unicode_normalization::UnicodeNormalization;

/// The letters in their order; marks that make a letter of their own stand behind it, decomposed.
const LETTERS: [&str; 29] = [
    "a", "a\u{306}", "a\u{302}", "b", "c", "d", "đ", "e", "e\u{302}", "g", "h", "i", "k", "l", "m",
    "n", "o", "o\u{302}", "o\u{31B}", "p", "q", "r", "s", "t", "u", "u\u{31B}", "v", "x", "y",
];
/// The tones in their order behind none: huyền, hỏi, ngã, sắc, nặng.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// A key that sorts as a Vietnamese dictionary does: letters, then tones. Whatever is no letter of
/// the alphabet keeps its place among the code points.
pub fn order(text: &str) -> (Vec<u32>, Vec<usize>) {
    let (mut letters, mut tones) = (Vec::new(), Vec::new());
    let lower = text.to_lowercase();
    let mut marks = lower.nfd().peekable();
    while let Some(base) = marks.next() {
        let (mut letter, mut tone) = (String::from(base), 0);
        while let Some(mark) = marks.next_if(|c| ('\u{300}'..='\u{36F}').contains(c)) {
            match TONES.iter().position(|known| *known == mark) {
                Some(index) => tone = index + 1,
                None => letter.push(mark),
            }
        }
        let place = LETTERS.iter().position(|known| *known == letter);
        let place = place.and_then(|place| u32::try_from(place).ok());
        // Letters stand behind blanks and digits, and before everything strange.
        letters.push(place.map_or(u32::from(base), |place| u32::from('a') + place));
        tones.push(tone);
    }
    (letters, tones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_before_tones() {
        let mut names = [
            "Đạt", "Dũng", "Đào", "Dung", "Cường", "Hòa", "Hoa", "Ánh", "Anh", "Âu", "Ân", "An",
            "Ăn",
        ];
        names.sort_by_cached_key(|name| order(name));
        let wanted = [
            "An", "Anh", "Ánh", "Ăn", "Ân", "Âu", "Cường", "Dung", "Dũng", "Đào", "Đạt", "Hoa",
            "Hòa",
        ];
        assert_eq!(names, wanted);
    }
}
