//! Keys that are replaced, absent or wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use hai_dang::config::env;
use hai_dang::db::schema::{data_keys, keyring};
use hai_dang::kernel::token;
use hai_dang::sealed::{Keys, Purpose};

use super::{Deployment, NOTE, Sealed, said, wait};

fn number_of(path: &Path, purpose: &str) -> usize {
    let text = std::fs::read_to_string(path).unwrap();
    text.matches(&format!("purpose = \"{purpose}\"")).count()
}

/// The key file without the keys that are unwanted.
fn keep_in_file(path: &Path, is_wanted: impl Fn(&str) -> bool) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut parts = text.split("\n[[key]]\n");
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts.filter(|part| is_wanted(part)) {
        kept = kept + "\n[[key]]\n" + part;
    }
    std::fs::write(path, kept).unwrap();
}

#[test]
fn keys_are_replaced_under_reads_writes_and_kills() {
    let is_full = env::var("HAI_DANG_TEST_FULL").is_some();
    let (count, kills) = if is_full { (100_000, 50) } else { (4_000, 8) };
    let place = Deployment::new();
    let sealed = Mutex::new(Vec::new());
    for _ in 0..count / 1000 {
        sealed.lock().unwrap().extend(place.seal(1000));
    }
    let is_over = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for reader in 0..3 {
            let (place, sealed, is_over, reads) = (&place, &sealed, &is_over, &reads);
            scope.spawn(move || {
                let mut at = reader;
                while !is_over.load(Ordering::Relaxed) {
                    at += 7919;
                    let one = {
                        let all = sealed.lock().unwrap();
                        all[at % all.len()].clone()
                    };
                    assert_eq!(place.open(&one, &place.keys).unwrap(), NOTE);
                    reads.fetch_add(1, Ordering::Relaxed);
                    // Two hundred a second together.
                    wait(Duration::from_millis(15));
                }
            });
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let made = place.seal(1);
                sealed.lock().unwrap().extend(made);
                wait(Duration::from_millis(5));
            }
        });
        // Whatever fails, the others end.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for kill in 0..kills {
                let mut child = place.command(&["keys", "rotate"]).spawn().unwrap();
                wait(Duration::from_millis(15 + kill * 37 % 400));
                child.kill().unwrap();
                child.wait().unwrap();
            }
            let begun = Instant::now();
            let last = place.run(&["keys", "rotate"]);
            assert!(last.status.success(), "{}", said(&last));
            assert!(said(&last).contains("may be removed"), "{}", said(&last));
            let took = begun.elapsed();
            // A minute is wanted of a build that is optimised.
            let most = Duration::from_mins(if cfg!(debug_assertions) { 3 } else { 1 });
            assert!(took < most, "{took:?}: {}", said(&last));
        }));
        is_over.store(true, Ordering::Relaxed);
        done.unwrap();
    });
    assert!(reads.into_inner() > 50);
    nothing_needs_the_old_keys(&place, &sealed.into_inner().unwrap());
}

/// The database names one key only, and without the others all opens.
fn nothing_needs_the_old_keys(place: &Deployment, sealed: &[Sealed]) {
    let named: Vec<String> = place.app.query(|conn| {
        let data = keyring::table.filter(keyring::purpose.eq("data"));
        data.select(keyring::key_id).load(conn)
    });
    let used: Vec<String> = place.app.query(|conn| {
        let all = data_keys::table.select(data_keys::kek_id);
        all.distinct().load(conn)
    });
    assert_eq!(named.len(), 1);
    assert_eq!(used, named);
    assert!(number_of(&place.path, "data") >= 2);
    let mode = std::fs::metadata(&place.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let is_wanted = |part: &str| !part.contains("\"data\"") || part.contains(&named[0]);
    keep_in_file(&place.path, is_wanted);
    let keys = Keys::read(&place.path).unwrap();
    let step = (sealed.len() / 5000).max(1);
    for one in sealed.iter().step_by(step).chain(sealed.last()) {
        assert_eq!(place.open(one, &keys).unwrap(), NOTE);
    }
    assert!(place.start().status.success());
}

#[test]
fn a_missing_or_wrong_key_refuses_the_start() {
    let place = Deployment::new();
    let sealed = place.seal(3);
    assert!(place.run(&["keys", "rotate"]).status.success());
    let whole = std::fs::read_to_string(&place.path).unwrap();
    let current = Keys::read(&place.path).unwrap();
    let current = current.all(Purpose::Data)[0].id.clone();
    keep_in_file(&place.path, |part| !part.contains(&current));
    let refused = place.start();
    assert!(!refused.status.success());
    let wanted = format!("needs the key {current} for data");
    assert!(said(&refused).contains(&wanted), "{}", said(&refused));
    assert!(!place.run(&["keys", "rotate"]).status.success());
    // Another key under its name.
    let other = Keys::fresh().all(Purpose::Data)[0].secret.expose().clone();
    let other = token::encode(&other);
    let at = whole.find(&current).unwrap();
    let (before, after) = whole.split_at(at);
    let quoted: Vec<&str> = after.splitn(5, '"').collect();
    let wrong = format!(
        "{before}{}\"{}\"{other}\"{}",
        quoted[0],
        quoted[1],
        quoted[3..].join("\"")
    );
    std::fs::write(&place.path, wrong).unwrap();
    let refused = place.start();
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("is not the one"),
        "{}",
        said(&refused)
    );
    std::fs::write(&place.path, whole).unwrap();
    assert!(place.start().status.success());
    assert_eq!(place.open(&sealed[0], &place.keys).unwrap(), NOTE);
}

#[test]
fn a_rotation_goes_on_where_it_was_stopped() {
    let place = Deployment::new();
    let sealed = place.seal(20);
    let first = place.run(&["keys", "rotate"]);
    assert!(said(&first).contains("20 data keys"), "{}", said(&first));
    let again = place.run(&["keys", "rotate"]);
    assert!(said(&again).contains("20 data keys"), "{}", said(&again));
    assert_eq!(number_of(&place.path, "data"), 3);
    let newest = Keys::read(&place.path).unwrap().all(Purpose::Data)[0]
        .id
        .clone();
    let older = Keys::read(&place.path).unwrap().all(Purpose::Data)[1]
        .id
        .clone();
    // Back to where the key of before is named still: a kill before it was forgotten.
    let keys = Keys::read(&place.path).unwrap();
    let to = older.clone();
    let now = place.app.now();
    place.app.change(move |conn| {
        diesel::insert_into(keyring::table)
            .values((
                keyring::purpose.eq("data"),
                keyring::key_id.eq(&to),
                keyring::created_at.eq(now),
            ))
            .execute(conn)?;
        Ok(())
    });
    let office = place.app.office;
    let made = place
        .app
        .change(move |conn| Ok(Sealed::make(conn, &keys, now, office)));
    let kek: String = place.app.query(|conn| {
        let row = data_keys::table.find(made.id);
        row.select(data_keys::kek_id).first(conn)
    });
    assert_eq!(kek, newest, "the one named last seals");
    let resumed = place.run(&["keys", "rotate"]);
    assert!(resumed.status.success(), "{}", said(&resumed));
    assert_eq!(number_of(&place.path, "data"), 3, "no further key");
    assert!(said(&resumed).contains(&older), "{}", said(&resumed));
    for one in sealed.iter().chain([&made]) {
        assert_eq!(place.open(one, &place.keys).unwrap(), NOTE);
    }
}

#[test]
fn a_key_file_of_before_gets_what_it_lacks() {
    let place = Deployment::new();
    let is_of_before = |part: &str| !part.contains("\"data\"") && !part.contains("\"index\"");
    keep_in_file(&place.path, is_of_before);
    // While the database names keys of these purposes, none is made in their place.
    let refused = place.start();
    assert!(!refused.status.success());
    assert_eq!(number_of(&place.path, "data"), 0);
    place.app.change(|conn| {
        let new = keyring::table.filter(keyring::purpose.eq_any(["data", "index"]));
        Ok(diesel::delete(new).execute(conn)?)
    });
    if place.app.database_url().starts_with("postgres") {
        let refused = place.start();
        assert!(!refused.status.success());
        let said = said(&refused);
        assert!(
            said.contains("no key for data: `hai-dang keys create --add`"),
            "{said}"
        );
        assert!(place.run(&["keys", "create", "--add"]).status.success());
    }
    let started = place.start();
    assert!(started.status.success(), "{}", said(&started));
    for purpose in ["access", "refresh", "link", "ticket", "data", "index"] {
        assert_eq!(number_of(&place.path, purpose), 1, "{purpose}");
    }
    let mode = std::fs::metadata(&place.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = Keys::read(&place.path).unwrap();
    let access = before.current(Purpose::Access).unwrap();
    let kept = place.app.platform.keys.current(Purpose::Access).unwrap();
    assert_eq!(access.id, kept.id);
    let nothing = place.run(&["keys", "create", "--add"]);
    assert!(
        said(&nothing).contains("a key of each purpose"),
        "{}",
        said(&nothing)
    );
}

#[test]
fn a_writer_of_another_process_is_waited_for() {
    let place = Deployment::new();
    let Some(file) = place.app.database_url().strip_prefix("sqlite://") else {
        return;
    };
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let write = scope.spawn(|| place.seal(1));
        // Longer than one wait of a connection.
        wait(Duration::from_secs(6));
        other.execute_batch("COMMIT").unwrap();
        let made = write.join().unwrap();
        assert_eq!(place.open(&made[0], &place.keys).unwrap(), NOTE);
    });
}

#[test]
fn a_data_key_that_is_being_made_is_not_left_behind() {
    let place = Deployment::new();
    place.seal(10);
    let (keys, now, office) = (place.keys.clone(), place.app.now(), place.app.office);
    let rotated = std::thread::scope(|scope| {
        let slow = scope.spawn(|| {
            place.app.change(move |conn| {
                let made = Sealed::make(conn, &keys, now, office);
                // Sealed by the old key, and not yet there for others to see.
                wait(Duration::from_secs(2));
                Ok(made)
            })
        });
        wait(Duration::from_millis(500));
        let rotated = place.run(&["keys", "rotate"]);
        slow.join().unwrap();
        rotated
    });
    assert!(rotated.status.success(), "{}", said(&rotated));
    let said = said(&rotated);
    assert!(said.contains("11 data keys"), "{said}");
    assert!(said.contains("no longer needed"), "{said}");
}
