//! JSON bodies of every slice, read and checked as their handlers do. The first byte tells whose.
#![no_main]

use hai_dang::{counselling, identity, legal_aid, office, training};
use hai_dang_fuzz::first;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (slice, text) = first(bytes);
    let bodies = match slice % 5 {
        0 => training::fuzz::BODIES,
        1 => counselling::fuzz::BODIES,
        2 => legal_aid::fuzz::BODIES,
        3 => office::fuzz::BODIES,
        _ => identity::fuzz::BODIES,
    };
    for read in bodies {
        // A body that is taken is one JSON value.
        if read(text) {
            assert!(serde_json::from_slice::<serde_json::Value>(text).is_ok());
        }
    }
});
