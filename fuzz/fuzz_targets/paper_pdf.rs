//! Documents for reading: as they come, and with a packed stream of objects made of the input.
#![no_main]

use hai_dang::paper::incoming::{Danger, FileKind, Refusal, clean};
use hai_dang_fuzz::{first, parts};
use libfuzzer_sys::fuzz_target;

fn look(bytes: &[u8]) -> Result<FileKind, Refusal> {
    let mut cleaned = bytes.to_vec();
    let kind = clean(&mut cleaned)?;
    if kind == FileKind::Pdf {
        assert_eq!(cleaned, bytes, "a document is kept as it is");
    }
    Ok(kind)
}

/// Bytes in the form zlib has for what is not folded.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[..bytes.len().min(65_535)];
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    let mut packed = vec![0x78, 0x01, 0x01];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(bytes);
    packed.extend((high << 16 | low).to_be_bytes());
    packed
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    if mode % 2 == 0 {
        let _judged = look(rest);
        return;
    }
    let mut said = parts(rest);
    let dictionary = said.next().unwrap_or_default();
    let objects = &rest[(dictionary.len() + 1).min(rest.len())..];
    let file = |objects: &[u8]| {
        [
            b"%PDF-1.7\n5 0 obj\n<<".as_slice(),
            dictionary,
            b">>\nstream\n",
            objects,
            b"\nendstream\nendobj\n%%EOF\n",
        ]
        .concat()
    };
    let taken = look(&file(&stored(objects)));
    // What is not taken where it lies open is not taken where it is packed, either.
    if let (Ok(FileKind::Pdf), Err(Refusal::Dangerous(Danger::Program))) =
        (taken, look(&file(b"/JavaScript")))
    {
        let head = b"/Type/ObjStm/Filter/FlateDecode".as_slice();
        if dictionary == head {
            let open = [b"%PDF-1.7\n".as_slice(), objects, b"\n%%EOF\n"].concat();
            let open = look(&open);
            assert!(
                !matches!(open, Err(Refusal::Dangerous(Danger::Program))),
                "{objects:?}"
            );
        }
    }
});
