//! Phones, addresses and lines of text: what is taken is in the one form it is stored in.
#![no_main]

use hai_dang::kernel::{alphabet, text};
use hai_dang_fuzz::first;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (max, rest) = first(bytes);
    let max = usize::from(max) + 1;
    let raw = String::from_utf8_lossy(rest);
    if let Ok(phone) = text::phone(&raw) {
        assert_eq!(
            text::phone(&phone).as_deref(),
            Ok(phone.as_str()),
            "{raw:?}"
        );
        let digits = phone.strip_prefix('+').expect("E.164");
        assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
        // As it is dialled in the country it is the same phone.
        let national = text::national(&phone);
        assert_eq!(
            text::phone(&national).as_deref(),
            Ok(phone.as_str()),
            "{national:?}"
        );
    }
    if let Ok(email) = text::email(&raw) {
        assert_eq!(
            text::email(&email).as_deref(),
            Ok(email.as_str()),
            "{raw:?}"
        );
        assert!(email.is_ascii() && email.len() <= 254 && !email.contains(char::is_whitespace));
    }
    if let Ok(line) = text::line(&raw, max) {
        assert_eq!(
            text::line(&line, max).as_deref(),
            Ok(line.as_str()),
            "{raw:?}"
        );
        assert!(line.chars().count() <= max && !line.contains(text::is_forbidden));
    }
    if let Ok(block) = text::block(&raw, max) {
        assert_eq!(
            text::block(&block, max).as_deref(),
            Ok(block.as_str()),
            "{raw:?}"
        );
        assert!(block.chars().count() <= max && !block.contains(['\r', '\0']));
    }
    let folded = text::fold(&raw);
    assert_eq!(text::fold(&folded), folded, "{raw:?}");
    let pattern = text::like_pattern(&raw);
    let inner = pattern
        .strip_prefix('%')
        .and_then(|rest| rest.strip_suffix('%'));
    let inner = inner.expect("open at both ends").replace("\\\\", "");
    let inner = inner.replace("\\%", "").replace("\\_", "");
    assert!(!inner.contains(['%', '_', '\\']), "{pattern:?}");
    let _key = text::sort_key(&raw);
    let _order = alphabet::order(&raw);
});
