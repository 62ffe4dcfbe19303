//! Sealed things through the life of their keys: rotation beside a service (P-04), key files of
//! before, wrong keys, and erasure that outlives a restore (P-14).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use hai_dang::config::env;
use hai_dang::db::schema::{data_keys, erasures, keyring};
use hai_dang::db::{self, Conn};
use hai_dang::kernel::OfficeId;
use hai_dang::sealed::keys::Error;
use hai_dang::sealed::{self, DataKey, DataKeyId, Keys, Place, Subject, erasure, vault};

use crate::support::TestApp;

/// A service whose keys are in a file, as `serve` has them.
struct Deployment {
    app: TestApp,
    keys: Keys,
    path: PathBuf,
    folder: tempfile::TempDir,
}

impl Deployment {
    fn new() -> Self {
        let app = TestApp::new();
        let folder = tempfile::tempdir().unwrap();
        let close = |path: &Path, mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(path, mode).unwrap();
        };
        close(folder.path(), 0o700);
        if let Some(file) = app.database_url().strip_prefix("sqlite://") {
            close(Path::new(file), 0o600);
        }
        let path = folder.path().join("keys.toml");
        app.platform.keys.write_new(&path).unwrap();
        let keys = Keys::read(&path).unwrap();
        Self {
            app,
            keys,
            path,
            folder,
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hai-dang"));
        command
            .args(words)
            .env_clear()
            .env("DATABASE_URL", self.app.database_url())
            .env("HAI_DANG_DATA", self.folder.path())
            .env("HAI_DANG_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What starts as `serve` does, and ends: it holds the keys against the database.
    fn start(&self) -> Output {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let email = format!("start{number}@example.vn");
        self.run(&[
            "admin",
            "create",
            "--email",
            &email,
            "--name",
            "Nguyễn Văn Khởi",
        ])
    }

    fn seal(&self, count: usize) -> Vec<Sealed> {
        let (keys, now, office) = (self.keys.clone(), self.app.now(), self.app.office);
        self.app.change(move |conn| {
            let one = |_| Sealed::make(conn, &keys, now, office);
            (0..count).map(one).collect()
        })
    }

    fn open(&self, sealed: &Sealed, keys: &Keys) -> Result<Vec<u8>, vault::Error> {
        let found = self.app.platform.db.read_now(|conn| {
            let key = DataKey::load(conn, keys, sealed.id);
            Ok::<_, db::Error>(key.and_then(|key| key.open(place(sealed.id), &sealed.bytes)))
        });
        found.unwrap()
    }

    fn settle(&self) {
        let now = self.app.now();
        erasure::settle(&self.app.platform.db, &self.keys, now).unwrap();
    }

    fn list(&self) -> PathBuf {
        self.folder.path().join("keys.toml.erased")
    }

    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.list()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn erase(&self, id: DataKeyId) {
        let (keys, now) = (self.keys.clone(), self.app.now());
        self.app
            .change(move |conn| Ok(sealed::erase(conn, &keys, now, id).unwrap()));
    }
}

#[derive(Clone)]
struct Sealed {
    id: DataKeyId,
    bytes: Vec<u8>,
}

fn place(id: DataKeyId) -> Place {
    Place {
        table: "tests",
        column: "note_sealed",
        row: id.uuid(),
    }
}

const NOTE: &[u8] = b"what nobody else may read";

impl Sealed {
    fn make(
        conn: &mut Conn,
        keys: &Keys,
        now: hai_dang::kernel::Timestamp,
        office: OfficeId,
    ) -> db::Result<Self> {
        let key = DataKey::create(conn, keys, now, office, Subject::CounsellingCase).unwrap();
        let bytes = key.seal(place(key.id()), NOTE).unwrap();
        Ok(Self {
            id: key.id(),
            bytes,
        })
    }
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(err)
}

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
                }
            });
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let made = place.seal(1);
                sealed.lock().unwrap().extend(made);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        // Whatever fails, the others end.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for kill in 0..kills {
                let mut child = place.command(&["keys", "rotate"]).spawn().unwrap();
                std::thread::sleep(Duration::from_millis(15 + kill * 37 % 400));
                child.kill().unwrap();
                child.wait().unwrap();
            }
            let begun = Instant::now();
            let last = place.run(&["keys", "rotate"]);
            assert!(last.status.success(), "{}", said(&last));
            assert!(said(&last).contains("may be removed"), "{}", said(&last));
            assert!(begun.elapsed() < Duration::from_mins(1), "too slow");
        }));
        is_over.store(true, Ordering::Relaxed);
        done.unwrap();
    });
    assert!(reads.into_inner() > 100);
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
    let current = current.all(sealed::Purpose::Data)[0].id.clone();
    keep_in_file(&place.path, |part| !part.contains(&current));
    let refused = place.start();
    assert!(!refused.status.success());
    let wanted = format!("needs the key {current} for data");
    assert!(said(&refused).contains(&wanted), "{}", said(&refused));
    assert!(!place.run(&["keys", "rotate"]).status.success());
    // Another key under its name.
    let other = Keys::fresh().all(sealed::Purpose::Data)[0]
        .secret
        .expose()
        .clone();
    let other = hai_dang::kernel::token::encode(&other);
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
    let newest = Keys::read(&place.path).unwrap().all(sealed::Purpose::Data)[0]
        .id
        .clone();
    let older = Keys::read(&place.path).unwrap().all(sealed::Purpose::Data)[1]
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
    let made = place.app.change({
        let keys = keys.clone();
        move |conn| Sealed::make(conn, &keys, now, office)
    });
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
    let access = before.current(sealed::Purpose::Access).unwrap();
    let kept = place
        .app
        .platform
        .keys
        .current(sealed::Purpose::Access)
        .unwrap();
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
        std::thread::sleep(Duration::from_secs(6));
        other.execute_batch("COMMIT").unwrap();
        let made = write.join().unwrap();
        assert_eq!(place.open(&made[0], &place.keys).unwrap(), NOTE);
    });
}

#[test]
fn what_is_erased_stays_erased() {
    let place = Deployment::new();
    place.settle();
    let sealed = place.seal(3);
    let [gone, kept, back] = [&sealed[0], &sealed[1], &sealed[2]];
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
    assert_eq!(place.lines().last().unwrap(), &meant[0][1..], "once it has");
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

/// What puts a data key and the marks back to where they are now.
fn back_to_before(place: &Deployment, id: DataKeyId) -> impl FnOnce(&Deployment) + use<> {
    let wrapped: Option<Vec<u8>> = place.app.query(|conn| {
        let row = data_keys::table.find(id);
        row.select(data_keys::wrapped).first(conn)
    });
    let marks: Vec<Vec<u8>> = place
        .app
        .query(|conn| erasures::table.select(erasures::mark).load(conn));
    move |place| {
        place.app.change(move |conn| {
            diesel::update(data_keys::table.find(id))
                .set((
                    data_keys::wrapped.eq(wrapped.clone()),
                    data_keys::destroyed_at.eq(None::<hai_dang::kernel::Timestamp>),
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
        lines[1].starts_with('-') && lines[1][1..] == lines[0][1..],
        "{lines:?}"
    );
    place.settle();
    assert_eq!(place.open(&sealed[0], &place.keys).unwrap(), NOTE);
    // And erased after all.
    place.erase(id);
    follow();
    assert_eq!(place.lines().last().unwrap(), &lines[0][1..]);
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
    std::fs::write(place.list(), whole).unwrap();
    assert_eq!(reapply(keys.clone()).unwrap(), (1, 0));
    assert!(matches!(
        place.open(&sealed[1], &place.keys),
        Err(vault::Error::Erased)
    ));
    // An older list: what the backup knows is added to it.
    std::fs::write(place.list(), "").unwrap();
    assert_eq!(reapply(keys.clone()).unwrap(), (0, 3));
    assert!(place.lines().contains(&mark[1..].to_owned()));
    std::fs::write(place.list(), "no mark\n").unwrap();
    assert!(matches!(reapply(keys), Err(Error::Erasures { .. })));
}
