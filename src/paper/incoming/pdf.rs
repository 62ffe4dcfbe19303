//! Documents for reading (PDF). They are kept as they are; what opens one may obey what it says,
//! so one that runs, carries or sends something is refused.
//!
//! Such things have names of their own (`/JavaScript`), wherever they stand. So every name is
//! looked at, also those written with signs for letters and those packed into object streams;
//! how objects hang together need not be known.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{Danger, Refusal};

/// How far from its end the mark of the end may stand.
const REACH: usize = 1024;
/// Bytes of all object streams together, unpacked.
const UNPACKED: usize = 64 * 1024 * 1024;
/// Letters of the longest name that is looked for.
const NAME: usize = 16;
/// Bytes a name may take, each letter written as a sign.
const WRITTEN: usize = 1 + 3 * NAME + 1;
/// Bytes the dictionary of an object stream has at most.
const DICTIONARY: usize = 2048;
/// Object streams of a document.
const STREAMS: usize = 10_000;
/// Unpacked bytes that are looked at at once.
const BLOCK: usize = 64 * 1024;

const NAMES: [(&[u8], Refusal); 13] = [
    (b"Encrypt", Refusal::Locked),
    (b"JavaScript", Refusal::Dangerous(Danger::Program)),
    (b"Launch", Refusal::Dangerous(Danger::Program)),
    (b"RichMedia", Refusal::Dangerous(Danger::Program)),
    (b"Rendition", Refusal::Dangerous(Danger::Program)),
    (b"Movie", Refusal::Dangerous(Danger::Program)),
    (b"EmbeddedFile", Refusal::Dangerous(Danger::EmbeddedFile)),
    (b"EmbeddedFiles", Refusal::Dangerous(Danger::EmbeddedFile)),
    (b"FileAttachment", Refusal::Dangerous(Danger::EmbeddedFile)),
    (b"GoToE", Refusal::Dangerous(Danger::EmbeddedFile)),
    (b"GoToR", Refusal::Dangerous(Danger::ExternalContent)),
    (b"SubmitForm", Refusal::Dangerous(Danger::ExternalContent)),
    (b"ImportData", Refusal::Dangerous(Danger::ExternalContent)),
];

/// Refuses what is not whole, locked or not for reading only.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    ends_well(bytes)?;
    let mut seen = Seen::default();
    seen.look(bytes)?;
    let (mut room, mut streams) = (UNPACKED, 0);
    for (at, _) in names(bytes).filter(|(_, name)| name.text() == b"ObjStm") {
        streams += 1;
        if streams > STREAMS {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
        }
        unpack(bytes, at, &mut room, &mut seen)?;
    }
    seen.judge()
}

/// Nothing but white space follows the last mark of the end.
fn ends_well(bytes: &[u8]) -> Result<(), Refusal> {
    const MARK: &[u8] = b"%%EOF";
    let tail = bytes
        .get(bytes.len().saturating_sub(REACH)..)
        .unwrap_or(bytes);
    let last = tail.windows(MARK.len()).rposition(|part| part == MARK);
    let rest = last.and_then(|at| tail.get(at + MARK.len()..));
    let rest = rest.ok_or(Refusal::Damaged)?;
    let is_blank = |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ');
    if rest.iter().all(is_blank) {
        Ok(())
    } else {
        Err(Refusal::Dangerous(Danger::TwoKinds))
    }
}

/// What is only dangerous together.
#[derive(Default)]
struct Seen {
    has_form: bool,
    has_program_form: bool,
}

impl Seen {
    fn look(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        for (_, name) in names(bytes) {
            if let Some((_, refusal)) = NAMES.iter().find(|(known, _)| *known == name.text()) {
                return Err(*refusal);
            }
            self.has_form |= name.text() == b"AcroForm";
            self.has_program_form |= name.text() == b"XFA";
        }
        Ok(())
    }

    fn judge(&self) -> Result<(), Refusal> {
        // Three letters stand by chance in some large picture, the two together do not.
        if self.has_form && self.has_program_form {
            return Err(Refusal::Dangerous(Danger::Program));
        }
        Ok(())
    }
}

/// A name, its signs (`#41`) made letters.
#[derive(Clone, Copy, Default)]
struct Name {
    letters: [u8; NAME],
    length: usize,
}

impl Name {
    fn text(&self) -> &[u8] {
        self.letters.get(..self.length).unwrap_or_default()
    }

    /// The name that begins at a place, and where it ends; none of those that are looked for is
    /// longer or has other letters.
    fn at(bytes: &[u8], from: usize) -> Option<(usize, Self)> {
        let mut name = Self::default();
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            let letter = match byte {
                b'#' => {
                    let sign = bytes.get(at + 1..at + 3);
                    let sign = sign.and_then(|sign| std::str::from_utf8(sign).ok());
                    at += 2;
                    u8::from_str_radix(sign?, 16).ok()?
                }
                letter if letter.is_ascii_alphanumeric() => *letter,
                _ => break,
            };
            at += 1;
            *name.letters.get_mut(name.length)? = letter;
            name.length += 1;
        }
        (name.length > 0).then_some((at, name))
    }
}

/// Every name that may be one of those that are looked for, and where it ends.
fn names(bytes: &[u8]) -> impl Iterator<Item = (usize, Name)> + '_ {
    let slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.filter_map(|(at, _)| Name::at(bytes, at + 1))
}

/// Looks at the names in an object stream, whose type's name ends at `at`.
fn unpack(bytes: &[u8], at: usize, room: &mut usize, seen: &mut Seen) -> Result<(), Refusal> {
    const BEGIN: &[u8] = b"stream";
    let ahead = bytes.get(at..).unwrap_or_default();
    let ahead = ahead.get(..DICTIONARY).unwrap_or(ahead);
    let Some(begin) = ahead.windows(BEGIN.len()).position(|part| part == BEGIN) else {
        return Err(Refusal::Damaged);
    };
    let before = bytes
        .get(at.saturating_sub(DICTIONARY)..at)
        .unwrap_or_default();
    let opened = before
        .windows(4)
        .rposition(|part| part == b" obj")
        .unwrap_or(0);
    let from = at - (before.len() - opened);
    let dictionary = bytes.get(from..at + begin).unwrap_or_default();
    let mut filters = Vec::new();
    let (mut is_packed, mut is_mixed) = (false, false);
    for (_, name) in names(dictionary) {
        let name = name.text();
        is_packed |= name == b"Filter";
        // Each row of bytes changed by the one before: no writer does that to objects.
        is_mixed |= name == b"Predictor";
        if name.ends_with(b"Decode") || name == b"Fl" {
            filters.push(name.to_vec());
        }
    }
    if !is_packed {
        // It lies open, and was looked at with all the rest.
        return Ok(());
    }
    let is_plain = matches!(filters.as_slice(), [only] if only == b"FlateDecode" || only == b"Fl");
    if is_mixed || !is_plain {
        return Err(Refusal::Dangerous(Danger::Program));
    }
    let content = bytes.get(at + begin + BEGIN.len()..).unwrap_or_default();
    let content = content.strip_prefix(b"\r").unwrap_or(content);
    let content = content.strip_prefix(b"\n").unwrap_or(content);
    look_through(ZlibDecoder::new(content), room, seen)
}

fn look_through(mut packed: impl Read, room: &mut usize, seen: &mut Seen) -> Result<(), Refusal> {
    let mut block = vec![0; BLOCK];
    // What was read last stays before what comes: a name may lie across.
    let mut kept = 0;
    loop {
        let free = block.get_mut(kept..).unwrap_or_default();
        let read = packed.read(free).map_err(|_broken| Refusal::Damaged)?;
        if read == 0 {
            return Ok(());
        }
        *room = room
            .checked_sub(read)
            .ok_or(Refusal::Dangerous(Danger::TooMuchInside))?;
        let end = kept + read;
        seen.look(block.get(..end).unwrap_or_default())?;
        let from = end.saturating_sub(WRITTEN);
        block.copy_within(from..end, 0);
        kept = end - from;
    }
}
