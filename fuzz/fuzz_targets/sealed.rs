//! Sealed values, keys and files: what was sealed opens to itself, and whatever else does not open.
#![no_main]

use std::fs::write;
use std::sync::LazyLock;

use hai_dang::kernel::Id;
use hai_dang::sealed::stored::{Incoming, Sender};
use hai_dang::sealed::{DataKey, Depot, Keys, Place, Purpose, StoredId, fuzz, vault};
use hai_dang_fuzz::{first, folder, keys, unused_keys};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

static KEYS: LazyLock<Keys> = LazyLock::new(keys);
static UNUSED: LazyLock<Keys> = LazyLock::new(unused_keys);
static DEPOT: LazyLock<Depot> = LazyLock::new(|| Depot::new(&folder()));
/// A file of three chunks, sealed, and its plain bytes.
static FILE: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(stored);

fn key(number: u128) -> DataKey {
    fuzz::data_key(Id::from_uuid(Uuid::from_u128(number)), [7; 32])
}

fn file() -> StoredId {
    Id::from_uuid(Uuid::from_u128(1))
}

fn place(row: u128) -> Place {
    Place {
        table: "counselling_notes",
        column: "content",
        row: Uuid::from_u128(row),
    }
}

fn stored() -> (Vec<u8>, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let mut incoming: Incoming = runtime
        .expect("a runtime")
        .block_on(DEPOT.clone().receive(Sender::staff(Uuid::nil())))
        .expect("room");
    let plain = [b"%PDF-1.7\n".as_slice(), &[b'.'; 140_000], b"\n%%EOF\n"].concat();
    incoming.push(&plain).expect("room");
    let clean = incoming.finish("a.pdf").expect("a document");
    DEPOT.store(&key(1), file(), &clean).expect("a file");
    let sealed = std::fs::read(DEPOT.path(file())).expect("a file");
    (sealed, plain)
}

/// What a stored file gives, chunk by chunk.
fn open(sealed: &[u8]) -> Option<Vec<u8>> {
    write(DEPOT.path(file()), sealed).expect("a file");
    let chunks = DEPOT.open(&key(1), file()).ok()?;
    let chunks: Result<Vec<_>, _> = chunks.collect();
    Some(chunks.ok()?.concat())
}

/// Bytes with some of them changed, moved or cut, as the input says.
fn change(sealed: &[u8], how: &[u8]) -> Vec<u8> {
    let mut changed = sealed.to_vec();
    for change in how.chunks_exact(4).take(8) {
        if changed.is_empty() {
            break;
        }
        let at = u32::from_be_bytes([0, change[0], change[1], change[2]]);
        let at = usize::try_from(at).unwrap_or_default() % changed.len();
        match change[3] {
            0 => changed.truncate(at),
            1 => drop(changed.remove(at)),
            2 => changed.extend_from_within(at..),
            bit => changed[at] ^= 1 << (bit % 8),
        }
    }
    changed
}

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    match mode % 6 {
        // A forgery opens nowhere.
        0 => {
            assert!(key(3).open(place(3), rest).is_err());
            let kek = UNUSED.current(Purpose::Data).expect("a key");
            assert!(fuzz::unwrap(&kek, key(3).id(), rest).is_err());
            let text = String::from_utf8_lossy(rest);
            assert!(vault::open_brief(&UNUSED, place(3), &text).is_err());
        }
        // What was sealed opens in its place only.
        1 => {
            let sealed = key(1).seal(place(1), rest).expect("short");
            assert_eq!(key(1).open(place(1), &sealed).ok().as_deref(), Some(rest));
            assert!(key(1).open(place(2), &sealed).is_err());
            assert!(key(2).open(place(1), &sealed).is_err());
            let brief = vault::seal_brief(&KEYS, place(1), rest).expect("short");
            let opened = vault::open_brief(&KEYS, place(1), &brief);
            assert_eq!(opened.ok().as_deref(), Some(rest));
            assert!(vault::open_brief(&KEYS, place(2), &brief).is_err());
        }
        // What was sealed and then changed does not open.
        2 => {
            let sealed = key(1).seal(place(1), b"what was said").expect("short");
            let changed = change(&sealed, rest);
            let opens = key(1).open(place(1), &changed).is_ok();
            assert_eq!(opens, changed == sealed);
        }
        3 => {
            let kek = KEYS.current(Purpose::Data).expect("a key");
            let wrapped = fuzz::wrap(&kek, key(1).id(), &[9; 32]).expect("short");
            let changed = change(&wrapped, rest);
            let opens = fuzz::unwrap(&kek, key(1).id(), &changed).is_ok();
            assert_eq!(opens, changed == wrapped);
            assert!(fuzz::unwrap(&kek, key(2).id(), &wrapped).is_err());
        }
        // A stored file that was changed is not read to its end.
        4 => {
            let (sealed, plain) = &*FILE;
            let changed = change(sealed, rest);
            let opened = open(&changed);
            assert_eq!(opened.is_some(), changed == *sealed);
            assert!(opened.is_none_or(|opened| opened == *plain));
        }
        // One that is made up is not read at all.
        _ => {
            let head = [b"HD\x01\x01".as_slice(), rest].concat();
            let (_, _) = &*FILE;
            assert!(open(&head).is_none() && open(rest).is_none());
        }
    }
});
