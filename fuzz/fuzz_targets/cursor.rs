//! Page cursors: what is read prints back to the same key, and nothing has two meanings.
#![no_main]

use chrono::NaiveDate;
use hai_dang::kernel::page::{decode, encode};
use hai_dang::kernel::{Timestamp, token};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

/// A key printed and read again is the same.
macro_rules! comes_back {
    ($text:expr, $($key:ty),*) => {$(
        if let Some(key) = decode::<$key>($text) {
            assert_eq!(decode::<$key>(&encode(&key)), Some(key));
        }
    )*};
}

fn look(text: &str) {
    comes_back!(
        text,
        (i64, Uuid),
        (String, Uuid),
        (Option<i64>, Uuid),
        (u8, i64, Uuid),
        Uuid,
        i32,
        (i32, NaiveDate, Uuid),
        String
    );
    if let Some((micros, _)) = decode::<(i64, Uuid)>(text)
        && let Some(at) = Timestamp::from_micros(micros)
    {
        assert_eq!(at.micros(), micros);
    }
}

fuzz_target!(|bytes: &[u8]| {
    // As it comes, and as if it were inside.
    let text = String::from_utf8_lossy(bytes);
    look(&text);
    if let Some(inside) = token::decode(&text) {
        // One spelling each.
        assert_eq!(token::encode(&inside), text);
    }
    let text = token::encode(bytes);
    assert_eq!(token::decode(&text).as_deref(), Some(bytes));
    look(&text);
});
