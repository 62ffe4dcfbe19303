//! Codes people read aloud and type: random, of letters that are not misread.

use super::token;

/// Letters of a code: none that is misread for another.
pub const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Letters for some bytes, with a hyphen after the fourth: `K7M2-94QX`.
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

/// A new code for a person and a matter: `K7M2-94`. It tells nothing, unlike a reference.
pub fn matter() -> String {
    spell(&token::random::<6>())
}

/// A new code that nothing of the office has: of thirty bits two of some ten thousand are the same
/// now and then.
///
/// # Errors
/// What looking fails with.
pub fn free<E>(mut is_taken: impl FnMut(&str) -> Result<bool, E>) -> Result<String, E> {
    loop {
        let code = matter();
        if !is_taken(&code)? {
            return Ok(code);
        }
    }
}

/// A new one-time code handed over in person: `K7M2-94QX`.
pub fn one_time() -> String {
    spell(&token::random::<8>())
}

/// A code of `length` letters as someone typed it, in the form it is stored; `None` when it is
/// none.
pub fn read(typed: &str, length: usize) -> Option<String> {
    if typed.len() > 32 {
        return None;
    }
    let letters: String = typed
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let is_code =
        letters.chars().count() == length && letters.chars().all(|c| LETTERS.contains(&c));
    let (left, right) = letters.split_at_checked(4)?;
    is_code.then(|| format!("{left}-{right}"))
}

/// The code of a matter as someone typed it, to look for: what is none finds nothing.
pub fn sought(typed: &str) -> String {
    read(typed, 6).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_code_is_not_given_again() {
        let mut tries = Vec::new();
        let given = free(|code| {
            tries.push(code.to_owned());
            Ok::<bool, ()>(tries.len() < 3)
        });
        assert_eq!((given.as_ref(), tries.len()), (Ok(&tries[2]), 3));
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(read("k7m2 94qx", 8).as_deref(), Some("K7M2-94QX"));
        assert_eq!(read("KoM2-l4QX", 8).as_deref(), Some("K0M2-14QX"));
        assert_eq!(read("k7m294", 6).as_deref(), Some("K7M2-94"));
        assert_eq!(read("ấấấấ-9999", 8), None);
        assert_eq!(read("abc", 8), None);
        assert_eq!(matter().len(), 7);
        assert_eq!(read(&one_time(), 8).map(|code| code.len()), Some(9));
    }
}
