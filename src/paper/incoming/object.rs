//! The objects of a document for reading (PDF), wherever they stand, as far as it must be known
//! which of them are streams and what a stream's dictionary says.

use super::pdf::Name;
use super::{Danger, Refusal};

/// The smallest thing that is written.
pub(super) enum Token<'a> {
    /// A dictionary begins.
    Open,
    Close,
    List,
    ListEnd,
    Name(&'a [u8]),
    /// Letters or bytes between brackets.
    Text,
    /// A number, or a word of the language.
    Word(&'a [u8]),
    /// Nothing more.
    End,
}

/// Reads one token after the other.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'/' | b'%')
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        self.run(is_blank);
        while self.rest().first() == Some(&b'%') {
            self.run(|byte| !matches!(byte, b'\r' | b'\n'));
            self.run(is_blank);
        }
        let (token, length) = match self.rest() {
            [] => (Token::End, 0),
            [b'<', b'<', ..] => (Token::Open, 2),
            [b'>', b'>', ..] => (Token::Close, 2),
            [b'[', ..] => (Token::List, 1),
            [b']', ..] => (Token::ListEnd, 1),
            [b'(', ..] => return self.text(),
            [b'<', ..] => {
                self.run(|byte| byte != b'>');
                (Token::Text, 1)
            }
            [b'/', ..] => {
                self.at += 1;
                return Token::Name(self.run(is_regular));
            }
            [b')' | b'>', ..] => (Token::Word(b""), 1),
            _ => return Token::Word(self.run(is_regular)),
        };
        self.at = (self.at + length).min(self.bytes.len());
        token
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn run(&mut self, is_part: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_part(*byte));
        let (run, _) = rest.split_at(length.unwrap_or(rest.len()));
        self.at += run.len();
        run
    }

    /// Letters between brackets, which may hold such brackets.
    fn text(&mut self) -> Token<'a> {
        let mut depth = 0_usize;
        let mut is_quoted = false;
        for byte in self.rest() {
            self.at += 1;
            match byte {
                _ if is_quoted => is_quoted = false,
                b'\\' => is_quoted = true,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        Token::Text
    }
}

/// An object that is no part of another.
#[derive(Default)]
pub(super) struct Object<'a> {
    /// `None` where it is written so oddly that readers may not agree.
    pub(super) number: Option<u64>,
    /// What it is, and all behind it.
    pub(super) value: &'a [u8],
    pub(super) dictionary: Option<&'a [u8]>,
    /// What follows the dictionary, and all behind it, where it is a stream.
    pub(super) content: Option<&'a [u8]>,
    /// The dictionary says that the content stands in another file or at an address.
    pub(super) is_elsewhere: bool,
    /// The content is objects. Readers look for the two places and not for the type.
    pub(super) is_objects: bool,
    /// Where in the content the objects begin.
    pub(super) first: Option<usize>,
}

/// Shows every object. They are looked for and not followed, since readers that find a document's
/// table broken look for them too.
pub(super) fn objects<'a>(
    bytes: &'a [u8],
    mut show: impl FnMut(&Object<'a>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    const BEGIN: &[u8] = b"obj";
    // Each byte stands in one object; hostile ones pretend to lie within each other.
    let mut room = 2 * bytes.len();
    let begins = bytes.windows(BEGIN.len()).enumerate();
    for (at, _) in begins.filter(|(_, part)| *part == BEGIN) {
        let (before, value) = bytes.split_at(at);
        let value = value.get(BEGIN.len()..).unwrap_or_default();
        let mut object = Object {
            number: number(before),
            value,
            ..Object::default()
        };
        let mut tokens = Tokens::new(value);
        if matches!(tokens.next(), Token::Open) {
            object.read(&mut tokens)?;
        }
        room = room
            .checked_sub(tokens.at)
            .ok_or(Refusal::Dangerous(Danger::TooMuchInside))?;
        show(&object)?;
    }
    Ok(())
}

/// The number in front of an object: `12 0 obj`.
fn number(before: &[u8]) -> Option<u64> {
    let part = |bytes: &[u8], is_part: fn(u8) -> bool| {
        let outside = bytes.iter().rposition(|byte| !is_part(*byte));
        outside.map_or(0, |at| at + 1)
    };
    let mut rest = before;
    let mut number: &[u8] = &[];
    for _ in 0..2 {
        let (front, blank) = rest.split_at(part(rest, is_blank));
        if blank.is_empty() {
            return None;
        }
        (rest, number) = front.split_at(part(front, |byte| byte.is_ascii_digit()));
    }
    // A sign or a point in front would be part of it.
    let is_alone = rest.last().is_none_or(|byte| !is_regular(*byte));
    let number = std::str::from_utf8(number).ok().filter(|_| is_alone);
    number?.parse().ok()
}

impl<'a> Object<'a> {
    /// Reads the dictionary, which has begun.
    fn read(&mut self, tokens: &mut Tokens<'a>) -> Result<(), Refusal> {
        // Whether each of what is open is a dictionary.
        let mut open = vec![true];
        // The name whose value comes next.
        let mut key: Option<&[u8]> = None;
        let (mut has_count, mut has_first, mut is_first) = (false, false, false);
        while !open.is_empty() {
            let token = tokens.next();
            let said = if open.len() == 1 { key.take() } else { None };
            match token {
                Token::Open => open.push(true),
                Token::List => open.push(false),
                Token::Close if open.pop() == Some(true) => {}
                Token::ListEnd if open.pop() == Some(false) => {}
                Token::Close | Token::ListEnd | Token::End => return Err(Refusal::Damaged),
                Token::Name(name) if open.len() == 1 && said.is_none() => {
                    let is = |known: &[u8]| Name::is(name, known);
                    self.is_elsewhere |= is(b"F") || is(b"FFilter") || is(b"FDecodeParms");
                    // A page of another document.
                    self.is_elsewhere |= is(b"Ref");
                    has_count |= is(b"N");
                    is_first = is(b"First");
                    key = Some(name);
                }
                Token::Name(name) if said.is_some_and(|key| Name::is(key, b"Type")) => {
                    self.is_objects |= Name::is(name, b"ObjStm");
                }
                Token::Word(word) if is_first && open.len() == 1 => {
                    let word = std::str::from_utf8(word).ok();
                    // A reference, or the second of two, of which readers take one or the other.
                    let is_clear = said.is_some() && !has_first;
                    self.first = word.filter(|_| is_clear).and_then(|word| word.parse().ok());
                    has_first = true;
                }
                Token::Name(_) | Token::Word(_) | Token::Text => {}
            }
        }
        self.is_objects |= has_count && has_first;
        let (dictionary, content) = self.value.split_at(tokens.at);
        self.dictionary = Some(dictionary);
        let mut tokens = Tokens::new(content);
        if let Token::Word(word) = tokens.next()
            && word.starts_with(b"stream")
        {
            let from = tokens.at - word.len() + b"stream".len();
            self.content = content.get(from..);
        }
        Ok(())
    }
}
