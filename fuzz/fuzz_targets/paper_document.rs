//! Word documents: as they come, and put together of parts, so that the fuzzer need not fold them.
#![no_main]

use hai_dang::paper::incoming::{FileKind, clean};
use hai_dang_fuzz::{archive, first, parts};
use libfuzzer_sys::fuzz_target;

const TYPES: &str = "[Content_Types].xml";
const KNOWN: [&str; 6] = [
    "_rels/.rels",
    "word/_rels/document.xml.rels",
    "word/media/image1.png",
    "docProps/app.xml",
    "customXml/item1.xml",
    "word/settings.xml",
];

fn look(bytes: &[u8]) -> Option<FileKind> {
    let mut cleaned = bytes.to_vec();
    let kind = clean(&mut cleaned).ok()?;
    if kind == FileKind::Docx {
        assert_eq!(cleaned, bytes, "a document is kept as it is");
    }
    Some(kind)
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    match mode % 4 {
        0 => {
            look(rest);
        }
        // Known names, whatever parts.
        1 => {
            let mut said = parts(rest);
            let mut all = vec![(TYPES, said.next().unwrap_or_default())];
            all.push(("word/document.xml", b"<w:document/>"));
            all.extend(KNOWN.iter().copied().zip(said));
            look(&archive(&all));
        }
        // Whatever names.
        2 => {
            let types = br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
            let mut names: Vec<&str> = parts(rest)
                .filter_map(|name| std::str::from_utf8(name).ok())
                .filter(|name| !name.is_empty() && *name != TYPES && *name != "word/document.xml")
                .take(16)
                .collect();
            names.sort_unstable();
            names.dedup();
            let mut all: Vec<(&str, &[u8])> = vec![(TYPES, types), ("word/document.xml", b"<w/>")];
            all.extend(names.iter().map(|name| (*name, b"<x/>".as_slice())));
            if look(&archive(&all)).is_some() {
                for name in names {
                    assert!(
                        !name.contains(['\\', '\0', ':']) && !name.starts_with('/'),
                        "{name:?}"
                    );
                    assert!(name.split('/').all(|step| step != ".."), "{name:?}");
                }
            }
        }
        // A whole one with bytes of its frame changed.
        _ => {
            let types = br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
            let mut whole = archive(&[
                (TYPES, types),
                ("_rels/.rels", b"<Relationships/>"),
                ("word/document.xml", b"<w:document/>"),
            ]);
            for change in rest.chunks_exact(3).take(16) {
                let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % whole.len();
                whole[at] = change[2];
            }
            look(&whole);
        }
    }
});
