//! Word documents: a ZIP archive of parts. Each part is unpacked once, to nowhere, and counted;
//! what may stand in one is listed here, and all else is refused.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::polyglot::contains;
use super::{Danger, Refusal};

/// Parts of a document.
const PARTS: usize = 2000;
/// Bytes of all parts together, unpacked.
const UNPACKED: u64 = 100 * 1024 * 1024;
/// How often a document may be folded, where it is not small.
const FOLDS: u64 = 200;
const SMALL: u64 = 4 * 1024 * 1024;
/// Bytes of a part that is read and not only counted.
const READ: u64 = 1024 * 1024;
/// Bytes of an archive's end without a remark.
const END: usize = 22;
/// The part without which it is no such document.
const MAIN: &[u8] = b"word/document.xml";
const TYPES: &str = "[Content_Types].xml";
/// What parts' names end with.
const ENDINGS: [&str; 15] = [
    "xml", "rels", "png", "jpg", "jpeg", "jpe", "gif", "bmp", "tif", "tiff", "emf", "wmf", "odttf",
    "ttf", "thmx",
];

/// Whether an archive has a Word document's main part.
pub(super) fn looks_so(bytes: &[u8]) -> bool {
    contains(bytes, MAIN)
}

/// Refuses what is not whole, locked, folded too often, or carries what is no text or picture.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let parts = ends_well(bytes)?;
    // Counted before an archive's reader makes something of each.
    let entries = bytes.windows(4).filter(|part| part == b"PK\x01\x02");
    if parts > PARTS || entries.count() > 2 * PARTS {
        return Err(Refusal::Dangerous(Danger::TooMuchInside));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_broken| Refusal::Damaged)?;
    // Two parts of one name are read by some as the first, by others as the last.
    if archive.len() != parts || archive.offset() != 0 {
        return Err(Refusal::Dangerous(Danger::TwoKinds));
    }
    let (mut unpacked, mut has_types) = (0, false);
    for index in 0..parts {
        let part = archive
            .by_index_raw(index)
            .map_err(|_broken| Refusal::Damaged)?;
        if part.encrypted() {
            return Err(Refusal::Locked);
        }
        let name = String::from_utf8(part.name_raw().to_vec());
        let name = name.map_err(|_quotes| Refusal::Damaged)?;
        drop(part);
        allowed(&name)?;
        let part = archive
            .by_index(index)
            .map_err(|_broken| Refusal::Damaged)?;
        let mut part = part.take(UNPACKED - unpacked + 1);
        let (length, text) = read(&mut part, is_read(&name))?;
        unpacked += length;
        let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if unpacked > UNPACKED || (unpacked > SMALL && unpacked / FOLDS > packed) {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
        }
        if name == TYPES {
            has_types = true;
            types(&text)?;
        } else if is_read(&name) {
            relations(&text)?;
        }
    }
    if has_types {
        Ok(())
    } else {
        Err(Refusal::Damaged)
    }
}

/// The number of parts that an archive's end tells; nothing follows it.
fn ends_well(bytes: &[u8]) -> Result<usize, Refusal> {
    let from = bytes.len().checked_sub(END).ok_or(Refusal::Damaged)?;
    let end = bytes.get(from..).unwrap_or_default();
    match end {
        [b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, .., 0, 0] => {
            Ok(usize::from(u16::from_le_bytes([*low, *high])))
        }
        // A remark, or what an archive's reader does not look at.
        _ if contains(bytes, b"PK\x05\x06") => Err(Refusal::Dangerous(Danger::TwoKinds)),
        _ => Err(Refusal::Damaged),
    }
}

/// Refuses a part that is a program or a file of its own, or has no name of a part.
fn allowed(name: &str) -> Result<(), Refusal> {
    let is_odd = name.starts_with('/') || name.contains(['\\', '\0', ':']);
    if is_odd || name.split('/').any(|step| step == "..") {
        return Err(Refusal::Damaged);
    }
    let name = name.to_ascii_lowercase();
    if ["vbaproject", "vbadata", "activex"]
        .iter()
        .any(|word| name.contains(word))
    {
        return Err(Refusal::Dangerous(Danger::Program));
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let is_known = name.ends_with('/') || ending.is_some_and(|end| ENDINGS.contains(&end));
    if name.contains("embeddings/") || !is_known {
        return Err(Refusal::Dangerous(Danger::EmbeddedFile));
    }
    Ok(())
}

/// Whether a part says what the others are, or what they refer to.
fn is_read(name: &str) -> bool {
    let is_relations = name
        .rsplit_once('.')
        .is_some_and(|(_, end)| end.eq_ignore_ascii_case("rels"));
    name == TYPES || is_relations
}

/// How long a part is unpacked, and its bytes where they are wanted.
fn read(part: &mut impl Read, is_wanted: bool) -> Result<(u64, Vec<u8>), Refusal> {
    let mut text = Vec::new();
    let mut length = 0;
    if is_wanted {
        let read = part.take(READ + 1).read_to_end(&mut text);
        length = read
            .ok()
            .and_then(|read| u64::try_from(read).ok())
            .ok_or(Refusal::Damaged)?;
        if length > READ {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
        }
    }
    let rest = std::io::copy(part, &mut std::io::sink()).map_err(|_broken| Refusal::Damaged)?;
    Ok((length + rest, text))
}

/// Refuses a document whose parts are said to be programs, or which is another kind of document.
fn types(text: &[u8]) -> Result<(), Refusal> {
    let (mut is_document, mut is_program) = (false, false);
    each(text, &["Default", "Override"], |element| {
        let kind = attribute(element, "ContentType")?.to_ascii_lowercase();
        is_document |= kind.ends_with("wordprocessingml.document.main+xml");
        let words = ["macroenabled", "vbaproject", "activex", "oleobject"];
        is_program |= words.iter().any(|word| kind.contains(word));
        Ok(())
    })?;
    match (is_program, is_document) {
        (true, _) => Err(Refusal::Dangerous(Danger::Program)),
        (false, true) => Ok(()),
        (false, false) => Err(Refusal::Kind),
    }
}

/// Refuses a document that fetches something when it is opened; what one may click at stays.
fn relations(text: &[u8]) -> Result<(), Refusal> {
    each(text, &["Relationship"], |element| {
        let is_external = attribute(element, "TargetMode")?.eq_ignore_ascii_case("external");
        if is_external && !attribute(element, "Type")?.ends_with("/hyperlink") {
            return Err(Refusal::Dangerous(Danger::ExternalContent));
        }
        Ok(())
    })
}

/// Shows every element of some names.
fn each(
    text: &[u8],
    names: &[&str],
    mut show: impl FnMut(&BytesStart<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let text = std::str::from_utf8(text).map_err(|_quotes| Refusal::Damaged)?;
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_broken| Refusal::Damaged)? {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.local_name();
                if names.iter().any(|known| known.as_bytes() == name.as_ref()) {
                    show(&element)?;
                }
            }
            // What names mean could be changed there.
            Event::DocType(_) => return Err(Refusal::Damaged),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute's value, empty where there is none.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, Refusal> {
    let found = element
        .try_get_attribute(name)
        .map_err(|_broken| Refusal::Damaged)?;
    let Some(found) = found else {
        return Ok(String::new());
    };
    let raw = std::str::from_utf8(&found.value).map_err(|_quotes| Refusal::Damaged)?;
    let value = quick_xml::escape::unescape(raw).map_err(|_quotes| Refusal::Damaged)?;
    Ok(value.trim().to_owned())
}
