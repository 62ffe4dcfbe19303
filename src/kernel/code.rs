//! Codes that people read aloud and type: random, and telling nothing.

use super::token;

/// Letters of a code: none that is misread for another.
pub const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// A letter for each byte, a hyphen behind the fourth.
pub fn spell(bytes: &[u8]) -> String {
    let mut code = String::with_capacity(bytes.len() + 1);
    for (index, byte) in bytes.iter().enumerate() {
        if index == 4 {
            code.push('-');
        }
        code.push(LETTERS.get(usize::from(*byte % 32)).copied().unwrap_or('0'));
    }
    code
}

/// A new code of a person and matter, or of an alert: `K7M2-94`.
pub fn fresh() -> String {
    spell(&token::random::<6>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_two_groups_of_clear_letters() {
        assert_eq!(spell(&[19, 7, 20, 2, 9, 4]), "K7M2-94");
        let code = fresh();
        let (left, right) = code.split_once('-').unwrap();
        assert_eq!((left.len(), right.len()), (4, 2));
        assert!(
            left.chars()
                .chain(right.chars())
                .all(|c| LETTERS.contains(&c))
        );
    }
}
