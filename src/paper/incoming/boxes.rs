//! The boxes of an ISO media file, and its table of items.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Refusal;

/// Boxes within one, and places of all items: pictures of many tiles have some hundreds.
const MOST: usize = 8192;

/// A box, by where it stands.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) kind: [u8; 4],
    pub(super) kind_at: usize,
    pub(super) body: Range<usize>,
}

/// An item: what it is, and which bytes are its.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) kind: [u8; 4],
    pub(super) extents: Vec<Range<usize>>,
}

/// Reads numbers, one after the other.
struct Numbers<'a> {
    bytes: &'a [u8],
}

impl Numbers<'_> {
    /// A number of so many bytes, up to 8.
    fn next(&mut self, length: usize) -> Result<u64, Refusal> {
        let (number, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(Refusal::Damaged)?;
        self.bytes = rest;
        Ok(number
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn kind(&mut self) -> Result<[u8; 4], Refusal> {
        let (kind, rest) = self
            .bytes
            .split_first_chunk::<4>()
            .ok_or(Refusal::Damaged)?;
        self.bytes = rest;
        Ok(*kind)
    }
}

fn narrow(number: u64) -> Result<usize, Refusal> {
    usize::try_from(number).map_err(|_large| Refusal::Damaged)
}

/// The boxes that fill a range, without a gap. One that goes on to the end says no length.
pub(super) fn split(bytes: &[u8], range: Range<usize>) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    let mut from = range.start;
    while from < range.end {
        let bytes = bytes.get(from..range.end).ok_or(Refusal::Damaged)?;
        let mut numbers = Numbers { bytes };
        let short = numbers.next(4)?;
        let kind = numbers.kind()?;
        let length = match short {
            0 => bytes.len(),
            1 => narrow(numbers.next(8)?)?,
            length => narrow(length)?,
        };
        let head = bytes.len() - numbers.bytes.len();
        if length < head || length > bytes.len() || parts.len() == MOST {
            return Err(Refusal::Damaged);
        }
        parts.push(Part {
            kind,
            kind_at: from + 4,
            body: from + head..from + length,
        });
        from += length;
    }
    Ok(parts)
}

/// What a box has behind its version and marks.
pub(super) fn full(body: &Range<usize>) -> Range<usize> {
    (body.start + 4).min(body.end)..body.end
}

/// The first box of a kind.
pub(super) fn only(parts: &[Part], kind: [u8; 4]) -> Option<&Part> {
    parts.iter().find(|part| part.kind == kind)
}

/// A box's version, and what follows its marks.
fn versioned<'a>(bytes: &'a [u8], part: &Part) -> Result<(u64, Numbers<'a>), Refusal> {
    let bytes = bytes.get(part.body.clone()).ok_or(Refusal::Damaged)?;
    let mut numbers = Numbers { bytes };
    let version = numbers.next(1)?;
    numbers.next(3)?;
    Ok((version, numbers))
}

/// The item that is the picture.
pub(super) fn main_item(bytes: &[u8], table: &[Part]) -> Result<u64, Refusal> {
    let part = only(table, *b"pitm").ok_or(Refusal::Damaged)?;
    let (version, mut numbers) = versioned(bytes, part)?;
    numbers.next(if version == 0 { 2 } else { 4 })
}

/// Every item; `inside` is where bytes lie that lie in the table itself.
pub(super) fn items(
    bytes: &[u8],
    table: &[Part],
    inside: Option<&Range<usize>>,
) -> Result<Vec<Item>, Refusal> {
    for kind in [*b"iinf", *b"iloc", *b"idat", *b"pitm", *b"iprp"] {
        if table.iter().filter(|part| part.kind == kind).count() > 1 {
            return Err(Refusal::Damaged);
        }
    }
    let kinds = kinds(bytes, only(table, *b"iinf").ok_or(Refusal::Damaged)?)?;
    let part = only(table, *b"iloc").ok_or(Refusal::Damaged)?;
    let mut items = Vec::new();
    for (id, extents) in places(bytes, part, inside)? {
        // What has no kind is nothing anybody reads.
        let kind = kinds.get(&id).copied().unwrap_or_default();
        items.push(Item { id, kind, extents });
    }
    Ok(items)
}

/// What each item is.
fn kinds(bytes: &[u8], part: &Part) -> Result<BTreeMap<u64, [u8; 4]>, Refusal> {
    let (version, mut numbers) = versioned(bytes, part)?;
    let count_size = if version == 0 { 2 } else { 4 };
    numbers.next(count_size)?;
    let start = part.body.start + 4 + count_size;
    let mut kinds = BTreeMap::new();
    for entry in split(bytes, start..part.body.end)? {
        let (version, mut numbers) = versioned(bytes, &entry)?;
        let id_size = match version {
            2 => 2,
            3 => 4,
            _ => return Err(Refusal::Damaged),
        };
        let id = numbers.next(id_size)?;
        if numbers.next(2)? != 0 {
            return Err(Refusal::Locked);
        }
        if kinds.insert(id, numbers.kind()?).is_some() {
            return Err(Refusal::Damaged);
        }
    }
    Ok(kinds)
}

type Places = BTreeMap<u64, Vec<Range<usize>>>;

/// Where each item's bytes are.
fn places(bytes: &[u8], part: &Part, inside: Option<&Range<usize>>) -> Result<Places, Refusal> {
    let (version, mut numbers) = versioned(bytes, part)?;
    let sizes = numbers.next(2)?;
    let size = |shift: u32| narrow(sizes >> shift & 0xf);
    let (offset_size, length_size, base_size) = (size(12)?, size(8)?, size(4)?);
    let index_size = if version == 0 { 0 } else { size(0)? };
    if [offset_size, length_size, base_size, index_size]
        .iter()
        .any(|size| *size > 8)
    {
        return Err(Refusal::Damaged);
    }
    let wide = if version < 2 { 2 } else { 4 };
    let (mut places, mut count) = (Places::new(), 0);
    for _ in 0..numbers.next(wide)? {
        let id = numbers.next(wide)?;
        let method = if version == 0 {
            0
        } else {
            numbers.next(2)? & 0xf
        };
        // Bytes in another file, or cut out of another item.
        if numbers.next(2)? != 0 || method > 1 {
            return Err(Refusal::Damaged);
        }
        let home = match (method, inside) {
            (0, _) => 0..bytes.len(),
            (_, Some(inside)) => inside.clone(),
            (_, None) => return Err(Refusal::Damaged),
        };
        let base = numbers.next(base_size)?;
        let mut extents = Vec::new();
        for _ in 0..numbers.next(2)? {
            numbers.next(index_size)?;
            let offset = base
                .checked_add(numbers.next(offset_size)?)
                .ok_or(Refusal::Damaged)?;
            let length = narrow(numbers.next(length_size)?)?;
            let start = home
                .start
                .checked_add(narrow(offset)?)
                .ok_or(Refusal::Damaged)?;
            let end = start.checked_add(length).ok_or(Refusal::Damaged)?;
            // No length would mean the whole file.
            count += 1;
            if length == 0 || end > home.end || count > MOST {
                return Err(Refusal::Damaged);
            }
            extents.push(start..end);
        }
        if places.insert(id, extents).is_some() {
            return Err(Refusal::Damaged);
        }
    }
    Ok(places)
}
