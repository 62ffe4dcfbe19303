//! Pictures: JPEG, PNG with right sums, HEIC. What was cleaned is clean.
#![no_main]

use hai_dang::paper::incoming::{FileKind, clean, name};
use hai_dang_fuzz::first;
use libfuzzer_sys::fuzz_target;

/// Puts the right sum behind every chunk, which no fuzzer would find.
fn with_sums(png: &mut [u8]) {
    let mut at = 8;
    while let Some(head) = png.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let Some(end) = usize::try_from(length)
            .ok()
            .and_then(|l| (at + 8).checked_add(l))
        else {
            return;
        };
        let Some(named) = png.get(at + 4..end) else {
            return;
        };
        let sum = crc32fast::hash(named).to_be_bytes();
        let Some(place) = png.get_mut(end..end + 4) else {
            return;
        };
        place.copy_from_slice(&sum);
        at = end + 4;
    }
}

fn look(bytes: &[u8]) {
    let mut once = bytes.to_vec();
    let Ok(kind) = clean(&mut once) else {
        return;
    };
    let mut twice = once.clone();
    assert_eq!(clean(&mut twice), Ok(kind), "{once:?}");
    assert_eq!(once, twice, "what was cleaned changes again");
    // How it is turned is written anew.
    assert!(once.len() <= bytes.len() + 40);
    match kind {
        FileKind::Jpeg => assert!(once.starts_with(b"\xff\xd8") && once.ends_with(b"\xff\xd9")),
        FileKind::Png => assert!(once.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82")),
        FileKind::Heic => assert_eq!(once.len(), bytes.len(), "places stay"),
        _ => {}
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    match mode % 5 {
        0 => look(rest),
        1 => look(&[b"\xff\xd8", rest].concat()),
        2 => {
            let mut png = [b"\x89PNG\r\n\x1a\n", rest].concat();
            with_sums(&mut png);
            look(&png);
        }
        3 => look(&[b"\0\0\0\x14ftypheic\0\0\0\0mif1", rest].concat()),
        _ => {
            let raw = String::from_utf8_lossy(rest);
            for kind in FileKind::ALL {
                let Ok(name) = name::clean(&raw, *kind) else {
                    continue;
                };
                assert_eq!(
                    name::clean(&name, *kind).as_deref(),
                    Ok(name.as_str()),
                    "{raw:?}"
                );
                assert!(name.ends_with(&format!(".{}", kind.extension())));
                assert!(name.chars().count() <= 120 && !name.contains(['/', '\\', '\0', '\n']));
            }
        }
    }
});
