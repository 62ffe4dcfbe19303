//! Photographs of telephones (HEIC: ISO/IEC 23008-12 over 14496-12): boxes in boxes, and a table
//! of items that says which bytes are whose.
//!
//! Nothing is moved, since the table tells places: what is no part of the picture is overwritten
//! where it stands. So a picture stays as it was, byte for byte, and what nobody points to is gone
//! with where it was taken. How it is turned is a property of the picture here, and stays.

use std::ops::Range;

use super::boxes::{self, Item, Part};
use super::{Danger, Refusal, tiff};

/// Brands of files whose pictures are HEVC.
const BRANDS: [&[u8; 4]; 4] = [b"heic", b"heix", b"heim", b"heis"];
/// Items that are pictures, or say how pictures are put together.
const PICTURES: [&[u8; 4]; 7] = [
    b"hvc1", b"hev1", b"lhv1", b"grid", b"iovl", b"iden", b"tmap",
];
/// What is kept of the table of items.
const TABLES: [&[u8; 4]; 9] = [
    b"hdlr", b"dinf", b"pitm", b"iinf", b"iref", b"iprp", b"idat", b"iloc", b"grpl",
];
/// What is kept of the pictures' properties.
const PROPERTIES: [&[u8; 4]; 19] = [
    b"hvcC", b"lhvC", b"ispe", b"colr", b"pixi", b"irot", b"imir", b"clap", b"auxC", b"pasp",
    b"rloc", b"clli", b"mdcv", b"cclv", b"amve", b"oinf", b"tols", b"a1op", b"lsel",
];
/// Places where pictures' bytes lie.
const ROOMS: usize = 64;
/// Points of the largest picture.
const POINTS: u64 = 200_000_000;
/// Metadata of another kind (XMP) that says nothing.
const NOTHING: &[u8] = b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";

/// Whether it begins like one.
pub(super) fn looks_so(bytes: &[u8]) -> bool {
    let Some(length) = bytes.first_chunk::<4>().map(|l| u32::from_be_bytes(*l)) else {
        return false;
    };
    let length = usize::try_from(length).unwrap_or_default();
    let brands = bytes.get(8..length.min(256)).unwrap_or_default();
    let is_ours = |brand: &[u8]| BRANDS.iter().any(|known| brand == *known);
    // Between the first brand and the others stands a number.
    let mut others = brands
        .chunks(4)
        .enumerate()
        .filter(|(index, _)| *index != 1);
    bytes.get(4..8) == Some(b"ftyp") && others.any(|(_, brand)| is_ours(brand))
}

/// Overwrites what is not the picture.
pub(super) fn clean(bytes: &mut [u8]) -> Result<(), Refusal> {
    let parts = boxes::split(bytes, 0..bytes.len())?;
    let (mut table, mut room) = (None, Vec::new());
    for (index, part) in parts.iter().enumerate() {
        match &part.kind {
            b"ftyp" if index == 0 => {}
            b"meta" if table.is_none() => table = Some(part.body.clone()),
            b"mdat" if room.len() < ROOMS => room.push(part.body.clone()),
            b"meta" | b"mdat" => return Err(Refusal::Damaged),
            _ => blank(bytes, part),
        }
    }
    let table = table.ok_or(Refusal::Damaged)?;
    let inner = boxes::split(bytes, boxes::full(&table))?;
    for part in inner.iter().filter(|part| !TABLES.contains(&&part.kind)) {
        blank(bytes, part);
    }
    let inside = boxes::only(&inner, *b"idat").map(|part| part.body.clone());
    let items = boxes::items(bytes, &inner, inside.as_ref())?;
    let main = boxes::main_item(bytes, &inner)?;
    if !items.iter().any(|item| item.id == main && is_picture(item)) {
        return Err(Refusal::Damaged);
    }
    properties(bytes, &inner)?;
    room.extend(inside);
    overwrite(bytes, &room, &items)
}

fn is_picture(item: &Item) -> bool {
    PICTURES.contains(&&item.kind)
}

/// Makes a box an empty one of the same length.
fn blank(bytes: &mut [u8], part: &Part) {
    if let Some(kind) = bytes.get_mut(part.kind_at..part.kind_at + 4) {
        kind.copy_from_slice(b"free");
    }
    zero(bytes, part.body.clone());
}

fn zero(bytes: &mut [u8], range: Range<usize>) {
    if let Some(place) = bytes.get_mut(range) {
        place.fill(0);
    }
}

/// Keeps the properties of pictures, by their places: a number tells which.
fn properties(bytes: &mut [u8], inner: &[Part]) -> Result<(), Refusal> {
    let outer = boxes::only(inner, *b"iprp").ok_or(Refusal::Damaged)?;
    for part in boxes::split(bytes, outer.body.clone())? {
        match &part.kind {
            b"ipma" => {}
            b"ipco" => {
                for property in boxes::split(bytes, part.body.clone())? {
                    if &property.kind == b"ispe" {
                        small_enough(bytes.get(property.body.clone()).unwrap_or_default())?;
                    }
                    if !PROPERTIES.contains(&&property.kind) {
                        blank(bytes, &property);
                    }
                }
            }
            _ => blank(bytes, &part),
        }
    }
    Ok(())
}

fn small_enough(extent: &[u8]) -> Result<(), Refusal> {
    let side = |at: usize| {
        let side: [u8; 4] = extent.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(side)))
    };
    match (side(4), side(8)) {
        (Some(width), Some(height)) if width * height <= POINTS => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::Dangerous(Danger::TooMuchInside)),
        _ => Err(Refusal::Damaged),
    }
}

/// Overwrites all that lies where items may lie and is no picture's.
fn overwrite(bytes: &mut [u8], room: &[Range<usize>], items: &[Item]) -> Result<(), Refusal> {
    let is_in = |part: &Range<usize>, place: &Range<usize>| {
        place.start <= part.start && part.end <= place.end
    };
    let extents = |item: &Item| item.extents.clone();
    let mut all = items.iter().flat_map(extents);
    if !all.all(|part| room.iter().any(|place| is_in(&part, place))) {
        return Err(Refusal::Damaged);
    }
    let mut kept: Vec<_> = items
        .iter()
        .filter(|i| is_picture(i))
        .flat_map(extents)
        .collect();
    kept.sort_unstable_by_key(|part| part.start);
    let (others, overlaps) = (
        || items.iter().filter(|item| !is_picture(item)),
        |part: &Range<usize>| {
            // Sorted, and at most the same bytes twice: those that begin before its end are enough.
            kept.iter()
                .any(|kept| kept.start < part.end && part.start < kept.end)
        },
    );
    if others().flat_map(extents).any(|part| overlaps(&part)) {
        return Err(Refusal::Dangerous(Danger::TwoKinds));
    }
    for place in room {
        let mut from = place.start;
        for part in kept.iter().filter(|part| is_in(part, place)) {
            if part.start > from {
                zero(bytes, from..part.start);
            }
            from = from.max(part.end);
        }
        zero(bytes, from..place.end);
    }
    for item in others() {
        say_nothing(bytes, item);
    }
    Ok(())
}

/// Lets metadata say nothing in its own form, so that who reads it does not stumble.
fn say_nothing(bytes: &mut [u8], item: &Item) {
    let [extent] = item.extents.as_slice() else {
        return;
    };
    let Some(place) = bytes.get_mut(extent.clone()) else {
        return;
    };
    match &item.kind {
        // Four bytes before it tell where it begins.
        b"Exif" => {
            if let Some(start) = place.get_mut(4..4 + tiff::EMPTY.len()) {
                start.copy_from_slice(&tiff::EMPTY);
            }
        }
        b"mime" => {
            place.fill(b' ');
            if let Some(start) = place.get_mut(..NOTHING.len()) {
                start.copy_from_slice(NOTHING);
            }
        }
        _ => {}
    }
}
