//! Sign-in sheets as workbooks: as they come, and put together of parts, so that the fuzzer need not
//! fold them. The library that reads workbooks may trip over one, which the service catches; nothing
//! else may.
#![no_main]

use std::panic;

use hai_dang::training::sheet::{MAX_ROWS, read};
use hai_dang_fuzz::{archive, first, parts};
use libfuzzer_sys::fuzz_target;

const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const LINKS: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/1.xml"/></Relationships>"#;
const STRINGS: &[u8] = b"<sst><si><t>x</t></si></sst>";

/// Lets the library of workbooks trip, and nothing else.
fn forgive() {
    let strict = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let at = panic.location().map_or("", |at| at.file());
        if !at.contains("/calamine-") {
            strict(panic);
        }
    }));
}

fn look(bytes: &[u8]) {
    if let Ok(rows) = read(bytes) {
        assert!(rows.len() <= MAX_ROWS);
        assert!(
            rows.is_sorted_by(|one, next| one.number < next.number),
            "{rows:?}"
        );
    }
}

fuzz_target!(
    init: forgive(),
    |bytes: &[u8]| {
        let (mode, rest) = first(bytes);
        let mut said = parts(rest);
        let mut next = |otherwise| said.next().filter(|part| !part.is_empty()).unwrap_or(otherwise);
        let all = match mode % 4 {
            0 => return look(rest),
            // Rows and strings.
            1 => {
                let rows = next(b"");
                let sheet = [b"<worksheet><sheetData>", rows, b"</sheetData></worksheet>"].concat();
                let strings = next(STRINGS);
                return look(&book(&sheet, strings, BOOK, LINKS, b""));
            }
            // Whole parts.
            2 => [next(b""), next(STRINGS), next(BOOK), next(LINKS), next(b"")],
            // The book's own parts.
            _ => [b"".as_slice(), STRINGS, next(BOOK), next(LINKS), next(b"")],
        };
        let [sheet, strings, book_part, links, styles] = all;
        look(&book(sheet, strings, book_part, links, styles));
    }
);

fn book(sheet: &[u8], strings: &[u8], book: &[u8], links: &[u8], styles: &[u8]) -> Vec<u8> {
    archive(&[
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
        ("xl/worksheets/1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ])
}
