//! Forms with a file, in pieces of any size. The first byte is a piece's size, then the media type,
//! NUL, and the form.
#![no_main]

use std::sync::LazyLock;

use hai_dang::legal_aid;
use hai_dang::sealed::Depot;
use hai_dang_fuzz::{first, folder};
use libfuzzer_sys::fuzz_target;

static DEPOT: LazyLock<Depot> = LazyLock::new(|| Depot::new(&folder()));

fuzz_target!(|bytes: &[u8]| {
    let (piece, rest) = first(bytes);
    let at = rest
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(rest.len());
    let (media, form) = rest.split_at(at);
    let form = form.strip_prefix(b"\0").unwrap_or(form);
    let piece = if piece == 0 {
        form.len()
    } else {
        usize::from(piece)
    };
    let Some((incoming, name)) = legal_aid::fuzz::paper(&DEPOT, media, form, piece) else {
        return;
    };
    if let Ok(clean) = incoming.finish(&name) {
        assert_eq!(clean.size, clean.bytes().len());
        let ending = format!(".{}", clean.kind.extension());
        assert!(clean.name.ends_with(&ending) && !clean.name.contains(['/', '\\', '\r', '\n']));
    }
});
