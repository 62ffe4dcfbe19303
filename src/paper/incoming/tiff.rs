//! The metadata cameras write (Exif), which is a TIFF file: of all it says, only how the picture
//! is turned is kept.

/// The tag of the picture's turn.
const ORIENTATION: u16 = 0x0112;
/// The type of a 16-bit number.
const SHORT: u16 = 3;

/// How the picture is turned, 2 to 8; `None` where it is upright or nothing says so.
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        let order = if is_little {
            u16::from_le_bytes
        } else {
            u16::from_be_bytes
        };
        Some(order(bytes))
    };
    let long = |at: usize| {
        let (first, second) = (u32::from(short(at)?), u32::from(short(at + 2)?));
        let value = if is_little {
            second << 16 | first
        } else {
            first << 16 | second
        };
        usize::try_from(value).ok()
    };
    let directory = long(4)?;
    let count = usize::from(short(directory)?);
    let entry = (0..count)
        .map_while(|index| directory.checked_add(2 + index * 12))
        .take_while(|at| *at < tiff.len())
        .find(|at| short(*at) == Some(ORIENTATION) && short(at + 2) == Some(SHORT))?;
    let turn = u8::try_from(short(entry + 8)?).ok()?;
    (2..=8).contains(&turn).then_some(turn)
}

/// Metadata that says how the picture is turned and nothing else.
pub(super) fn only(turn: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    if let Some(place) = tiff.get_mut(19) {
        *place = turn;
    }
    tiff
}

/// Metadata that says nothing.
pub(super) const EMPTY: [u8; 14] = *b"MM\0\x2a\0\0\0\x08\0\0\0\0\0\0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_read_in_both_orders_and_survives() {
        for turn in 2..=8 {
            assert_eq!(orientation(&only(turn)), Some(turn));
        }
        let little = b"II\x2a\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x05\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        assert_eq!(orientation(little), Some(6));
        for nothing in [
            &only(1)[..],
            &only(9),
            &EMPTY,
            b"",
            b"II\x2a\0\xff\xff\xff\xff",
        ] {
            assert_eq!(orientation(nothing), None);
        }
    }

    #[test]
    fn a_directory_cut_anywhere_is_no_trouble() {
        let whole = only(6);
        for end in 0..20 {
            assert_eq!(orientation(&whole[..end]), None);
        }
    }
}
