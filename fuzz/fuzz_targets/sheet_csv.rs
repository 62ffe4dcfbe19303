//! Sign-in sheets as text: as they come, and one text in every encoding, which is one sheet.
#![no_main]

use encoding_rs::WINDOWS_1258;
use hai_dang::training::sheet::{MAX_ROWS, SheetError, SheetRow, read};
use hai_dang_fuzz::first;
use libfuzzer_sys::fuzz_target;

fn look(bytes: &[u8]) -> Result<Vec<SheetRow>, SheetError> {
    let rows = read(bytes)?;
    assert!(rows.len() <= MAX_ROWS);
    assert!(
        rows.is_sorted_by(|one, next| one.number < next.number),
        "{rows:?}"
    );
    let lines = bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count()
        + 1;
    for row in &rows {
        assert!(
            usize::try_from(row.number).is_ok_and(|number| number <= lines),
            "{row:?}"
        );
        assert!(
            row.birth_year
                .is_none_or(|year| (1900..=2100).contains(&year))
        );
        assert_eq!(row.full_name.trim(), row.full_name);
    }
    Ok(rows)
}

fn told(rows: &Result<Vec<SheetRow>, SheetError>) -> String {
    format!("{rows:?}")
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    if mode % 3 == 0 {
        // Archives have a target of their own, which says what its reader may trip over.
        if !rest.starts_with(b"PK\x03\x04") {
            let _read = look(rest);
        }
        return;
    }
    let text = String::from_utf8_lossy(rest);
    let text = text.replace('\0', "");
    let text = text.trim_start_matches('\u{feff}');
    let is_text = !["PK\x03\x04", "%PDF", "{\\rtf"]
        .iter()
        .any(|magic| text.starts_with(magic));
    if !is_text || text.is_empty() {
        return;
    }
    if mode % 3 == 1 {
        let plain = read(text.as_bytes());
        let marked = read(format!("\u{feff}{text}").as_bytes());
        let wide: Vec<u16> = text.encode_utf16().collect();
        let low = wide.iter().flat_map(|unit| unit.to_le_bytes());
        let high = wide.iter().flat_map(|unit| unit.to_be_bytes());
        let low: Vec<u8> = b"\xff\xfe".iter().copied().chain(low).collect();
        let high: Vec<u8> = b"\xfe\xff".iter().copied().chain(high).collect();
        for other in [marked, read(&low), read(&high)] {
            assert_eq!(told(&other), told(&plain), "{text:?}");
        }
    } else {
        let (old, _, has_lost) = WINDOWS_1258.encode(text);
        // What is UTF-8 by chance is taken for it.
        if !has_lost && std::str::from_utf8(&old).is_err() && !is_marked(&old) {
            let (back, _) = WINDOWS_1258.decode_without_bom_handling(&old);
            assert_eq!(told(&look(&old)), told(&read(back.as_bytes())), "{text:?}");
        }
    }
});

/// Whether bytes begin like another encoding or another kind of file.
fn is_marked(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 5] = [
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xff\xd8\xff",
        b"\x89PNG",
    ];
    bytes.starts_with(b"\xd0\xcf\x11\xe0") || marks.iter().any(|mark| bytes.starts_with(mark))
}
