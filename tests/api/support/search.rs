//! Looks for texts in bytes, in every form they might lie there.

use std::collections::HashMap;

use hai_dang::kernel::{text, token};
use unicode_normalization::UnicodeNormalization;

/// Bytes of a needle by which it is found; no form is shorter.
const HEAD: usize = 8;

/// A text as it might lie somewhere: UTF-8, decomposed, without its marks, UTF-16 both ways,
/// base64 at each of its three beginnings, hexadecimal.
pub(crate) fn forms(text: &str) -> Vec<Vec<u8>> {
    let wide: Vec<u16> = text.encode_utf16().collect();
    let hex = token::hex(text.as_bytes());
    let mut forms = vec![
        text.nfc().collect::<String>().into_bytes(),
        text.nfd().collect::<String>().into_bytes(),
        text::fold(text).into_bytes(),
        wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    for skipped in 0..3 {
        let encoded = token::encode(&[&b"xxx"[..skipped], text.as_bytes()].concat());
        // The letters at both ends depend on the neighbours.
        let inner = encoded.as_bytes()[4..encoded.len() - 4].to_vec();
        let standard = inner.iter().map(|letter| match letter {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        });
        forms.push(standard.collect());
        forms.push(inner);
    }
    forms
}

/// Many texts in all their forms, found in one pass.
pub(crate) struct Search {
    by_head: HashMap<[u8; HEAD], Vec<(Vec<u8>, String)>>,
    /// Which two bytes a needle begins with: most places are passed over by them.
    begins: Vec<bool>,
}

impl Search {
    pub(crate) fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut search = Self {
            by_head: HashMap::new(),
            begins: vec![false; 1 << 16],
        };
        for text in texts {
            let text = text.as_ref();
            for form in forms(text) {
                let head = form[..HEAD].try_into().unwrap();
                search.begins[usize::from(u16::from_be_bytes([form[0], form[1]]))] = true;
                let of_head = search.by_head.entry(head).or_default();
                of_head.push((form, text.to_owned()));
            }
        }
        search
    }

    /// The texts that lie in these bytes.
    pub(crate) fn found(&self, bytes: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, head) in bytes.windows(HEAD).enumerate() {
            if !self.begins[usize::from(u16::from_be_bytes([head[0], head[1]]))] {
                continue;
            }
            for (form, text) in self.by_head.get(head).into_iter().flatten() {
                if bytes[at..].starts_with(form) {
                    found.push(text.as_str());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[test]
fn every_form_of_a_text_is_found() {
    let text = "Hoàng Yến Bí Mật";
    let search = Search::new([text, "Hoàng Yến Khác Hẳn"]);
    for form in forms(text) {
        let around = [b"\0mmm ", form.as_slice(), b" xyz"].concat();
        assert_eq!(search.found(&around), [text], "{around:?}");
    }
    assert!(search.found(b"Ho\xc3\xa0ng Y\xe1\xba\xbfn").is_empty());
}
