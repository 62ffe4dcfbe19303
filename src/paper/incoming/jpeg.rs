//! Photographs as cameras write them (ITU T.81): segments, each with a marker and a length, and
//! between them the picture itself, which is kept as it is.
//!
//! What else a segment may hold (where the picture was taken, by which device, small previews of
//! what was cropped away, comments) goes, and whatever follows the picture's end with it.

use super::{Refusal, tiff};

/// Begins every marker.
const MARK: u8 = 0xff;
/// The end of the picture.
const END: u8 = 0xd9;
/// The beginning of a scan.
const SCAN: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";

/// Takes out what is not the picture.
pub(super) fn clean(bytes: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut walk = Walk {
        from: 2,
        to: 2,
        has_frame: false,
        has_scan: false,
        turn: None,
    };
    loop {
        let marker = walk.marker(bytes)?;
        match marker {
            END => break,
            // These stand alone.
            0x01 | 0xd0..=0xd7 => walk.keep(bytes, &[MARK, marker], 0),
            0x00 | 0xd8 | MARK => return Err(Refusal::Damaged),
            _ => walk.segment(bytes, marker)?,
        }
    }
    if !walk.has_frame || !walk.has_scan {
        return Err(Refusal::Damaged);
    }
    let Walk { to, turn, .. } = walk;
    bytes.truncate(to);
    bytes.extend([MARK, END]);
    if let Some(turn) = turn {
        let tiff = tiff::only(turn);
        let mut segment = vec![MARK, 0xe1, 0, 34];
        segment.extend(EXIF);
        segment.extend(tiff);
        bytes.splice(2..2, segment);
    }
    Ok(())
}

/// A walk through the segments, which moves what is kept to the front.
struct Walk {
    /// Up to where it was read.
    from: usize,
    /// Up to where what is kept stands.
    to: usize,
    has_frame: bool,
    has_scan: bool,
    turn: Option<u8>,
}

impl Walk {
    /// The next marker.
    fn marker(&mut self, bytes: &[u8]) -> Result<u8, Refusal> {
        if bytes.get(self.from) != Some(&MARK) {
            return Err(Refusal::Damaged);
        }
        // Any number of them may stand before a marker.
        while bytes.get(self.from) == Some(&MARK) {
            self.from += 1;
        }
        let marker = bytes.get(self.from).copied().ok_or(Refusal::Damaged)?;
        self.from += 1;
        Ok(marker)
    }

    fn segment(&mut self, bytes: &mut [u8], marker: u8) -> Result<(), Refusal> {
        let length = bytes.get(self.from..self.from + 2);
        let length: [u8; 2] = length
            .and_then(|l| l.try_into().ok())
            .ok_or(Refusal::Damaged)?;
        let length = usize::from(u16::from_be_bytes(length));
        let whole = bytes
            .get(self.from..self.from + length)
            .ok_or(Refusal::Damaged)?;
        let content = whole.get(2..).ok_or(Refusal::Damaged)?;
        if is_kept(marker, content) {
            self.has_frame |= is_frame(marker);
            self.keep(bytes, &[MARK, marker], length);
        } else {
            if let (0xe1, Some(tiff)) = (marker, content.strip_prefix(EXIF)) {
                self.turn = self.turn.or_else(|| tiff::orientation(tiff));
            }
            self.from += length;
        }
        if marker == SCAN {
            self.has_scan = true;
            let picture = picture(bytes.get(self.from..).unwrap_or_default())?;
            self.keep(bytes, &[], picture);
        }
        Ok(())
    }

    /// Keeps a marker and what follows it. It never stands behind where it was read, so that
    /// nothing is overwritten that was not.
    fn keep(&mut self, bytes: &mut [u8], marker: &[u8], length: usize) {
        if let Some(place) = bytes.get_mut(self.to..self.to + marker.len()) {
            place.copy_from_slice(marker);
            self.to += marker.len();
        }
        bytes.copy_within(self.from..self.from + length, self.to);
        self.from += length;
        self.to += length;
    }
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc))
}

/// Whether a segment belongs to the picture: its tables, and how its colours are meant.
fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        // JFIF says how dense the picture is; its extension holds previews.
        0xe0 => content.starts_with(b"JFIF\0") && content.len() <= 14,
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe") && content.len() <= 12,
        0xc0..=0xcf | 0xda..=0xdd => true,
        _ => false,
    }
}

/// How long the picture's own bytes are, up to the next marker.
fn picture(bytes: &[u8]) -> Result<usize, Refusal> {
    let is_marker = |pair: &[u8]| matches!(pair, [MARK, second] if !matches!(second, 0x00 | 0xd0..=0xd7 | &0xff));
    let mut pairs = bytes.windows(2);
    pairs.position(is_marker).ok_or(Refusal::Damaged)
}
