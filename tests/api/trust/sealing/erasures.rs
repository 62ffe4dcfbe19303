//! Erasure that outlives roll-backs, crashes and restores.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use diesel::prelude::*;
use hai_dang::db;
use hai_dang::db::schema::{data_keys, erasures};
use hai_dang::kernel::Timestamp;
use hai_dang::sealed::keys::Error;
use hai_dang::sealed::{self, DataKeyId, Keys, erasure, vault};

use super::{Deployment, NOTE};

/// The mark of a line.
fn bare(line: &str) -> &str {
    line.trim_start_matches(['?', '-'])
}

#[test]
fn what_is_erased_stays_erased() {
    let place = Deployment::new();
    place.settle();
    let sealed = place.seal(3);
    let [gone, kept, back] = [&sealed[0], &sealed[1], &sealed[2]];
    let wrapped = wrapped_of(&place, gone.id).unwrap();
    place.erase(gone.id);
    let erased = place.open(gone, &place.keys).unwrap_err();
    assert!(matches!(erased, vault::Error::Erased));
    assert_eq!(place.open(kept, &place.keys).unwrap(), NOTE);
    let meant = place.lines();
    assert!(
        meant[0].starts_with('?') && meant.len() == 1,
        "before it commits: {meant:?}"
    );
    erasure::follow(&place.app.platform.db, &place.keys).unwrap();
    assert_eq!(
        place.lines().last().unwrap(),
        bare(&meant[0]),
        "once it has"
    );
    for (file, bytes) in place.app.files() {
        let is_there = bytes.windows(wrapped.len()).any(|part| part == wrapped);
        assert!(!is_there, "the data key lies in {file} still");
    }
    place.erase(gone.id);
    assert_eq!(place.lines().len(), 2, "erased once");
    let mode = std::fs::metadata(place.list())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    // The database of before, put back by hand: the start erases again.
    let old = back_to_before(&place, back.id);
    place.erase(back.id);
    erasure::follow(&place.app.platform.db, &place.keys).unwrap();
    old(&place);
    assert_eq!(place.open(back, &place.keys).unwrap(), NOTE);
    place.settle();
    assert!(matches!(
        place.open(back, &place.keys),
        Err(vault::Error::Erased)
    ));
    assert_eq!(place.open(kept, &place.keys).unwrap(), NOTE);

    // A list that is gone is made again of what the database has.
    std::fs::remove_file(place.list()).unwrap();
    place.settle();
    assert_eq!(place.lines().len(), 2);
}

fn wrapped_of(place: &Deployment, id: DataKeyId) -> Option<Vec<u8>> {
    place.app.query(|conn| {
        let row = data_keys::table.find(id);
        row.select(data_keys::wrapped).first(conn)
    })
}

/// What puts a data key and the marks back to where they are now.
fn back_to_before(place: &Deployment, id: DataKeyId) -> impl FnOnce(&Deployment) + use<> {
    let wrapped = wrapped_of(place, id);
    let marks: Vec<Vec<u8>> = place
        .app
        .query(|conn| erasures::table.select(erasures::mark).load(conn));
    move |place| {
        place.app.change(move |conn| {
            diesel::update(data_keys::table.find(id))
                .set((
                    data_keys::wrapped.eq(wrapped.clone()),
                    data_keys::destroyed_at.eq(None::<Timestamp>),
                ))
                .execute(conn)?;
            let since = erasures::table.filter(erasures::mark.ne_all(marks.clone()));
            Ok(diesel::delete(since).execute(conn)?)
        });
    }
}

#[test]
fn an_erasure_that_is_rolled_back_is_taken_back() {
    let place = Deployment::new();
    place.settle();
    let sealed = place.seal(2);
    let (keys, now, id) = (place.keys.clone(), place.app.now(), sealed[0].id);
    let failed: db::Result<()> = place.app.platform.db.write_now(move |conn| {
        sealed::erase(conn, &keys, now, id).unwrap();
        Err(db::Error::Unavailable("the disk is full".into()))
    });
    assert!(failed.is_err());
    assert_eq!(place.open(&sealed[0], &place.keys).unwrap(), NOTE);
    // For a while nobody knows whether it is under way; a restore would take it for erased.
    let follow = || erasure::follow(&place.app.platform.db, &place.keys).unwrap();
    follow();
    assert_eq!(place.lines().len(), 1);
    let list = std::fs::File::options()
        .append(true)
        .open(place.list())
        .unwrap();
    let before = std::time::SystemTime::now() - Duration::from_mins(11);
    list.set_modified(before).unwrap();
    follow();
    let lines = place.lines();
    assert!(
        lines[1].starts_with('-') && bare(&lines[1]) == bare(&lines[0]),
        "{lines:?}"
    );
    place.settle();
    assert_eq!(place.open(&sealed[0], &place.keys).unwrap(), NOTE);
    // And erased after all.
    place.erase(id);
    follow();
    assert_eq!(place.lines().last().unwrap(), bare(&lines[0]));
}

#[test]
fn nothing_sealed_is_put_back_without_the_list() {
    let place = Deployment::new();
    let keys = place.keys.clone();
    let now = place.app.now();
    let reapply = |keys: Keys| {
        let again = place
            .app
            .platform
            .db
            .write_now(move |conn| erasure::reapply(conn, &keys, now));
        again.map(|again| (again.destroyed, again.unlisted))
    };
    assert_eq!(reapply(keys.clone()).unwrap(), (0, 0), "nothing is sealed");
    let sealed = place.seal(2);
    std::fs::remove_file(place.list()).unwrap();
    assert!(matches!(reapply(keys.clone()), Err(Error::Erasures { .. })));
    place.erase(sealed[0].id);
    let mark = place.lines()[0].clone();
    let old = back_to_before(&place, sealed[1].id);
    place.erase(sealed[1].id);
    old(&place);
    // One that was about to be erased when all was lost, a line a crash cut, and one of no data
    // key of this backup.
    let text = format!("{}\n?{}", "0".repeat(64), "ab".repeat(9));
    let whole = std::fs::read_to_string(place.list()).unwrap() + &text;
    std::fs::write(place.list(), &whole).unwrap();
    // Of a copy that ends in half a line nobody knows what came after.
    assert!(matches!(reapply(keys.clone()), Err(Error::Erasures { .. })));
    std::fs::write(place.list(), whole + "\n").unwrap();
    assert_eq!(reapply(keys.clone()).unwrap(), (1, 0));
    assert!(matches!(
        place.open(&sealed[1], &place.keys),
        Err(vault::Error::Erased)
    ));
    // An older list: what the backup knows is added to it.
    std::fs::write(place.list(), "").unwrap();
    assert_eq!(reapply(keys.clone()).unwrap(), (0, 3));
    assert!(place.lines().contains(&bare(&mark).to_owned()));
    std::fs::write(place.list(), "no mark\n").unwrap();
    assert!(matches!(reapply(keys), Err(Error::Erasures { .. })));
}
