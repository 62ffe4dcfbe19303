//! Pictures in chunks (PNG), each with a length, a name and a checksum. Those that make up the
//! picture and its colours are kept; texts, times, cameras' metadata, animations and unknown ones
//! go, and whatever follows the end.

use super::{Danger, Refusal, tiff};

const MAGIC: usize = 8;
/// Bytes a chunk has beside its content.
const AROUND: usize = 12;
/// What belongs to the picture.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"bKGD", b"hIST", b"pHYs", b"sPLT", b"cICP", b"mDCV", b"cLLI", b"oFFs",
];
/// Points of the largest picture; a scan of a whole page at 1200 dots an inch has 140 million.
const POINTS: u64 = 200_000_000;

/// Takes out what is not the picture.
pub(super) fn clean(bytes: &mut Vec<u8>) -> Result<(), Refusal> {
    let (mut from, mut to) = (MAGIC, MAGIC);
    let (mut turn, mut has_picture) = (None, false);
    loop {
        let chunk = Chunk::at(bytes, from)?;
        let (name, length) = (chunk.name, chunk.length);
        if (from == MAGIC) != (&name == b"IHDR") {
            return Err(Refusal::Damaged);
        }
        match &name {
            b"IHDR" => small_enough(chunk.content)?,
            b"eXIf" => turn = turn.or_else(|| tiff::orientation(chunk.content)),
            b"IDAT" => has_picture = true,
            // The end holds nothing; what some hid in it would be kept.
            b"IEND" if !chunk.content.is_empty() => return Err(Refusal::Damaged),
            _ => {}
        }
        if KEPT.contains(&&name) {
            bytes.copy_within(from..from + length, to);
            to += length;
        }
        from += length;
        if &name == b"IEND" {
            break;
        }
    }
    if !has_picture {
        return Err(Refusal::Damaged);
    }
    bytes.truncate(to);
    if let Some(turn) = turn {
        let end = to.saturating_sub(AROUND);
        bytes.splice(end..end, metadata(turn));
    }
    Ok(())
}

struct Chunk<'a> {
    name: [u8; 4],
    content: &'a [u8],
    /// With what is around the content.
    length: usize,
}

impl<'a> Chunk<'a> {
    fn at(bytes: &'a [u8], from: usize) -> Result<Self, Refusal> {
        let rest = bytes.get(from..).unwrap_or_default();
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(Refusal::Damaged)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let named = length.checked_add(4).and_then(|end| rest.get(..end));
        let named = named.ok_or(Refusal::Damaged)?;
        let sum = rest
            .get(named.len()..named.len() + 4)
            .ok_or(Refusal::Damaged)?;
        if crc32fast::hash(named).to_be_bytes() != sum {
            return Err(Refusal::Damaged);
        }
        let (name, content) = named.split_first_chunk::<4>().ok_or(Refusal::Damaged)?;
        Ok(Self {
            name: *name,
            content,
            length: length + AROUND,
        })
    }
}

fn small_enough(header: &[u8]) -> Result<(), Refusal> {
    let side = |at: usize| {
        let bytes: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(bytes)))
    };
    match (side(0), side(4)) {
        (Some(width), Some(height)) if width * height <= POINTS => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::Dangerous(Danger::TooMuchInside)),
        _ => Err(Refusal::Damaged),
    }
}

/// A chunk that says how the picture is turned.
fn metadata(turn: u8) -> Vec<u8> {
    let content = tiff::only(turn);
    let mut chunk = vec![0, 0, 0, 26];
    chunk.extend(b"eXIf");
    chunk.extend(content);
    let sum = crc32fast::hash(chunk.get(4..).unwrap_or_default());
    chunk.extend(sum.to_be_bytes());
    chunk
}
