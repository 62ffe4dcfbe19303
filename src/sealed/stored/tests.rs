//! Stored files: they come back as they went, and only there.

use std::collections::BTreeSet;
use std::fs::FileTimes;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use proptest::prelude::*;
use uuid::Uuid;

use super::stream::{CHUNK, Reader, seal};
use super::{Depot, Error, Sender, StoredId};
use crate::kernel::{Timestamp, token};
use crate::paper::incoming::{FileKind, MAX, Refusal};
use crate::sealed::vault::{DataKey, DataKeyId};

fn now() -> Timestamp {
    Timestamp::from_micros(1_772_300_000_000_000).unwrap()
}

fn key() -> DataKey {
    DataKey::loose(DataKeyId::new(now()), token::random::<32>().to_vec())
}

fn id() -> StoredId {
    StoredId::new(now())
}

/// What a file holds when it is read to its end.
fn read(key: &DataKey, id: StoredId, path: &Path) -> Result<Vec<u8>, Error> {
    let reader = Reader::begin(key, id, std::fs::File::open(path)?)?;
    let size = reader.size();
    let chunks: Vec<Vec<u8>> = reader.collect::<Result<_, _>>()?;
    let bytes = chunks.concat();
    assert_eq!(u64::try_from(bytes.len()).unwrap(), size);
    Ok(bytes)
}

fn sealed(key: &DataKey, id: StoredId, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    seal(key, id, plain, &mut out).unwrap();
    out
}

fn opens(key: &DataKey, id: StoredId, bytes: &[u8]) -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    match read(key, id, file.path()) {
        Ok(_) => true,
        Err(Error::Broken(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

fn around(border: usize) -> impl Strategy<Value = usize> {
    border.saturating_sub(20)..border + 20
}

fn sender() -> Sender {
    Sender::staff(Uuid::nil())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
#[test]
    fn what_is_sealed_comes_back(
        size in prop_oneof![0..100usize, around(CHUNK), around(2 * CHUNK), around(3 * CHUNK)],
        seed in any::<u8>(),
    ) {
        let plain: Vec<u8> = (0..size).map(|at| seed.wrapping_add(at.to_le_bytes()[0])).collect();
        let (key, id) = (key(), id());
        let bytes = sealed(&key, id, &plain);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        prop_assert_eq!(read(&key, id, file.path()).unwrap(), plain);
    }
}

#[test]
fn what_was_changed_moved_or_cut_does_not_open() {
    let (key, id) = (key(), id());
    let plain = vec![7; 2 * CHUNK + 100];
    let whole = sealed(&key, id, &plain);
    assert!(opens(&key, id, &whole));
    assert!(!opens(&key, StoredId::new(now()), &whole), "moved");
    assert!(!opens(&self::key(), id, &whole), "another key");
    let (front, chunk) = (23, CHUNK + 16);
    for bit in (0..front * 8).chain([front * 8, (front + chunk) * 8 + 3, whole.len() * 8 - 1]) {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!opens(&key, id, &changed), "bit {bit}");
    }
    for end in [
        0,
        1,
        front - 1,
        front,
        front + chunk,
        front + 2 * chunk,
        whole.len() - 1,
    ] {
        assert!(!opens(&key, id, &whole[..end]), "cut at {end}");
    }
    let mut swapped = whole[..front].to_vec();
    swapped.extend(&whole[front + chunk..front + 2 * chunk]);
    swapped.extend(&whole[front..front + chunk]);
    swapped.extend(&whole[front + 2 * chunk..]);
    assert!(!opens(&key, id, &swapped), "swapped");
    let twice = [&whole[..front + chunk], &whole[front..]].concat();
    assert!(!opens(&key, id, &twice), "a chunk twice");
    assert!(!opens(&key, id, &[&whole[..], b"x"].concat()), "longer");
    assert_ne!(sealed(&key, id, &plain), whole, "the same twice");
}

#[test]
fn one_that_is_whole_at_a_border_cannot_be_cut_there() {
    let (key, id) = (key(), id());
    let whole = sealed(&key, id, &vec![7; 2 * CHUNK]);
    assert!(opens(&key, id, &whole));
    assert!(!opens(&key, id, &whole[..whole.len() - CHUNK - 16]));
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    encoder
        .add_text_chunk("Comment".into(), "secret".into())
        .unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[1, 2, 3, 4]).unwrap();
    writer.finish().unwrap();
    bytes
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(future)
}

#[test]
fn a_file_is_kept_sealed_and_read_in_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let depot = Depot::new(folder.path());
    let (key, id) = (key(), id());
    wait(async {
        let mut incoming = depot.receive(sender()).await.unwrap();
        for part in png().chunks(10) {
            incoming.push(part).unwrap();
        }
        let stored = depot
            .keep(&key, id, (incoming, "ảnh.png".into()))
            .await
            .unwrap();
        assert_eq!(
            (stored.kind, stored.name.as_str()),
            (FileKind::Png, "ảnh.png")
        );
        let path = depot.path(id);
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        let mut above = path.parent().unwrap();
        while above != folder.path() {
            assert_eq!(mode(above), 0o700);
            above = above.parent().unwrap();
        }
        let raw = std::fs::read(&path).unwrap();
        assert!(!raw.windows(3).any(|part| part == b"PNG" || part == b"IHD"));
        let reader = depot.read(&key, id).await.unwrap();
        let chunks: Vec<_> = reader.into_stream().collect().await;
        let bytes = chunks
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
            .unwrap()
            .concat();
        assert_eq!(token::sha256(&bytes), stored.sha256);
        assert_eq!(i64::try_from(bytes.len()).unwrap(), stored.size);
        assert!(!bytes.windows(6).any(|part| part == b"secret"));
        // One id is stored once.
        let incoming = of(&depot, &png()).await;
        assert!(
            depot
                .keep(&key, id, (incoming, String::new()))
                .await
                .is_err()
        );
        assert_eq!(depot.ids().unwrap(), [id]);
        depot.remove(id).unwrap();
        depot.remove(id).unwrap();
        let gone = depot.read(&key, id).await;
        assert!(matches!(gone, Err(Error::Missing)));
    });
}

async fn of(depot: &Depot, bytes: &[u8]) -> super::Incoming {
    let mut incoming = depot.receive(sender()).await.unwrap();
    incoming.push(bytes).unwrap();
    incoming
}

#[test]
fn a_refused_file_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let depot = Depot::new(folder.path());
    wait(async {
        let incoming = of(&depot, b"MZ").await;
        let refused = depot.keep(&key(), id(), (incoming, "a.pdf".into())).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Kind))));
        let incoming = of(&depot, &png()).await;
        let refused = depot.keep(&key(), id(), (incoming, "a.pdf".into())).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Mismatch))));
        let mut incoming = of(&depot, &vec![0; MAX]).await;
        assert_eq!(incoming.push(b"x"), Err(Refusal::TooLarge));
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn there_is_room_for_eight_and_nobody_has_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let depot = Depot::new(folder.path());
    wait(async {
        let is_full = async |sender: Sender| {
            let soon = Duration::from_millis(20);
            tokio::time::timeout(soon, depot.receive(sender))
                .await
                .is_err()
        };
        let [one, two, three] = [1, 2, 3].map(|who| Sender::family(Uuid::from_u128(who)));
        let mut all = Vec::new();
        for sender in [one, one, one, two, two, two] {
            assert!(!is_full(sender).await);
            all.push(depot.receive(sender).await.unwrap());
            if all.len() == 3 {
                assert!(is_full(one).await);
            }
        }
        assert!(is_full(three).await);
        for _ in 0..2 {
            all.push(depot.receive(sender()).await.unwrap());
        }
        assert!(is_full(sender()).await);
        // What is given back is there for the next, if not for whoever has enough.
        all.swap_remove(5);
        assert!(is_full(one).await);
        all.push(depot.receive(three).await.unwrap());
    });
}

#[test]
fn what_no_row_names_is_swept_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let depot = Depot::new(folder.path());
    let hour = Duration::from_hours(1);
    let key = key();
    let ids: Vec<StoredId> = (0..3).map(|_| id()).collect();
    wait(async {
        for id in &ids {
            let incoming = of(&depot, &png()).await;
            depot
                .keep(&key, *id, (incoming, String::new()))
                .await
                .unwrap();
        }
    });
    let half = depot.path(ids[0]).with_file_name(".half.part");
    std::fs::write(&half, b"x").unwrap();
    std::fs::write(depot.root().join("remark"), b"x").unwrap();
    let age = |path: &Path| {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        let before = SystemTime::now() - Duration::from_mins(61);
        file.set_times(FileTimes::new().set_modified(before))
            .unwrap();
    };
    let named = BTreeSet::from([ids[0]]);
    let sweep = || {
        let kept = |asked: &[StoredId]| {
            Ok(asked
                .iter()
                .filter(|id| named.contains(id))
                .copied()
                .collect())
        };
        depot.sweep(hour, kept).unwrap()
    };
    assert_eq!(sweep(), 0, "all are young");
    for path in [&depot.path(ids[0]), &depot.path(ids[1]), &half] {
        age(path);
    }
    assert_eq!(sweep(), 2);
    let left: BTreeSet<StoredId> = depot.ids().unwrap().into_iter().collect();
    assert_eq!(left, BTreeSet::from([ids[0], ids[2]]));
    assert!(!half.exists());
}
