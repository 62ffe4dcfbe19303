//! Queries of every list and report, with their cursors, as their handlers read them.
#![no_main]

use hai_dang::{counselling, legal_aid, training};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let all = [
        training::fuzz::QUERIES,
        counselling::fuzz::QUERIES,
        legal_aid::fuzz::QUERIES,
    ];
    for read in all.concat() {
        read(bytes);
    }
});
