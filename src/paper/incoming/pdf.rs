//! Documents for reading (PDF). They are kept as they are; what opens one may obey what it says,
//! so one that runs, carries or sends something is refused.
//!
//! Such things have names of their own (`/JavaScript`), wherever they stand. So every name is
//! looked at, also those written with signs for letters and those packed into object streams;
//! how objects hang together need not be known. An address to click at is no harm, so the actions
//! that run without a click are looked at apart: what opens may only turn to a page or print.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::object::{Object, Token, Tokens, objects};
use super::{Danger, Refusal};

/// How far from its end the mark of the end may stand.
const REACH: usize = 1024;
/// Bytes of all object streams together, unpacked.
const UNPACKED: usize = 64 * 1024 * 1024;
/// Letters of the longest name that is looked for.
const NAME: usize = 16;
/// Bytes a name and what it says may take.
const AHEAD: usize = 1024;
/// Bytes of an action that is packed.
const ACTION: u64 = 1024;
/// Objects that are said to run at opening; more than one are leftovers of earlier versions.
const OPENED: usize = 4;
/// Bytes of an object stream's table.
const TABLE: usize = 256 * 1024;
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
/// All that stands in an action that turns to a page, or prints.
const TURNING: [&[u8]; 18] = [
    b"Type",
    b"Action",
    b"S",
    b"GoTo",
    b"D",
    b"SD",
    b"XYZ",
    b"Fit",
    b"FitH",
    b"FitV",
    b"FitR",
    b"FitB",
    b"FitBH",
    b"FitBV",
    b"Named",
    b"N",
    b"FirstPage",
    b"Print",
];
const RUNS: Refusal = Refusal::Dangerous(Danger::Program);

/// Refuses what is not whole, locked or not for reading only.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    ends_well(bytes)?;
    let mut seen = Seen::default();
    seen.look(bytes, true)?;
    let (mut room, mut streams) = (UNPACKED, 0);
    objects(bytes, |object| {
        if object.content.is_some() && object.is_elsewhere {
            return Err(Refusal::Dangerous(Danger::ExternalContent));
        }
        let Some(packed) = unpacked(object)? else {
            return Ok(());
        };
        streams += 1;
        if streams > STREAMS {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
        }
        look_through(packed, &mut room, &mut seen)
    })?;
    seen.judge()?;
    let mut opened = seen.opened.iter();
    opened.try_for_each(|number| opens_well(bytes, *number))
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

/// What is only dangerous together, or once it is known what it refers to.
#[derive(Default)]
struct Seen {
    has_form: bool,
    has_program_form: bool,
    /// Numbers of the objects that run at opening.
    opened: Vec<u64>,
}

impl Seen {
    /// Looks at every name; what some say lies behind them, and so the last names of a block wait
    /// for the next.
    fn look(&mut self, bytes: &[u8], is_last: bool) -> Result<(), Refusal> {
        for (at, name) in names(bytes) {
            let name = name.text();
            if let Some((_, refusal)) = NAMES.iter().find(|(known, _)| *known == name) {
                return Err(*refusal);
            }
            self.has_form |= name == b"AcroForm";
            self.has_program_form |= name == b"XFA";
            let ahead = bytes.get(at..).unwrap_or_default();
            let is_whole = is_last || ahead.len() >= AHEAD;
            let ahead = ahead.get(..AHEAD).unwrap_or(ahead);
            match name {
                b"AA" if is_whole && has_value(ahead) => return Err(RUNS),
                b"OpenAction" if is_whole => self.open(ahead)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// What runs at opening stands here, or in another object.
    fn open(&mut self, value: &[u8]) -> Result<(), Refusal> {
        let Token::Word(number) = Tokens::new(value).next() else {
            return turns(value);
        };
        if number != b"null" {
            let number = digits(number).ok_or(RUNS)?;
            if !self.opened.contains(&number) {
                self.opened.push(number);
            }
        }
        if self.opened.len() > OPENED {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
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
pub(super) struct Name {
    letters: [u8; NAME],
    length: usize,
}

impl Name {
    fn text(&self) -> &[u8] {
        self.letters.get(..self.length).unwrap_or_default()
    }

    /// Whether what is written is this name.
    pub(super) fn is(written: &[u8], name: &[u8]) -> bool {
        Self::at(written, 0)
            .is_some_and(|(end, known)| end == written.len() && known.text() == name)
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

/// Whether a dictionary follows, or a reference to one. The few letters of the name in front stand
/// by chance in some large picture; with this behind them they do not.
fn has_value(bytes: &[u8]) -> bool {
    let mut tokens = Tokens::new(bytes);
    match tokens.next() {
        Token::Open | Token::End => true,
        Token::Word(number) if digits(number).is_some() => {
            let is_number = matches!(tokens.next(), Token::Word(word) if digits(word).is_some());
            is_number && matches!(tokens.next(), Token::Word(b"R") | Token::End)
        }
        _ => false,
    }
}

fn digits(word: &[u8]) -> Option<u64> {
    let word = std::str::from_utf8(word).ok()?;
    let is_plain = word.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| word.parse().ok()).flatten()
}

/// Refuses an action but one that turns to a page or prints, and has nothing behind it.
fn turns(value: &[u8]) -> Result<(), Refusal> {
    let mut tokens = Tokens::new(value);
    match tokens.next() {
        // A page.
        Token::List => return Ok(()),
        Token::Open => {}
        _ => return Err(RUNS),
    }
    loop {
        match tokens.next() {
            Token::Close => return Ok(()),
            Token::Name(name) if TURNING.iter().any(|known| Name::is(name, known)) => {}
            Token::Word(_) | Token::Text | Token::List | Token::ListEnd => {}
            Token::Name(_) | Token::Open | Token::End => return Err(RUNS),
        }
    }
}

/// Refuses an object that runs at opening, wherever and however often it stands.
fn opens_well(bytes: &[u8], number: u64) -> Result<(), Refusal> {
    let mut is_found = false;
    objects(bytes, |object| {
        // Who knows what number a reader takes it for.
        let may_be = object.number.is_none() && object.dictionary.is_some();
        if object.number == Some(number) || may_be {
            turns(object.value)?;
            is_found |= !may_be;
        }
        let packed = unpacked(object)?.map(|packed| value_in(packed, object.first, number));
        if let Some(value) = packed.transpose()?.flatten() {
            turns(&value)?;
            is_found = true;
        }
        Ok(())
    })?;
    is_found.then_some(()).ok_or(Refusal::Damaged)
}

/// An object out of an object stream: a table of numbers and places, then the objects.
fn value_in(
    mut packed: impl Read,
    first: Option<usize>,
    number: u64,
) -> Result<Option<Vec<u8>>, Refusal> {
    let first = first.filter(|first| *first <= TABLE);
    let mut table = vec![0; first.ok_or(Refusal::Damaged)?];
    let read = packed.read_exact(&mut table);
    read.map_err(|_short| Refusal::Damaged)?;
    let (mut tokens, mut numbers) = (Tokens::new(&table), Vec::new());
    loop {
        match tokens.next() {
            Token::Word(word) => numbers.push(digits(word).ok_or(Refusal::Damaged)?),
            Token::End => break,
            _ => return Err(Refusal::Damaged),
        }
    }
    let mut places = numbers.chunks_exact(2).filter_map(|pair| match pair {
        [this, place] if *this == number => Some(*place),
        _ => None,
    });
    let Some(place) = places.next() else {
        return Ok(None);
    };
    if places.next().is_some() {
        return Err(Refusal::Damaged);
    }
    let mut value = Vec::new();
    std::io::copy(&mut packed.by_ref().take(place), &mut std::io::sink())
        .and_then(|_skipped| packed.take(ACTION).read_to_end(&mut value))
        .map_err(|_broken| Refusal::Damaged)?;
    Ok(Some(value))
}

/// What an object stream holds; nothing of any other object.
fn unpacked<'a>(object: &Object<'a>) -> Result<Option<Box<dyn Read + 'a>>, Refusal> {
    let (Some(dictionary), Some(content)) = (object.dictionary, object.content) else {
        return Ok(None);
    };
    if !object.is_objects {
        return Ok(None);
    }
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
    let content = content.strip_prefix(b"\r").unwrap_or(content);
    let content = content.strip_prefix(b"\n").unwrap_or(content);
    if !is_packed {
        return Ok(Some(Box::new(content)));
    }
    let is_plain = matches!(filters.as_slice(), [only] if only == b"FlateDecode" || only == b"Fl");
    if is_mixed || !is_plain {
        return Err(RUNS);
    }
    Ok(Some(Box::new(ZlibDecoder::new(content))))
}

fn look_through(mut packed: impl Read, room: &mut usize, seen: &mut Seen) -> Result<(), Refusal> {
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        let free = u64::try_from(BLOCK - block.len()).unwrap_or_default();
        let read = packed.by_ref().take(free).read_to_end(&mut block);
        let read = read.map_err(|_broken| Refusal::Damaged)?;
        *room = room
            .checked_sub(read)
            .ok_or(Refusal::Dangerous(Danger::TooMuchInside))?;
        let is_last = block.len() < BLOCK;
        seen.look(&block, is_last)?;
        if is_last {
            return Ok(());
        }
        // What was read last stays before what comes: a name may lie across.
        block.drain(..BLOCK - 2 * AHEAD);
    }
}
