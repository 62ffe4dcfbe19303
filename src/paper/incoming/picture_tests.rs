//! Pictures: what is taken out, and that nothing else changes.

use proptest::prelude::*;

use super::{Danger, FileKind, Refusal, clean, tiff};

fn cleaned(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut bytes = bytes.to_vec();
    clean(&mut bytes).map(|_kind| bytes)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Metadata of a camera that lies on its side, with a place in it.
fn exif() -> Vec<u8> {
    let mut exif = b"Exif\0\0".to_vec();
    exif.extend(tiff::only(6));
    exif.extend(b"GPS 20.8449N 106.6881E");
    exif
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

/// The picture of a photograph: a table, a frame, two scans with a table between them.
fn picture() -> Vec<u8> {
    let scan = [
        &segment(0xda, b"\x01\x01\0\0\x3f\0")[..],
        b"\x12\xff\0\x34\xff\xd0\x56",
    ]
    .concat();
    let frame = segment(0xc2, b"\x08\0\x10\0\x10\x01\x01\x11\0");
    [
        segment(0xdb, &[1; 65]),
        frame,
        scan.clone(),
        segment(0xc4, &[2; 20]),
        scan,
    ]
    .concat()
}

fn jpeg(before: &[Vec<u8>], after: &[u8]) -> Vec<u8> {
    let picture = picture();
    [
        b"\xff\xd8",
        before.concat().as_slice(),
        &picture,
        b"\xff\xd9",
        after,
    ]
    .concat()
}

#[test]
fn a_photograph_loses_its_place_and_keeps_its_turn() {
    let jfif = segment(0xe0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0");
    let colours = segment(0xe2, b"ICC_PROFILE\0\x01\x01colours");
    let taken = [
        segment(0xe1, &exif()),
        segment(
            0xe1,
            b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='20'/>",
        ),
        segment(0xe2, b"MPF\0secret"),
        segment(0xed, b"Photoshop 3.0\0secret Hai Phong"),
        segment(0xfe, b"<script>secret</script>"),
        segment(0xe0, b"JFXX\0secret preview"),
    ]
    .concat();
    let bytes = jpeg(
        &[jfif.clone(), taken, colours.clone()],
        b"<html>secret</html>",
    );
    let bytes = cleaned(&bytes).unwrap();
    let turn = [b"Exif\0\0".as_slice(), &tiff::only(6)].concat();
    assert_eq!(bytes, jpeg(&[segment(0xe1, &turn), jfif, colours], b""));
    assert_eq!(cleaned(&bytes).unwrap(), bytes);
}

#[test]
fn a_comment_between_two_scans_goes() {
    let whole = jpeg(&[], b"");
    let at = whole
        .windows(2)
        .rposition(|pair| pair == b"\xff\xc4")
        .unwrap();
    let mut bytes = whole.clone();
    bytes.splice(at..at, segment(0xfe, b"secret"));
    assert_eq!(cleaned(&bytes).unwrap(), whole);
}

#[test]
fn a_broken_photograph_is_refused() {
    let whole = jpeg(&[segment(0xe1, &exif())], b"");
    for end in 4..whole.len() {
        assert_eq!(cleaned(&whole[..end]), Err(Refusal::Damaged), "{end}");
    }
    let bare = [
        b"\xff\xd8".as_slice(),
        &segment(0xdb, &[1; 65]),
        b"\xff\xd9",
    ]
    .concat();
    assert_eq!(cleaned(&bare), Err(Refusal::Damaged));
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [
        length.as_slice(),
        &named,
        &crc32fast::hash(&named).to_be_bytes(),
    ]
    .concat()
}

fn header(side: u32) -> Vec<u8> {
    let side = side.to_be_bytes();
    chunk(*b"IHDR", &[&side[..], &side, b"\x08\x02\0\0\0"].concat())
}

fn png(chunks: &[Vec<u8>], after: &[u8]) -> Vec<u8> {
    let end = chunk(*b"IEND", b"");
    [
        b"\x89PNG\r\n\x1a\n",
        chunks.concat().as_slice(),
        &end,
        after,
    ]
    .concat()
}

#[test]
fn a_picture_in_chunks_keeps_what_is_seen() {
    let (head, colours, data) = (
        header(4),
        chunk(*b"gAMA", &[0; 4]),
        chunk(*b"IDAT", b"points"),
    );
    let bytes = png(
        &[
            head.clone(),
            chunk(*b"eXIf", &exif()[6..]),
            chunk(*b"tEXt", b"Comment\0secret"),
            colours.clone(),
            chunk(*b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0secret"),
            chunk(*b"tIME", &[0; 7]),
            data.clone(),
            chunk(*b"stEg", b"secret"),
        ],
        b"PK\x03\x04secret",
    );
    let turn = chunk(*b"eXIf", &tiff::only(6));
    let wanted = png(&[head, colours, data, turn], b"");
    assert_eq!(cleaned(&bytes).unwrap(), wanted);
    assert_eq!(cleaned(&wanted).unwrap(), wanted);
}

#[test]
fn a_picture_of_too_many_points_or_of_broken_chunks_is_refused() {
    let bomb = png(&[header(60_000), chunk(*b"IDAT", b"")], b"");
    let refusal = Refusal::Dangerous(Danger::TooMuchInside);
    assert_eq!(cleaned(&bomb), Err(refusal));
    let whole = png(&[header(4), chunk(*b"IDAT", b"points")], b"");
    for end in 8..whole.len() {
        assert_eq!(cleaned(&whole[..end]), Err(Refusal::Damaged), "{end}");
    }
    let mut changed = whole;
    changed[20] ^= 1;
    assert_eq!(cleaned(&changed), Err(Refusal::Damaged));
    assert_eq!(cleaned(&png(&[header(4)], b"")), Err(Refusal::Damaged));
}

#[test]
fn a_pictures_end_holds_nothing() {
    let chunks = [
        header(4),
        chunk(*b"IDAT", b"points"),
        chunk(*b"IEND", b"GPS"),
    ];
    assert_eq!(cleaned(&png(&chunks, b"")), Err(Refusal::Damaged));
}

fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [length.as_slice(), &kind, content].concat()
}

fn full(kind: [u8; 4], version: u8, content: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0], content].concat())
}

/// What a photograph of a telephone is made of: items with a kind and bytes, in one place.
struct Heic {
    items: Vec<([u8; 4], Vec<u8>)>,
    between: Vec<u8>,
    properties: Vec<Vec<u8>>,
    more: Vec<Vec<u8>>,
}

impl Heic {
    fn new() -> Self {
        let xmp = b"<x:xmpmeta>secret GPSLatitude secret GPSLongitude</x:xmpmeta>";
        let exif = [&[0, 0, 0, 6][..], &exif()].concat();
        Self {
            items: vec![
                (*b"hvc1", b"the picture itself".to_vec()),
                (*b"Exif", exif),
                (*b"mime", xmp.to_vec()),
                (*b"hvc1", b"another tile".to_vec()),
            ],
            between: b"secret".to_vec(),
            properties: vec![
                full(*b"ispe", 0, &[0, 0, 0, 16, 0, 0, 0, 16]),
                boxed(*b"irot", &[1]),
                full(*b"udes", 0, b"secret"),
            ],
            more: Vec::new(),
        }
    }

    fn table(&self, at: usize) -> Vec<u8> {
        let mut infos = u16::try_from(self.items.len())
            .unwrap()
            .to_be_bytes()
            .to_vec();
        let mut places = [&[0x44, 0][..], &infos].concat();
        let mut at = at;
        for (index, (kind, bytes)) in self.items.iter().enumerate() {
            let id = u16::try_from(index + 1).unwrap().to_be_bytes();
            infos.extend(full(*b"infe", 2, &[&id[..], &[0, 0], kind, b"\0"].concat()));
            places.extend(id);
            places.extend([0, 0, 0, 1]);
            places.extend(u32::try_from(at).unwrap().to_be_bytes());
            places.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
            at += bytes.len() + self.between.len();
        }
        let properties = boxed(*b"ipco", &self.properties.concat());
        let parts = [
            full(*b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
            full(*b"pitm", 0, &[0, 1]),
            full(*b"iinf", 0, &infos),
            full(*b"iloc", 0, &places),
            boxed(*b"iprp", &properties),
            full(*b"xml ", 0, b"<secret/>"),
        ];
        full(*b"meta", 0, &parts.concat())
    }

    fn bytes(&self) -> Vec<u8> {
        let brands = boxed(*b"ftyp", b"heic\0\0\0\0mif1heic");
        let front = [brands, self.more.concat()].concat();
        let at = front.len() + self.table(0).len() + 8;
        let data: Vec<u8> = self
            .items
            .iter()
            .flat_map(|(_, bytes)| [bytes.as_slice(), &self.between].concat())
            .collect();
        [front, self.table(at), boxed(*b"mdat", &data)].concat()
    }
}

#[test]
fn a_telephones_photograph_keeps_its_bytes_where_they_are() {
    let mut heic = Heic::new();
    heic.more.push(boxed(*b"uuid", b"0123456789abcdefsecret"));
    heic.more.push(boxed(*b"mpvd", b"secret film"));
    let before = heic.bytes();
    let after = cleaned(&before).unwrap();
    assert_eq!(after.len(), before.len());
    for gone in [b"secret".as_slice(), b"GPS", b"20.8449"] {
        assert!(holds(&before, gone) && !holds(&after, gone), "{gone:?}");
    }
    for kept in [
        b"the picture itself".as_slice(),
        b"another tile",
        b"irot\x01",
        b"hdlr",
    ] {
        let place = |bytes: &[u8]| bytes.windows(kept.len()).position(|w| w == kept);
        assert!(place(&before).is_some());
        assert_eq!(place(&before), place(&after));
    }
    assert!(holds(&after, &tiff::EMPTY) && holds(&after, b"<x:xmpmeta xmlns:x="));
    assert_eq!(cleaned(&after).unwrap(), after);
}

#[test]
fn a_telephones_photograph_with_odd_tables_is_refused() {
    let whole = Heic::new().bytes();
    for end in 30..whole.len() {
        assert_eq!(cleaned(&whole[..end]), Err(Refusal::Damaged), "{end}");
    }
    let mut heic = Heic::new();
    heic.items[0].0 = *b"Exif";
    assert_eq!(cleaned(&heic.bytes()), Err(Refusal::Damaged));
    heic = Heic::new();
    heic.properties[0] = full(*b"ispe", 0, &[0, 1, 0, 0, 0, 1, 0, 0]);
    let refusal = Refusal::Dangerous(Danger::TooMuchInside);
    assert_eq!(cleaned(&heic.bytes()), Err(refusal));
    // Metadata that lies where the picture does cannot go without it.
    let mut bytes = whole;
    let place = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|w| w == part);
    let picture = place(&bytes, b"the picture").unwrap();
    let exif = picture + b"the picture itself".len() + b"secret".len();
    let said = u32::try_from(exif).unwrap().to_be_bytes();
    let at = place(&bytes, &said).unwrap();
    bytes[at..at + 4].copy_from_slice(&u32::try_from(picture).unwrap().to_be_bytes());
    assert_eq!(cleaned(&bytes), Err(Refusal::Dangerous(Danger::TwoKinds)));
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(
        kind in 0..3usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = match kind {
            0 => jpeg(&[segment(0xe1, &exif())], b"tail"),
            1 => png(&[header(4), chunk(*b"eXIf", &exif()[6..]), chunk(*b"IDAT", b"x")], b""),
            _ => Heic::new().bytes(),
        };
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let mut once = bytes;
        if clean(&mut once).is_ok() {
            let mut twice = once.clone();
            prop_assert!(clean(&mut twice).is_ok());
            prop_assert_eq!(once, twice);
        }
    }
}

#[test]
fn what_is_no_picture_under_the_name_of_one_is_refused() {
    for bytes in [
        b"GIF89a\x01\0\x01\0".as_slice(),
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\0",
        b"\x7fELF",
        b"BM\0\0",
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
        b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
        b"\xff\xd8",
        b" %PDF-1.7",
        b"\0",
    ] {
        assert_eq!(cleaned(bytes), Err(Refusal::Kind), "{bytes:?}");
    }
    assert_eq!(cleaned(b""), Err(Refusal::Empty));
    assert_eq!(cleaned(&vec![0; super::MAX + 1]), Err(Refusal::TooLarge));
    let mut photograph = jpeg(&[], b"");
    assert_eq!(clean(&mut photograph), Ok(FileKind::Jpeg));
}
