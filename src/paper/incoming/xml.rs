//! The XML parts of a Word document, read from end to end and never held whole.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Error, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Danger, Refusal};

/// Bytes of one tag or one text.
const PIECE: usize = 1024 * 1024;
/// Elements within each other.
const DEPTH: usize = 256;
/// Letters of an element's name.
const NAME: usize = 256;

/// What stands in a part. An element that is empty begins and ends like any other.
pub(super) enum Node<'a> {
    Begin(&'a BytesStart<'a>),
    Text(&'a str),
    End,
}

/// Bytes on their way to the reader, which holds one piece of them at a time.
struct Pieces<R> {
    inner: BufReader<R>,
    length: u64,
    piece: usize,
}

impl<R: Read> Read for Pieces<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Pieces<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.piece > PIECE {
            return Err(Error::other("too long"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, read: usize) {
        self.inner.consume(read);
        self.piece += read;
        self.length += u64::try_from(read).unwrap_or(u64::MAX);
    }
}

/// Shows all that stands in a part, and tells how long it is.
///
/// What another reader could take for something else is refused: types of documents (what names
/// mean could be changed there), texts that are not in UTF-8, and what stands before the first
/// element.
pub(super) fn walk(
    part: impl Read,
    mut show: impl FnMut(Node<'_>) -> Result<(), Refusal>,
) -> Result<u64, Refusal> {
    let mut reader = Reader::from_reader(Pieces {
        inner: BufReader::new(part),
        length: 0,
        piece: 0,
    });
    reader.config_mut().expand_empty_elements = true;
    let (mut bytes, mut depth) = (Vec::new(), 0_usize);
    loop {
        bytes.clear();
        reader.get_mut().piece = 0;
        let Ok(event) = reader.read_event_into(&mut bytes) else {
            return Err(if reader.get_ref().piece > PIECE {
                Refusal::Dangerous(Danger::TooMuchInside)
            } else {
                Refusal::Damaged
            });
        };
        // Letters of two bytes.
        if event.contains(&0) {
            return Err(Refusal::Damaged);
        }
        if let Some(text) = text(&event)? {
            if depth == 0 && !text.trim().is_empty() {
                return Err(Refusal::Damaged);
            }
            show(Node::Text(&text))?;
            continue;
        }
        match event {
            Event::Start(element) if depth < DEPTH && element.name().as_ref().len() < NAME => {
                depth += 1;
                show(Node::Begin(&element))?;
            }
            Event::Start(_) => return Err(Refusal::Dangerous(Danger::TooMuchInside)),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                show(Node::End)?;
            }
            Event::Decl(declared) => match declared.encoding() {
                None => {}
                Some(Ok(name)) if name.eq_ignore_ascii_case(b"utf-8") => {}
                Some(_) => return Err(Refusal::Damaged),
            },
            Event::DocType(_) => return Err(Refusal::Damaged),
            Event::Eof => return Ok(reader.get_ref().length),
            _ => {}
        }
    }
}

/// The text that an event is.
fn text<'a>(event: &'a Event<'_>) -> Result<Option<Cow<'a, str>>, Refusal> {
    let bytes: &[u8] = match event {
        Event::Text(text) => text,
        Event::CData(text) => text,
        Event::GeneralRef(name) => {
            let name: &[u8] = name;
            let text = [b"&", name, b";"].concat();
            return Ok(Some(Cow::Owned(plain(&text)?)));
        }
        _ => return Ok(None),
    };
    let text = std::str::from_utf8(bytes).map_err(|_quotes| Refusal::Damaged)?;
    Ok(Some(Cow::Borrowed(text)))
}

/// An attribute's value, empty where there is none.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, Refusal> {
    let found = element
        .try_get_attribute(name)
        .map_err(|_broken| Refusal::Damaged)?;
    let value = found.map_or_else(|| Ok(String::new()), |found| plain(&found.value))?;
    Ok(value.trim().to_owned())
}

/// The value of an attribute in whatever namespace. Two of one name are read by some as the first,
/// by others as the second.
pub(super) fn local_attribute(element: &BytesStart<'_>, name: &str) -> Result<String, Refusal> {
    let mut value = None;
    for found in element.attributes().with_checks(false) {
        let found = found.map_err(|_broken| Refusal::Damaged)?;
        if found.key.local_name().as_ref() == name.as_bytes()
            && value.replace(plain(&found.value)?).is_some()
        {
            return Err(Refusal::Damaged);
        }
    }
    Ok(value.unwrap_or_default())
}

fn plain(raw: &[u8]) -> Result<String, Refusal> {
    let raw = std::str::from_utf8(raw).map_err(|_quotes| Refusal::Damaged)?;
    let value = quick_xml::escape::unescape(raw).map_err(|_quotes| Refusal::Damaged)?;
    Ok(value.into_owned())
}
