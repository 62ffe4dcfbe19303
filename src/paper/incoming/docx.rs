//! Word documents: a ZIP archive of parts. Each part is unpacked once, to nowhere, and counted;
//! what may stand in one is listed here, and all else is refused.

use std::io::{Cursor, Read};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::field::{Fields, is_link};
use super::polyglot::contains;
use super::xml::{Node, attribute, walk};
use super::{Danger, Refusal};

/// Parts of a document.
const PARTS: usize = 2000;
/// Bytes of all parts together, unpacked.
const UNPACKED: u64 = 100 * 1024 * 1024;
/// How often a document may be folded, where it is not small.
const FOLDS: u64 = 200;
const SMALL: u64 = 4 * 1024 * 1024;
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

/// What a part is to another, where it is a file of its own.
const FILES: [&str; 4] = ["/aFChunk", "/oleObject", "/package", "/control"];

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
        let length = look(&name, &mut part, &mut has_types)?;
        let rest = std::io::copy(&mut part, &mut std::io::sink());
        unpacked += length + rest.map_err(|_broken| Refusal::Damaged)?;
        let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if unpacked > UNPACKED || (unpacked > SMALL && unpacked / FOLDS > packed) {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
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

fn ends(name: &str, ending: &str) -> bool {
    let last = name.rsplit('.').next();
    last.is_some_and(|last| last.eq_ignore_ascii_case(ending))
}

/// Looks at what stands in a part, and tells how much of it was read.
fn look(name: &str, part: impl Read, has_types: &mut bool) -> Result<u64, Refusal> {
    if name.eq_ignore_ascii_case(TYPES) {
        *has_types = true;
        types(part)
    } else if ends(name, "rels") {
        each(part, &["Relationship"], relation)
    } else if ends(name, "xml") {
        let mut fields = Fields::default();
        let length = walk(part, |node| fields.look(&node))?;
        fields.finish()?;
        Ok(length)
    } else {
        Ok(0)
    }
}

/// Refuses a document whose parts are said to be programs, or which is another kind of document.
fn types(part: impl Read) -> Result<u64, Refusal> {
    let (mut is_document, mut is_program) = (false, false);
    let length = each(part, &["Default", "Override"], |element| {
        let kind = attribute(element, "ContentType")?.to_ascii_lowercase();
        is_document |= kind.ends_with("wordprocessingml.document.main+xml");
        let words = ["macroenabled", "vbaproject", "activex", "oleobject"];
        is_program |= words.iter().any(|word| kind.contains(word));
        // What a part is read as is said here, and not by its name.
        let is_xml = kind.contains("+xml") || kind.contains("/xml");
        let is_looked_at = |name: &str| name.is_empty() || ends(name, "xml") || ends(name, "rels");
        let names = [
            attribute(element, "PartName")?,
            attribute(element, "Extension")?,
        ];
        if is_xml && !names.iter().all(|name| is_looked_at(name)) {
            return Err(Refusal::Damaged);
        }
        Ok(())
    })?;
    match (is_program, is_document) {
        (true, _) => Err(Refusal::Dangerous(Danger::Program)),
        (false, true) => Ok(length),
        (false, false) => Err(Refusal::Kind),
    }
}

/// Refuses what is fetched when the document is opened, and a link to anything but what a browser
/// opens; what one may click at stays.
fn relation(element: &BytesStart<'_>) -> Result<(), Refusal> {
    let kind = attribute(element, "Type")?;
    let target = attribute(element, "Target")?;
    let is_elsewhere = attribute(element, "TargetMode")?.eq_ignore_ascii_case("external")
        || target.contains([':', '\\'])
        || target.starts_with("//");
    if is_elsewhere && !(kind.ends_with("/hyperlink") && is_link(&target)) {
        return Err(Refusal::Dangerous(Danger::ExternalContent));
    }
    // Whatever its name pretends to be.
    let is_file = FILES.iter().any(|file| kind.ends_with(file));
    if is_file {
        return Err(Refusal::Dangerous(Danger::EmbeddedFile));
    }
    Ok(())
}

/// Shows every element of some names.
fn each(
    part: impl Read,
    names: &[&str],
    mut show: impl FnMut(&BytesStart<'_>) -> Result<(), Refusal>,
) -> Result<u64, Refusal> {
    walk(part, |node| match node {
        Node::Begin(element) => {
            let name = element.local_name();
            let is_known = names.iter().any(|known| known.as_bytes() == name.as_ref());
            if is_known { show(element) } else { Ok(()) }
        }
        Node::Text(_) | Node::End => Ok(()),
    })
}
