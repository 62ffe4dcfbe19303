//! What a seal must hold against (P-01), that no nonce comes twice (P-03), and which values one
//! digest finds (P-05).

use std::collections::HashSet;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::keys::{Keys, Purpose};
use super::vault::{self, DataKey, DataKeyId, Error, Place, blind_index};
use crate::kernel::token;

const HEAD: usize = 2;
const NONCE: usize = 24;
const TAG: usize = 16;

fn key(number: u128) -> DataKey {
    let id = DataKeyId::from_uuid(Uuid::from_u128(number));
    DataKey::loose(id, token::random::<32>().to_vec())
}

fn place(row: u128) -> Place {
    Place {
        table: "cases",
        column: "note_sealed",
        row: Uuid::from_u128(row),
    }
}

/// Every way to change one bit of it.
fn flipped(sealed: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..sealed.len() * 8).map(|bit| {
        let mut changed = sealed.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    })
}

#[test]
fn no_bit_can_be_changed_and_nothing_cut_or_added() {
    let key = key(1);
    for plain in ["", "a", "Cháu sinh ngày 02/03/2019, người nhà chưa biết."] {
        let sealed = key.seal(place(1), plain.as_bytes()).unwrap();
        assert_eq!(sealed.len(), HEAD + NONCE + plain.len() + TAG);
        assert_eq!(key.open(place(1), &sealed).unwrap(), plain.as_bytes());
        for changed in flipped(&sealed) {
            assert!(key.open(place(1), &changed).is_err());
        }
        for length in 0..sealed.len() {
            assert!(key.open(place(1), &sealed[..length]).is_err(), "{length}");
            assert!(key.open(place(1), &sealed[length + 1..]).is_err());
        }
        for added in [
            [sealed.as_slice(), &[0]].concat(),
            [&sealed[..], &sealed].concat(),
        ] {
            assert!(key.open(place(1), &added).is_err());
        }
    }
}

#[test]
fn a_sealed_value_opens_in_its_place_only() {
    let (one, two) = (key(1), key(2));
    let here = place(7);
    let sealed = one.seal(here, b"a note").unwrap();
    let elsewhere = [
        Place {
            row: Uuid::from_u128(8),
            ..here
        },
        Place {
            column: "name_sealed",
            ..here
        },
        Place {
            table: "requests",
            ..here
        },
        // The same letters, cut elsewhere.
        Place {
            table: "casesn",
            column: "ote_sealed",
            ..here
        },
        Place {
            table: "case",
            column: "snote_sealed",
            ..here
        },
    ];
    for other in elsewhere {
        assert!(one.open(other, &sealed).is_err(), "{other:?}");
    }
    assert!(two.open(here, &sealed).is_err(), "another subject's key");
    // The same secret under another id: a row that was made to name another data key.
    let secret = token::random::<32>().to_vec();
    let first = DataKey::loose(one.id(), secret.clone());
    let second = DataKey::loose(two.id(), secret);
    let sealed = first.seal(here, b"a note").unwrap();
    assert!(first.open(here, &sealed).is_ok());
    assert!(second.open(here, &sealed).is_err());
}

#[test]
fn a_wrapped_data_key_opens_for_its_id_and_its_key_only() {
    let keys = Keys::fresh();
    let kek = keys.current(Purpose::Data).unwrap();
    let other = Keys::fresh().current(Purpose::Data).unwrap();
    let (one, two) = (key(1).id(), key(2).id());
    let secret = token::random::<32>();
    let wrapped = vault::wrap(&kek, one, &secret).unwrap();
    assert_eq!(
        *vault::unwrap(&kek, one, &wrapped).unwrap().expose(),
        secret
    );
    assert!(vault::unwrap(&kek, two, &wrapped).is_err());
    assert!(vault::unwrap(&other, one, &wrapped).is_err());
    for changed in flipped(&wrapped) {
        assert!(vault::unwrap(&kek, one, &changed).is_err());
    }
    for length in 0..wrapped.len() {
        assert!(vault::unwrap(&kek, one, &wrapped[..length]).is_err());
    }
}

#[test]
fn nonces_are_distinct_and_equal_values_look_unlike() {
    const MANY: usize = 100_000;
    let key = key(1);
    let (mut nonces, mut bodies) = (HashSet::new(), HashSet::new());
    for _ in 0..MANY {
        let sealed = key.seal(place(1), b"the same").unwrap();
        let (head, body) = sealed.split_at(HEAD + NONCE);
        nonces.insert(head[HEAD..].to_vec());
        bodies.insert(body.to_vec());
    }
    assert_eq!((nonces.len(), bodies.len()), (MANY, MANY));
}

#[test]
fn an_error_tells_nothing_of_what_was_sealed() {
    let key = key(1);
    let sealed = key.seal_json(place(1), &"canary").unwrap();
    let error = key.open_json::<u32>(place(1), &sealed).unwrap_err();
    assert!(matches!(error, Error::Broken(_)));
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert!(format!("{key:?}").contains("***"));
}

#[test]
fn a_digest_finds_every_way_to_write_a_value() {
    let keys = Keys::fresh();
    let column = "parties.name_digest";
    let name = "Nguyễn Thị Ánh Đào";
    let digest = blind_index(&keys, column, name);
    assert_eq!(digest.len(), 16);
    let nfd: String = name.nfd().collect();
    assert_ne!(nfd, name);
    let ways = [
        nfd,
        name.to_uppercase(),
        format!("  {name}\u{a0}\n"),
        name.replace(' ', " \t "),
    ];
    for way in ways {
        assert_eq!(blind_index(&keys, column, &way), digest, "{way:?}");
    }
    assert_ne!(blind_index(&keys, "parties.phone_digest", name), digest);
    assert_ne!(blind_index(&keys, column, "Nguyễn Thị Ánh"), digest);
    assert_ne!(
        blind_index(&Keys::fresh(), column, name),
        digest,
        "without the key"
    );
    // A column and a value are not run together.
    assert_ne!(blind_index(&keys, "ab", "c"), blind_index(&keys, "a", "bc"));
}

proptest! {
    #[test]
    fn what_is_sealed_opens_as_it_was(plain in proptest::collection::vec(any::<u8>(), 0..600)) {
        let key = key(1);
        let sealed = key.seal(place(3), &plain).unwrap();
        let is_there = plain.len() >= 8 && sealed.windows(plain.len()).any(|part| part == plain);
        prop_assert!(!is_there);
        prop_assert_eq!(key.open(place(3), &sealed).unwrap(), plain);
    }

    #[test]
    fn what_was_never_sealed_never_opens(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let formed = [&[1, 1], bytes.as_slice()].concat();
        prop_assert!(key(1).open(place(3), &bytes).is_err());
        prop_assert!(key(1).open(place(3), &formed).is_err());
    }

    #[test]
    fn a_value_moved_anywhere_stays_shut(
        (table, column, row, id) in (0..3usize, 0..3usize, 0..3u128, 0..3u128),
        (to_table, to_column, to_row, to_id) in (0..3usize, 0..3usize, 0..3u128, 0..3u128),
    ) {
        const NAMES: [&str; 3] = ["a", "ab", "b"];
        let secret = vec![7; 32];
        let at = |table: usize, column: usize, row| Place {
            table: NAMES[table],
            column: NAMES[column],
            row: Uuid::from_u128(row),
        };
        let key = |id| DataKey::loose(DataKeyId::from_uuid(Uuid::from_u128(id)), secret.clone());
        let sealed = key(id).seal(at(table, column, row), b"note").unwrap();
        let is_there = (table, column, row, id) == (to_table, to_column, to_row, to_id);
        let opened = key(to_id).open(at(to_table, to_column, to_row), &sealed);
        prop_assert_eq!(opened.is_ok(), is_there);
    }
}
